package io.github.mixtura.em.gaussian;

import io.github.mixtura.compute.Kernels.Order;
import io.github.mixtura.data.DataSummary;
import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.distribution.Covariance;
import io.github.mixtura.distribution.NotPositiveDefiniteException;
import io.github.mixtura.em.DegeneracyPolicy;
import io.github.mixtura.em.Family.Degeneracy;
import io.github.mixtura.em.FitWarning;
import io.github.mixtura.em.Statistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/**
 * A typed view of the weighted moments inside a component's block of statistics, Σv, Σv(x−c) and
 * Σv(x−c)(x−c)ᵀ (its diagonal for diagonal structures), shared by the elliptical families: Gaussian
 * with v = r, Student's t with v = r·u.
 *
 * @param structure of the covariances
 * @param dimension d
 * @param start place of Σv inside the block
 */
public record EllipticalSums(CovarianceStructure structure, int dimension, int start) {
  /** Weight below which a component counts as degenerate. */
  private static final double SMALLEST_WEIGHT = 1e-8;

  /** Spread, relative to the data's, below which a component may be a spike. */
  private static final double SPIKE = 1e-6;

  /** Spread, relative to the pooled spread inside the components, below which it is one then. */
  private static final double SPIKE_WITHIN = 1e-3;

  /** From so many columns on an eigenvalue costs more than a bound of it. */
  private static final int MANY_COLUMNS = 20;

  /** Variance, relative to the data's, that is nothing but rounding. */
  private static final double COLLAPSED = 1e-26;

  /** Spread, in units in the last place of the mean, that is nothing but rounding. */
  private static final double RESOLVED = 8;

  /** Directions of smaller variance, relative to the columns', make a covariance singular. */
  private static final double SMALLEST_CONDITION = 1e-13;

  /**
   * What the first sums are taken about.
   *
   * @param dimension d
   * @return the d × d identity
   */
  public static Covariance unit(int dimension) {
    double[] ones = new double[dimension];
    Arrays.fill(ones, 1);
    return Covariance.diagonal(ones);
  }

  /**
   * Which moments are needed.
   *
   * @return diagonal or full
   */
  public Order order() {
    return structure.isDiagonal() ? Order.DIAGONAL : Order.FULL;
  }

  /**
   * Number of values.
   *
   * @return length of the moments of one component
   */
  public int length() {
    return order().length(dimension);
  }

  /**
   * The estimated means.
   *
   * @param statistics the sums (read)
   * @param centres K × d, what they are about (read)
   * @return K × d: c + Σv(x−c) / Σv
   * @throws Degeneracy if a component has a weight below 1e-8
   */
  public double[][] means(Statistics statistics, double[][] centres) throws Degeneracy {
    double[] values = statistics.values();
    double[][] means = new double[statistics.components()][];
    for (int k = 0; k < means.length; k++) {
      int at = statistics.offset(k) + start;
      double unit = statistics.totalWeight() / statistics.rows();
      if (!(statistics.weight(k) >= SMALLEST_WEIGHT * unit) || !(values[at] > 0)) {
        throw new Degeneracy(k, Degeneracy.NO_ROWS);
      }
      means[k] = centres[k].clone();
      for (int j = 0; j < dimension; j++) {
        means[k][j] += values[at + 1 + j] / values[at];
      }
    }
    return means;
  }

  /**
   * The estimated covariances (or scale matrices).
   *
   * @param statistics the sums (read)
   * @param estimate how
   * @param current covariances of the current mixture, a warm start
   * @param hurry asked often; once true an iterative estimate ends with the best it has
   * @return K matrices of the structure, given Σr and the scatter about the means
   * @throws Degeneracy if one is singular
   */
  public Covariance[] covariances(
      Statistics statistics,
      CovarianceEstimate estimate,
      List<Covariance> current,
      BooleanSupplier hurry)
      throws Degeneracy {
    int count = statistics.components();
    double[] weight = new double[count];
    double[][] scatter = new double[count][];
    for (int k = 0; k < count; k++) {
      weight[k] = statistics.weight(k);
      scatter[k] = scatter(statistics, k);
    }
    try {
      return estimate.estimate(structure, dimension, weight, scatter, current, hurry);
    } catch (NotPositiveDefiniteException e) {
      throw new Degeneracy(
          culprit(weight, scatter), dimension == 1 ? Degeneracy.COINCIDING : Degeneracy.SINGULAR);
    }
  }

