package io.github.mixtura.data;

import java.util.Arrays;

/**
 * The lines of a file that rows were read from. Rows that follow one another in lines that follow
 * one another take no memory.
 */
final class LineNumbers {
  private int[] rows = new int[8];
  private long[] lines = new long[8];
  private int runs;
  private int count;

  /** The line of the next row, from 1. */
  void add(long line) {
    if (runs == 0 || lines[runs - 1] + (count - rows[runs - 1]) != line) {
      if (runs == rows.length) {
        rows = Arrays.copyOf(rows, 2 * runs);
        lines = Arrays.copyOf(lines, 2 * runs);
      }
      rows[runs] = count;
      lines[runs++] = line;
    }
    count++;
  }

  /** The line, from 1, of a row, from 0. */
  long of(int row) {
    int at = Arrays.binarySearch(rows, 0, runs, row);
    int run = at >= 0 ? at : -at - 2;
    return lines[run] + (row - rows[run]);
  }
}
