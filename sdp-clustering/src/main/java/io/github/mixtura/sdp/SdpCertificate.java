package io.github.mixtura.sdp;

import io.github.mixtura.data.Observations;
import io.github.mixtura.data.UnusableDataException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;

/** Bounds for partitions that others found. The labels are kept as they are. */
public final class SdpCertificate {
  private SdpCertificate() {}

  /**
   * Bounds the between-group sum of squares of all partitions into as many groups.
   *
   * @param observations n × p rows, none missing, without weights
   * @param labels group of each row, 0 … K − 1, all used (read)
   * @return the partition, with its status
   * @throws UnusableDataException if a value is missing or rows have weights
   * @throws IllegalArgumentException if the labels do not fit the rows
   */
  public static Partition of(Observations observations, int[] labels) {
    int components = components(observations, labels);
    requireComplete(observations);
    Points points = Points.of(observations);
    PengWei problem = new PengWei(points, components);
    long begin = System.nanoTime();
    Bound bound = PengWeiCertificate.of(problem, labels, run());
    double objective = problem.objective(labels);
    return partition(
        Method.SDP,
        points,
        components,
        labels.clone(),
        objective,
        bound,
        objective,
        null,
        0,
        Map.of("certificate", (System.nanoTime() - begin) * 1e-9),
        List.of());
  }

  /**
   * Bounds −L of all partitions into as many groups, for the covariances of these groups.
   *
   * @param observations n × p rows, none missing, without weights
   * @param labels group of each row, 0 … K − 1, all used (read)
   * @param model of the covariances
   * @param shrinkage whether they are shrunk, see {@link SdpClustering#shrinkage}
   * @return the partition, with its status
   * @throws UnusableDataException if a value is missing or rows have weights
   * @throws IllegalArgumentException if the labels do not fit the rows, or groups are too small for
   *     their covariances
   */
  public static Partition of(
      Observations observations, int[] labels, CovarianceModel model, boolean shrinkage) {
    int components = components(observations, labels);
    requireComplete(observations);
    Points points = Points.of(observations);
    return adjusted(
        points,
        components,
        labels,
        GroupCovariances.of(
            points, labels, components, new CovarianceRule(model, shrinkage), run()));
  }

  /**
   * Bounds −L of all partitions into as many groups, for given covariances.
   *
   * @param observations n × p rows, none missing, without weights
   * @param labels group of each row, 0 … K − 1, all used (read)
   * @param covariances of the groups, K symmetric positive definite p × p (read)
   * @return the partition, with its status
   * @throws UnusableDataException if a value is missing or rows have weights
   * @throws IllegalArgumentException if labels or covariances do not fit the rows
   */
  public static Partition of(Observations observations, int[] labels, double[][]... covariances) {
    int components = components(observations, labels);
    requireComplete(observations);
    if (covariances.length != components) {
      throw new IllegalArgumentException(
          "there are "
              + covariances.length
              + " covariances for "
              + components
              + " groups, must be one per group");
    }
    DMatrixRMaj[] matrices = new DMatrixRMaj[components];
    for (int k = 0; k < components; k++) {
      int same = 0;
      while (!Arrays.deepEquals(covariances[same], covariances[k])) {
        same++;
      }
      matrices[k] = same < k ? matrices[same] : new DMatrixRMaj(covariances[k]);
    }
    return adjusted(Points.of(observations), components, labels, matrices);
  }

  private static Partition adjusted(
      Points points, int components, int[] labels, DMatrixRMaj[] covariances) {
    long begin = System.nanoTime();
    double objective = Adjusted.of(points, covariances).objective(labels);
    Bound bound =
        components == 1
            ? new Bound(objective, objective, 0, "one group")
            : new SdpRelaxation(1).bound(points, covariances, labels, run());
    return partition(
        Method.ILA_SDP,
        points,
        components,
        labels.clone(),
        objective,
        bound,
        (double) points.count() * points.dimension(),
        covariances,
        0,
        Map.of("certificate", (System.nanoTime() - begin) * 1e-9),
        List.of());
  }

  static Partition partition(
      Method method,
      Points points,
      int components,
      int[] labels,
      double objective,
      Bound bound,
      double scale,
      DMatrixRMaj[] covariances,
      int iterations,
      Map<String, Double> seconds,
      List<String> warnings) {
    double[] rows = points.rows().data;
    double within = 0;
    double[][] means = new PengWei(points, components).sums(labels);
    int[] sizes = new PengWei(points, components).sizes(labels);
    int p = points.dimension();
    for (int i = 0; i < labels.length; i++) {
      for (int j = 0; j < p; j++) {
        double step = rows[i * p + j] - means[labels[i]][j] / sizes[labels[i]];
        within += step * step;
      }
    }
    return new Partition(
        method,
        components,
        labels,
        objective,
        bound,
        scale,
        within,
        covariances,
        iterations,
        seconds,
        warnings);
  }

  private static Run run() {
    return new Run(Runtime.getRuntime().availableProcessors(), () -> false);
  }

  static void requireComplete(Observations observations) {
    if (observations.isWeighted()) {
      throw new UnusableDataException(
          "the rows have weights; certified clustering takes every row once: leave the weights out");
    }
    for (int i = 0; observations.hasMissing() && i < observations.rows(); i++) {
      for (int j = 0; j < observations.columns(); j++) {
        if (Double.isNaN(observations.get(i, j))) {
          throw new UnusableDataException(
              "value of row "
                  + (i + 1)
                  + ", column '"
                  + observations.columnNames().get(j)
                  + "' is missing; certified clustering takes complete data: remove or fill in"
                  + " those rows");
        }
      }
    }
  }

  private static int components(Observations observations, int[] labels) {
    if (labels.length != observations.rows()) {
      throw new IllegalArgumentException(
          "there are " + labels.length + " labels, must be one per row: " + observations.rows());
    }
    int components = Arrays.stream(labels).max().orElse(0) + 1;
    int[] counts = new int[Math.max(1, Math.min(components, labels.length + 1))];
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= counts.length) {
        throw new IllegalArgumentException(
            "label of row "
                + (i + 1)
                + " is "
                + labels[i]
                + ", must be 0 to the number of groups less one");
      }
      counts[labels[i]]++;
    }
    for (int k = 0; k < components; k++) {
      if (counts[k] == 0) {
        throw new IllegalArgumentException("no row has label " + k + ", must be used");
      }
    }
    return components;
  }
}
