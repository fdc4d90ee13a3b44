package io.github.mixtura.gp.pde;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * Whether {@code a₂v″ + a₁v′ + a₀v = 0} on [0, 1] has a solution that vanishes at both ends without
 * being 0, up to a relative size.
 *
 * <p>Two solutions are followed from the ends by Chebyshev collocation on short panels, each in the
 * direction in which it is stable. Where they meet at a small angle, the function glued from both
 * satisfies the equation but for a kink; the size of the smallest kink (at an end: of the value
 * there) beside the function itself is the {@link #size()}. Near resonance, {@code v″ + k²v} with k
 * = mπ + δ, it is |δ|·k/(k + π) to first order.
 */
final class Determination {
  private static final int DEGREE = 19;
  private static final int FEWEST_PANELS = 8;
  private static final int MOST_PANELS = 20_000;

  /** Fewest panels for each radian of oscillation or unit of growth. */
  private static final double PANELS = 0.5;

  private static final double[] NODES = nodes();
  private static final DMatrixRMaj INTEGRAL = integral();
  private static final double[] WEIGHTS = weights();

  private final int panels;

  /** Values, slopes and second derivatives at the nodes for unit value or slope at the left. */
  private record Panel(double[][] fromValue, double[][] fromSlope) {}

  private final Panel[] steps;
  private final double[] rates;
  private final double[][] left;
  private final double[][] right;
  private final double[] leftSize;
  private final double[] rightSize;
  private int meeting;
  private double size = Double.POSITIVE_INFINITY;

  private Determination(
      DoubleUnaryOperator slopeRatio, DoubleUnaryOperator valueRatio, int panels) {
    this.panels = panels;
    steps = new Panel[panels];
    rates = new double[panels + 1];
    left = new double[panels + 1][];
    right = new double[panels + 1][];
    leftSize = new double[panels + 1];
    rightSize = new double[panels + 1];
    for (int j = 0; j <= panels; j++) {
      rates[j] = rate(slopeRatio, valueRatio, j / (double) panels);
    }
    for (int j = 0; j < panels; j++) {
      steps[j] = step(slopeRatio, valueRatio, j / (double) panels, 1.0 / panels);
    }
    follow();
    meet();
  }

  /**
   * @param slopeRatio {@code a₁/a₂} on [0, 1]
   * @param valueRatio {@code a₀/a₂} on [0, 1]
   * @return empty where the ratios are not finite or vary too much
   */
  static Optional<Determination> of(
      DoubleUnaryOperator slopeRatio, DoubleUnaryOperator valueRatio) {
    double most = 0;
    for (int i = 0; i <= 256; i++) {
      most = Math.max(most, rate(slopeRatio, valueRatio, i / 256.0));
    }
    double panels = Math.max(FEWEST_PANELS, Math.ceil(PANELS * most));
    if (!(panels <= MOST_PANELS)) {
      return Optional.empty();
    }
    Determination found = new Determination(slopeRatio, valueRatio, (int) panels);
    return Double.isFinite(found.size) ? Optional.of(found) : Optional.empty();
  }

  private static double rate(DoubleUnaryOperator slope, DoubleUnaryOperator value, double t) {
    return Math.PI + Math.abs(slope.applyAsDouble(t)) + Math.sqrt(Math.abs(value.applyAsDouble(t)));
  }

  private static double[] nodes() {
    double[] nodes = new double[DEGREE + 1];
    Arrays.setAll(nodes, i -> (1 - Math.cos(Math.PI * i / DEGREE)) / 2);
    return nodes;
  }

  /** Barycentric weights of the nodes. */
  private static double[] weights() {
    double[] weights = new double[DEGREE + 1];
    Arrays.setAll(weights, i -> (i % 2 == 0 ? 1 : -1) * (i == 0 || i == DEGREE ? 0.5 : 1.0));
    return weights;
  }

  /** Integrals from 0 to each node of the polynomial through values at the nodes. */
  private static DMatrixRMaj integral() {
    int n = DEGREE + 1;
    DMatrixRMaj values = new DMatrixRMaj(n, n);
    DMatrixRMaj integrals = new DMatrixRMaj(n, n);
    for (int i = 0; i < n; i++) {
      double x = 2 * NODES[i] - 1;
      double[] t = new double[n + 1];
      t[0] = 1;
      t[1] = x;
      for (int k = 2; k <= n; k++) {
        t[k] = 2 * x * t[k - 1] - t[k - 2];
      }
      for (int k = 0; k < n; k++) {
        values.set(i, k, t[k]);
        // ∫ T_k = T_{k+1}/(2(k+1)) − T_{k−1}/(2(k−1)), from −1; half of it in units of [0, 1].
        double upper =
            k == 0 ? x : k == 1 ? x * x / 2 : t[k + 1] / (2 * (k + 1)) - t[k - 1] / (2 * (k - 1));
        double sign = k % 2 == 0 ? -1 : 1;
        double lower = k == 0 ? -1 : k == 1 ? 0.5 : sign / (2 * (k + 1)) - sign / (2 * (k - 1));
        integrals.set(i, k, (upper - lower) / 2);
      }
    }
    CommonOps_DDRM.invert(values);
    DMatrixRMaj result = new DMatrixRMaj(n, n);
    CommonOps_DDRM.mult(integrals, values, result);
    return result;
  }

  private static Panel step(
      DoubleUnaryOperator slope, DoubleUnaryOperator value, double from, double h) {
    int n = DEGREE + 1;
    DMatrixRMaj twice = new DMatrixRMaj(n, n);
    CommonOps_DDRM.mult(INTEGRAL, INTEGRAL, twice);
    DMatrixRMaj system = new DMatrixRMaj(n, n);
    DMatrixRMaj rightSide = new DMatrixRMaj(n, 2);
    for (int i = 0; i < n; i++) {
      double t = from + h * NODES[i];
      double a = slope.applyAsDouble(t);
      double b = value.applyAsDouble(t);
      for (int k = 0; k < n; k++) {
        system.set(
            i, k, (i == k ? 1 : 0) + h * a * INTEGRAL.get(i, k) + h * h * b * twice.get(i, k));
      }
      rightSide.set(i, 0, -b);
      rightSide.set(i, 1, -a - b * h * NODES[i]);
    }
    DMatrixRMaj second = new DMatrixRMaj(n, 2);
    if (!CommonOps_DDRM.solve(system, rightSide, second)) {
      second.fill(Double.NaN);
    }
    double[][][] both = new double[2][3][n];
    for (int c = 0; c < 2; c++) {
      for (int i = 0; i < n; i++) {
        double first = c == 0 ? 0 : 1;
        double zeroth = c == 0 ? 1 : h * NODES[i];
        for (int k = 0; k < n; k++) {
          first += h * INTEGRAL.get(i, k) * second.get(k, c);
          zeroth += h * h * twice.get(i, k) * second.get(k, c);
        }
        both[c][0][i] = zeroth;
        both[c][1][i] = first;
        both[c][2][i] = second.get(i, c);
      }
    }
    return new Panel(both[0], both[1]);
  }

  /** Both solutions at the ends of panels as unit vectors (v, v′/rate) with logarithmic sizes. */
  private void follow() {
    left[0] = new double[] {0, 1};
    for (int j = 0; j < panels; j++) {
      Panel step = steps[j];
      double value = left[j][0];
      double slope = left[j][1] * rates[j];
      double nextValue = value * step.fromValue()[0][DEGREE] + slope * step.fromSlope()[0][DEGREE];
      double nextSlope = value * step.fromValue()[1][DEGREE] + slope * step.fromSlope()[1][DEGREE];
      double norm = Math.hypot(nextValue, nextSlope / rates[j + 1]);
      left[j + 1] = new double[] {nextValue / norm, nextSlope / rates[j + 1] / norm};
      leftSize[j + 1] = leftSize[j] + Math.log(norm);
    }
    right[panels] = new double[] {0, 1};
    for (int j = panels - 1; j >= 0; j--) {
      Panel step = steps[j];
      double a = step.fromValue()[0][DEGREE];
      double b = step.fromSlope()[0][DEGREE];
      double c = step.fromValue()[1][DEGREE];
      double d = step.fromSlope()[1][DEGREE];
      double determinant = a * d - b * c;
      double value = right[j + 1][0];
      double slope = right[j + 1][1] * rates[j + 1];
      double nextValue = (d * value - b * slope) / determinant;
      double nextSlope = (a * slope - c * value) / determinant;
      double norm = Math.hypot(nextValue, nextSlope / rates[j]);
      right[j] = new double[] {nextValue / norm, nextSlope / rates[j] / norm};
      rightSize[j] = rightSize[j + 1] + Math.log(norm);
    }
  }

  private void meet() {
    double[] before = new double[panels + 1];
    double[] after = new double[panels + 1];
    before[0] = leftSize[0];
    for (int j = 1; j <= panels; j++) {
      before[j] = Math.max(before[j - 1], leftSize[j]);
    }
    after[panels] = rightSize[panels];
    for (int j = panels - 1; j >= 0; j--) {
      after[j] = Math.max(after[j + 1], rightSize[j]);
    }
    for (int j = 0; j <= panels; j++) {
      double angle = Math.abs(left[j][0] * right[j][1] - left[j][1] * right[j][0]);
      double greatest = Math.max(before[j] - leftSize[j], after[j] - rightSize[j]);
      double kink = angle * Math.exp(-greatest);
      if (kink < size || Double.isNaN(kink)) {
        size = kink;
        meeting = j;
      }
    }
  }

  /** The kink of the function that comes nearest to a free one, relative to its largest value. */
  double size() {
    return size;
  }

  /** The number of half waves of that function. */
  int halfWaves() {
    double[][][] sampled = sampled();
    double last = 0;
    int changes = 0;
    for (double[][] panel : sampled) {
      for (double value : panel[0]) {
        if (Math.abs(value) > 1e-9) {
          changes += last * value < 0 ? 1 : 0;
          last = value;
        }
      }
    }
    return changes + 1;
  }

  /** Values, slopes and second derivatives at the nodes of each panel; largest magnitude 1. */
  private double[][][] sampled() {
    double sign =
        Math.signum(left[meeting][0] * right[meeting][0] + left[meeting][1] * right[meeting][1]);
    double[][][] result = new double[panels][3][DEGREE + 1];
    double largest = 0;
    for (int j = 0; j < panels; j++) {
      boolean before = j < meeting;
      double[] state = before ? left[j] : right[j];
      double log = before ? leftSize[j] - leftSize[meeting] : rightSize[j] - rightSize[meeting];
      double factor = (before ? 1 : sign) * Math.exp(log);
      for (int order = 0; order < 3; order++) {
        for (int i = 0; i <= DEGREE; i++) {
          result[j][order][i] =
              factor
                  * (state[0] * steps[j].fromValue()[order][i]
                      + state[1] * rates[j] * steps[j].fromSlope()[order][i]);
          largest = order == 0 ? Math.max(largest, Math.abs(result[j][0][i])) : largest;
        }
      }
    }
    for (double[][] panel : result) {
      for (double[] values : panel) {
        for (int i = 0; i < values.length; i++) {
          values[i] /= largest;
        }
      }
    }
    return result;
  }

  /** That function; points are on [0, 1] after the mapping of the grid. */
  FieldValues function(Grid grid) {
    double[][][] sampled = sampled();
    return (points, xOrder, yOrder) -> {
      double[] values = new double[points.length];
      double power = Math.pow(grid.length(0), -xOrder);
      for (int i = 0; i < values.length; i++) {
        double t = (points[i][0] - grid.lower(0)) / grid.length(0);
        int panel = (int) Math.max(0, Math.min(panels - 1, Math.floor(t * panels)));
        values[i] = power * interpolate(sampled[panel][xOrder], t * panels - panel);
      }
      return values;
    };
  }

  private static double interpolate(double[] values, double at) {
    double above = 0;
    double below = 0;
    for (int i = 0; i <= DEGREE; i++) {
      double distance = at - NODES[i];
      if (distance == 0) {
        return values[i];
      }
      double weight = WEIGHTS[i] / distance;
      above += weight * values[i];
      below += weight;
    }
    return above / below;
  }
}
