package io.github.mixtura.sdp;

import io.github.mixtura.data.Observations;
import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.optimisation.Certification;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;

/**
 * Bounds for partitions that others found, on all processors and without a time limit; {@link
 * SdpClustering#certify} has both. The labels are kept as they are.
 */
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
    return SdpClustering.of(Method.SDP, components(observations, labels))
        .timeLimit(null)
        .certify(observations, labels);
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
    return SdpClustering.of(Method.ILA_SDP, components(observations, labels))
        .covariance(model)
        .shrinkage(shrinkage)
        .timeLimit(null)
        .certify(observations, labels);
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
      matrices[k] = same < k ? matrices[same] : symmetric(covariances[k], k);
    }
    Points points = Points.of(observations);
    DMatrixRMaj[] scaled = Partition.times(1 / points.squaredUnit(), matrices);
    for (int k = 0; k < components; k++) {
      double[] back = Partition.times(points.squaredUnit(), scaled)[k].data;
      if (!Arrays.equals(back, matrices[k].data)) {
        throw new IllegalArgumentException(
            "covariances["
                + k
                + "] has values far below the squares of the rows, must be comparable");
      }
    }
    double objective = Adjusted.of(points, scaled).objective(labels);
    long begin = System.nanoTime();
    List<String> notes = new ArrayList<>();
    Run run = new Run(Runtime.getRuntime().availableProcessors(), () -> false, notes::add);
    Bound bound = new SdpRelaxation(1).bound(points, scaled, labels, run);
    Partition partition =
        Partition.of(
            Method.ILA_SDP,
            points,
            components,
            labels.clone(),
            objective,
            bound,
            scaled,
            0,
            Map.of("certificate", (System.nanoTime() - begin) * 1e-9),
            notes);
    BoundStop stop =
        partition.status() == Certification.CERTIFIED ? BoundStop.CERTIFIED : BoundStop.STALLED;
    return partition.withBoundWork(stop, run.budget().made());
  }

  /**
   * The lower triangle counts, for both: what is proved is for the matrix that is returned.
   *
   * @throws IllegalArgumentException if the triangles differ by more than rounding
   */
  private static DMatrixRMaj symmetric(double[][] covariance, int k) {
    DMatrixRMaj matrix = new DMatrixRMaj(covariance);
    for (int i = 0; i < Math.min(matrix.numRows, matrix.numCols); i++) {
      for (int j = 0; j < i; j++) {
        double lower = matrix.get(i, j);
        double upper = matrix.get(j, i);
        if (Math.abs(lower - upper) > 1e-9 * (Math.abs(lower) + Math.abs(upper))) {
          throw new IllegalArgumentException(
              "covariances["
                  + k
                  + "] has "
                  + lower
                  + " below the diagonal and "
                  + upper
                  + " above it for columns "
                  + (j + 1)
                  + " and "
                  + (i + 1)
                  + ", must be symmetric");
        }
        matrix.set(j, i, lower);
      }
    }
    return matrix;
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

  /**
   * Number of groups of labels.
   *
   * @throws IllegalArgumentException if they are not one per row, from 0 to K − 1, all used
   */
  static int components(Observations observations, int[] labels) {
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
