package io.github.mixtura.sdp;

import io.github.mixtura.dense.Dense;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/**
 * The alternating direction method for the likelihood-adjusted semidefinite program, for small n.
 *
 * <p>On the dual, {@code λ_k I + α1ᵀ + 1αᵀ − B_k − W_k = C_k} with {@code B_k ≥ 0} and W_k positive
 * semidefinite, with Z_k as multipliers: (λ, α) in closed form, B, (λ, α) again, W by an
 * eigen-decomposition per group, then {@code Z −= 1.618·residual} (symmetric Gauss–Seidel order,
 * Sun, Toh and Yang 2015, doi:10.1137/140964357). The C_k are divided by their largest Frobenius
 * norm on the complement of 1, which makes a penalty of 1 right.
 *
 * <p>Every 20 steps both ends of the gap are made true:
 *
 * <ul>
 *   <li>upper: {@code 2·1ᵀα + Σ λ_max(C_k + B_k − α1ᵀ − 1αᵀ)}, which holds for any α and {@code B ≥
 *       0}, with {@link EigenBounds#top};
 *   <li>primal: the semidefinite parts of Z are scaled by one diagonal matrix so that the row sums
 *       of the sum are 1, multiples of I and 11ᵀ make the traces 1 without changing the row sums,
 *       and a mixture with the feasible point {@code aI + b11ᵀ}, which is inside both cones,
 *       removes the negative elements and eigenvalues that are left. The larger of its value and
 *       that of the rounded partition counts.
 * </ul>
 *
 * <p>K eigen-decompositions of n × n per step; about 6·K·n² numbers of memory.
 */
final class AdjustedAdmm {
  private static final double STEP = 1.618;
  private static final int CHECK = 20;

  private final Adjusted problem;
  private final Run run;
  private final int n;
  private final int groups;
  private final double scale;
  private final double[][] c;
  private final double[][] b;
  private final double[][] w;
  private final double[][] z;
  private final double[][] semidefinite;
  private final double[] alpha;
  private final double[] lambda;
  private final long[] eigenNanos;

  /**
   * What was found.
   *
   * @param labels n values from 0 to K − 1, rounded from Z
   * @param objective of the labels
   * @param primal value of a feasible point of the program, at least {@code objective}
   * @param upper proven bound of every feasible point
   * @param gap {@code (upper − primal)/(n p)}
   * @param steps number of steps
   * @param eigenSeconds summed time of the eigen-decompositions
   */
  record Solution(
      int[] labels,
      double objective,
      double primal,
      double upper,
      double gap,
      int steps,
      double eigenSeconds) {}

  private AdjustedAdmm(Adjusted problem, Run run) {
    this.problem = problem;
    this.run = run;
    n = problem.count();
    groups = problem.components();
    c = new double[groups][n * n];
    b = new double[groups][n * n];
    w = new double[groups][n * n];
    z = new double[groups][n * n];
    semidefinite = new double[groups][n * n];
    alpha = new double[n];
    lambda = new double[groups];
    eigenNanos = new long[groups];
    double norm = Double.MIN_NORMAL;
    for (int k = 0; k < groups; k++) {
      for (int i = 0; i < n; i++) {
        for (int j = 0; j <= i; j++) {
          c[k][i * n + j] = c[k][j * n + i] = problem.element(k, i, j);
        }
      }
      norm = Math.max(norm, centredNorm(c[k]));
    }
    scale = 1 / norm;
    for (double[] one : c) {
      for (int i = 0; i < one.length; i++) {
        one[i] *= scale;
      }
    }
  }

