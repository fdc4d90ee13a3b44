package io.github.mixtura.em.directional;

import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.Encoding;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.compute.Kernels.Order;
import io.github.mixtura.compute.Workspace;
import io.github.mixtura.data.DataSummary;
import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.distribution.VonMises;
import io.github.mixtura.em.Accelerable;
import io.github.mixtura.em.Accumulator;
import io.github.mixtura.em.DegeneracyPolicy;
import io.github.mixtura.em.Family;
import io.github.mixtura.em.FitWarning;
import io.github.mixtura.em.Layout;
import io.github.mixtura.em.Repairable;
import io.github.mixtura.em.Splittable;
import io.github.mixtura.em.Stage;
import io.github.mixtura.em.Statistics;
import io.github.mixtura.mixture.Mixture;
import io.github.mixtura.special.AngleFunctions;
import io.github.mixtura.special.Bessel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Von Mises components, independent over the columns given the component (the d-torus). Angles in
 * radians.
 *
 * <p>Statistics per component: Σr, and per column Σr(cos x − c) and Σr(sin x − s) about the current
 * mean direction (c, s); where the current κ is above 1e4 these sums are taken from the angles,
 * whose cosines and sines would not hold the digits. The mean direction is that of the resultant; κ
 * inverts the Bessel ratio, I₁(κ)/I₀(κ) = R̄, exactly, from 1 − R̄ so that large κ loses no digits.
 * κ is capped at 1e15, where a component sits on coinciding angles; a fit that ends there says so.
 */
