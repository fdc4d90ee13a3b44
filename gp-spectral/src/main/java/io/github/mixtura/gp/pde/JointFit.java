package io.github.mixtura.gp.pde;

import io.github.mixtura.dense.Dense;
import io.github.mixtura.gp.SpectralMixture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;

/**
 * The paper's objective: log N(U | 0, K + 1e-6 I) + 200 log N(U_b | g, 1/τ) + log N(LU + R(U) | f,
 * 1/v) over the values U on the grid, log τ, log v and all parameters of the covariance, with U″ =
 * K″K⁻¹U, by Adam at rate 0.01 from U = 0.
 */
final class JointFit {
  private static final double RATE = 0.01;
  private static final double JITTER = 1e-6;
  private static final double BOUNDARY = 200;

  private final PdeProblem problem;
  private final FaithfulSolver.Options options;
  private final FaithfulRun run;
  private final int n;
  private final double step;
  private final double[] source;
  private final double[][] coefficients;
  private final int highest;
  private final int[] ends;
  private final double[] given;
  private final SpectralMixture form;

  /** K and its inverse, and u's weights K⁻¹u. */
  private record State(
      SpectralMixture mixture, DMatrixRMaj inverse, double[] weights, double value) {}

  JointFit(PdeProblem problem, FaithfulSolver.Options options) {
    this.problem = problem;
    this.options = options;
    this.run = new FaithfulRun(options);
    Grid grid = problem.grid();
    this.n = grid.size();
    this.step = grid.length(0) / (n - 1);
    this.source = problem.source();
    this.coefficients = new double[n][3];
    int order = 0;
    for (int i = 0; i < n; i++) {
      for (Derivative term : problem.operator().terms()) {
        order = Math.max(order, term.order(0));
        coefficients[i][term.order(0)] =
            problem.operator().coefficient(term, grid.coordinate(0, i), 0);
      }
    }
    this.highest = order;
    List<Side> sides = new ArrayList<>(problem.boundarySides());
    this.ends = sides.stream().mapToInt(side -> side.isUpper() ? n - 1 : 0).toArray();
    this.given = sides.stream().mapToDouble(side -> problem.boundary(side)[0]).toArray();
    double top =
        options.highest() > 0 ? options.highest() : SourceBand.highest(source) / grid.length(0);
    // exp(−d²), and √5 for the Matérn form, as the paper's zero of the logarithm.
    double length = options.bump() == SpectralMixture.Bump.GAUSSIAN ? Math.sqrt(0.5) : 1;
    this.form = SpectralMixture.comb(options.bump(), options.components(), top, length);
  }

  FaithfulSolution solve() {
    run.begin("gradient steps");
    double[] x = start();
    double[] mean = new double[x.length];
    double[] square = new double[x.length];
    double[] gradient = new double[x.length];
    State state = null;
    int steps = 0;
    while (steps < options.steps() && (state == null || !run.isLate())) {
      run.requireGoingOn();
      state = evaluate(x, gradient);
      steps++;
      double first = 1 - Math.pow(0.9, steps);
      double second = 1 - Math.pow(0.999, steps);
      for (int i = 0; i < x.length; i++) {
        mean[i] = 0.9 * mean[i] + 0.1 * gradient[i];
        square[i] = 0.999 * square[i] + 0.001 * gradient[i] * gradient[i];
        x[i] += RATE * mean[i] / first / (Math.sqrt(square[i] / second) + 1e-8);
      }
    }
    return solution(evaluate(x, gradient), steps, x);
  }

  /** U, log τ, log v and the parameters that the steps begin with. */
  double[] start() {
    double[] parameters = form.parameters();
    double[] x = new double[n + 2 + parameters.length];
    System.arraycopy(parameters, 0, x, n + 2, parameters.length);
    return x;
  }

  /** The objective, its gradient being written. */
  double value(double[] x, double[] gradient) {
    return evaluate(x, gradient).value;
  }

  /** Covariances and derivatives at all lags of the grid. */
  private double[][] lags(SpectralMixture mixture) {
    double[][] lags = new double[n][highest + 1];
    for (int l = 0; l < n; l++) {
      mixture.evaluate(l * step, highest, lags[l]);
    }
    return lags;
  }

  private static double sign(int i, int j, int order) {
    return (order & 1) == 1 && i < j ? -1 : 1;
  }

