package io.github.mixtura.mdn;

import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.distribution.Covariance;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.distribution.StudentT;
import io.github.mixtura.distribution.VonMises;
import io.github.mixtura.em.EmOptions;
import io.github.mixtura.em.Family;
import io.github.mixtura.em.MixtureFitter;
import io.github.mixtura.em.directional.VonMisesFamily;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.GaussianFamily;
import io.github.mixtura.em.init.Initializer;
import io.github.mixtura.em.student.DegreesOfFreedom;
import io.github.mixtura.em.student.StudentTFamily;
import io.github.mixtura.mixture.Mixture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The law of a network's components, for m targets. */
public enum OutputFamily {
  /** Gaussian with a diagonal covariance: 2m outputs per component. */
  GAUSSIAN_DIAGONAL,
  /** Gaussian with a full covariance: 2m + m(m−1)/2 outputs per component. */
  GAUSSIAN_FULL,
  /**
   * Student-t with a diagonal scale matrix and ν &gt; 2, one for all targets: 2m + 1 outputs per
   * component.
   */
  STUDENT_T,
  /** Product of von Mises laws, targets in radians, κ below 10 000: 2m outputs per component. */
  VON_MISES,
  /** Product of {@link GeneralisedGaussian} laws with shapes in (1, 6): 3m outputs. */
  GENERALISED_GAUSSIAN;

  private static final double SMALLEST_DEGREES = 2.01;

  OutputLaw law(int targets, double floor) {
    return switch (this) {
      case GAUSSIAN_DIAGONAL -> new GaussianOutputs(targets, false, floor);
      case GAUSSIAN_FULL -> new GaussianOutputs(targets, true, floor);
      case STUDENT_T -> new StudentTOutputs(targets, floor);
      case VON_MISES -> new VonMisesOutputs(targets);
      case GENERALISED_GAUSSIAN -> new GeneralisedGaussianOutputs(targets, floor);
    };
  }

  /** Outputs per component. */
  long parameterCount(long targets) {
    return switch (this) {
      case GAUSSIAN_DIAGONAL, VON_MISES -> 2 * targets;
      case GAUSSIAN_FULL -> 2 * targets + targets * (targets - 1) / 2;
      case STUDENT_T -> 2 * targets + 1;
      case GENERALISED_GAUSSIAN -> 3 * targets;
    };
  }

  boolean angles() {
    return this == VON_MISES;
  }

  /** The family that EM fits to begin with. */
  private Family<? extends Component> family(int targets) {
    CovarianceStructure diagonal =
        targets == 1 ? CovarianceStructure.parse("V", 1) : CovarianceStructure.VVI;
    return switch (this) {
      case GAUSSIAN_DIAGONAL, GENERALISED_GAUSSIAN -> GaussianFamily.of(diagonal);
      case GAUSSIAN_FULL -> GaussianFamily.of(targets == 1 ? diagonal : CovarianceStructure.VVV);
      case STUDENT_T -> StudentTFamily.of(diagonal, DegreesOfFreedom.free());
      case VON_MISES -> VonMisesFamily.of();
    };
  }

  /**
   * The mixture of standardised targets that a network starts from.
   *
   * @return EM's, or empty-handed null where EM cannot fit K components
   */
  Mixture<? extends Component> fit(
      double[][] targets, int components, EmOptions options, Initializer initializer) {
    try {
      Family<? extends Component> family = family(targets[0].length);
      Mixture<? extends Component> mixture = fit(family, targets, components, options, initializer);
      if (this == STUDENT_T && mixture.components().stream().anyMatch(OutputFamily::tooHeavy)) {
        CovarianceStructure structure = ((StudentTFamily) family).structure();
        DegreesOfFreedom smallest = DegreesOfFreedom.fixed(SMALLEST_DEGREES);
        mixture =
            fit(StudentTFamily.of(structure, smallest), targets, components, options, initializer);
      }
      return mixture.componentCount() == components ? mixture : null;
    } catch (RuntimeException e) {
      return null;
    }
  }

  private static Mixture<? extends Component> fit(
      Family<? extends Component> family,
      double[][] targets,
      int components,
      EmOptions options,
      Initializer initializer) {
    return MixtureFitter.of(family, components)
        .options(options)
        .initializer(initializer)
        .fit(Observations.of(targets))
        .mixture();
  }

  /** The network's ν is above 2. */
  private static boolean tooHeavy(Component component) {
    return ((StudentT) component).degreesOfFreedom() < SMALLEST_DEGREES;
  }

  /** Components of the targets' own scale, at spread-out targets: where EM cannot help. */
  Mixture<? extends Component> spread(double[][] targets, int components) {
    int m = targets[0].length;
    List<Component> list = new ArrayList<>();
    double[] weights = new double[components];
    Arrays.fill(weights, 1.0 / components);
    double[] ones = new double[m];
    Arrays.fill(ones, 1);
    for (int k = 0; k < components; k++) {
      double[] centre = targets[(int) ((k + 0.5) / components * targets.length)];
      list.add(
          switch (this) {
            case STUDENT_T -> StudentT.of(centre, Covariance.diagonal(ones), 10);
            case VON_MISES -> VonMises.of(centre, ones);
            default -> Gaussian.of(centre, Covariance.diagonal(ones));
          });
    }
    return Mixture.of(list, weights);
  }
}
