package io.github.mixtura.gp;

import io.github.mixtura.special.StudentTFunctions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A series as a sum of simple terms and independent normal noise, fitted by least squares; its
 * evidence by Laplace's method. Coefficients of level and slope have a flat prior of density 1,
 * others Cauchy's of scale 1, the logarithm of the noise variance a flat one over its range.
 */
final class TermSum {
  private static final int MOST_STEPS = 25;
  private static final double ONE_DEVIATION = 0.6827;

  /** Of the sizes of a standard normal variable. */
  private static final double MEDIAN_OF_NORMAL = 0.6745;

  private static final int FEWEST_OF_EXPONENTIAL = 8;

  /** The largest change of an exponential's logarithm per step. */
  private static final double FASTEST = 3;

  private static final int KINDS = Term.Kind.values().length;

  private final double[] y;
  private final double floor;
  private final List<Term> terms;
  private final double[] coefficients;
  private final double[] residuals;

  /** Of the terms' functions, then of the derivatives by the shapes. */
  private final LeastSquares whole;

  private final int columns;
  private final int shapes;
  private final double squares;

  private TermSum(double[] y, double floor, List<Term> terms, Linear linear, LeastSquares whole) {
    this.y = y;
    this.floor = floor;
    this.terms = terms;
    this.coefficients = linear.coefficients;
    this.residuals = linear.residuals;
    this.squares = linear.squares;
    this.whole = whole;
    this.columns = coefficients.length;
    this.shapes = (int) terms.stream().filter(Term::isSmooth).count();
  }

  private record Linear(
      double[][] functions, double[] coefficients, double[] residuals, double squares) {}

  /**
   * Fits coefficients and shapes, the shapes by the method of Gauss and Newton from those given.
   *
   * @param y of standard deviation about 1
   * @param floor the least standard deviation of the noise
   * @param terms the first of them the level
   * @return null if the terms depend on each other or are too many for the values
   */
  static TermSum fit(double[] y, double floor, List<Term> terms) {
    return fit(y, floor, terms, MOST_STEPS);
  }

  /** As {@link #fit}, the shapes staying what they are. */
  static TermSum withGivenShapes(double[] y, double floor, List<Term> terms) {
    return fit(y, floor, terms, 0);
  }

  private static TermSum fit(double[] y, double floor, List<Term> terms, int mostSteps) {
    int unknowns = 0;
    for (Term term : terms) {
      unknowns += term.columns() + (term.isSmooth() ? 1 : 0);
    }
    if (unknowns > 1 && unknowns > Math.max(2, y.length / 2)) {
      return null;
    }
    Linear linear = linear(y, terms);
    if (linear == null) {
      return null;
    }
    boolean smooth = terms.stream().anyMatch(Term::isSmooth);
    LeastSquares whole = LeastSquares.of(linear.functions);
    for (int step = 0; smooth && step <= mostSteps; step++) {
      whole = LeastSquares.of(withSlopes(y.length, terms, linear));
      if (whole == null) {
        return null;
      }
      if (step == mostSteps) {
        break;
      }
      List<Term> moved = terms;
      Linear better = null;
      double[] change = whole.solve(linear.residuals);
      for (double share = 1; better == null && share > 0.01; share /= 3) {
        moved = moved(terms, change, linear.coefficients.length, share);
        Linear next = linear(y, moved);
        better = next != null && next.squares < linear.squares ? next : null;
      }
      if (better == null) {
        break;
      }
      boolean done = better.squares > linear.squares * (1 - 1e-6);
      terms = moved;
      linear = better;
      smooth = !done;
      if (done) {
        whole = LeastSquares.of(withSlopes(y.length, terms, linear));
      }
    }
    return whole == null ? null : new TermSum(y, floor, List.copyOf(terms), linear, whole);
  }

  private static List<Term> moved(List<Term> terms, double[] change, int at, double share) {
    List<Term> moved = new ArrayList<>(terms);
    for (int k = 0; k < terms.size(); k++) {
      Term term = terms.get(k);
      if (term.isSmooth()) {
        double shape = term.shape() + share * change[at++];
        if (term.kind() == Term.Kind.WAVE && !(shape > 0 && shape < 0.5)) {
          shape = term.shape();
        }
        moved.set(k, term.withShape(shape));
      }
    }
    return moved;
  }

  private static Linear linear(double[] y, List<Term> terms) {
    int count = terms.stream().mapToInt(Term::columns).sum();
    double[][] functions = new double[count][y.length];
    double[] row = new double[count];
    for (int t = 0; t < y.length; t++) {
      evaluate(terms, t, row);
      for (int j = 0; j < count; j++) {
        functions[j][t] = row[j];
      }
    }
    LeastSquares solver = LeastSquares.of(functions);
    if (solver == null) {
      return null;
    }
    double[] coefficients = solver.solve(y);
    double[] residuals = solver.residual(y, coefficients);
    double squares = Toeplitz.dot(residuals, residuals);
    return Double.isFinite(squares)
        ? new Linear(functions, coefficients, residuals, squares)
        : null;
  }

  private static void evaluate(List<Term> terms, double t, double[] row) {
    int at = 0;
    for (Term term : terms) {
      term.evaluate(t, row, at);
      at += term.columns();
    }
  }

  private static double[][] withSlopes(int n, List<Term> terms, Linear linear) {
    List<double[]> all = new ArrayList<>(List.of(linear.functions));
    int at = 0;
    for (Term term : terms) {
      if (term.isSmooth()) {
        double[] slopes = new double[n];
        for (int t = 0; t < n; t++) {
          slopes[t] = term.slope(t, linear.coefficients, at);
        }
        all.add(slopes);
      }
      at += term.columns();
    }
    return all.toArray(new double[0][]);
  }

