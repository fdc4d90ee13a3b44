package io.github.mixtura.gp.pde;

import io.github.mixtura.dense.Dense;
import io.github.mixtura.gp.SpectralMixture;
import io.github.mixtura.optimisation.Lbfgs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;

/** Learning by the marginal likelihood of the conditions, on the domain mapped to [0, 1]. */
final class MarginalFit {
  private static final double[] NOISES = {1e-3, 1e-6};

  /** ℓ of the start: exp(−4 d²) in domains. */
  private static final double FIRST_LENGTH = 1 / Math.sqrt(8);

  private static final double LONGEST = Math.log(3);
  private static final double LEAST_ADDED = 1e-13;
  private static final int REFINEMENTS = 3;
  private static final int MOST_NEWTON_STEPS = 25;
  private static final double PRUNED = 1e-6;

  /** Components that the conditions hardly determine add errors that the residuals do not show. */
  private static final double OVERDONE = 10;

  private final FaithfulSolver.Options options;
  private final FaithfulRun run;
  private final Grid grid;
  private final Optional<Nonlinearity> nonlinearity;
  private final double[] source;
  private final double[] right;
  private final double[][] coefficients;
  private final int[] place;
  private final int order;

  /** The system at one covariance, solved. */
  private record Solved(
      SpectralMixture mixture,
      Collocation rows,
      Collocation.Factorised system,
      double[] right,
      double[] weights,
      double residual) {}

  /** A candidate and how it predicts. */
  private record Ranked(SpectralMixture learned, Solved solved, double leaveOneOut, double missed) {
    double rank() {
      boolean all = solved.mixture.components().size() == learned.components().size();
      return Math.max(leaveOneOut, (all ? OVERDONE : 1) * missed);
    }

    /** The better of two, either of which may be missing. */
    static Ranked better(Ranked one, Ranked other) {
      return one == null || other != null && other.rank() < one.rank() ? other : one;
    }
  }

  MarginalFit(PdeProblem problem, FaithfulSolver.Options options) {
    this.options = options;
    this.run = new FaithfulRun(options);
    this.grid = problem.grid();
    this.nonlinearity = problem.nonlinearity();
    this.source = problem.source();
    int n = grid.size();
    List<Side> sides = new ArrayList<>(problem.boundarySides());
    int rows = n + sides.size();
    this.right = Arrays.copyOf(source, rows);
    this.place = new int[rows];
    this.coefficients = new double[rows][3];
    int highest = 0;
    double length = grid.length(0);
    for (int i = 0; i < n; i++) {
      place[i] = i;
      for (Derivative term : problem.operator().terms()) {
        int a = term.order(0);
        highest = Math.max(highest, a);
        coefficients[i][a] =
            problem.operator().coefficient(term, grid.coordinate(0, i), 0) / Math.pow(length, a);
      }
    }
    for (int s = 0; s < sides.size(); s++) {
      place[n + s] = sides.get(s).isUpper() ? n - 1 : 0;
      coefficients[n + s][0] = 1;
      right[n + s] = problem.boundary(sides.get(s))[0];
    }
    this.order = highest;
  }

  FaithfulSolution solve() {
    run.begin("start");
    SpectralMixture mixture = start();
    Solved current = linear(mixture, new double[grid.size()]);
    Ranked best = nonlinearity.isEmpty() ? ranked(mixture, current) : null;
    int steps = 0;
    double objective = Double.NaN;
    double[] noise = diagonal(current.rows.matrix(mixture));
    for (double ratio : NOISES) {
      run.requireGoingOn();
      if (run.isLate()) {
        break;
      }
      run.begin(ratio == NOISES[0] ? "learning, noise 1e-3" : "learning, noise 1e-6");
      double[] scaled = Arrays.stream(noise).map(v -> ratio * v).toArray();
      Lbfgs.Minimum minimum = learn(current, scaled);
      steps += minimum.iterations();
      objective = -minimum.value();
      run.requireGoingOn();
      run.begin("solving");
      SpectralMixture learned =
          current.mixture.withParameters(bounded(minimum.point(), options.components()));
      current = newton(learned, values(current));
      best = Ranked.better(best, ranked(learned, current));
      best = Ranked.better(best, withoutRemoved(learned, current));
    }
    if (best == null) {
      best = ranked(mixture, newton(mixture, values(current)));
    }
    return solution(best, objective, steps);
  }

