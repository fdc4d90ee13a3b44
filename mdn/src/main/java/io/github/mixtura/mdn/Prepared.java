package io.github.mixtura.mdn;

/** Examples in standardised units, ready to be read into lanes. */
final class Prepared {
  private final Examples examples;
  private final double[][] features;
  private final double[][] targets;

  /**
   * Standardises.
   *
   * @param law shows the targets; null where only inputs are wanted
   */
  Prepared(Examples examples, Scaling scaling, OutputLaw law) {
    this.examples = examples;
    features = standardise(examples.featureColumns(), scaling.inputShift(), scaling.inputScale());
    targets = law == null ? null : encode(examples, scaling, law);
  }

  private static double[][] standardise(double[][] columns, double[] shift, double[] scale) {
    double[][] result = new double[columns.length][columns[0].length];
    for (int j = 0; j < columns.length; j++) {
      for (int i = 0; i < columns[j].length; i++) {
        result[j][i] = (columns[j][i] - shift[j]) / scale[j];
      }
    }
    return result;
  }

  private static double[][] encode(Examples examples, Scaling scaling, OutputLaw law) {
    double[][] columns =
        standardise(examples.targetColumns(), scaling.targetShift(), scaling.targetScale());
    double[][] result = new double[law.encodedTargets()][examples.size()];
    double[] row = new double[columns.length];
    double[] encoded = new double[result.length];
    for (int i = 0; i < examples.size(); i++) {
      for (int j = 0; j < row.length; j++) {
        row[j] = columns[j][i];
      }
      law.encode(row, encoded);
      for (int j = 0; j < encoded.length; j++) {
        result[j][i] = encoded[j];
      }
    }
    return result;
  }

  /** Reads examples {@code indices[from]} to {@code indices[to − 1]} into the stripe's lanes. */
  void read(int[] indices, int from, int to, Network.Stripe stripe) {
    int n = to - from;
    int window = examples.window();
    for (int t = 0; t < window; t++) {
      for (int j = 0; j < features.length; j++) {
        double[] lane = stripe.x[t][j];
        double[] column = features[j];
        for (int b = 0; b < n; b++) {
          lane[b] = column[examples.lastRow(indices[from + b]) - window + 1 + t];
        }
      }
    }
    for (int j = 0; targets != null && j < targets.length; j++) {
      for (int b = 0; b < n; b++) {
        stripe.y[j][b] = targets[j][indices[from + b]];
      }
    }
  }
}
