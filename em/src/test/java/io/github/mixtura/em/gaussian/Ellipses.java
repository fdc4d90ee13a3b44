package io.github.mixtura.em.gaussian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.distribution.Covariance;
import io.github.mixtura.em.FamilyContract.Symmetry;
import io.github.mixtura.em.gaussian.CovarianceStructure.Attribute;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/** Covariances that obey a structure, and checks that some do. */
public final class Ellipses {
  private Ellipses() {}

  /** Means on a zigzag, two or three standard deviations apart. */
  public static double[] mean(int k, int columns) {
    double[] mean = new double[columns];
    Arrays.setAll(mean, j -> 2.5 * k * ((k + j) % 2 == 0 ? 1 : -1) + j);
    return mean;
  }

  /** Weights 3 : 2 : 1 and the like. */
  public static double[] weights(int components) {
    double[] weights = new double[components];
    Arrays.setAll(weights, k -> (components - k) / (0.5 * components * (components + 1)));
    return weights;
  }

  /** Covariances in which everything that the structure leaves free differs. */
  public static Covariance covariance(CovarianceStructure structure, int k, int columns) {
    double volume = structure.volume() == Attribute.EQUAL ? 1 : new double[] {1, 2.5, 0.6}[k % 3];
    int shapeOf = structure.shape() == Attribute.EQUAL ? 0 : k;
    double[] variances = new double[columns];
    double mean = 0;
    for (int j = 0; j < columns; j++) {
      boolean sphere = structure.shape() == Attribute.IDENTITY;
      variances[j] = sphere ? 0 : 0.8 * Math.cos(2.0 * j + shapeOf);
      mean += variances[j] / columns;
    }
    for (int j = 0; j < columns; j++) {
      variances[j] = volume * Math.exp(variances[j] - mean);
    }
    if (structure.isDiagonal()) {
      return Covariance.diagonal(variances);
    }
    double angle = structure.orientation() == Attribute.EQUAL ? 0.5 : 0.5 + 0.7 * k;
    DMatrixRMaj axes = rotation(columns, angle);
    DMatrixRMaj scaled = CommonOps_DDRM.mult(axes, CommonOps_DDRM.diag(variances), null);
    return Covariance.full(CommonOps_DDRM.multTransB(scaled, axes, null));
  }

  private static DMatrixRMaj rotation(int columns, double angle) {
    DMatrixRMaj result = CommonOps_DDRM.identity(columns);
    for (int j = 1; j < columns; j++) {
      DMatrixRMaj plane = CommonOps_DDRM.identity(columns);
      plane.set(j - 1, j - 1, Math.cos(angle * j));
      plane.set(j, j, Math.cos(angle * j));
      plane.set(j - 1, j, -Math.sin(angle * j));
      plane.set(j, j - 1, Math.sin(angle * j));
      result = CommonOps_DDRM.mult(result, plane, null);
    }
    return result;
  }

  /** The table of Celeux &amp; Govaert (1995), covariances only. */
  public static int parameterCount(CovarianceStructure structure, int columns, int components) {
    int all = columns * (columns + 1) / 2;
    int d = columns;
    int count = components;
    return switch (structure) {
      case EII -> 1;
      case VII -> count;
      case EEI -> d;
      case VEI -> d + count - 1;
      case EVI -> count * d - (count - 1);
      case VVI -> count * d;
      case EEE -> all;
      case VEE -> all + count - 1;
      case EVE -> all + (count - 1) * (d - 1);
      case VVE -> all + (count - 1) * d;
      case EEV -> count * all - (count - 1) * d;
      case VEV -> count * all - (count - 1) * (d - 1);
      case EVV -> count * all - (count - 1);
      case VVV -> count * all;
    };
  }

