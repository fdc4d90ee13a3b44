package io.github.mixtura.compute;

/** How the columns of the data are presented to the kernels. */
public enum Encoding {
  /** As they are. */
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
  /** Each angle x as the pair cos x, sin x, computed once. */
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
  };

  /**
   * Number of encoded columns.
   *
   * @param dimension columns of the data
   * @return columns the kernels see
   */
  public abstract int columns(int dimension);

  /**
   * Encodes the columns of a block.
   *
   * @param columns d columns (read)
   * @param rows number of rows in use
   * @return the encoded columns; the same array where nothing changes
   */
  public abstract double[][] encode(double[][] columns, int rows);
}
