package io.github.mixtura.sdp;

/**
 * The integrated completed likelihood of a partition with its covariances; lower is better:
 *
 * <pre>ICL = L + n p log 2π − 2 Σ_k n_k log(n_k/n) + ν log n</pre>
 *
 * that is, minus twice the log-likelihood of rows and labels together, plus the number ν of free
 * parameters of {@link CovarianceModel#parameterCount} times log n (Biernacki, Celeux &amp; Govaert
 * 2000, doi:10.1109/34.865189, with the classification likelihood in place of the mixture's).
 * Shrinkage, which leaves fewer parameters free in effect, is not allowed for.
 */
final class Icl {
  private Icl() {}

  /**
   * The criterion.
   *
   * @param objective −L
   * @param labels 0 … K − 1, all used
   * @param dimension p
   * @param components K
   */
  static double of(
      double objective, int[] labels, int dimension, int components, CovarianceModel model) {
    double n = labels.length;
    double[] counts = new double[components];
    for (int label : labels) {
      counts[label]++;
    }
    double entropy = 0;
    for (double count : counts) {
      entropy += count * Math.log(count / n);
    }
    return -objective
        + n * dimension * Math.log(2 * Math.PI)
        - 2 * entropy
        + model.parameterCount(dimension, components) * Math.log(n);
  }
}
