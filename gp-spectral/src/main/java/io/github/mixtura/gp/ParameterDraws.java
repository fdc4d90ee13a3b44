package io.github.mixtura.gp;

import io.github.mixtura.dense.Dense;
import io.github.mixtura.optimisation.Lbfgs;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.ejml.data.DMatrixRMaj;

/**
 * Draws from the normal approximation of a posterior at a minimum of the negative log likelihood,
 * its inverse covariance being the Hessian, without negative eigenvalues, plus a prior's.
 */
final class ParameterDraws {
  private static final double STEP = 1e-4;
  private static final int TRIALS_PER_DRAW = 10;

  private ParameterDraws() {}

  /**
   * Draws.
   *
   * @param scales the prior's standard deviations about the minimum; differences use 1e-4 of them
   * @return at most {@code count} draws whose likelihood is not implausibly far below the best
   */
  static List<double[]> of(
      Lbfgs.Objective objective,
      Lbfgs.Minimum minimum,
      double[] scales,
      int count,
      BooleanSupplier stop) {
    int p = scales.length;
    Dense.Eigen eigen = Dense.symmetricEigen(hessian(objective, minimum.point(), scales));
    SplittableRandom random = new SplittableRandom(1);
    // The mean of ½χ² with p degrees of freedom plus three of its standard deviations.
    double worst = minimum.value() + p / 2.0 + 3 * Math.sqrt(p / 2.0);
    List<double[]> draws = new ArrayList<>();
    double[] unused = new double[p];
    for (int trial = 0; trial < TRIALS_PER_DRAW * count && draws.size() < count; trial++) {
      if (stop.getAsBoolean()) {
        return draws;
      }
      double[] draw = minimum.point().clone();
      for (int j = 0; j < p; j++) {
        double size = random.nextGaussian() / Math.sqrt(1 + Math.max(0, eigen.values()[j]));
        for (int i = 0; i < p; i++) {
          draw[i] += scales[i] * size * eigen.vectors().unsafe_get(i, j);
        }
      }
      if (objective.evaluate(draw, unused) <= worst) {
        draws.add(draw);
      }
    }
    return draws;
  }

  /** The Hessian in units of the scales, by central differences of the gradient. */
  private static DMatrixRMaj hessian(Lbfgs.Objective objective, double[] point, double[] scales) {
    int p = scales.length;
    DMatrixRMaj hessian = new DMatrixRMaj(p, p);
    for (int i = 0; i < p; i++) {
      double[][] gradients = new double[2][p];
      for (int side = 0; side < 2; side++) {
        double[] moved = point.clone();
        moved[i] += (side == 0 ? -STEP : STEP) * scales[i];
        if (!Double.isFinite(objective.evaluate(moved, gradients[side]))) {
          gradients[side] = new double[p];
        }
      }
      for (int j = 0; j < p; j++) {
        double slope = (gradients[1][j] - gradients[0][j]) / (2 * STEP) * scales[j] / 2;
        hessian.data[i * p + j] += slope;
        hessian.data[j * p + i] += slope;
      }
    }
    return hessian;
  }
}