  /** The derivatives' part of L on the grid, times K⁻¹u. */
  private DMatrixRMaj derivatives(double[][] lags) {
    DMatrixRMaj matrix = new DMatrixRMaj(n, n);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double[] lag = lags[Math.abs(i - j)];
        double sum = 0;
        for (int a = 1; a <= highest; a++) {
          sum += coefficients[i][a] * sign(i, j, a) * lag[a];
        }
        matrix.data[i * n + j] = sum;
      }
    }
    return matrix;
  }

  private DMatrixRMaj factor(double[][] lags) {
    for (double jitter = JITTER; jitter < 1; jitter *= 10) {
      DMatrixRMaj k = new DMatrixRMaj(n, n);
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          k.data[i * n + j] = lags[Math.abs(i - j)][0] + (i == j ? jitter : 0);
        }
      }
      Optional<DMatrixRMaj> factor = Dense.cholesky(k);
      if (factor.isPresent()) {
        return factor.get();
      }
    }
    throw new IllegalArgumentException(
        "covariance on the grid is not positive definite, steps must be fewer");
  }

  private State evaluate(double[] x, double[] gradient) {
    SpectralMixture mixture = form.withParameters(Arrays.copyOfRange(x, n + 2, x.length));
    double tau = Math.exp(x[n]);
    double v = Math.exp(x[n + 1]);
    double[][] lags = lags(mixture);
    DMatrixRMaj factor = factor(lags);
    DMatrixRMaj inverse = Dense.solveCholesky(factor, MarginalFit.identity(n));
    DMatrixRMaj u = new DMatrixRMaj(n, 1);
    System.arraycopy(x, 0, u.data, 0, n);
    double[] alpha = Dense.multiply(inverse, u).data;
    DMatrixRMaj derivatives = derivatives(lags);
    double[] r = residuals(Dense.multiply(derivatives, DMatrixRMaj.wrap(n, 1, alpha)).data, x);
    double misfit = 0;
    double boundary = 0;
    double value = 0;
    for (int i = 0; i < n; i++) {
      misfit += r[i] * r[i];
      value -= Math.log(factor.unsafe_get(i, i)) + 0.5 * x[i] * alpha[i];
    }
    DMatrixRMaj back = Dense.multiplyTransA(derivatives, DMatrixRMaj.wrap(n, 1, r));
    double[] q = Dense.multiply(inverse, back).data;
    for (int i = 0; i < n; i++) {
      gradient[i] = -alpha[i] - v * (q[i] + pointwiseSlope(i, x[i]) * r[i]);
    }
    for (int s = 0; s < ends.length; s++) {
      double gap = x[ends[s]] - given[s];
      boundary += gap * gap;
      gradient[ends[s]] -= BOUNDARY * tau * gap;
    }
    gradient[n] = BOUNDARY * 0.5 * (ends.length - tau * boundary);
    gradient[n + 1] = 0.5 * (n - v * misfit);
    value +=
        BOUNDARY * 0.5 * (ends.length * x[n] - tau * boundary) + 0.5 * (n * x[n + 1] - v * misfit);
    covarianceGradient(mixture, inverse, alpha, q, r, v, gradient);
    return new State(mixture, inverse, alpha, value);
  }

  private double pointwiseSlope(int i, double u) {
    double slope = coefficients[i][0];
    return problem.nonlinearity().isPresent()
        ? slope + problem.nonlinearity().get().derivative().applyAsDouble(u)
        : slope;
  }

  private double[] residuals(double[] derivatives, double[] u) {
    double[] r = derivatives.clone();
    for (int i = 0; i < n; i++) {
      r[i] += coefficients[i][0] * u[i] - source[i];
      if (problem.nonlinearity().isPresent()) {
        r[i] += problem.nonlinearity().get().value().applyAsDouble(u[i]);
      }
    }
    return r;
  }

  private void covarianceGradient(
      SpectralMixture mixture,
      DMatrixRMaj inverse,
      double[] alpha,
      double[] q,
      double[] r,
      double v,
      double[] gradient) {
    double[][] sums = new double[n][highest + 1];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double[] sum = sums[Math.abs(i - j)];
        sum[0] += 0.5 * (alpha[i] * alpha[j] - inverse.data[i * n + j]) + v * q[i] * alpha[j];
        for (int a = 1; a <= highest; a++) {
          sum[a] -= v * coefficients[i][a] * sign(i, j, a) * r[i] * alpha[j];
        }
      }
    }
    int count = gradient.length - n - 2;
    Arrays.fill(gradient, n + 2, gradient.length, 0);
    double[][] slopes = new double[count][highest + 1];
    for (int l = 0; l < n; l++) {
      mixture.gradient(l * step, highest, slopes);
      for (int p = 0; p < count; p++) {
        for (int a = 0; a <= highest; a++) {
          gradient[n + 2 + p] += sums[l][a] * slopes[p][a];
        }
      }
    }
  }

  private FaithfulSolution solution(State state, int steps, double[] x) {
    Grid grid = problem.grid();
    double[] r =
        residuals(
            Dense.multiply(derivatives(lags(state.mixture)), DMatrixRMaj.wrap(n, 1, state.weights))
                .data,
            x);
    double left = 0;
    double size = 0;
    for (int i = 0; i < n; i++) {
      left += r[i] * r[i];
      size += source[i] * source[i];
    }
    SpectralMixture.Pruned pruned = state.mixture.pruned(1e-6);
    FaithfulSolution.Report report =
        new FaithfulSolution.Report(
            steps < options.steps()
                ? FaithfulSolution.Status.TIME_LIMIT
                : FaithfulSolution.Status.SOLVED,
            pruned.mixture(),
            pruned.removed(),
            state.value,
            steps,
            Math.sqrt(size > 0 ? left / size : left / n),
            Double.NaN,
            JITTER,
            run.seconds());
    return new FaithfulSolution(
        grid,
        point -> {
          double[] result = new double[4];
          result[3] = Double.NaN;
          double[] values = new double[3];
          for (int j = 0; j < n; j++) {
            state.mixture.evaluate(point - grid.lower(0) - j * step, 2, values);
            for (int a = 0; a <= 2; a++) {
              result[a] += values[a] * state.weights[j];
            }
          }
          return result;
        },
        report);
  }
}
