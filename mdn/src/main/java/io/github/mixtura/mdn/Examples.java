package io.github.mixtura.mdn;

import java.util.Arrays;

/**
 * Inputs and targets to learn from, forecast or judge. Immutable.
 *
 * <p>An example is a window of rows of features and a row of targets. Where examples have times,
 * validation must come after training; those made by {@link #forecasts} have the index of the
 * target's row as their time.
 */
public final class Examples {
  private static final double LARGEST = 1e150;

  /** By feature and row. */
  private final double[][] features;

  /** By target and example. */
  private final double[][] targets;

  /** The last row of each window. */
  private final int[] lastRows;

  private final int window;
  private final double[] times;

  private Examples(
      double[][] features, double[][] targets, int[] lastRows, int window, double[] times) {
    this.features = features;
    this.targets = targets;
    this.lastRows = lastRows;
    this.window = window;
    this.times = times;
  }

  /**
   * One row of features and one of targets for each example, in no order.
   *
   * @param inputs n rows of p finite values (read)
   * @param targets n rows of m finite values (read); angles in radians
   * @return the examples
   * @throws IllegalArgumentException naming the row that is not usable, or if the lengths differ
   */
  public static Examples of(double[][] inputs, double[][] targets) {
    requireRows(inputs.length, targets.length);
    int[] last = new int[inputs.length];
    Arrays.setAll(last, i -> i);
    return new Examples(columns("inputs", inputs), columns("targets", targets), last, 1, null);
  }

  /**
   * As {@link #of(double[][], double[][])} with one target.
   *
   * @param inputs n rows of p finite values (read)
   * @param targets n finite values (read)
   * @return the examples
   */
  public static Examples of(double[][] inputs, double[] targets) {
    return of(inputs, rows(targets));
  }

  /**
   * A window of its own for each example, in no order.
   *
   * @param windows n windows of w rows of p finite values, oldest first (read)
   * @param targets n rows of m finite values (read)
   * @return the examples
   * @throws IllegalArgumentException naming the row that is not usable, or if the lengths differ
   */
  public static Examples ofWindows(double[][][] windows, double[][] targets) {
    requireRows(windows.length, targets.length);
    int window = windows[0].length;
    double[][] rows = new double[windows.length * window][];
    int[] last = new int[windows.length];
    for (int i = 0; i < windows.length; i++) {
      if (windows[i].length != window || window == 0) {
        throw new IllegalArgumentException(
            "window "
                + i
                + " has "
                + windows[i].length
                + " rows, must have "
                + window
                + ", at least 1");
      }
      System.arraycopy(windows[i], 0, rows, i * window, window);
      last[i] = (i + 1) * window - 1;
    }
    return new Examples(columns("inputs", rows), columns("targets", targets), last, window, null);
  }

  /**
   * One-step forecasts of a series: the target at row t is seen through the features of rows t − w
   * to t − 1, for all t ≥ w, so an example never sees its own row or a later one.
   *
   * @param features n rows of p finite values in time order (read)
   * @param targets n rows of m finite values (read)
   * @param window w, 1 to n − 1
   * @return n − w examples
   * @throws IllegalArgumentException naming the row that is not usable, or if the lengths differ or
   *     there are not more rows than a window
   */
  public static Examples forecasts(double[][] features, double[][] targets, int window) {
    requireRows(features.length, targets.length);
    if (window < 1 || window >= features.length) {
      throw new IllegalArgumentException(
          "window is "
              + window
              + ", must be at least 1 and below the number of rows, "
              + features.length);
    }
    double[][] columns = columns("features", features);
    double[][] all = columns("targets", targets);
    int n = features.length - window;
    int[] last = new int[n];
    double[] times = new double[n];
    for (int i = 0; i < n; i++) {
      last[i] = i + window - 1;
      times[i] = i + window;
    }
    double[][] used = new double[all.length][];
    for (int j = 0; j < used.length; j++) {
      used[j] = Arrays.copyOfRange(all[j], window, all[j].length);
    }
    return new Examples(columns, used, last, window, times);
  }

  private static void requireRows(int inputs, int targets) {
    if (inputs != targets || inputs == 0) {
      throw new IllegalArgumentException(
          "there are "
              + inputs
              + " rows of inputs and "
              + targets
              + " of targets, must be the same number, at least one");
    }
  }

  private static double[][] rows(double[] values) {
    double[][] rows = new double[values.length][];
    Arrays.setAll(rows, i -> new double[] {values[i]});
    return rows;
  }