  /** Frobenius norm of {@code (I − 11ᵀ/n) C (I − 11ᵀ/n)}. */
  private double centredNorm(double[] matrix) {
    double[] means = new double[n];
    double mean = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        means[i] += matrix[i * n + j] / n;
      }
      mean += means[i] / n;
    }
    double squares = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double value = matrix[i * n + j] - means[i] - means[j] + mean;
        squares += value * value;
      }
    }
    return Math.sqrt(squares);
  }

  /**
   * Solves until the gap is at most {@code tolerance}.
   *
   * @param steps largest number of steps
   */
  static Solution solve(Adjusted problem, double tolerance, int steps, Run run) {
    return new AdjustedAdmm(problem, run).solve(tolerance, steps);
  }

  private Solution solve(double tolerance, int steps) {
    double upper = Double.POSITIVE_INFINITY;
    double primal = Double.NEGATIVE_INFINITY;
    double objective = Double.NEGATIVE_INFINITY;
    int[] labels = new int[0];
    double unit = (double) n * problem.dimension();
    int step = 0;
    boolean going = true;
    while (going) {
      step();
      step++;
      going = step < steps && !run.isOver();
      if (step % CHECK == 0 || !going) {
        int[] rounded = round();
        double value = problem.objective(rounded);
        if (value > objective) {
          objective = value;
          labels = rounded;
        }
        primal = Math.max(primal, Math.max(objective, feasibleValue()));
        upper = Math.min(upper, upper());
        going = going && upper - primal > tolerance * unit;
      }
    }
    double seconds = Arrays.stream(eigenNanos).sum() / 1e9;
    return new Solution(labels, objective, primal, upper, (upper - primal) / unit, step, seconds);
  }

  private void step() {
    multipliers();
    run.forEach(groups, this::nonNegative);
    multipliers();
    run.forEach(groups, this::split);
  }

  /** Minimises over λ and α. */
  private void multipliers() {
    double[] traces = new double[groups];
    double[][] sums = new double[groups][];
    run.forEach(
        groups,
        k -> {
          double[] rows = new double[n];
          for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int j = i * n; j < (i + 1) * n; j++) {
              sum += c[k][j] + b[k][j] + w[k][j] + z[k][j];
            }
            rows[i] = sum;
            int d = i * n + i;
            traces[k] += c[k][d] + b[k][d] + w[k][d] + z[k][d];
          }
          sums[k] = rows;
        });
    double[] all = new double[n];
    double total = 0;
    for (double[] rows : sums) {
      Vectors.add(1, rows, all);
    }
    for (double value : all) {
      total += value;
    }
    double trace = Arrays.stream(traces).sum() - groups;
    total -= n;
    // n Λ + 2K s = trace and n Λ + 2Kn s = total, with s = 1ᵀα.
    double s = n == 1 ? 0 : (total - trace) / (2.0 * groups * (n - 1));
    double sumLambda = (trace - 2 * groups * s) / n;
    for (int k = 0; k < groups; k++) {
      lambda[k] = (traces[k] - 2 * s - 1) / n;
    }
    for (int i = 0; i < n; i++) {
      alpha[i] = (all[i] - sumLambda - groups * s - 1) / ((double) n * groups);
    }
  }

  /** Minimises over B_k. */
  private void nonNegative(int k) {
    for (int i = 0; i < n; i++) {
      double here = alpha[i];
      double diagonal = lambda[k];
      int offset = i * n;
      double[] ck = c[k];
      double[] wk = w[k];
      double[] zk = z[k];
      double[] bk = b[k];
      double own = diagonal + 2 * here - ck[offset + i] - wk[offset + i] - zk[offset + i];
      for (int j = 0; j < n; j++) {
        double value = here + alpha[j] - ck[offset + j] - wk[offset + j] - zk[offset + j];
        bk[offset + j] = Math.max(0, value);
      }
      bk[offset + i] = Math.max(0, own);
    }
  }

  /** Minimises over W_k, then moves Z_k. */
  private void split(int k) {
    DMatrixRMaj x = new DMatrixRMaj(n, n);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        int at = i * n + j;
        x.data[at] = alpha[i] + alpha[j] - c[k][at] - b[k][at] - z[k][at];
      }
      x.data[i * n + i] += lambda[k];
    }
    long start = System.nanoTime();
    Dense.Eigen eigen = Dense.symmetricEigen(x);
    eigenNanos[k] += System.nanoTime() - start;
    int negative = 0;
    while (negative < n && eigen.values()[negative] < 0) {
      negative++;
    }
    boolean fewNegative = negative <= n / 2;
    int from = fewNegative ? 0 : negative;
    int to = fewNegative ? negative : n;
    DMatrixRMaj part = new DMatrixRMaj(n, to - from);
    for (int i = 0; i < n; i++) {
      for (int q = from; q < to; q++) {
        double root = Math.sqrt(Math.abs(eigen.values()[q]));
        part.data[i * (to - from) + q - from] = root * eigen.vectors().data[i * n + q];
      }
    }
    double[] product = to == from ? new double[n * n] : Dense.outerProduct(part).data;
    for (int at = 0; at < n * n; at++) {
      double plus = fewNegative ? x.data[at] + product[at] : product[at];
      double minus = fewNegative ? product[at] : product[at] - x.data[at];
      w[k][at] = plus;
      semidefinite[k][at] = minus;
      double residual = x.data[at] - plus + z[k][at];
      z[k][at] -= STEP * residual;
    }
  }

  private int[] round() {
    double[][] shares = new double[groups][n];
    DMatrixRMaj sum = new DMatrixRMaj(n, n);
    for (int k = 0; k < groups; k++) {
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          shares[k][i] += semidefinite[k][i * n + j];
          sum.data[i * n + j] += semidefinite[k][i * n + j];
        }
      }
    }
    Dense.Eigen eigen = Dense.symmetricEigen(sum);
    int rank = Math.min(groups, n);
    DMatrixRMaj leading = new DMatrixRMaj(n, rank);
    for (int i = 0; i < n; i++) {
      for (int q = 0; q < rank; q++) {
        double root = Math.sqrt(Math.max(0, eigen.values()[n - 1 - q]));
        leading.set(i, q, root * eigen.vectors().get(i, n - 1 - q));
      }
    }
    return AdjustedRounding.best(problem, shares, leading);
  }

  /** Returns the bound of the present α and B, in the units of the problem. */
  double upper() {
    double sum = 0;
    for (double value : alpha) {
      sum += 2 * value;
    }
    double largest = 0;
    for (int k = 0; k < groups; k++) {
      DMatrixRMaj matrix = new DMatrixRMaj(n, n);
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          int at = i * n + j;
          matrix.data[at] = c[k][at] + b[k][at] - (alpha[i] + alpha[j]);
          largest = Math.max(largest, Math.abs(c[k][at]) + b[k][at] + 2 * Math.abs(alpha[i]));
        }
      }
      sum += EigenBounds.top(matrix);
    }
    double relative = 8 * (problem.dimension() + 8) * Math.ulp(1.0);
    // Differences of rows lose what the rows have in common, at most the squared longest one.
    double upper = (sum + groups * n * relative * (largest + scale * longest())) / scale;
    return problem.raised(new Bound(upper, upper, 0, "admm")).upper();
  }

  private double longest() {
    double largest = 0;
    for (int k = 0; k < groups; k++) {
      double[] squares = new double[n];
      for (double[] column : problem.white(k)) {
        for (int i = 0; i < n; i++) {
          squares[i] += column[i] * column[i];
        }
      }
      for (double value : squares) {
        largest = Math.max(largest, value);
      }
    }
    return largest;
  }

  /** Returns the value of a feasible point near Z; minus infinity if the scaling fails. */
  private double feasibleValue() {
    double[] d = rowScaling();
    if (d.length == 0 || n <= groups) {
      return Double.NEGATIVE_INFINITY;
    }
    double[] traces = new double[groups];
    double missing = 0;
    double[] dots = new double[groups];
    double[] least = new double[groups];
    double[] traceC = new double[groups];
    double[] sumC = new double[groups];
    for (int k = 0; k < groups; k++) {
      double[] matrix = semidefinite[k];
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          double value = d[i] * matrix[i * n + j] * d[j];
          dots[k] += value * c[k][i * n + j];
          sumC[k] += c[k][i * n + j];
          least[k] = Math.min(least[k], value);
        }
        traces[k] += d[i] * matrix[i * n + i] * d[i];
        traceC[k] += c[k][i * n + i];
      }
      missing += 1 - traces[k];
    }
    // Z + u I + v 11ᵀ with equal v: u_k + v = (1 − trace)/n and Σ (u_k + n v) = 0.
    double v = -missing / n / ((n - 1.0) * groups);
    double inside = (n - groups) / ((double) groups * n * (n - 1.0));
    double identity = 1.0 / n - inside;
    double weight = 0;
    double value = 0;
    double centre = 0;
    for (int k = 0; k < groups; k++) {
      double u = (1 - traces[k]) / n - v;
      double element = least[k] + Math.min(0, u) + Math.min(0, v);
      double eigenvalue = Math.min(0, u) + n * Math.min(0, v) - 1e-15;
      weight = Math.max(weight, -element / (inside - element));
      weight = Math.max(weight, -eigenvalue / (identity - eigenvalue));
      value += dots[k] + u * traceC[k] + v * sumC[k];
      centre += identity * traceC[k] + inside * sumC[k];
    }
    return ((1 - weight) * value + weight * centre) / scale;
  }

  /** Returns d with {@code Σ_k D Z_k D 1 = 1}, or nothing if it was not found. */
  private double[] rowScaling() {
    double[] sum = new double[n * n];
    for (double[] matrix : semidefinite) {
      Vectors.add(1, matrix, sum);
    }
    double[] d = new double[n];
    Arrays.fill(d, 1);
    for (int pass = 0; pass < 500; pass++) {
      double worst = 0;
      double[] next = new double[n];
      for (int i = 0; i < n; i++) {
        double row = 0;
        for (int j = 0; j < n; j++) {
          row += sum[i * n + j] * d[j];
        }
        row *= d[i];
        if (!(row > 0)) {
          return new double[0];
        }
        worst = Math.max(worst, Math.abs(row - 1));
        next[i] = d[i] / Math.sqrt(row);
      }
      if (worst < 1e-13) {
        return d;
      }
      d = next;
    }
    return new double[0];
  }
}
