package io.github.mixtura.compute;

/** The encodings that need nothing to be told. */
enum StandardEncoding implements Encoding {
  IDENTITY {
    @Override
    public int columns(int dimension) {
      return dimension;
    }

    @Override
    public double[][] encode(double[][] columns, int rows) {
      return columns;
    }
  },

  ANGLES {
    @Override
    public int columns(int dimension) {
      return 2 * dimension;
    }

    @Override
    public double[][] encode(double[][] columns, int rows) {
      double[][] encoded = new double[2 * columns.length][rows];
      for (int j = 0; j < columns.length; j++) {
        for (int b = 0; b < rows; b++) {
          encoded[2 * j][b] = Math.cos(columns[j][b]);
          encoded[2 * j + 1][b] = Math.sin(columns[j][b]);
        }
      }
      return encoded;
    }

    @Override
    public boolean isEuclidean(int encodedColumn) {
      return false;
    }

    @Override
    public double representative(double value) {
      return Math.IEEEremainder(value, 2 * Math.PI) + 0.0;
    }
  }
}