  private static double[][] columns(String name, double[][] rows) {
    int width = rows[0].length;
    if (width == 0) {
      throw new IllegalArgumentException(name + " have no columns, must have at least one");
    }
    double[][] columns = new double[width][rows.length];
    for (int i = 0; i < rows.length; i++) {
      if (rows[i].length != width) {
        throw new IllegalArgumentException(
            name + ": row " + i + " has " + rows[i].length + " values, must have " + width);
      }
      for (int j = 0; j < width; j++) {
        double value = rows[i][j];
        if (!(Math.abs(value) <= LARGEST)) {
          throw new IllegalArgumentException(
              name
                  + ": row "
                  + i
                  + ", column "
                  + j
                  + " is "
                  + value
                  + ", must be a number within ±"
                  + LARGEST);
        }
        columns[j][i] = value;
      }
    }
    return columns;
  }

  /**
   * Gives the examples times, so that validation is taken from the end.
   *
   * @param times one per example, in increasing order (read)
   * @return changed copy
   * @throws IllegalArgumentException if they do not increase or their number is wrong
   */
  public Examples withTimes(double... times) {
    if (times.length != size()) {
      throw new IllegalArgumentException(
          "there are " + times.length + " times, must be one per example, " + size());
    }
    for (int i = 0; i < times.length; i++) {
      if (Double.isNaN(times[i]) || (i > 0 && !(times[i] > times[i - 1]))) {
        throw new IllegalArgumentException(
            "time " + i + " is " + times[i] + ", must be greater than the one before");
      }
    }
    return new Examples(features, targets, lastRows, window, times.clone());
  }

  /**
   * Consecutive examples.
   *
   * @param from first index
   * @param to index after the last
   * @return the part; shares the data
   * @throws IllegalArgumentException if the range is empty or outside
   */
  public Examples range(int from, int to) {
    if (from < 0 || to > size() || from >= to) {
      throw new IllegalArgumentException(
          "range is " + from + " to " + to + ", must lie in 0 to " + size() + " and not be empty");
    }
    double[][] part = new double[targets.length][];
    Arrays.setAll(part, j -> Arrays.copyOfRange(targets[j], from, to));
    return new Examples(
        features,
        part,
        Arrays.copyOfRange(lastRows, from, to),
        window,
        times == null ? null : Arrays.copyOfRange(times, from, to));
  }

  /**
   * Number of examples.
   *
   * @return n
   */
  public int size() {
    return lastRows.length;
  }

  /**
   * Features of a row.
   *
   * @return p
   */
  public int inputs() {
    return features.length;
  }

  /**
   * Rows of a window.
   *
   * @return w
   */
  public int window() {
    return window;
  }

  /**
   * Targets of an example.
   *
   * @return m
   */
  public int targets() {
    return targets.length;
  }

  /**
   * Whether the examples have times.
   *
   * @return true for those of a series
   */
  public boolean ordered() {
    return times != null;
  }

  /**
   * The window of an example.
   *
   * @param i index
   * @return w rows of p values, oldest first
   */
  public double[][] window(int i) {
    double[][] rows = new double[window][features.length];
    for (int t = 0; t < window; t++) {
      for (int j = 0; j < features.length; j++) {
        rows[t][j] = features[j][lastRows[i] - window + 1 + t];
      }
    }
    return rows;
  }

  /**
   * The targets of an example.
   *
   * @param i index
   * @return m values
   */
  public double[] target(int i) {
    double[] row = new double[targets.length];
    Arrays.setAll(row, j -> targets[j][i]);
    return row;
  }

  double time(int i) {
    return times[i];
  }

  double[][] featureColumns() {
    return features;
  }

  double[][] targetColumns() {
    return targets;
  }

  int lastRow(int i) {
    return lastRows[i];
  }

  /** The rows of features that the given examples see, each once. */
  int[] rowsSeen(int[] indices) {
    boolean[] seen = new boolean[features[0].length];
    for (int i : indices) {
      Arrays.fill(seen, lastRows[i] - window + 1, lastRows[i] + 1, true);
    }
    int[] rows = new int[seen.length];
    int count = 0;
    for (int row = 0; row < seen.length; row++) {
      if (seen[row]) {
        rows[count++] = row;
      }
    }
    return Arrays.copyOf(rows, count);
  }

  @Override
  public String toString() {
    return size()
        + " examples: "
        + inputs()
        + " inputs, windows of "
        + window
        + ", "
        + targets()
        + " targets"
        + (ordered() ? ", in time order" : "");
  }
}