  /** Scatter about the mean: Σv(x−c)(x−c)ᵀ − s sᵀ/Σv. */
  private double[] scatter(Statistics statistics, int k) {
    double[] values = statistics.values();
    int at = statistics.offset(k) + start;
    double total = values[at];
    int first = at + 1;
    int second = first + dimension;
    double[] scatter = Arrays.copyOfRange(values, second, at + length());
    if (structure.isDiagonal()) {
      for (int j = 0; j < dimension; j++) {
        scatter[j] -= values[first + j] * values[first + j] / total;
      }
      return scatter;
    }
    for (int i = 0, q = 0; i < dimension; i++) {
      for (int j = 0; j <= i; j++, q++) {
        scatter[q] -= values[first + i] * values[first + j] / total;
      }
    }
    return scatter;
  }

  /** The component to blame: the lightest of those singular on their own, else the lightest. */
  private int culprit(double[] weight, double[][] scatter) {
    int lightest = 0;
    int singular = -1;
    for (int k = 0; k < weight.length; k++) {
      if (weight[k] < weight[lightest]) {
        lightest = k;
      }
      if ((singular < 0 || weight[k] < weight[singular]) && isDegenerate(weight[k], scatter[k])) {
        singular = k;
      }
    }
    return singular < 0 ? lightest : singular;
  }

