package io.github.mixtura.gp.pde;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.ejml.data.DMatrixRMaj;

/**
 * Whether an operator with constant coefficients and values given on all four sides has one
 * solution: its eigenvalues are known, {@code −a₁₁(mπ/L₁)² − b₁²/4a₁₁ − a₂₂(nπ/L₂)² − b₂²/4a₂₂ +
 * c}, with the eigenfunctions {@code exp(−b₁x/2a₁₁ − b₂y/2a₂₂) sin(mπx/L₁) sin(nπy/L₂)}. Where one
 * of those that the grid can hold vanishes, its eigenfunction may be added to every solution; where
 * the second derivatives differ in sign, as waves' do, some come near 0 however the lengths are
 * chosen, and the solution does not depend continuously on the data.
 *
 * @param least smallest modulus of an eigenvalue, frequencies up to Nyquist's
 * @param base modulus of the least eigenvalue of the second derivatives alone
 * @param hyperbolic whether the second derivatives differ in sign
 * @param free modes whose eigenvalue is 0 as far as can be told
 * @param small other modes with an eigenvalue below the base
 */
record RectangleSpectrum(
    double least, double base, boolean hyperbolic, List<Mode> free, List<Mode> small) {
  private static final int MOST_MODES = 20;
  private static final int MOST_SMALL = 100;

  /** An eigenvalue below this part of the symbol is 0. */
  private static final double SINGULAR = 1e-10;

  /**
   * An eigenfunction.
   *
   * @param m half waves along x
   * @param n half waves along y
   * @param growth along both axes
   * @param value modulus of its eigenvalue
   * @param relative the same relative to the operator's symbol at Nyquist's frequency
   */
  record Mode(int m, int n, double[] growth, double value, double relative) {
    /** The function on a grid's domain, of magnitude 1 where it does not grow. */
    FieldValues on(Grid grid) {
      return (points, xOrder, yOrder) -> {
        double[] values = new double[points.length];
        for (int i = 0; i < values.length; i++) {
          values[i] =
              part(grid, 0, m, growth[0], points[i][0], xOrder)
                  * part(grid, 1, n, growth[1], points[i][1], yOrder);
        }
        return values;
      };
    }

    private static double part(Grid grid, int axis, int waves, double rate, double at, int order) {
      double omega = waves * Math.PI / grid.length(axis);
      double from = at - grid.lower(axis);
      // The end where it is largest has the size 1.
      double size = Math.exp(rate * from - Math.max(0, rate * grid.length(axis)));
      double sine = Math.sin(omega * from);
      double cosine = Math.cos(omega * from);
      double first = rate * sine + omega * cosine;
      double second = (rate * rate - omega * omega) * sine + 2 * rate * omega * cosine;
      return size * (order == 0 ? sine : order == 1 ? first : second);
    }

    String description() {
      return String.format(
          Locale.ROOT,
          "a function of %d half waves along x and %d along y that vanishes on all sides",
          m,
          n);
    }
  }

  /**
   * The least eigenvalue.
   *
   * @param grid the grid
   * @param second coefficients of u_xx and u_yy, not 0
   * @param first coefficients of u_x and u_y
   * @param zeroth coefficient of u
   */
  static RectangleSpectrum of(Grid grid, double[] second, double[] first, double zeroth) {
    double shift = zeroth;
    double symbol = Math.abs(zeroth);
    double[] scale = new double[2];
    double[] growth = new double[2];
    for (int axis = 0; axis < 2; axis++) {
      double step = Math.PI / grid.length(axis);
      scale[axis] = second[axis] * step * step;
      growth[axis] = -first[axis] / (2 * second[axis]);
      shift += first[axis] * growth[axis] / 2;
      double highest = grid.points(axis) - 1.0;
      symbol += Math.abs(scale[axis]) * highest * highest + Math.abs(first[axis]) * step * highest;
    }
    boolean hyperbolic = second[0] > 0 != second[1] > 0;
    double base = Math.abs(scale[0]) + Math.abs(scale[1]);
    List<Mode> free = new ArrayList<>();
    List<Mode> small = new ArrayList<>();
    double least = Double.POSITIVE_INFINITY;
    Mode nearest = null;
    for (int m = 1; m < grid.points(0); m++) {
      double rest = shift - scale[0] * m * m;
      int near = (int) Math.min(1e6, Math.floor(Math.sqrt(Math.max(0, rest / scale[1]))));
      int last = -1;
      for (int candidate = near; candidate <= near + 1; candidate++) {
        int n = Math.max(1, Math.min(grid.points(1) - 1, candidate));
        double value = Math.abs(rest - scale[1] * n * n);
        Mode mode = new Mode(m, n, growth, value, value / symbol);
        if (value < least) {
          least = value;
          nearest = mode;
        }
        if (n != last && value < SINGULAR * symbol && free.size() < MOST_MODES) {
          free.add(mode);
        } else if (n != last && value < base) {
          small.add(mode);
        }
        last = n;
      }
    }
    if (hyperbolic && free.isEmpty() && nearest != null) {
      free.add(nearest);
    }
    if (small.size() > MOST_SMALL) {
      small.sort(Comparator.comparingDouble(Mode::value));
      base = small.get(MOST_SMALL).value();
      small = small.subList(0, MOST_SMALL);
    }
    return new RectangleSpectrum(least, base, hyperbolic, List.copyOf(free), List.copyOf(small));
  }

  /**
   * What a residual may do to the solution, root mean square: exactly for modes with a small
   * eigenvalue, of which rounding may hold as much as of any other; the least of the remaining
   * eigenvalues bounds the rest.
   */
  double error(DMatrixRMaj residual) {
    double size = IntervalSolver.rms(residual.data);
    double square = Math.pow(size / base, 2);
    double usual = 2 * size / Math.sqrt(residual.data.length);
    for (Mode mode : small) {
      double sum = 0;
      double[] alongX = new double[residual.numRows];
      double[] alongY = new double[residual.numCols];
      Arrays.setAll(alongX, i -> Math.sin(Math.PI * mode.m() * i / (alongX.length - 1.0)));
      Arrays.setAll(alongY, j -> Math.sin(Math.PI * mode.n() * j / (alongY.length - 1.0)));
      for (int i = 0; i < alongX.length; i++) {
        double row = 0;
        for (int j = 0; j < alongY.length; j++) {
          row += residual.data[i * alongY.length + j] * alongY[j];
        }
        sum += alongX[i] * row;
      }
      double part = 4 * Math.abs(sum) / residual.data.length + usual;
      square += Math.pow(part / Math.max(mode.value(), Double.MIN_NORMAL), 2) / 4;
    }
    return Math.sqrt(square);
  }

  /** What may be added to a solution. */
  String description() {
    String one = free.get(0).description();
    return hyperbolic && free.get(0).relative() >= SINGULAR
        ? one + " (waves need values and velocities at one end of time, not values at both)"
        : free.size() == 1 ? one : one + ", and " + (free.size() - 1) + " more of the kind";
  }
}
