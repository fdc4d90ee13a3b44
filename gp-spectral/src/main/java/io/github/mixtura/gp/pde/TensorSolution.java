package io.github.mixtura.gp.pde;

import io.github.mixtura.dense.Dense;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * A solution in a tensor basis, {@code u = V₁ Y V₂ᵀ}.
 *
 * @param x functions V₁ along x
 * @param y functions V₂ along y
 * @param omegas angular frequencies along both axes
 * @param coefficients Y; null before there is a solution
 * @param sylvester the operator on the free functions, with mean coefficients
 * @param residual {@code f − Lu − R(u)} on the grid
 * @param noise standard deviation of the source's noise, NaN if it says nothing about the solution
 * @param shrunk the posterior under noise; null for the solution without shrinkage
 * @param doubt standard deviation of what is not noise: residuals, boundary values, priors
 */
record TensorSolution(
    AxisBasis x,
    AxisBasis y,
    double[][] omegas,
    DMatrixRMaj coefficients,
    Sylvester sylvester,
    DMatrixRMaj residual,
    double noise,
    Shrunk shrunk,
    double doubt)
    implements Posterior {
  private static final int ROWS = 50;

  /** A posterior under noise. */
  record Shrunk(TensorRidge.Fit fit, double logEvidence) {}

  /** A basis without a solution. */
  static TensorSolution of(AxisBasis x, AxisBasis y, double[][] omegas) {
    return new TensorSolution(x, y, omegas, null, null, null, Double.NaN, null, 0);
  }

  TensorSolution with(Sylvester changed) {
    return new TensorSolution(x, y, omegas, coefficients, changed, residual, Double.NaN, null, 0);
  }

  TensorSolution with(DMatrixRMaj changed, DMatrixRMaj left) {
    return new TensorSolution(x, y, omegas, changed, sylvester, left, Double.NaN, null, 0);
  }

  TensorSolution with(DMatrixRMaj changed, DMatrixRMaj left, double found, Shrunk posterior) {
    return new TensorSolution(x, y, omegas, changed, sylvester, left, found, posterior, 0);
  }

  TensorSolution withNoise(double found, double more) {
    return new TensorSolution(x, y, omegas, coefficients, sylvester, residual, found, shrunk, more);
  }

  int unknowns() {
    return (x.size() - x.fixed()) * (y.size() - y.fixed());
  }

  /** {@code V₁⁽ⁱ⁾ Y V₂⁽ʲ⁾ᵀ} on the grid. */
  DMatrixRMaj value(DMatrixRMaj of, int xOrder, int yOrder) {
    return Dense.multiplyTransB(Dense.multiply(x.onGrid(xOrder), of), y.onGrid(yOrder));
  }

  /** Root mean square of {@code V₁⁽ⁱ⁾ Y V₂⁽ʲ⁾ᵀ} on some rows of the grid, about. */
  double size(int xOrder, int yOrder) {
    DMatrixRMaj all = x.onGrid(xOrder);
    int step = Math.max(1, all.numRows / ROWS);
    DMatrixRMaj some = new DMatrixRMaj((all.numRows - 1) / step + 1, all.numCols);
    for (int i = 0; i < some.numRows; i++) {
      System.arraycopy(all.data, i * step * all.numCols, some.data, i * all.numCols, all.numCols);
    }
    DMatrixRMaj left = Dense.multiply(some, coefficients);
    return IntervalSolver.rms(Dense.multiplyTransB(left, y.onGrid(yOrder)).data);
  }

  /** The solution along the lower or upper end of an axis. */
  double[] atEnd(int axis, boolean upper) {
    DMatrixRMaj across = (axis == 0 ? x : y).onGrid(0);
    int end = upper ? across.numRows - 1 : 0;
    DMatrixRMaj row = CommonOps_DDRM.extract(across, end, end + 1, 0, across.numCols);
    return axis == 0
        ? Dense.multiplyTransB(Dense.multiply(row, coefficients), y.onGrid(0)).data
        : Dense.multiplyTransB(x.onGrid(0), Dense.multiplyTransB(row, coefficients)).data;
  }

  /** The part of a function on the grid that the free functions can test. */
  DMatrixRMaj project(DMatrixRMaj onGrid) {
    return Dense.multiply(Dense.multiplyTransA(x.free(0), onGrid), y.free(0));
  }

  /** Coefficients of free functions, with zeros for those that carry boundary values. */
  DMatrixRMaj padded(DMatrixRMaj free) {
    DMatrixRMaj all = new DMatrixRMaj(x.size(), y.size());
    CommonOps_DDRM.insert(free, all, x.fixed(), y.fixed());
    return all;
  }

  @Override
  public double[] values(double[][] points, int xOrder, int yOrder) {
    double[] result = new double[points.length];
    if (points.length == 0) {
      return result;
    }
    Places xs = Places.of(points, 0);
    Places ys = Places.of(points, 1);
    DMatrixRMaj left = Dense.multiply(x.at(xs.coordinates(), xOrder), coefficients);
    DMatrixRMaj right = y.at(ys.coordinates(), yOrder);
    int r = right.numCols;
    for (int i = 0; i < result.length; i++) {
      int row = xs.index()[i] * r;
      int other = ys.index()[i] * r;
      double sum = 0;
      for (int k = 0; k < r; k++) {
        sum += left.data[row + k] * right.data[other + k];
      }
      result[i] = sum;
    }
    return result;
  }

  @Override
  public Optional<double[]> standardDeviations(double[][] points) {
    if (Double.isNaN(noise)) {
      return Optional.empty();
    }
    if (shrunk != null) {
      return Optional.of(shrunkDeviations(points));
    }
    double[] result = new double[points.length];
    if (noise == 0) {
      Arrays.fill(result, doubt);
    } else if (points.length > 0) {
      double[][][] psi = turned(0, Places.of(points, 0));
      double[][][] chi = turned(1, Places.of(points, 1));
      Places xs = Places.of(points, 0);
      Places ys = Places.of(points, 1);
      for (int i = 0; i < result.length; i++) {
        double white = noise * sylvester.adjointNorm(psi[xs.index()[i]], chi[ys.index()[i]]);
        result[i] = Math.hypot(white, doubt);
      }
    }
    return Optional.of(result);
  }

  /** The places of points along an axis without repetition, and which one each point has. */
  private record Places(double[] coordinates, int[] index) {
    static Places of(double[][] points, int axis) {
      Map<Double, Integer> found = new HashMap<>();
      int[] index = new int[points.length];
      List<Double> order = new ArrayList<>();
      for (int i = 0; i < points.length; i++) {
        index[i] =
            found.computeIfAbsent(
                points[i][axis],
                at -> {
                  order.add(at);
                  return order.size() - 1;
                });
      }
      return new Places(order.stream().mapToDouble(at -> at).toArray(), index);
    }
  }

  private double[] shrunkDeviations(double[][] points) {
    double[][] psi = freeRows(x, Places.of(points, 0));
    double[][] chi = freeRows(y, Places.of(points, 1));
    double[] result = shrunk.fit().standardDeviations(psi, chi);
    for (int i = 0; i < result.length; i++) {
      result[i] = Math.hypot(result[i] * noise, doubt);
    }
    return result;
  }

  /** The free functions at each point. */
  private static double[][] freeRows(AxisBasis basis, Places places) {
    DMatrixRMaj rows = basis.at(places.coordinates(), 0);
    double[][] result = new double[places.index().length][];
    for (int i = 0; i < result.length; i++) {
      int row = places.index()[i] * rows.numCols;
      result[i] = Arrays.copyOfRange(rows.data, row + basis.fixed(), row + rows.numCols);
    }
    return result;
  }

  /** The free functions at each place in the coordinates of the Schur form. */
  private double[][][] turned(int axis, Places places) {
    AxisBasis basis = axis == 0 ? x : y;
    DMatrixRMaj rows = basis.at(places.coordinates(), 0);
    double[][][] result = new double[rows.numRows][][];
    for (int i = 0; i < result.length; i++) {
      int from = i * rows.numCols + basis.fixed();
      int to = (i + 1) * rows.numCols;
      result[i] = sylvester.turned(axis, Arrays.copyOfRange(rows.data, from, to));
    }
    return result;
  }
}