  private SpectralMixture start() {
    double highest =
        options.highest() > 0 ? options.highest() * grid.length(0) : SourceBand.highest(source);
    int count = options.components();
    List<SpectralMixture.Component> comb = new ArrayList<>(count);
    for (int q = 0; q < count; q++) {
      double frequency = highest * q / (count - 1);
      double weight = Math.pow(2 * Math.PI * Math.max(1, frequency), -2.0 * order);
      comb.add(new SpectralMixture.Component(weight, FIRST_LENGTH, frequency));
    }
    SpectralMixture unit = SpectralMixture.of(options.bump(), comb);
    double variance =
        new Collocation(grid.size(), place, coefficients).matrix(unit).unsafe_get(0, 0);
    double wanted = meanSquare(source);
    if (wanted == 0) {
      wanted = variance * Math.max(meanSquare(right), Double.MIN_NORMAL) / unit.value(0);
    }
    double factor = wanted > 0 && variance > 0 ? wanted / variance : 1;
    List<SpectralMixture.Component> scaled =
        comb.stream()
            .map(
                c ->
                    new SpectralMixture.Component(
                        Math.max(Double.MIN_NORMAL, factor * c.weight()),
                        c.lengthScale(),
                        c.frequency()))
            .toList();
    return SpectralMixture.of(options.bump(), scaled);
  }

  private static double meanSquare(double[] values) {
    return Arrays.stream(values).map(v -> v * v).average().orElseThrow();
  }

  private static double[] diagonal(DMatrixRMaj matrix) {
    double[] diagonal = new double[matrix.numRows];
    Arrays.setAll(diagonal, i -> matrix.unsafe_get(i, i));
    return diagonal;
  }

  /** Solves with one covariance; where the equation is not linear, by Newton's method. */
  private Solved newton(SpectralMixture mixture, double[] from) {
    double[] u = from;
    Solved solved = linear(mixture, u);
    for (int step = 0; nonlinearity.isPresent() && step < MOST_NEWTON_STEPS; step++) {
      run.requireGoingOn();
      double[] next = values(solved);
      double change = 0;
      double size = 0;
      for (int i = 0; i < next.length; i++) {
        change = Math.max(change, Math.abs(next[i] - u[i]));
        size = Math.max(size, Math.abs(next[i]));
      }
      u = next;
      solved = linear(mixture, u);
      if (change <= 1e-10 * size) {
        break;
      }
    }
    return solved;
  }

  /** The equation linearised about u, solved. */
  private Solved linear(SpectralMixture mixture, double[] u) {
    double[][] changed = new double[coefficients.length][];
    double[] target = right.clone();
    for (int i = 0; i < changed.length; i++) {
      changed[i] = coefficients[i].clone();
      if (nonlinearity.isPresent() && i < u.length) {
        double slope = nonlinearity.get().derivative().applyAsDouble(u[i]);
        changed[i][0] += slope;
        target[i] += slope * u[i] - nonlinearity.get().value().applyAsDouble(u[i]);
      }
    }
    Collocation rows = new Collocation(grid.size(), place, changed);
    DMatrixRMaj matrix = rows.matrix(mixture);
    Collocation.Factorised system = Collocation.Factorised.of(matrix, LEAST_ADDED);
    double[] weights = system.solve(target, 0);
    double residual = residual(matrix, weights, target);
    for (int iterations = 1; iterations <= REFINEMENTS; iterations++) {
      double[] refined = system.solve(target, iterations);
      double left = residual(matrix, refined, target);
      if (left < residual) {
        weights = refined;
        residual = left;
      }
    }
    return new Solved(mixture, rows, system, target, weights, residual);
  }