  private boolean isDegenerate(double weight, double[] scatter) {
    double[] scaled = new double[scatter.length];
    boolean tiny = false;
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = scatter[i] / weight;
      tiny |= !(scaled[i] >= Double.MIN_NORMAL);
    }
    return structure.isDiagonal() ? tiny : isSingular(scaled, dimension);
  }

  /**
   * Moves the sums of every component to other centres.
   *
   * @param statistics (written)
   * @param from K × d, what they are about (read)
   * @param to K × d, what they shall be about (read)
   */
  public void recentre(Statistics statistics, double[][] from, double[][] to) {
    double[] values = statistics.values();
    for (int k = 0; k < from.length; k++) {
      int at = statistics.offset(k) + start;
      double total = values[at];
      int first = at + 1;
      int q = first + dimension;
      double[] move = new double[dimension];
      for (int j = 0; j < dimension; j++) {
        move[j] = to[k][j] - from[k][j];
      }
      for (int i = 0; i < dimension; i++) {
        for (int j = structure.isDiagonal() ? i : 0; j <= i; j++, q++) {
          values[q] +=
              total * move[i] * move[j] - move[i] * values[first + j] - move[j] * values[first + i];
        }
      }
      for (int j = 0; j < dimension; j++) {
        values[first + j] -= total * move[j];
      }
    }
  }

  /**
   * Rewrites a component as if spread about a row like the data, columns uncorrelated.
   *
   * @param statistics (written)
   * @param k component from 0
   * @param weight its new Σr
   * @param row d values (read)
   * @param centre what the sums are about (read)
   * @param summary of the data
   */
  public void reseed(
      Statistics statistics,
      int k,
      double weight,
      double[] row,
      double[] centre,
      DataSummary summary) {
    double[] values = statistics.values();
    int at = statistics.offset(k) + start;
    Arrays.fill(values, statistics.offset(k), statistics.offset(k) + statistics.stride(), 0);
    values[statistics.offset(k)] = weight;
    values[at] = weight;
    int q = at + 1 + dimension;
    for (int i = 0; i < dimension; i++) {
      double shift = row[i] - centre[i];
      values[at + 1 + i] = weight * shift;
      for (int j = structure.isDiagonal() ? i : 0; j <= i; j++, q++) {
        values[q] =
            weight * shift * (row[j] - centre[j]) + (i == j ? weight * summary.variance()[j] : 0);
      }
    }
  }

  /**
   * Adds a fraction of the data's variances to a component's.
   *
   * @param statistics (written)
   * @param k component from 0
   * @param fraction of the data's variances
   * @param summary of the data
   */
  public void floor(Statistics statistics, int k, double fraction, DataSummary summary) {
    double[] values = statistics.values();
    int q = statistics.offset(k) + start + 1 + dimension;
    for (int i = 0; i < dimension; i++) {
      q += structure.isDiagonal() ? 0 : i;
      values[q++] += fraction * statistics.weight(k) * summary.variance()[i];
    }
  }

  /**
   * Sizes of the moments, for comparing them across units.
   *
   * @param summary of the data
   * @return one value per moment: 1, standard deviations, their products
   */
  public double[] scales(DataSummary summary) {
    double[] scales = new double[length()];
    scales[0] = 1;
    int q = 1 + dimension;
    for (int i = 0; i < dimension; i++) {
      double deviation = Math.sqrt(summary.variance()[i]);
      scales[1 + i] = deviation;
      for (int j = structure.isDiagonal() ? i : 0; j <= i; j++, q++) {
        scales[q] = deviation * Math.sqrt(summary.variance()[j]);
      }
    }
    return scales;
  }

  /**
   * Refuses data without spread.
   *
   * @param structure of the covariances
   * @param summary of the data
   * @param columnNames names of the columns
   * @param policy a floor makes collinear columns usable
   * @throws UnusableDataException if a column is constant, its variance is not representable,
   *     columns are collinear, or there are too few rows for a full covariance
   */
  public static void validate(
      CovarianceStructure structure,
      DataSummary summary,
      List<String> columnNames,
      DegeneracyPolicy policy) {
    int d = columnNames.size();
    for (int j = 0; j < d; j++) {
      boolean tooSmallToSquare = Math.abs(summary.mean()[j]) < 1e-140 && summary.mean()[j] != 0;
      if (summary.variance()[j] == 0 && tooSmallToSquare) {
        throw unusable(summary, j, columnNames);
      }
    }
    if (Arrays.stream(summary.variance()).allMatch(v -> v == 0)) {
      throw new UnusableDataException(
          "all rows are identical, must differ for a mixture to be fitted");
    }
    for (int j = 0; j < d; j++) {
      if (summary.variance()[j] == 0) {
        throw new UnusableDataException(
            "column '"
                + columnNames.get(j)
                + "' is constant ("
                + summary.mean()[j]
                + "): leave it out");
      }
      if (!(summary.variance()[j] >= 1e-290 && summary.variance()[j] <= 1e290)) {
        throw unusable(summary, j, columnNames);
      }
    }
    if (!structure.isDiagonal() && summary.rows() <= d) {
      throw new UnusableDataException(
          "there are "
              + summary.rows()
              + (summary.rows() == 1 ? " row for " : " rows for ")
              + d
              + (d == 1 ? " column" : " columns")
              + ": a covariance that is not "
              + "diagonal needs more rows than columns; choose one of EII, VII, EEI, VEI, EVI, VVI");
    }
    if (policy.action() != DegeneracyPolicy.Action.FLOOR
        && summary.covariance() != null
        && isSingular(summary.covariance(), d)) {
      int j = 2;
      while (!isSingular(Arrays.copyOf(summary.covariance(), j * (j + 1) / 2), j)) {
        j++;
      }
      throw new UnusableDataException(
          "column '"
              + columnNames.get(j - 1)
              + "' is a linear combination of the columns before it: "
              + "leave it out, choose one of EII, VII, EEI, VEI, EVI, VVI, or set a floor");
    }
  }

  private static boolean isSingular(double[] packed, int d) {
    try {
      Covariance.ofPackedLower(packed, d);
      return false;
    } catch (NotPositiveDefiniteException e) {
      return true;
    }
  }

  private static UnusableDataException unusable(
      DataSummary summary, int column, List<String> columnNames) {
    return new UnusableDataException(
        "variance of column '"
            + columnNames.get(column)
            + "' is "
            + summary.variance()[column]
            + ", which cannot be computed with: rescale the column");
  }

  /**
   * Finds spikes: the smallest eigenvalue relative to the data's covariance is below 1e-6, and
   * relative to the pooled covariance inside the components below 1e-3. The second condition spares
   * compact groups that lie far apart. The summary should leave rows out that are far out, beside
   * which every group is small.
   *
   * @param weights of the components
   * @param covariances of the components
   * @param summary of the data
   * @param iteration M-steps made
   * @return a warning per spike
   */
  public static List<FitWarning> spikes(
      double[] weights, List<Covariance> covariances, DataSummary summary, int iteration) {
    List<FitWarning> warnings = new ArrayList<>();
    int d = summary.mean().length;
    boolean full = summary.covariance() != null && !covariances.get(0).isDiagonal();
    if (full && d >= MANY_COLUMNS && areWide(covariances, summary.covariance())) {
      return warnings;
    }
    double[] within = new double[full ? d * (d + 1) / 2 : d];
    for (int k = 0; k < weights.length; k++) {
      for (int i = 0, q = 0; i < d; i++) {
        for (int j = full ? 0 : i; j <= i; j++, q++) {
          within[q] += weights[k] * covariances.get(k).get(i, j);
        }
      }
    }
    double[] ofData =
        full ? whitening(summary.covariance(), d) : reciprocalRoots(summary.variance());
    double[] ofWithin = full ? whitening(within, d) : reciprocalRoots(within);
    for (int k = 0; k < covariances.size(); k++) {
      double smallest = smallestWhitened(covariances.get(k), ofData);
      if (smallest < SPIKE && smallestWhitened(covariances.get(k), ofWithin) < SPIKE_WITHIN) {
        warnings.add(
            new FitWarning(
                k,
                iteration,
                FitWarning.Kind.SPIKE,
                "the component sits on (nearly) coinciding rows, its smallest variance below 1e-6 of "
                    + "the data's; try fewer components, another structure or a floor"));
      }
    }
    return warnings;
  }

  /**
   * Whether a bound that costs less than an eigenvalue shows all to be no spikes: the smallest
   * eigenvalue of Σ relative to S is at least 1/tr(Σ⁻¹S), and the trace at most Σ |w|ᵀ|S||w| over
   * the rows w of the whitening matrix of Σ.
   *
   * @param ofData S, packed
   */
  private static boolean areWide(List<Covariance> covariances, double[] ofData) {
    for (Covariance covariance : covariances) {
      if (covariance.isDiagonal()) {
        return false;
      }
      double[] whitening = covariance.whitening();
      double trace = 0;
      for (int i = 0, row = 0; i < covariance.dimension(); row += ++i) {
        for (int j = 0, q = 0; j <= i; q += ++j) {
          double sum = Math.abs(ofData[q + j] * whitening[row + j]) / 2;
          for (int l = 0; l < j; l++) {
            sum += Math.abs(ofData[q + l] * whitening[row + l]);
          }
          trace += 2 * sum * Math.abs(whitening[row + j]);
        }
      }
      if (!(trace < 0.5 / SPIKE)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Looks for a spread that is nothing but rounding: in a column, beside the data's variance or
   * beside what numbers of the size of the component's mean resolve; in any direction, beside the
   * latter.
   *
   * @param means of the components, K × d (read)
   * @param covariances of the components
   * @param summary of the data
   * @return the component, −1 if there is none
   */
  public static int collapsed(double[][] means, List<Covariance> covariances, DataSummary summary) {
    for (int k = 0; k < means.length; k++) {
      Covariance covariance = covariances.get(k);
      double[] limit = new double[means[k].length];
      boolean near = false;
      for (int j = 0; j < limit.length; j++) {
        double resolved = RESOLVED * Math.ulp(means[k][j]);
        limit[j] = resolved * resolved;
        double variance = covariance.get(j, j);
        if (variance < Math.max(limit[j], COLLAPSED * summary.variance()[j])) {
          return k;
        }
        near |= limit[j] > SMALLEST_CONDITION * variance;
      }
      if (near && !covariance.isDiagonal() && !exceeds(covariance, limit)) {
        return k;
      }
    }
    return -1;
  }

  /** Whether a covariance less a diagonal is positive definite. */
  private static boolean exceeds(Covariance covariance, double[] diagonal) {
    int d = diagonal.length;
    DMatrixRMaj rest = new DMatrixRMaj(d, d);
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < d; j++) {
        double unit = Math.sqrt(covariance.get(i, i) * covariance.get(j, j));
        rest.unsafe_set(
            i, j, i == j ? 1 - diagonal[i] / covariance.get(i, i) : covariance.get(i, j) / unit);
      }
    }
    return DecompositionFactory_DDRM.chol(d, true).decompose(rest);
  }

  /**
   * Covariances of this structure that are nearest in likelihood to given ones.
   *
   * @param weights of the components (read)
   * @param covariances given ones
   * @return the same objects where they have the structure to 1e-9
   */
  public List<Covariance> admit(double[] weights, List<Covariance> covariances) {
    double[][] scatter = new double[weights.length][];
    for (int k = 0; k < weights.length; k++) {
      scatter[k] = new double[structure.isDiagonal() ? dimension : dimension * (dimension + 1) / 2];
      for (int i = 0, q = 0; i < dimension; i++) {
        for (int j = structure.isDiagonal() ? i : 0; j <= i; j++, q++) {
          scatter[k][q] = weights[k] * covariances.get(k).get(i, j);
        }
      }
    }
    Covariance[] nearest =
        CovarianceEstimator.estimate(
            structure,
            dimension,
            weights,
            scatter,
            covariances.toArray(Covariance[]::new),
            () -> false);
    for (int k = 0; k < nearest.length; k++) {
      for (int i = 0; i < dimension; i++) {
        for (int j = 0; j <= i; j++) {
          double size = Math.sqrt(covariances.get(k).get(i, i) * covariances.get(k).get(j, j));
          if (Math.abs(nearest[k].get(i, j) - covariances.get(k).get(i, j)) > 1e-9 * size) {
            return List.of(nearest);
          }
        }
      }
    }
    return covariances;
  }

  /** Whitening matrix of a packed covariance, {@code null} if it is not positive definite. */
  private static double[] whitening(double[] packed, int d) {
    try {
      return Covariance.ofPackedLower(packed, d).whitening();
    } catch (NotPositiveDefiniteException e) {
      return null;
    }
  }

  private static double[] reciprocalRoots(double[] variances) {
    double[] result = new double[variances.length];
    for (int j = 0; j < result.length; j++) {
      result[j] = 1 / Math.sqrt(variances[j]);
    }
    return result;
  }

  /** Smallest eigenvalue of AΣAᵀ, A packed or diagonal; 1 where there is no A. */
  private static double smallestWhitened(Covariance covariance, double[] a) {
    int d = covariance.dimension();
    if (a == null) {
      return 1;
    }
    if (a.length == d) {
      double smallest = Double.POSITIVE_INFINITY;
      for (int j = 0; j < d; j++) {
        smallest = Math.min(smallest, a[j] * covariance.get(j, j) * a[j]);
      }
      return smallest;
    }
    DMatrixRMaj left = new DMatrixRMaj(d, d);
    DMatrixRMaj right = new DMatrixRMaj(d, d);
    for (int i = 0, q = 0; i < d; i++) {
      for (int j = 0; j <= i; j++) {
        left.unsafe_set(i, j, a[q++]);
      }
    }
    CommonOps_DDRM.mult(left, covariance.toMatrix(), right);
    DMatrixRMaj relative = new DMatrixRMaj(d, d);
    CommonOps_DDRM.multTransB(right, left, relative);
    return PrincipalAxes.smallestExtent(relative);
  }
}
