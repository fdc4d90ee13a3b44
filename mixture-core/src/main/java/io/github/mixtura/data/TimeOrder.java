package io.github.mixtura.data;

import java.util.Arrays;

/** Whether a column of dates, or of numbers that stand for them, rises. */
final class TimeOrder {
  private final int column;
  private final String name;
  private final boolean dates;
  private final double[] last = new double[Dates.ORDERS];
  private final boolean[] possible = new boolean[Dates.ORDERS];
  private final boolean[] rises = new boolean[Dates.ORDERS];
  private final boolean[] falls = new boolean[Dates.ORDERS];
  private final String[] fall = new String[Dates.ORDERS];
  private String first;
  private String newest;
  private int count;

  TimeOrder(int column, String name, boolean dates) {
    this.column = column;
    this.name = name;
    this.dates = dates;
    Arrays.fill(possible, true);
    Arrays.fill(rises, true);
    Arrays.fill(falls, true);
  }

  int column() {
    return column;
  }

  static boolean isDate(String field) {
    return Arrays.stream(Dates.read(field)).anyMatch(time -> time != Dates.NONE);
  }

  /** The next row's. */
  void add(String field, long line) {
    double[] times = new double[Dates.ORDERS];
    if (dates) {
      long[] read = Dates.read(field);
      for (int order = 0; order < times.length; order++) {
        times[order] = read[order] == Dates.NONE ? Double.NaN : read[order];
      }
    } else {
      Double value = Numbers.number(field);
      Arrays.fill(times, value == null ? Double.NaN : value);
    }
    if (Arrays.stream(times).allMatch(Double::isNaN)) {
      return;
    }
    String place = "'" + field + "' in line " + line;
    for (int order = 0; order < times.length; order++) {
      possible[order] &= !Double.isNaN(times[order]);
      if (count > 0 && times[order] < last[order]) {
        rises[order] = false;
        fall[order] = fall[order] == null ? newest + " to " + place : fall[order];
      } else if (count > 0 && times[order] > last[order]) {
        falls[order] = false;
      }
      last[order] = times[order];
    }
    first = count == 0 ? place : first;
    newest = place;
    count++;
  }

  /** Refuses rows that are not in order. */
  void require(String file) {
    String found = null;
    for (int order = 0; order < last.length; order++) {
      if (possible[order] && rises[order]) {
        return;
      }
      if (possible[order] && falls[order]) {
        throw new DataFormatException(
            file
                + "column '"
                + name
                + "' falls from "
                + first
                + " to "
                + newest
                + ": rows are newest first, must be oldest first; sort them by time");
      }
      found = found == null && possible[order] ? fall[order] : found;
    }
    if (dates && found != null) {
      throw new DataFormatException(
          file
              + "column '"
              + name
              + "' falls from "
              + found
              + ": rows must run from the oldest to the newest; sort them by time");
    }
  }
}