  List<Term> terms() {
    return terms;
  }

  double[] residuals() {
    return residuals;
  }

  int degreesOfFreedom() {
    return Math.max(1, y.length - columns - shapes);
  }

  double noiseVariance() {
    return Math.max(floor * floor, squares / degreesOfFreedom());
  }

  /**
   * Whether every exponential stands out of the noise at more than a few values. One that is only
   * the first or last of them is a spike, and says nothing of what follows.
   */
  boolean isPlausible() {
    double least = 2 * Math.sqrt(noiseVariance());
    double[] row = new double[columns];
    int at = 0;
    for (Term term : terms) {
      if (term.kind() == Term.Kind.EXPONENTIAL) {
        int seen = 0;
        for (int t = 0; t < y.length; t++) {
          term.evaluate(t, row, at);
          seen += Math.abs(coefficients[at] * row[at]) > least ? 1 : 0;
        }
        if (seen < FEWEST_OF_EXPONENTIAL || Math.abs(term.shape()) > FASTEST) {
          return false;
        }
      }
      at += term.columns();
    }
    return true;
  }

  /** Whether what is left is no more than a share of the values' deviation, or the floor. */
  boolean isExact(double share) {
    return Math.sqrt(noiseVariance()) <= Math.max(share, 4 * floor);
  }

  double logEvidence() {
    double variance = noiseVariance();
    double value =
        -0.5 * (y.length - columns) * Math.log(2 * Math.PI * variance)
            - squares / (2 * variance)
            - 0.5 * whole.logDeterminant(columns);
    double open =
        0.5 * shapes * Math.log(2 * Math.PI * variance)
            - 0.5 * (whole.logDeterminant(columns + shapes) - whole.logDeterminant(columns));
    int at = 0;
    double costs = 0;
    for (Term term : terms) {
      boolean flat =
          term.kind() == Term.Kind.LEVEL || term.kind() == Term.Kind.POWER && term.shape() == 1;
      for (int j = 0; j < term.columns() && !flat; j++) {
        double size = coefficients[at + j];
        value -= Math.log(Math.PI * (1 + size * size));
      }
      at += term.columns();
      if (term.isSmooth()) {
        open -= term.cost();
      } else {
        costs += term.cost();
      }
    }
    costs += (terms.size() - 1) * Math.log(KINDS);
    double noise = 0.5 * Math.log(Math.PI * 4 / y.length) - Math.log(-2 * Math.log(1e-12));
    return value + Math.min(0, open) - costs + noise;
  }

  /**
   * Means and the halves of the bands of new observations at n, n + 1, …. What a sum of terms does
   * not hold need not be independent noise: where the last fifth is forecast from what is before it
   * with a median error of more than twice the expected, bands are wider by as much.
   */
  double[][] predict(int horizon, double level) {
    double[][] predicted = bands(horizon, level);
    double factor = caution();
    Arrays.setAll(predicted[1], h -> factor * predicted[1][h]);
    return predicted;
  }

  private double caution() {
    int held = y.length / 5;
    int kept = y.length - held;
    if (held < 2) {
      return 1;
    }
    double[] smooth = y.clone();
    List<Term> shorter = new ArrayList<>();
    double[] row = new double[columns];
    int at = 0;
    for (Term term : terms) {
      if (term.breaksFrom(kept)) {
        for (int t = 0; t < y.length; t++) {
          term.evaluate(t, row, at);
          smooth[t] -= coefficients[at] * row[at];
        }
      } else {
        shorter.add(Term.of(term.kind(), term.shape(), kept));
      }
      at += term.columns();
    }
    TermSum sum = fit(Arrays.copyOf(smooth, kept), floor, shorter);
    if (sum == null) {
      return 1;
    }
    double[][] predicted = sum.bands(held, ONE_DEVIATION);
    double[] errors = new double[held];
    Arrays.setAll(errors, h -> Math.abs(smooth[kept + h] - predicted[0][h]) / predicted[1][h]);
    Arrays.sort(errors);
    double typical = errors[held / 2] / MEDIAN_OF_NORMAL;
    return typical > 2 ? typical : 1;
  }

  private double[][] bands(int horizon, double level) {
    double variance = noiseVariance();
    double factor = -StudentTFunctions.quantile((1 - level) / 2, degreesOfFreedom());
    double[][] predicted = new double[2][horizon];
    double[] row = new double[columns + shapes];
    for (int h = 0; h < horizon; h++) {
      double t = y.length + h;
      evaluate(terms, t, row);
      double mean = 0;
      double either = 0;
      int at = 0;
      int slope = columns;
      for (Term term : terms) {
        for (int j = 0; j < term.columns(); j++) {
          mean += coefficients[at + j] * row[at + j];
        }
        if (term.kind() == Term.Kind.LAST) {
          either = coefficients[at] * coefficients[at] / 4;
        }
        if (term.isSmooth()) {
          row[slope++] = term.slope(t, coefficients, at);
        }
        at += term.columns();
      }
      predicted[0][h] = mean;
      predicted[1][h] = factor * Math.sqrt(variance * (1 + whole.leverage(row)) + either);
    }
    return predicted;
  }

  /** The waves as lines of a spectrum: weight and frequency. */
  List<double[]> waves() {
    List<double[]> waves = new ArrayList<>();
    int at = 0;
    for (Term term : terms) {
      if (term.kind() == Term.Kind.WAVE) {
        double square = 0;
        for (int j = 0; j < term.columns(); j++) {
          square += coefficients[at + j] * coefficients[at + j];
        }
        waves.add(new double[] {square / term.columns(), term.shape()});
      }
      at += term.columns();
    }
    return waves;
  }
}