  private double residual(DMatrixRMaj matrix, double[] weights, double[] target) {
    int n = weights.length;
    double sum = 0;
    for (int i = 0; i < grid.size(); i++) {
      double left = -target[i];
      for (int j = 0; j < n; j++) {
        left += matrix.data[i * n + j] * weights[j];
      }
      sum += left * left;
    }
    return relative(sum / grid.size());
  }

  private double relative(double square) {
    double size = meanSquare(source);
    return Math.sqrt(size > 0 ? square / size : square);
  }

  /** The same with the components of a small share left out; better conditioned where it fits. */
  private Ranked withoutRemoved(SpectralMixture learned, Solved current) {
    double[] shares = shares(learned);
    double total = Arrays.stream(shares).sum();
    List<SpectralMixture.Component> kept = new ArrayList<>();
    for (int q = 0; q < shares.length; q++) {
      if (shares[q] >= PRUNED * total) {
        kept.add(learned.components().get(q));
      }
    }
    if (kept.isEmpty() || kept.size() == shares.length) {
      return null;
    }
    SpectralMixture mixture = SpectralMixture.of(learned.bump(), kept);
    return ranked(learned, newton(mixture, values(current)));
  }

  private Ranked ranked(SpectralMixture learned, Solved solved) {
    Collocation.Factorised system = solved.system;
    int n = solved.right.length;
    DMatrixRMaj inverse = Dense.solveCholesky(system.factor(), identity(n));
    double[] weights = system.solve(solved.right, 0);
    double sum = 0;
    for (int i = 0; i < grid.size(); i++) {
      double scale = system.scale()[i];
      double left = weights[i] / (scale * scale * inverse.data[i * (n + 1)]);
      sum += left * left;
    }
    return new Ranked(learned, solved, relative(sum / grid.size()), missed(solved));
  }

  /** What the residuals of all conditions mean for u, by differences, relative to u. */
  private double missed(Solved solved) {
    double[] weights = solved.weights;
    int n = weights.length;
    double[] left = new double[n];
    DMatrixRMaj matrix = solved.rows.matrix(solved.mixture);
    for (int i = 0; i < n; i++) {
      left[i] = solved.right[i];
      for (int j = 0; j < n; j++) {
        left[i] -= matrix.data[i * n + j] * weights[j];
      }
    }
    double size = meanSquare(values(solved));
    double square = meanSquare(solved.rows.byDifferences(left));
    return Math.sqrt(size > 0 ? square / size : square);
  }

  static DMatrixRMaj identity(int n) {
    DMatrixRMaj identity = new DMatrixRMaj(n, n);
    for (int i = 0; i < n; i++) {
      identity.data[i * (n + 1)] = 1;
    }
    return identity;
  }

