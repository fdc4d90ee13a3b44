package io.github.mixtura.dense;

import org.ejml.data.DMatrixRMaj;

/**
 * A rectangle of an array: entry (i, j) is {@code data[offset + i * rowStride + j * columnStride]}.
 *
 * @param data entries, not copied
 * @param offset index of entry (0, 0)
 * @param rowStride distance of two rows
 * @param columnStride distance of two columns
 * @param rows number of rows
 * @param columns number of columns
 */
record Slice(double[] data, int offset, int rowStride, int columnStride, int rows, int columns) {

  static Slice of(DMatrixRMaj matrix) {
    return new Slice(matrix.data, 0, matrix.numCols, 1, matrix.numRows, matrix.numCols);
  }

  Slice transposed() {
    return new Slice(data, offset, columnStride, rowStride, columns, rows);
  }

  /** Rows {@code row .. row + rows - 1}, columns {@code column .. column + columns - 1}. */
  Slice part(int row, int column, int rows, int columns) {
    return new Slice(data, index(row, column), rowStride, columnStride, rows, columns);
  }

  int index(int row, int column) {
    return offset + row * rowStride + column * columnStride;
  }

  double get(int row, int column) {
    return data[index(row, column)];
  }

  /** Copies row {@code row}, columns from {@code column} on, into {@code to[0 .. count - 1]}. */
  void read(int row, int column, double[] to, int count) {
    int from = index(row, column);
    if (columnStride == 1) {
      System.arraycopy(data, from, to, 0, count);
    } else {
      for (int j = 0; j < count; j++, from += columnStride) {
        to[j] = data[from];
      }
    }
  }

  /** Copies {@code from[0 .. count - 1]} into row {@code row}, columns from {@code column} on. */
  void write(int row, int column, double[] from, int count) {
    int to = index(row, column);
    if (columnStride == 1) {
      System.arraycopy(from, 0, data, to, count);
    } else {
      for (int j = 0; j < count; j++, to += columnStride) {
        data[to] = from[j];
      }
    }
  }

  /** Copies a block into {@code to[i][j]}, in the order of memory. */
  void read(int row, int column, double[][] to, int rows, int columns) {
    if (columnStride == 1) {
      for (int i = 0; i < rows; i++) {
        read(row + i, column, to[i], columns);
      }
    } else {
      for (int j = 0; j < columns; j++) {
        int from = index(row, column + j);
        for (int i = 0; i < rows; i++, from += rowStride) {
          to[i][j] = data[from];
        }
      }
    }
  }

  /** Copies {@code from[i][j]} into a block, in the order of memory. */
  void write(int row, int column, double[][] from, int rows, int columns) {
    if (columnStride == 1) {
      for (int i = 0; i < rows; i++) {
        write(row + i, column, from[i], columns);
      }
    } else {
      for (int j = 0; j < columns; j++) {
        int to = index(row, column + j);
        for (int i = 0; i < rows; i++, to += rowStride) {
          data[to] = from[i][j];
        }
      }
    }
  }
}
