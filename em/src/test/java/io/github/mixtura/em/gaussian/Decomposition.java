package io.github.mixtura.em.gaussian;

import io.github.mixtura.distribution.Covariance;
import io.github.mixtura.em.gaussian.CovarianceStructure.Attribute;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * Volume, shape and orientation of a covariance, with the axes labelled as its structure asks.
 *
 * @param offDiagonal largest entry of {@code |DᵀΣD|} off the diagonal
 */
record Decomposition(double logVolume, double[] logShape, DMatrixRMaj axes, double offDiagonal) {

  /** Decomposes the covariances; common axes come from a combination with unlike factors. */
  static Decomposition[] of(CovarianceStructure structure, Covariance[] covariances) {
    DMatrixRMaj[] matrices = matrices(covariances);
    int d = matrices[0].numRows;
    DMatrixRMaj mixed = new DMatrixRMaj(d, d);
    for (int k = 0; k < matrices.length; k++) {
      double factor = Math.sqrt(2 + 3 * k) / CommonOps_DDRM.trace(matrices[k]);
      CommonOps_DDRM.addEquals(mixed, factor, matrices[k]);
    }
    Decomposition[] parts = new Decomposition[matrices.length];
    for (int k = 0; k < parts.length; k++) {
      parts[k] =
          along(
              switch (structure.orientation()) {
                case IDENTITY -> CommonOps_DDRM.identity(d);
                case EQUAL -> eigenvectors(mixed);
                case VARIABLE -> eigenvectors(matrices[k]);
              },
              matrices[k]);
    }
    return parts;
  }

  private static Decomposition along(DMatrixRMaj axes, DMatrixRMaj matrix) {
    int d = matrix.numRows;
    DMatrixRMaj rotated = CommonOps_DDRM.mult(matrix, axes, null);
    rotated = CommonOps_DDRM.multTransA(axes, rotated, null);
    double[] logs = new double[d];
    double off = 0;
    for (int i = 0; i < d; i++) {
      logs[i] = Math.log(rotated.get(i, i));
      for (int j = 0; j < i; j++) {
        off = Math.max(off, Math.abs(rotated.get(i, j)));
      }
    }
    double mean = Arrays.stream(logs).sum() / d;
    return new Decomposition(mean, Arrays.stream(logs).map(v -> v - mean).toArray(), axes, off);
  }

  private static DMatrixRMaj eigenvectors(DMatrixRMaj matrix) {
    int d = matrix.numRows;
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(d, true, true);
    eigen.decompose(matrix.copy());
    int[] order =
        IntStream.range(0, d)
            .boxed()
            .sorted(Comparator.comparingDouble(j -> eigen.getEigenvalue(j).real))
            .mapToInt(j -> j)
            .toArray();
    DMatrixRMaj axes = new DMatrixRMaj(d, d);
    for (int j = 0; j < d; j++) {
      CommonOps_DDRM.insert(eigen.getEigenVector(order[j]), axes, 0, j);
    }
    return axes;
  }

  /** The same with the variances of two axes exchanged. */
  Decomposition swapped(int i, int j) {
    double[] shape = logShape.clone();
    shape[i] = logShape[j];
    shape[j] = logShape[i];
    return new Decomposition(logVolume, shape, axes, offDiagonal);
  }

  static DMatrixRMaj[] matrices(Covariance[] covariances) {
    return Arrays.stream(covariances).map(Covariance::toMatrix).toArray(DMatrixRMaj[]::new);
  }

  static DMatrixRMaj[] matrices(Decomposition[] parts) {
    return Arrays.stream(parts)
        .map(p -> p.turned(CommonOps_DDRM.identity(p.axes.numRows), 0, p.logShape))
        .toArray(DMatrixRMaj[]::new);
  }

  /** The matrix of volume and shape changed, then turned by a rotation. */
  private DMatrixRMaj turned(DMatrixRMaj rotation, double volumeChange, double[] newLogShape) {
    DMatrixRMaj left = CommonOps_DDRM.mult(rotation, axes, null);
    DMatrixRMaj scaled = left.copy();
    for (int i = 0; i < scaled.numRows; i++) {
      for (int j = 0; j < scaled.numCols; j++) {
        double factor = Math.exp(logVolume + volumeChange + newLogShape[j]);
        scaled.set(i, j, scaled.get(i, j) * factor);
      }
    }
    return CommonOps_DDRM.multTransB(scaled, left, null);
  }

  /** A direction in which all parameters of a structure move at once. */
  record Direction(double[] volume, double[][] shape, DMatrixRMaj[] rotation) {

    static Direction random(CovarianceStructure structure, int d, int count, Random random) {
      double[] volume = new double[count];
      double[][] shape = new double[count][];
      DMatrixRMaj[] rotation = new DMatrixRMaj[count];
      for (int k = 0; k < count; k++) {
        boolean first = k == 0;
        volume[k] =
            first || structure.volume() == Attribute.VARIABLE ? random.nextGaussian() : volume[0];
        shape[k] =
            switch (structure.shape()) {
              case IDENTITY -> new double[d];
              case EQUAL -> first ? centred(d, random) : shape[0];
              case VARIABLE -> centred(d, random);
            };
        rotation[k] =
            switch (structure.orientation()) {
              case IDENTITY -> new DMatrixRMaj(d, d);
              case EQUAL -> first ? skew(d, random) : rotation[0];
              case VARIABLE -> skew(d, random);
            };
      }
      return new Direction(volume, shape, rotation);
    }

    DMatrixRMaj[] apply(Decomposition[] parts, double step) {
      DMatrixRMaj[] result = new DMatrixRMaj[parts.length];
      for (int k = 0; k < parts.length; k++) {
        double[] logShape = parts[k].logShape.clone();
        for (int j = 0; j < logShape.length; j++) {
          logShape[j] += step * shape[k][j];
        }
        result[k] = parts[k].turned(cayley(rotation[k], step), step * volume[k], logShape);
      }
      return result;
    }

    private static double[] centred(int d, Random random) {
      double[] values = random.doubles(d).map(v -> v - 0.5).toArray();
      double mean = Arrays.stream(values).sum() / d;
      return Arrays.stream(values).map(v -> v - mean).toArray();
    }

    private static DMatrixRMaj skew(int d, Random random) {
      DMatrixRMaj matrix = new DMatrixRMaj(d, d);
      for (int i = 0; i < d; i++) {
        for (int j = 0; j < i; j++) {
          double value = random.nextGaussian() / d;
          matrix.set(i, j, value);
          matrix.set(j, i, -value);
        }
      }
      return matrix;
    }

    private static DMatrixRMaj cayley(DMatrixRMaj skew, double step) {
      DMatrixRMaj identity = CommonOps_DDRM.identity(skew.numRows);
      DMatrixRMaj left = new DMatrixRMaj(identity);
      DMatrixRMaj right = new DMatrixRMaj(identity);
      CommonOps_DDRM.addEquals(left, -step / 2, skew);
      CommonOps_DDRM.addEquals(right, step / 2, skew);
      DMatrixRMaj rotation = new DMatrixRMaj(identity);
      CommonOps_DDRM.solve(left, right, rotation);
      return rotation;
    }
  }
}