  private static double[] values(Solved solved) {
    return solved.rows.atGrid(solved.mixture, solved.weights);
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** Parameters with no length scale above three domains. */
  private static double[] bounded(double[] point, int count) {
    double[] bounded = point.clone();
    for (int q = count; q < 2 * count; q++) {
      bounded[q] = Math.min(LONGEST, bounded[q]);
    }
    return bounded;
  }

  private Lbfgs.Minimum learn(Solved from, double[] noise) {
    int count = options.components();
    Lbfgs.Objective objective =
        (point, gradient) -> {
          double[] within = bounded(point, count);
          SpectralMixture mixture;
          try {
            mixture = from.mixture.withParameters(within);
          } catch (IllegalArgumentException outside) {
            return Double.POSITIVE_INFINITY;
          }
          double value = negativeLogLikelihood(mixture, from, noise, gradient);
          for (int i = 0; i < point.length; i++) {
            gradient[i] = within[i] == point[i] ? gradient[i] : 0;
          }
          return value;
        };
    return new Lbfgs(options.steps(), 1e-7, run::isOver)
        .minimise(objective, from.mixture.parameters());
  }

  private static double negativeLogLikelihood(
      SpectralMixture mixture, Solved from, double[] noise, double[] gradient) {
    DMatrixRMaj matrix = from.rows.matrix(mixture);
    int n = matrix.numRows;
    for (int i = 0; i < n; i++) {
      matrix.data[i * (n + 1)] += noise[i];
    }
    Optional<DMatrixRMaj> factor = Dense.cholesky(matrix);
    if (factor.isEmpty()) {
      return Double.POSITIVE_INFINITY;
    }
    DMatrixRMaj weights = Dense.solveCholesky(factor.get(), identity(n));
    DMatrixRMaj solved = Dense.multiply(weights, DMatrixRMaj.wrap(n, 1, from.right));
    double value = 0.5 * n * Math.log(2 * Math.PI);
    for (int i = 0; i < n; i++) {
      value += 0.5 * from.right[i] * solved.data[i] + Math.log(factor.get().unsafe_get(i, i));
      for (int j = 0; j < n; j++) {
        int at = i * n + j;
        weights.data[at] = 0.5 * (weights.data[at] - solved.data[i] * solved.data[j]);
      }
    }
    System.arraycopy(from.rows.gradient(mixture, weights), 0, gradient, 0, gradient.length);
    return value;
  }

  private FaithfulSolution solution(Ranked ranked, double objective, int steps) {
    Solved best = ranked.solved;
    int n = best.right.length;
    double scale = Math.max(0, dot(best.right, best.weights)) / n;
    double prior = best.mixture.value(0);
    double length = grid.length(0);
    SpectralMixture.Pruned pruned = pruned(ranked.learned);
    FaithfulSolution.Report report =
        new FaithfulSolution.Report(
            run.isLate() ? FaithfulSolution.Status.TIME_LIMIT : FaithfulSolution.Status.SOLVED,
            pruned.mixture(),
            pruned.removed(),
            objective,
            steps,
            best.residual,
            ranked.leaveOneOut,
            best.system.added(),
            run.seconds());
    return new FaithfulSolution(
        grid,
        x -> {
          double t = (x - grid.lower(0)) / length;
          double[] result = new double[4];
          double[] cross = best.rows.cross(best.mixture, t, 0);
          result[0] = dot(cross, best.weights);
          for (int a = 1; a <= 2; a++) {
            result[a] =
                dot(best.rows.cross(best.mixture, t, a), best.weights) / Math.pow(length, a);
          }
          double explained = dot(cross, best.system.solve(cross, 0));
          result[3] = Math.sqrt(scale * Math.max(0, prior - explained));
          return result;
        },
        report);
  }

  /** The variances of the source that the components stand for, up to a factor. */
  private double[] shares(SpectralMixture mixture) {
    return mixture.components().stream()
        .mapToDouble(
            c -> {
              double omega = 2 * Math.PI * c.frequency();
              double width = 1 / c.lengthScale();
              return c.weight() * Math.pow(omega * omega + width * width, order);
            })
        .toArray();
  }

  /** In units of x, without components of a small share of the source's variance. */
  private SpectralMixture.Pruned pruned(SpectralMixture mixture) {
    double length = grid.length(0);
    double[] shares = shares(mixture);
    double total = Arrays.stream(shares).sum();
    List<SpectralMixture.Component> kept = new ArrayList<>();
    List<SpectralMixture.Component> removed = new ArrayList<>();
    for (int q = 0; q < shares.length; q++) {
      SpectralMixture.Component c = mixture.components().get(q);
      (shares[q] >= PRUNED * total ? kept : removed)
          .add(
              new SpectralMixture.Component(
                  c.weight(), c.lengthScale() * length, c.frequency() / length));
    }
    return new SpectralMixture.Pruned(SpectralMixture.of(mixture.bump(), kept), removed);
  }
}
