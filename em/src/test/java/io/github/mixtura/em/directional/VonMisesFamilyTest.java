package io.github.mixtura.em.directional;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.data.Observations;
import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.distribution.VonMises;
import io.github.mixtura.em.EmOptions;
import io.github.mixtura.em.Family;
import io.github.mixtura.em.FamilyContract;
import io.github.mixtura.em.FitWarning;
import io.github.mixtura.em.MixtureFit;
import io.github.mixtura.em.MixtureFitter;
import io.github.mixtura.em.init.Initializer;
import io.github.mixtura.mixture.Mixture;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;

class VonMisesFamilyTest extends FamilyContract<VonMises> {

  @Override
  protected Stream<Named<Family<VonMises>>> families() {
    return Stream.of(Named.of("torus", VonMisesFamily.of()));
  }

  @Override
  protected Mixture<VonMises> truth(Family<VonMises> family, int columns, int components) {
    // Directions on both sides of ±π.
    return Mixture.of(
        IntStream.range(0, components)
            .mapToObj(
                k ->
                    VonMises.of(
                        IntStream.range(0, columns).mapToDouble(j -> 3 + 2.1 * k + j).toArray(),
                        IntStream.range(0, columns).mapToDouble(j -> 4 + 3 * k + j).toArray()))
            .toList(),
        IntStream.range(0, components)
            .mapToDouble(k -> (components - k) / (0.5 * components * (components + 1)))
            .toArray());
  }

  @Override
  protected int parameterCount(Family<VonMises> family, int columns, int components) {
    return 2 * columns * components;
  }

  @Override
  protected void assertConstraints(Family<VonMises> family, Mixture<VonMises> mixture) {
    for (VonMises component : mixture.components()) {
      for (int j = 0; j < mixture.dimension(); j++) {
        double direction = component.meanDirection()[j];
        assertTrue(direction > -Math.PI && direction <= Math.PI);
        assertTrue(component.concentration()[j] > 0);
      }
    }
  }

  /** Arcs in units of 1/√κ, concentrations relatively. */
  @Override
  protected double distance(VonMises expected, VonMises found) {
    double largest = 0;
    for (int j = 0; j < expected.dimension(); j++) {
      double kappa = expected.concentration()[j];
      double arc =
          Math.IEEEremainder(found.meanDirection()[j] - expected.meanDirection()[j], 2 * Math.PI);
      largest = Math.max(largest, Math.abs(arc) * Math.sqrt(kappa));
      largest = Math.max(largest, Math.abs(found.concentration()[j] / kappa - 1));
    }
    return largest;
  }

  @Override
  protected double recovery(Family<VonMises> family) {
    return 0.1;
  }

  @Override
  protected double[] sumsByHand(
      Family<VonMises> family, Mixture<VonMises> mixture, double[][] rows, double[] weights) {
    int d = mixture.dimension();
    double[] sums = new double[mixture.componentCount() * (1 + 2 * d)];
    for (int i = 0; i < rows.length; i++) {
      double[] r = mixture.responsibilities(rows[i]);
      for (int k = 0; k < r.length; k++) {
        int at = k * (1 + 2 * d);
        sums[at] += weights[i] * r[k];
        for (int j = 0; j < d; j++) {
          double mu = mixture.component(k).meanDirection()[j];
          sums[at + 1 + 2 * j] += weights[i] * r[k] * (Math.cos(rows[i][j]) - Math.cos(mu));
          sums[at + 2 + 2 * j] += weights[i] * r[k] * (Math.sin(rows[i][j]) - Math.sin(mu));
        }
      }
    }
    return sums;
  }

  @Override
  protected double[] handTolerance(Family<VonMises> family, int length) {
    double[] tolerance = new double[length];
    Arrays.fill(tolerance, 1e-12);
    return tolerance;
  }

  /** Turned by more than half a circle, mirrored, and not brought back into (−π, π]. */
  @Override
  protected Symmetry symmetry(Family<VonMises> family, int columns) {
    return new Symmetry(
        x ->
            IntStream.range(0, columns)
                .mapToDouble(j -> j % 2 == 0 ? x[j] + 4 : 9 - x[j])
                .toArray(),
        0);
  }

