package io.github.mixtura.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.data.Observations;
import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.optimisation.Certification;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Bounds of small random problems against the best of all labellings, empty groups included, in
 * exact arithmetic for the rows and covariances as they are returned.
 */
class BruteForceCertificatesTest {
  private static final BigDecimal TOLERANCE = new BigDecimal("1e-9");

  /** What became of the problems. */
  private final int[] counts = new int[Certification.values().length];

  private int refused;
  private double largestError;

  @Test
  void theLogarithmHasItsDigits() {
    assertEquals(
        "0.6931471805599453094172321214581765680755001343602552541",
        ExactOptimum.ln(new BigDecimal(2)).toPlainString().substring(0, 57));
    // By Python's decimal, 60 digits.
    BigDecimal known =
        new BigDecimal("-44.9530895712128039889645838567647584473745392147527100689319");
    BigDecimal off = ExactOptimum.ln(new BigDecimal("3e-20")).subtract(known).abs();
    assertTrue(off.compareTo(new BigDecimal("1e-55")) < 0, off.toString());
  }

  @Test
  void noLabellingExceedsABoundOnSomeProblems() {
    problems(60, 1);
    report();
  }

  @Test
  @Tag("full")
  void noLabellingExceedsABoundOnTwoThousandProblems() {
    problems(2000, 2);
    report();
    assertTrue(counts[Certification.CERTIFIED.ordinal()] > 300, "few were certified");
    assertTrue(counts[Certification.GAP.ordinal()] > 300, "few had a gap");
    assertTrue(refused < 700, refused + " refused");
  }

  /** Every second problem is close to singular. */
  private void problems(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int problem = 0; problem < count; problem++) {
      boolean isNear = problem % 2 == 1;
      int p = isNear ? 2 + random.nextInt(2) : 1 + random.nextInt(3);
      int groups = 1 + random.nextInt(3);
      int n = Math.max(groups * (p + 1), 4 + random.nextInt(6));
      n = Math.min(n, 10);
      double[][] rows = rows(n, p, groups, isNear, random);
      check(problem, rows, groups, isNear, random);
    }
  }

  private static double[][] rows(
      int n, int p, int groups, boolean isNear, SplittableRandom random) {
    double apart = 8 * random.nextDouble();
    double thickness = isNear ? Math.pow(10, -2 - 5.5 * random.nextDouble()) : 1;
    double offset = random.nextInt(3) == 0 ? Math.pow(10, 8 * random.nextDouble()) : 0;
    double[][] directions = new double[groups][p];
    double[] units = new double[p];
    boolean hasUnits = random.nextInt(3) == 0;
    for (int j = 0; j < p; j++) {
      units[j] = hasUnits ? Math.pow(10, 8 * random.nextDouble() - 4) : 1;
      for (double[] direction : directions) {
        direction[j] = random.nextGaussian();
      }
    }
    double[][] rows = new double[n][p];
    for (int i = 0; i < n; i++) {
      int k = i % groups;
      double along = random.nextGaussian();
      for (int j = 0; j < p; j++) {
        double value =
            thickness * random.nextGaussian()
                + (isNear ? along * directions[k][j] : 0)
                + (j == k % p ? apart * (k + 1) : 0);
        rows[i][j] = units[j] * (value + offset);
      }
    }
    if (random.nextInt(8) == 0) {
      rows[n - 1] = rows[0].clone();
    }
    return rows;
  }

  private void check(
      int problem, double[][] rows, int groups, boolean isNear, SplittableRandom random) {
    Method method = random.nextInt(3) == 0 ? Method.SDP : Method.ILA_SDP;
    CovarianceModel[] models = CovarianceModel.values();
    CovarianceModel model =
        random.nextInt(3) > 0 ? CovarianceModel.FULL : models[random.nextInt(models.length)];
    SdpClustering clustering =
        SdpClustering.of(method, groups)
            .covariance(model)
            .shrinkage(!isNear && random.nextBoolean())
            .threads(1)
            .starts(3);
    boolean isGiven = random.nextInt(4) > 0;
    int[] labels = new int[rows.length];
    boolean isRandom = random.nextInt(4) == 0;
    Arrays.setAll(labels, i -> i < groups || !isRandom ? i % groups : random.nextInt(groups));
    Partition partition;
    try {
      Observations observations = Observations.of(rows);
      partition =
          isGiven ? clustering.certify(observations, labels) : clustering.cluster(observations);
    } catch (UnusableDataException e) {
      refused++;
      return;
    }
    String what = "problem " + problem + ": " + partition + ", " + partition.warnings();
    counts[partition.status().ordinal()]++;
    if (partition.upperBound().isEmpty()) {
      return;
    }
    ExactOptimum exact;
    BigDecimal shift = BigDecimal.ZERO;
    if (method == Method.SDP) {
      exact = ExactOptimum.kMeans(rows, groups);
      shift = exact.whole();
    } else {
      exact = ExactOptimum.likelihood(rows, partition.covariances().toArray(double[][][]::new));
      assertNotNull(exact, what + ": a covariance is not positive definite");
    }
    BigDecimal upper = new BigDecimal(partition.upperBound().orElseThrow());
    BigDecimal best = exact.best().add(shift);
    BigDecimal own = exact.value(partition.labels()).add(shift);
    assertTrue(best.compareTo(upper) <= 0, () -> what + ": the best has " + best.doubleValue());
    assertTrue(own.subtract(best).compareTo(new BigDecimal("1e-49")) <= 0, what);
    BigDecimal objective = new BigDecimal(partition.objective());
    BigDecimal scale =
        method == Method.SDP ? objective : new BigDecimal((double) rows.length * rows[0].length);
    if (partition.status() == Certification.CERTIFIED) {
      assertTrue(
          upper.subtract(own).compareTo(TOLERANCE.multiply(scale)) <= 0,
          () -> what + ": the partition's own value is " + own.doubleValue());
    }
    double off = own.subtract(objective).abs().doubleValue();
    assertTrue(
        off <= partition.errorTerms().orElseThrow(),
        () -> what + ": the objective is off by " + off);
    largestError = Math.max(largestError, off / Math.max(1, Math.abs(scale.doubleValue())));
  }

  private void report() {
    System.out.printf(
        Locale.ROOT,
        "brute force: %d CERTIFIED, %d GAP, %d UNCERTIFIED, %d refused, largest error of an"
            + " objective %.2g of its scale%n",
        counts[Certification.CERTIFIED.ordinal()],
        counts[Certification.GAP.ordinal()],
        counts[Certification.UNCERTIFIED.ordinal()],
        refused,
        largestError);
  }
}