public final class VonMisesFamily
    implements Family<VonMises>, Repairable<VonMises>, Splittable<VonMises>, Accelerable<VonMises> {
  /** Largest concentration: a spread of 3e-8 radians. */
  public static final double LARGEST_CONCENTRATION = VonMises.LARGEST_CONCENTRATION;

  private static final double SMALLEST_WEIGHT = 1e-8;
  private static final double SPLIT = 0.1;
  private static final VonMisesFamily INSTANCE = new VonMisesFamily();

  private VonMisesFamily() {}

  /**
   * The family.
   *
   * @return the one instance
   */
  public static VonMisesFamily of() {
    return INSTANCE;
  }

  @Override
  public String name() {
    return "von-mises";
  }

  @Override
  public Class<VonMises> law() {
    return VonMises.class;
  }

  @Override
  public Encoding encoding() {
    return Encoding.ANGLES;
  }

  @Override
  public Layout layout(int dimension, int components) {
    return new Layout(1 + 2 * dimension);
  }

  @Override
  public int parameterCount(int dimension, int components) {
    return 2 * dimension * components;
  }

  @Override
  public void validate(DataSummary summary, List<String> columnNames, DegeneracyPolicy policy) {
    for (int j = 0; j < columnNames.size(); j++) {
      if (summary.variance()[2 * j] == 0 && summary.variance()[2 * j + 1] == 0) {
        throw new UnusableDataException(
            "column '" + columnNames.get(j) + "' is constant: leave it out");
      }
    }
  }

  @Override
  public List<VonMises> initial(double[][] centres, DataSummary summary) {
    return Arrays.stream(centres)
        .map(centre -> VonMises.of(directions(centre), new double[centre.length / 2]))
        .toList();
  }

  private static double[] directions(double[] resultant) {
    double[] directions = new double[resultant.length / 2];
    Arrays.setAll(directions, j -> Math.atan2(resultant[2 * j + 1], resultant[2 * j]));
    return directions;
  }

  /** The mean directions as points of the circle, K × 2d. */
  private static double[][] centres(List<VonMises> components) {
    double[][] centres = new double[components.size()][2 * components.get(0).dimension()];
    for (int k = 0; k < centres.length; k++) {
      double[] directions = components.get(k).meanDirection();
      for (int j = 0; j < directions.length; j++) {
        centres[k][2 * j] = Math.cos(directions[j]);
        centres[k][2 * j + 1] = Math.sin(directions[j]);
      }
    }
    return centres;
  }

  @Override
  public Accumulator accumulator(List<VonMises> current, Kernels kernels, Stage stage) {
    double[][] centres = centres(current);
    boolean narrow = current.stream().anyMatch(VonMisesFamily::needsAngles);
    return (batch, workspace, into) -> {
      double[] sums = into.values();
      double[] before = narrow ? sums.clone() : sums;
      kernels.moments(batch, centres, Order.FIRST, workspace, sums, 0, into.stride());
      if (narrow) {
        replaceNarrow(current, batch, workspace, before, into);
      }
    };
  }

  private static boolean needsAngles(VonMises component) {
    return Arrays.stream(component.concentration()).anyMatch(VonMises::needsAngles);
  }

  /** Takes the sums of large κ from the angles, in place of those from cosines and sines. */
  private static void replaceNarrow(
      List<VonMises> current, Batch batch, Workspace workspace, double[] before, Statistics into) {
    double[] angles = new double[batch.rows()];
    double[] r = new double[batch.rows()];
    for (int k = 0; k < current.size(); k++) {
      if (!needsAngles(current.get(k))) {
        continue;
      }
      double[] direction = current.get(k).meanDirection();
      double[] concentration = current.get(k).concentration();
      workspace.read(batch, k, r);
      for (int j = 0; j < direction.length; j++) {
        if (!VonMises.needsAngles(concentration[j])) {
          continue;
        }
        batch.copyOriginal(j, angles);
        // About the mean direction: Σr(cos z − 1) and Σr sin z; then turned to where it is.
        double cosines = 0;
        double sines = 0;
        for (int i = 0; i < r.length; i++) {
          if (r[i] == 0) {
            continue;
          }
          double sine = AngleFunctions.sineOfHalf(angles[i], direction[j]);
          cosines -= 2 * r[i] * sine * sine;
          sines += 2 * r[i] * sine * Math.sqrt(1 - sine * sine);
        }
        double c = Math.cos(direction[j]);
        double s = Math.sin(direction[j]);
        int at = into.offset(k) + 1 + 2 * j;
        into.values()[at] = before[at] + (c * cosines - s * sines);
        into.values()[at + 1] = before[at + 1] + (s * cosines + c * sines);
      }
    }
  }

  @Override
  public List<VonMises> maximize(
      Statistics statistics, List<VonMises> current, Stage stage, BooleanSupplier hurry)
      throws Degeneracy {
    double[][] centres = centres(current);
    List<VonMises> components = new ArrayList<>();
    for (int k = 0; k < centres.length; k++) {
      double weight = statistics.weight(k);
      if (!(weight >= SMALLEST_WEIGHT * statistics.totalWeight() / statistics.rows())) {
        throw new Degeneracy(k, Degeneracy.NO_ROWS);
      }
      int d = centres[k].length / 2;
      double[] direction = new double[d];
      double[] concentration = new double[d];
      for (int j = 0; j < d; j++) {
        double c = centres[k][2 * j];
        double s = centres[k][2 * j + 1];
        double shiftC = statistics.values()[statistics.offset(k) + 1 + 2 * j] / weight;
        double shiftS = statistics.values()[statistics.offset(k) + 2 + 2 * j] / weight;
        direction[j] = Math.atan2(s + shiftS, c + shiftC);
        // 1 − R̄² from the differences to a unit vector: no cancellation where angles coincide.
        double deficit = -(2 * (c * shiftC + s * shiftS) + shiftC * shiftC + shiftS * shiftS);
        double resultant = Math.hypot(c + shiftC, s + shiftS);
        concentration[j] = concentration(deficit / (1 + resultant));
      }
      components.add(VonMises.of(direction, concentration));
    }
    return components;
  }

  @Override
  public int rowsPerComponent(int dimension) {
    return 2;
  }

  /**
   * {@inheritDoc} In every column the two mean directions lie 0.1 / √(1 + κ) to both sides of the
   * old one, with its concentration.
   */
  @Override
  public Mixture<VonMises> split(Mixture<VonMises> mixture) {
    int heaviest = 0;
    for (int k = 1; k < mixture.componentCount(); k++) {
      heaviest = mixture.weight(k) > mixture.weight(heaviest) ? k : heaviest;
    }
    VonMises law = mixture.component(heaviest);
    double[] left = law.meanDirection();
    double[] right = law.meanDirection();
    for (int j = 0; j < left.length; j++) {
      double angle = SPLIT / Math.sqrt(1 + law.concentration()[j]);
      left[j] -= angle;
      right[j] += angle;
    }
    List<VonMises> components = new ArrayList<>(mixture.components());
    components.set(heaviest, VonMises.of(left, law.concentration()));
    components.add(VonMises.of(right, law.concentration()));
    double[] weights = Arrays.copyOf(mixture.weights(), components.size());
    weights[heaviest] /= 2;
    weights[components.size() - 1] = weights[heaviest];
    return Mixture.of(components, weights);
  }

  @Override
  public String toString() {
    return "von-mises family";
  }

  private static double concentration(double oneMinusResultant) {
    if (!(oneMinusResultant > 0.5 / LARGEST_CONCENTRATION)) {
      return LARGEST_CONCENTRATION;
    }
    if (oneMinusResultant >= 1) {
      return 0;
    }
    return Math.min(LARGEST_CONCENTRATION, Bessel.inverseRatioOfComplement(2, oneMinusResultant));
  }

  @Override
  public void reseed(
      Statistics statistics,
      int k,
      double weight,
      double[] row,
      List<VonMises> current,
      DataSummary summary) {
    double[] centre = centres(current)[k];
    int at = statistics.offset(k);
    statistics.values()[at] = weight;
    for (int j = 0; j < row.length; j += 2) {
      double resultant = Math.hypot(summary.mean()[j], summary.mean()[j + 1]);
      statistics.values()[at + 1 + j] = weight * (resultant * row[j] - centre[j]);
      statistics.values()[at + 2 + j] = weight * (resultant * row[j + 1] - centre[j + 1]);
    }
  }

  /** {@inheritDoc} Does nothing: κ is capped already, and no spread mends a lack of weight. */
  @Override
  public void floor(Statistics statistics, int k, double fraction, DataSummary summary) {}

  @Override
  public void recentre(Statistics statistics, List<VonMises> from, List<VonMises> to) {
    double[][] old = centres(from);
    double[][] wanted = centres(to);
    for (int k = 0; k < old.length; k++) {
      int at = statistics.offset(k);
      for (int j = 0; j < old[k].length; j++) {
        statistics.values()[at + 1 + j] -= statistics.weight(k) * (wanted[k][j] - old[k][j]);
      }
    }
  }

  @Override
  public List<FitWarning> inspect(Mixture<VonMises> mixture, DataSummary summary, int iteration) {
    List<FitWarning> warnings = new ArrayList<>();
    for (int k = 0; k < mixture.componentCount(); k++) {
      double largest = Arrays.stream(mixture.component(k).concentration()).max().orElseThrow();
      if (largest >= LARGEST_CONCENTRATION) {
        warnings.add(
            new FitWarning(
                k,
                iteration,
                FitWarning.Kind.SPIKE,
                "concentration is cut at its largest value, "
                    + LARGEST_CONCENTRATION
                    + ": the component's angles lie within some 1e-7 radians of each other"
                    + (mixture.componentCount() > 1 ? "; try fewer components" : "")));
      }
    }
    return warnings;
  }
}