  @Test
  void aClusterAcrossTheCutIsOneCluster() {
    SplittableRandom random = new SplittableRandom(21);
    Mixture<VonMises> truth = Mixture.of(List.of(VonMises.of(Math.PI, 30)), 1);
    Observations rows = Observations.of(truth.sample(4000, random).rows());
    VonMises found = MixtureFitter.of(VonMisesFamily.of(), 1).fit(rows).mixture().component(0);
    assertEquals(-1, Math.cos(found.meanDirection()[0]), 1e-3);
    assertEquals(30, found.concentration()[0], 3);
  }

  /**
   * κ of a narrow law, from angles whose cosines do not hold it; the truth by its own statistic.
   */
  @Test
  void narrowLawsAreFittedToTheirDigits() {
    for (double kappa : new double[] {1e5, 1e9, 1e12, 1e14}) {
      for (double mean : new double[] {-1.3278, Math.PI, 2}) {
        SplittableRandom random = new SplittableRandom(22);
        double[] angles = new double[80];
        double versines = 0;
        double sum = 0;
        double[] z = new double[80];
        for (int i = 0; i < angles.length; i++) {
          // A grid of 2⁻⁵⁰ keeps the angles and their differences exact.
          z[i] = Math.rint(random.nextGaussian() / Math.sqrt(kappa) * 0x1p50) / 0x1p50;
          angles[i] = Math.rint(mean * 0x1p50) / 0x1p50 + z[i];
          sum += z[i];
        }
        for (double v : z) {
          double s = Math.sin(0.5 * (v - sum / 80));
          versines += 2 * s * s;
        }
        double expected = 0.5 / (versines / 80);
        MixtureFit<VonMises> fit =
            MixtureFitter.of(VonMisesFamily.of(), 1).fit(Observations.of(angles));
        VonMises found = fit.mixture().component(0);
        double tolerance = 2 / kappa + 1e-9 + 1e-15 * Math.sqrt(kappa);
        assertEquals(1, found.concentration()[0] / expected, tolerance, "κ " + kappa);
        double logLikelihood = Arrays.stream(angles).map(x -> fit.mixture().logDensity(x)).sum();
        assertEquals(logLikelihood, fit.logLikelihood(), 1e-10 * Math.abs(logLikelihood));
        assertTrue(fit.diagnostics().warnings().isEmpty());
      }
    }
  }

  @Test
  void narrowAndWideGroupsAreToldApart() {
    Mixture<VonMises> truth =
        Mixture.of(
            List.of(VonMises.of(Math.PI, 1e12), VonMises.of(Math.PI - 1e-4, 1e11)), 0.5, 0.5);
    Mixture.Sample sample = truth.sample(400, new SplittableRandom(23));
    Mixture<VonMises> found =
        MixtureFitter.of(VonMisesFamily.of(), 2).fit(Observations.of(sample.rows())).mixture();
    double[] concentrations =
        found.components().stream().mapToDouble(c -> c.concentration()[0]).sorted().toArray();
    assertEquals(1, concentrations[0] / 1e11, 0.3);
    assertEquals(1, concentrations[1] / 1e12, 0.3);
  }

  @Test
  void coincidingAnglesEndAtTheCapWithAWarning() {
    double[][] rows = new double[40][1];
    for (int i = 0; i < rows.length; i++) {
      rows[i][0] = i < 20 ? Math.PI : 0.1 * (i - 30);
    }
    MixtureFit<VonMises> fit =
        MixtureFitter.of(VonMisesFamily.of(), 2)
            .options(EmOptions.defaults().withMaxIterations(50))
            .initializer(
                Initializer.labels(IntStream.range(0, 40).map(i -> i < 20 ? 0 : 1).toArray()))
            .fit(Observations.of(rows));
    assertEquals(
        VonMisesFamily.LARGEST_CONCENTRATION, fit.mixture().component(0).concentration()[0]);
    assertTrue(
        fit.diagnostics().warnings().stream()
            .anyMatch(w -> w.kind() == FitWarning.Kind.SPIKE && w.component() == 0));
    assertTrue(fit.diagnostics().isDegenerate());
  }

  @Test
  void aConstantAngleIsRefusedByName() {
    double[][] rows = {{1, 0.3}, {2, 0.3}, {3, 0.3}};
    String message =
        assertThrows(
                UnusableDataException.class,
                () -> MixtureFitter.of(VonMisesFamily.of(), 1).fit(Observations.of(rows)))
            .getMessage();
    assertTrue(message.contains("x2"), message);
  }
}
