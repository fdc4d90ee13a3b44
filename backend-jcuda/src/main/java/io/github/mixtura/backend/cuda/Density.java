package io.github.mixtura.backend.cuda;

import io.github.mixtura.backend.cuda.Task.Field;

/**
 * Log-densities that were asked for and not yet computed: the parameters, packed as their kernel
 * wants them. Computed together with the responsibilities, they cost one pass over the rows.
 */
final class Density {
  private enum Kernel {
    TRIANGLE,
    TILES,
    DIAGONAL,
    LINEAR
  }

  private final Kernel kernel;
  private final double[] parameters;

  /** Columns of the kernel for triangles, numbers per component. */
  private final int columns;

  private final int length;

  private Density(Kernel kernel, double[] parameters, int columns, int length) {
    this.kernel = kernel;
    this.parameters = parameters;
    this.columns = columns;
    this.length = length;
  }

  /**
   * Laws of a squared distance.
   *
   * @param nu degrees of freedom, {@code null} for normal laws
   */
  static Density elliptical(double[][] mean, double[][] whitening, double[] constant, double[] nu) {
    int d = mean[0].length;
    if (whitening[0].length == d && d > 1) {
      return diagonal(mean, whitening, constant, nu);
    }
    if (whitening[0].length != d * (d + 1) / 2) {
      throw new IllegalArgumentException(
          "whitening has " + whitening[0].length + " values for " + d + " columns");
    }
    boolean inRegisters = d <= Grid.MOST_REGISTER_COLUMNS;
    int columns = inRegisters ? Grid.triangleColumns(d) : d;
    int end = columns + columns * (columns + 1) / 2;
    int length = inRegisters ? Grid.triangleLength(columns) : end + 2;
    double[] packed = new double[Math.multiplyExact(mean.length, length)];
    for (int k = 0; k < mean.length; k++) {
      int at = k * length;
      System.arraycopy(mean[k], 0, packed, at, d);
      System.arraycopy(whitening[k], 0, packed, at + columns, whitening[k].length);
      packed[at + end] = constant[k];
      packed[at + end + 1] = nu == null ? 0 : nu[k];
    }
    return new Density(inRegisters ? Kernel.TRIANGLE : Kernel.TILES, packed, columns, length);
  }

  private static Density diagonal(
      double[][] mean, double[][] scale, double[] constant, double[] nu) {
    int d = mean[0].length;
    double[] packed = header(constant, nu, 8 * d);
    int padded = padded(mean.length);
    for (int k = 0; k < mean.length; k++) {
      int at = 2 * padded + k / 4 * 8 * d + k % 4;
      for (int j = 0; j < d; j++) {
        packed[at + 8 * j] = mean[k][j];
        packed[at + 8 * j + 4] = scale[k][j];
      }
    }
    return new Density(Kernel.DIAGONAL, packed, d, 0);
  }

  /** Linear forms of the columns. */
  static Density linear(double[][] coefficients, double[] constant) {
    int d = coefficients[0].length;
    double[] packed = header(constant, null, 4 * d);
    int padded = padded(coefficients.length);
    for (int k = 0; k < coefficients.length; k++) {
      int at = 2 * padded + k / 4 * 4 * d + k % 4;
      for (int j = 0; j < d; j++) {
        packed[at + 4 * j] = coefficients[k][j];
      }
    }
    return new Density(Kernel.LINEAR, packed, d, 0);
  }

  private static int padded(int components) {
    return (int) Grid.roundUp(components, 4);
  }

  private static double[] header(double[] constant, double[] nu, int lengthOfFour) {
    int padded = padded(constant.length);
    double[] packed = new double[2 * padded + padded / 4 * lengthOfFour];
    System.arraycopy(constant, 0, packed, 0, constant.length);
    if (nu != null) {
      System.arraycopy(nu, 0, packed, padded, nu.length);
    }
    return packed;
  }

  double[] parameters() {
    return parameters;
  }

  /**
   * Starts the kernels. The task describes rows, workspace and parameters already.
   *
   * @param normalise whether to go on to responsibilities
   */
  void launch(Device device, Task task, long rows, int d, int components, boolean normalise) {
    task.set(Field.NORMALISE, normalise ? 1 : 0).set(Field.DIMENSION, d);
    if (kernel == Kernel.TILES) {
      long tiles = Grid.stride(rows) / Grid.TILE;
      device.launch(
          "distanceTiles", tiles * components, 1, Grid.TILE_THREADS, Grid.DISTANCE_BYTES, task);
      if (normalise) {
        given(device, task, rows, components);
      }
      return;
    }
    int group = kernel == Kernel.TRIANGLE ? Grid.triangleGroup(length, components) : 0;
    task.set(Field.GROUP, group);
    String name =
        switch (kernel) {
          case TRIANGLE -> "expectTriangle" + columns;
          case DIAGONAL -> "expectDiagonal";
          default -> "expectLinear";
        };
    expect(device, task, name, rows, components, 8 * group * length, normalise);
  }

  /** Responsibilities of log-densities that are in the workspace. */
  static void given(Device device, Task task, long rows, int components) {
    task.set(Field.NORMALISE, 1);
    expect(device, task, "expectGiven", rows, components, 0, true);
  }

  private static void expect(
      Device device,
      Task task,
      String name,
      long rows,
      int components,
      int parameterBytes,
      boolean normalise) {
    boolean kept = normalise && Grid.isKept(components);
    task.set(Field.KEPT, kept ? 1 : 0);
    int bytes = parameterBytes + (kept ? Grid.keptBytes(components) : 0);
    device.launch(
        name,
        Grid.expectationBlocks(rows),
        1,
        Grid.ROW_THREADS,
        Math.max(bytes, 8 * Grid.ROW_THREADS),
        task);
  }
}