  /** Fails unless what is to be equal is, and what may vary does. */
  public static void assertConstraints(CovarianceStructure structure, List<Covariance> found) {
    int d = found.get(0).dimension();
    double volume = volume(found.get(0));
    double[] shape = eigenvalues(found.get(0));
    for (Covariance covariance : found) {
      assertEquals(structure.isDiagonal(), covariance.isDiagonal());
    }
    for (int k = 1; k < found.size(); k++) {
      double ratio = volume(found.get(k)) / volume;
      assertTied(structure.volume() == Attribute.EQUAL, Math.abs(ratio - 1), "volume", k);
      double[] other = eigenvalues(found.get(k));
      double difference = 0;
      for (int j = 0; j < d; j++) {
        difference = Math.max(difference, Math.abs(other[j] / (ratio * shape[j]) - 1));
        if (structure.shape() == Attribute.IDENTITY) {
          assertEquals(other[0], other[j], 1e-12 * other[0], "sphere " + k);
        }
      }
      assertTied(structure.shape() != Attribute.VARIABLE, difference, "shape", k);
      if (!structure.isDiagonal()) {
        double turn = commutator(found.get(0), found.get(k));
        assertTied(structure.orientation() == Attribute.EQUAL, turn, "orientation", k);
      } else if (structure.shape() == Attribute.EQUAL) {
        for (int j = 0; j < d; j++) {
          double tied = ratio * found.get(0).get(j, j);
          assertEquals(tied, found.get(k).get(j, j), 1e-9 * tied, "axis " + j);
        }
      }
    }
  }

  private static void assertTied(boolean tied, double difference, String what, int k) {
    assertTrue(
        tied ? difference < 1e-8 : difference > 1e-4,
        () -> what + " of " + k + " differs by " + difference + (tied ? ", is tied" : ", is free"));
  }

  private static double volume(Covariance covariance) {
    return Math.exp(covariance.logDeterminant() / covariance.dimension());
  }

  private static double[] eigenvalues(Covariance covariance) {
    int d = covariance.dimension();
    var eigen = DecompositionFactory_DDRM.eig(d, false, true);
    eigen.decompose(covariance.toMatrix());
    double[] values = new double[d];
    Arrays.setAll(values, j -> eigen.getEigenvalue(j).real);
    Arrays.sort(values);
    return values;
  }

  /** Largest entry of AB − BA, relative to the sizes of A and B: 0 if they share their axes. */
  private static double commutator(Covariance a, Covariance b) {
    DMatrixRMaj left = CommonOps_DDRM.mult(a.toMatrix(), b.toMatrix(), null);
    DMatrixRMaj right = CommonOps_DDRM.mult(b.toMatrix(), a.toMatrix(), null);
    DMatrixRMaj difference = CommonOps_DDRM.subtract(left, right, null);
    return CommonOps_DDRM.elementMaxAbs(difference) / CommonOps_DDRM.elementMaxAbs(left);
  }

  /** Largest difference: means by standard deviations, covariances by their products. */
  public static double distance(
      double[] mean, Covariance covariance, double[] foundMean, Covariance found) {
    double largest = 0;
    for (int i = 0; i < mean.length; i++) {
      double deviation = Math.sqrt(covariance.get(i, i));
      largest = Math.max(largest, Math.abs(foundMean[i] - mean[i]) / deviation);
      for (int j = 0; j <= i; j++) {
        double unit = deviation * Math.sqrt(covariance.get(j, j));
        largest = Math.max(largest, Math.abs(found.get(i, j) - covariance.get(i, j)) / unit);
      }
    }
    return largest;
  }

  /** A linear map with a shift, as general as the structure allows. */
  public static Symmetry symmetry(CovarianceStructure structure, int columns) {
    DMatrixRMaj map =
        switch (structure) {
          case EEI, VEI, EVI, VVI -> stretch(columns);
          case EEE, VEE, EVV, VVV ->
              CommonOps_DDRM.mult(rotation(columns, 1.1), stretch(columns), null);
          default -> rotation(columns, 1.1);
        };
    CommonOps_DDRM.scale(0.03, map);
    return new Symmetry(
        x -> {
          double[] y = new double[columns];
          for (int i = 0; i < columns; i++) {
            y[i] = 5 - i;
            for (int j = 0; j < columns; j++) {
              y[i] += map.get(i, j) * x[j];
            }
          }
          return y;
        },
        Math.log(Math.abs(CommonOps_DDRM.det(map))));
  }

  private static DMatrixRMaj stretch(int columns) {
    double[] factors = new double[columns];
    Arrays.setAll(factors, j -> 1 + 20.0 * j);
    return CommonOps_DDRM.diag(factors);
  }
}
