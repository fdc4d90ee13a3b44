package io.github.mixtura.gp;

import io.github.mixtura.dense.Dense;
import io.github.mixtura.optimisation.Lbfgs;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.ejml.data.DMatrixRMaj;

/**
 * Normal approximation of a posterior about its maximum (Laplace's method): evidence and draws. No
 * direction is taken to be wider than under the prior.
 */
final class Posterior {
  private static final double STEP = 1e-4;
  private static final int TRIALS_PER_DRAW = 10;

  private final Lbfgs.Objective objective;
  private final Lbfgs.Minimum minimum;
  private final double[] scales;

  /** Of the Hessian in units of the scales; {@code null} if there was no time for it. */
  private final Dense.Eigen eigen;

  /**
   * Finds the maximum; 2p evaluations more for the Hessian, by central differences.
   *
   * @param likelihood the negative log likelihood
   * @param centre p means of the prior, where the search starts
   * @param scales its p standard deviations; differences use 1e-4 of them
   * @param search the minimiser
   * @param stop asked before every direction of the Hessian, which is left out once it is true
   */
  Posterior(
      Lbfgs.Objective likelihood,
      double[] centre,
      double[] scales,
      Lbfgs search,
      BooleanSupplier stop) {
    this.objective =
        (point, gradient) -> {
          double value = likelihood.evaluate(point, gradient);
          for (int i = 0; i < centre.length; i++) {
            double deviation = (point[i] - centre[i]) / scales[i];
            value += deviation * deviation / 2;
            gradient[i] += deviation / scales[i];
          }
          return value;
        };
    this.scales = scales;
    this.minimum = search.minimise(objective, centre);
    DMatrixRMaj hessian = hessian(stop);
    this.eigen = hessian == null ? null : Dense.symmetricEigen(hessian);
  }

  /** Where the posterior is highest. */
  double[] point() {
    return minimum.point();
  }

  /** The logarithm of the likelihood's mean under the prior, approximately; −∞ if not known. */
  double logEvidence() {
    if (eigen == null) {
      return Double.NEGATIVE_INFINITY;
    }
    double value = -minimum.value();
    for (double curvature : eigen.values()) {
      value -= Math.log(Math.max(1, curvature)) / 2;
    }
    return value;
  }

  /**
   * At most {@code count} draws, none without the Hessian, whose posterior is not implausibly far
   * below the highest.
   */
  List<double[]> draws(int count, BooleanSupplier stop) {
    if (eigen == null) {
      return new ArrayList<>();
    }
    int p = scales.length;
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
        double size = random.nextGaussian() / Math.sqrt(Math.max(1, eigen.values()[j]));
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

  /** In units of the scales. */
  private DMatrixRMaj hessian(BooleanSupplier stop) {
    int p = scales.length;
    DMatrixRMaj hessian = new DMatrixRMaj(p, p);
    for (int i = 0; i < p; i++) {
      if (stop.getAsBoolean()) {
        return null;
      }
      double[][] gradients = new double[2][p];
      for (int side = 0; side < 2; side++) {
        double[] moved = minimum.point().clone();
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
