package io.github.mixtura.gp.pde;

import io.github.mixtura.dense.Dense;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.ejml.interfaces.linsol.LinearSolverDense;

/** Chebyshev collocation for Poisson's equation with a callable source: the classical rival. */
final class Chebyshev {
  private final int n;
  private final double[] nodes;
  private final DMatrixRMaj second;

  private Chebyshev(double lower, double upper, int points) {
    n = points;
    double[] x = new double[n];
    Arrays.setAll(x, i -> -Math.cos(Math.PI * i / (n - 1)));
    nodes = new double[n];
    Arrays.setAll(nodes, i -> lower + (upper - lower) * (x[i] + 1) / 2);
    DMatrixRMaj first = new DMatrixRMaj(n, n);
    for (int i = 0; i < n; i++) {
      double sum = 0;
      for (int j = 0; j < n; j++) {
        if (i != j) {
          double ci = (i == 0 || i == n - 1 ? 2 : 1) * ((i + j) % 2 == 0 ? 1 : -1);
          double cj = j == 0 || j == n - 1 ? 2 : 1;
          // x_i − x_j without cancellation.
          double gap =
              2
                  * Math.sin(Math.PI * (i + j) / (2.0 * (n - 1)))
                  * Math.sin(Math.PI * (i - j) / (2.0 * (n - 1)));
          double value = ci / cj / gap;
          first.set(i, j, value);
          sum += value;
        }
      }
      first.set(i, i, -sum);
    }
    second = new DMatrixRMaj(n, n);
    CommonOps_DDRM.mult(first, first, second);
    CommonOps_DDRM.scale(4 / ((upper - lower) * (upper - lower)), second);
  }

  /** The solution on the evaluation points of a Poisson problem, by one LU or by eigenvectors. */
  static double[] solve(PdeExample example) {
    Grid grid = example.problem().grid();
    Chebyshev x = new Chebyshev(grid.lower(0), grid.upper(0), grid.points(0));
    return grid.dimension() == 1 ? x.interval(example) : x.square(example);
  }

  private double[] interval(PdeExample example) {
    ScalarField source = example.problem().sourceField().orElseThrow();
    DMatrixRMaj right = new DMatrixRMaj(n, 1);
    DMatrixRMaj a = second.copy();
    for (int i = 0; i < n; i++) {
      right.set(i, 0, source.at(nodes[i], 0));
    }
    for (int end : new int[] {0, n - 1}) {
      for (int j = 0; j < n; j++) {
        a.set(end, j, j == end ? 1 : 0);
      }
      right.set(end, 0, example.solution().at(nodes[end], 0));
    }
    LinearSolverDense<DMatrixRMaj> lu = LinearSolverFactory_DDRM.lu(n);
    if (!lu.setA(a)) {
      throw new ArithmeticException("singular");
    }
    DMatrixRMaj u = new DMatrixRMaj(n, 1);
    lu.solve(right, u);
    double[][] points = example.evaluationPoints();
    DMatrixRMaj result = new DMatrixRMaj(points.length, 1);
    CommonOps_DDRM.mult(interpolation(points, 0, points.length), u, result);
    return result.data;
  }

  private double[] square(PdeExample example) {
    ScalarField source = example.problem().sourceField().orElseThrow();
    int m = n - 2;
    DMatrixRMaj inner = CommonOps_DDRM.extract(second, 1, n - 1, 1, n - 1);
    DMatrixRMaj u = new DMatrixRMaj(n, n);
    DMatrixRMaj right = new DMatrixRMaj(m, m);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        if (i == 0 || j == 0 || i == n - 1 || j == n - 1) {
          u.set(i, j, example.solution().at(nodes[i], nodes[j]));
        } else {
          right.set(i - 1, j - 1, source.at(nodes[i], nodes[j]));
        }
      }
    }
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++) {
        double known = 0;
        for (int end : new int[] {0, n - 1}) {
          known += second.get(i + 1, end) * u.get(end, j + 1);
          known += second.get(j + 1, end) * u.get(i + 1, end);
        }
        right.add(i, j, -known);
      }
    }
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(m, true, false);
    if (!eigen.decompose(inner.copy())) {
      throw new ArithmeticException("no eigenvalues");
    }
    DMatrixRMaj vectors = new DMatrixRMaj(m, m);
    double[] values = new double[m];
    for (int k = 0; k < m; k++) {
      values[k] = eigen.getEigenvalue(k).getReal();
      CommonOps_DDRM.insert(eigen.getEigenVector(k), vectors, 0, k);
    }
    LinearSolverDense<DMatrixRMaj> lu = LinearSolverFactory_DDRM.lu(m);
    if (!lu.setA(vectors.copy())) {
      throw new ArithmeticException("singular");
    }
    DMatrixRMaj half = new DMatrixRMaj(m, m);
    lu.solve(right, half);
    DMatrixRMaj turned = new DMatrixRMaj(m, m);
    lu.solve(CommonOps_DDRM.transpose(half, null), turned);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++) {
        turned.set(i, j, turned.get(i, j) / (values[i] + values[j]));
      }
    }
    DMatrixRMaj product = Dense.multiply(vectors, turned);
    DMatrixRMaj solved = Dense.multiplyTransB(product, vectors);
    CommonOps_DDRM.insert(CommonOps_DDRM.transpose(solved, null), u, 1, 1);
    double[][] points = example.evaluationPoints();
    int count = PdeExample.EVALUATION_POINTS;
    DMatrixRMaj weights = interpolation(points, 1, count);
    return Dense.multiplyTransB(Dense.multiply(weights, u), weights).data;
  }

  /** Barycentric weights from the nodes to the first points, by their last coordinate. */
  private DMatrixRMaj interpolation(double[][] points, int axis, int count) {
    DMatrixRMaj weights = new DMatrixRMaj(count, n);
    for (int i = 0; i < count; i++) {
      double at = points[i][axis];
      double sum = 0;
      int exact = -1;
      for (int j = 0; j < n; j++) {
        double gap = at - nodes[j];
        if (gap == 0) {
          exact = j;
          break;
        }
        double w = (j % 2 == 0 ? 1 : -1) * (j == 0 || j == n - 1 ? 0.5 : 1) / gap;
        weights.set(i, j, w);
        sum += w;
      }
      for (int j = 0; j < n; j++) {
        double value = exact >= 0 ? (j == exact ? 1 : 0) : weights.get(i, j) / sum;
        weights.set(i, j, value);
      }
    }
    return weights;
  }
}
