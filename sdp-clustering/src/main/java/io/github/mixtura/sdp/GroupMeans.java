package io.github.mixtura.sdp;

/**
 * Sizes and means of the groups of a partition. Sums go by stripes of fixed size, so that threads
 * change no bit.
 *
 * @param counts n_k
 * @param means K × p, zeros for an empty group
 */
record GroupMeans(double[] counts, double[][] means) {
  static final int STRIPE = 8192;

  static int stripes(int n) {
    return (n + STRIPE - 1) / STRIPE;
  }

  static GroupMeans of(Points points, int[] labels, int components, Run run) {
    int n = points.count();
    int p = points.dimension();
    double[] rows = points.rows().data;
    int stripes = stripes(n);
    double[][] counts = new double[stripes][components];
    double[][][] sums = new double[stripes][components][p];
    run.forEach(
        stripes,
        s -> {
          for (int i = s * STRIPE; i < Math.min(n, (s + 1) * STRIPE); i++) {
            counts[s][labels[i]]++;
            add(rows, i * p, sums[s][labels[i]]);
          }
        });
    double[] count = new double[components];
    double[][] means = new double[components][p];
    for (int s = 0; s < stripes; s++) {
      for (int k = 0; k < components; k++) {
        count[k] += counts[s][k];
        add(sums[s][k], 0, means[k]);
      }
    }
    for (int k = 0; k < components; k++) {
      for (int j = 0; j < p; j++) {
        means[k][j] = count[k] > 0 ? means[k][j] / count[k] : 0;
      }
    }
    return new GroupMeans(count, means);
  }

  private static void add(double[] values, int at, double[] into) {
    for (int j = 0; j < into.length; j++) {
      into[j] += values[at + j];
    }
  }
}
