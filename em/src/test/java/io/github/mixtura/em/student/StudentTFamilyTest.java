package io.github.mixtura.em.student;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.github.mixtura.distribution.StudentT;
import io.github.mixtura.em.Family;
import io.github.mixtura.em.FamilyContract;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.Ellipses;
import io.github.mixtura.em.student.DegreesOfFreedom.Mode;
import io.github.mixtura.mixture.Mixture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

class StudentTFamilyTest extends FamilyContract<StudentT> {
  private static final double FIXED = 5;

  @Override
  protected Stream<Named<Family<StudentT>>> families() {
    return Stream.of(
        family(CovarianceStructure.VVV, DegreesOfFreedom.free()),
        family(CovarianceStructure.VVV, DegreesOfFreedom.shared()),
        family(CovarianceStructure.VVV, DegreesOfFreedom.fixed(FIXED)),
        family(CovarianceStructure.EII, DegreesOfFreedom.free()),
        family(CovarianceStructure.VVI, DegreesOfFreedom.shared()),
        family(CovarianceStructure.EEE, DegreesOfFreedom.free()),
        family(CovarianceStructure.VVE, DegreesOfFreedom.free()),
        family(CovarianceStructure.VEV, DegreesOfFreedom.fixed(FIXED)));
  }

  private static Named<Family<StudentT>> family(
      CovarianceStructure structure, DegreesOfFreedom degrees) {
    return Named.of(structure + " " + degrees.mode(), StudentTFamily.of(structure, degrees));
  }

  private static CovarianceStructure structure(Family<StudentT> family) {
    return ((StudentTFamily) family).structure();
  }

  private static Mode mode(Family<StudentT> family) {
    return ((StudentTFamily) family).degreesOfFreedom().mode();
  }

  @Override
  protected Mixture<StudentT> truth(Family<StudentT> family, int columns, int components) {
    boolean free = mode(family) == Mode.FREE;
    return Mixture.of(
        IntStream.range(0, components)
            .mapToObj(
                k ->
                    StudentT.of(
                        Arrays.stream(Ellipses.mean(k, columns)).map(m -> 2 * m).toArray(),
                        Ellipses.covariance(structure(family), k, columns),
                        free ? new double[] {6, 4, 9}[k % 3] : FIXED))
            .toList(),
        Ellipses.weights(components));
  }

  @Override
  protected int parameterCount(Family<StudentT> family, int columns, int components) {
    int degrees =
        switch (mode(family)) {
          case FREE -> components;
          case SHARED -> 1;
          case FIXED -> 0;
        };
    return components * columns
        + Ellipses.parameterCount(structure(family), columns, components)
        + degrees;
  }

  @Override
  protected void assertConstraints(Family<StudentT> family, Mixture<StudentT> mixture) {
    Ellipses.assertConstraints(
        structure(family), mixture.components().stream().map(StudentT::scale).toList());
    double first = mixture.component(0).degreesOfFreedom();
    for (int k = 1; k < mixture.componentCount(); k++) {
      double nu = mixture.component(k).degreesOfFreedom();
      switch (mode(family)) {
        case FREE -> assertNotEquals(first, nu, 1e-3);
        case SHARED -> assertEquals(first, nu, 0.0);
        case FIXED -> assertEquals(FIXED, nu, 0.0);
      }
    }
  }

  /** ν is compared by 1/ν, in which the law is about equally sensitive everywhere. */
  @Override
  protected double distance(StudentT expected, StudentT found) {
    return Math.max(
        Math.abs(1 / expected.degreesOfFreedom() - 1 / found.degreesOfFreedom()),
        Ellipses.distance(expected.mean(), expected.scale(), found.mean(), found.scale()));
  }

  @Override
  protected double recovery(Family<StudentT> family) {
    return 0.15;
  }

  @Override
  protected double[] sumsByHand(
      Family<StudentT> family, Mixture<StudentT> mixture, double[][] rows, double[] weights) {
    int d = mixture.dimension();
    int count = mixture.componentCount();
    boolean diagonal = structure(family).isDiagonal();
    int length = 4 + d + (diagonal ? d : d * (d + 1) / 2);
    boolean estimated = mode(family) != Mode.FIXED;
    double[] sums =
        new double[count * family.layout(d, count).block() + family.layout(d, count).shared()];
    for (int row = 0; row < rows.length; row++) {
      double[] r = mixture.responsibilities(rows[row]);
      for (int k = 0; k < count; k++) {
        StudentT component = mixture.component(k);
        double[] z = rows[row].clone();
        for (int j = 0; j < d; j++) {
          z[j] -= component.mean()[j];
        }
        double nu = component.degreesOfFreedom();
        double u = (nu + d) / (nu + component.scale().squaredDistance(z));
        int at = k * length;
        sums[at] += weights[row] * r[k];
        double v = weights[row] * r[k] * u;
        sums[at + 3] += v;
        int second = at + 4 + d;
        for (int i = 0; i < d; i++) {
          sums[at + 4 + i] += v * z[i];
          for (int j = diagonal ? i : 0; j <= i; j++) {
            sums[second++] += v * z[i] * z[j];
          }
        }
      }
    }
    if (estimated) {
      for (int k = 0; k < count; k++) {
        derivatives(moved(mixture, k, rows, weights), sums, k * length + 1);
      }
      derivatives(moved(mixture, -1, rows, weights), sums, count * length);
    }
    return sums;
  }

  /** Log-likelihood when 1/ν of one component (of all for −1) is moved. */
  private static DoubleUnaryOperator moved(
      Mixture<StudentT> mixture, int which, double[][] rows, double[] weights) {
    return step -> {
      List<StudentT> components = new ArrayList<>();
      for (int k = 0; k < mixture.componentCount(); k++) {
        StudentT old = mixture.component(k);
        double tau = 1 / old.degreesOfFreedom() + (which < 0 || which == k ? step : 0);
        components.add(StudentT.of(old.mean(), old.scale(), 1 / tau));
      }
      Mixture<StudentT> other = Mixture.of(components, mixture.weights());
      double sum = 0;
      for (int i = 0; i < rows.length; i++) {
        sum += weights[i] * other.logDensity(rows[i]);
      }
      return sum;
    };
  }

  /** First and second derivative by central differences of fourth order. */
  private static void derivatives(DoubleUnaryOperator f, double[] into, int at) {
    double h = 2e-3;
    double[] y = IntStream.rangeClosed(-2, 2).mapToDouble(i -> f.applyAsDouble(i * h)).toArray();
    into[at] = (8 * (y[3] - y[1]) - (y[4] - y[0])) / (12 * h);
    into[at + 1] = (16 * (y[3] + y[1]) - (y[4] + y[0]) - 30 * y[2]) / (12 * h * h);
  }

  @Override
  protected double[] handTolerance(Family<StudentT> family, int length) {
    double[] tolerance = new double[length];
    Arrays.fill(tolerance, 1e-12);
    tolerance[1] = 1e-7;
    tolerance[2] = 1e-5;
    return tolerance;
  }

  @Override
  protected Symmetry symmetry(Family<StudentT> family, int columns) {
    return Ellipses.symmetry(structure(family), columns);
  }
}
