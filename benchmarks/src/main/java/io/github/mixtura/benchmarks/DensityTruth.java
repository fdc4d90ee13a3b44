package io.github.mixtura.benchmarks;

import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.distribution.StudentT;
import io.github.mixtura.distribution.VonMises;
import io.github.mixtura.mdn.OutputFamily;
import io.github.mixtura.mixture.Mixture;
import java.util.List;
import java.util.SplittableRandom;

/** Known laws of a target given inputs, and the network that shall learn each. */
enum DensityTruth {
  /** t ~ N(.5, .2²), x = t + .3 sin 2πt + N(0, .05²); t from x: up to three branches. */
  A(OutputFamily.GAUSSIAN_DIAGONAL, 5) {
    @Override
    void draw(SplittableRandom random, double[][] x, double[] y) {
      for (int i = 0; i < y.length; i++) {
        y[i] = 0.5 + 0.2 * random.nextGaussian();
        x[i] = new double[] {curve(y[i]) + 0.05 * random.nextGaussian()};
      }
    }

    private double curve(double t) {
      return t + 0.3 * Math.sin(2 * Math.PI * t);
    }

    @Override
    double logDensity(double[] x, double y) {
      double sum = 0;
      double step = 1e-3;
      for (double t = -1; t <= 2; t += step) {
        sum += step * Math.exp(joint(x[0], t));
      }
      return joint(x[0], y) - Math.log(sum);
    }

    private double joint(double x, double t) {
      return Gaussian.of(0.5, 0.04).logDensity(t) + Gaussian.of(curve(t), 0.0025).logDensity(x);
    }
  },
  /** x = |N(0, 1)|, y = x² + N(0, (1 + x)²). */
  B(OutputFamily.GAUSSIAN_DIAGONAL, 2) {
    @Override
    void draw(SplittableRandom random, double[][] x, double[] y) {
      for (int i = 0; i < y.length; i++) {
        double v = Math.abs(random.nextGaussian());
        x[i] = new double[] {v};
        y[i] = v * v + (1 + v) * random.nextGaussian();
      }
    }

    @Override
    double logDensity(double[] x, double y) {
      return Gaussian.of(x[0] * x[0], (1 + x[0]) * (1 + x[0])).logDensity(y);
    }
  },
  /** x ~ U(−3, 3), y = ±(1 + x²/4) + N(0, (.2 + .1 |x|)²). */
  C(OutputFamily.GAUSSIAN_DIAGONAL, 2) {
    @Override
    void draw(SplittableRandom random, double[][] x, double[] y) {
      for (int i = 0; i < y.length; i++) {
        double v = 6 * random.nextDouble() - 3;
        double sign = random.nextBoolean() ? 1 : -1;
        x[i] = new double[] {v};
        y[i] = sign * (1 + v * v / 4) + (0.2 + 0.1 * Math.abs(v)) * random.nextGaussian();
      }
    }

    @Override
    double logDensity(double[] x, double y) {
      double variance = Math.pow(0.2 + 0.1 * Math.abs(x[0]), 2);
      double mean = 1 + x[0] * x[0] / 4;
      return Mixture.of(
              List.of(Gaussian.of(mean, variance), Gaussian.of(-mean, variance)), 0.5, 0.5)
          .logDensity(y);
    }
  },
  /** y_t = .9 y_{t−1} + N(0, .1²), minus 1.5 with probability .05; y_t from y_{t−1}. */
  D(OutputFamily.GAUSSIAN_DIAGONAL, 2) {
    @Override
    void draw(SplittableRandom random, double[][] x, double[] y) {
      double value = 0;
      for (int i = -500; i < y.length; i++) {
        double before = value;
        double jump = random.nextDouble() < 0.05 ? 1.5 : 0;
        value = 0.9 * before + 0.1 * random.nextGaussian() - jump;
        if (i >= 0) {
          x[i] = new double[] {before};
          y[i] = value;
        }
      }
    }

    @Override
    double logDensity(double[] x, double y) {
      double mean = 0.9 * x[0];
      return Mixture.of(List.of(Gaussian.of(mean, 0.01), Gaussian.of(mean - 1.5, 0.01)), 0.95, 0.05)
          .logDensity(y);
    }
  },
  /**
   * Angle x uniform, target half-half von Mises at x (κ = 8) and −2x (κ = 3); sees cos x, sin x.
   */
  E(OutputFamily.VON_MISES, 2) {
    @Override
    void draw(SplittableRandom random, double[][] x, double[] y) {
      for (int i = 0; i < y.length; i++) {
        double angle = 2 * Math.PI * random.nextDouble();
        x[i] = new double[] {Math.cos(angle), Math.sin(angle)};
        y[i] = law(angle).sample(random)[0];
      }
    }

    private Mixture<VonMises> law(double angle) {
      return Mixture.of(List.of(VonMises.of(angle, 8), VonMises.of(-2 * angle, 3)), 0.5, 0.5);
    }

    @Override
    double logDensity(double[] x, double y) {
      return law(Math.atan2(x[1], x[0])).logDensity(y);
    }
  },
  /** 20 uniform features, y = Student-t(4) with mean and scale linear in the first three. */
  F(OutputFamily.STUDENT_T, 1) {
    @Override
    void draw(SplittableRandom random, double[][] x, double[] y) {
      for (int i = 0; i < y.length; i++) {
        x[i] = new double[20];
        for (int j = 0; j < 20; j++) {
          x[i][j] = 2 * random.nextDouble() - 1;
        }
        y[i] = law(x[i]).sample(random)[0];
      }
    }

    private StudentT law(double[] x) {
      double scale = 1 + 0.4 * x[0] + 0.3 * x[1] - 0.2 * x[2];
      return StudentT.of(2 * x[0] - x[1] + 0.5 * x[2], scale * scale, 4);
    }

    @Override
    double logDensity(double[] x, double y) {
      return law(x).logDensity(y);
    }
  };

  private final OutputFamily family;
  private final int components;

  DensityTruth(OutputFamily family, int components) {
    this.family = family;
    this.components = components;
  }

  OutputFamily family() {
    return family;
  }

  int components() {
    return components;
  }

  abstract void draw(SplittableRandom random, double[][] x, double[] y);

  abstract double logDensity(double[] x, double y);
}
