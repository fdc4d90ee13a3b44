package io.github.mixtura.em.gaussian;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrientationStepTest {

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void derivativesAgreeWithDifferences(boolean equalVolume) {
    Random random = new Random(3);
    for (int seed = 0; seed < 20; seed++) {
      ScatterCase data = ScatterCase.random(4, 3, 40 + seed);
      DMatrixRMaj[] scatter = new DMatrixRMaj[3];
      Arrays.setAll(scatter, k -> ScaledScatters.unpacked(data.scatter()[k], 4));
      DMatrixRMaj omega = skew(random);
      double h = 1e-4;
      double middle = function(equalVolume, data.weight(), scatter, omega, 0);
      double up = function(equalVolume, data.weight(), scatter, omega, h);
      double down = function(equalVolume, data.weight(), scatter, omega, -h);
      OrientationStep step =
          new OrientationStep(equalVolume, scatter, slopes(equalVolume, data.weight(), scatter));
      double slope =
          CommonOps_DDRM.elementSum(CommonOps_DDRM.elementMult(step.gradient(), omega, null)) / 2;
      double curvature =
          CommonOps_DDRM.elementSum(CommonOps_DDRM.elementMult(omega, step.hessian(omega), null))
              / 2;
      double scale = data.weight()[0] + data.weight()[1] + data.weight()[2];
      assertEquals((up - down) / (2 * h), slope, 1e-3 * scale);
      assertEquals((up - 2 * middle + down) / (h * h), curvature, 1e-2 * scale);
    }
  }

  private static DMatrixRMaj skew(Random random) {
    DMatrixRMaj omega = new DMatrixRMaj(4, 4);
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < i; j++) {
        double value = random.nextGaussian() / 4;
        omega.set(i, j, value);
        omega.set(j, i, -value);
      }
    }
    return omega;
  }

  /** {@code Σ_k N_k log Π_j t_kj} or {@code dn log Σ_k Π_j t_kj^(1/d)} in axes exp(hΩ). */
  private static double function(
      boolean equalVolume, double[] weight, DMatrixRMaj[] scatter, DMatrixRMaj omega, double h) {
    DMatrixRMaj axes = CommonOps_DDRM.identity(4);
    DMatrixRMaj power = CommonOps_DDRM.identity(4);
    for (int order = 1; order < 6; order++) {
      power = CommonOps_DDRM.mult(power, omega, null);
      CommonOps_DDRM.scale(h / order, power);
      CommonOps_DDRM.addEquals(axes, power);
    }
    double logs = 0;
    double volumes = 0;
    for (int k = 0; k < weight.length; k++) {
      double log = logExtents(scatter[k], axes);
      logs += weight[k] * log;
      volumes += Math.exp(log / 4);
    }
    return equalVolume ? 4 * Arrays.stream(weight).sum() * Math.log(volumes) : logs;
  }

  private static double[] slopes(boolean equalVolume, double[] weight, DMatrixRMaj[] scatter) {
    double[] slopes = weight.clone();
    if (equalVolume) {
      DMatrixRMaj identity = CommonOps_DDRM.identity(4);
      Arrays.setAll(slopes, k -> Math.exp(logExtents(scatter[k], identity) / 4));
      double factor = Arrays.stream(weight).sum() / Arrays.stream(slopes).sum();
      Arrays.setAll(slopes, k -> slopes[k] * factor);
    }
    return slopes;
  }

  private static double logExtents(DMatrixRMaj scatter, DMatrixRMaj axes) {
    DMatrixRMaj product = CommonOps_DDRM.mult(scatter, axes, null);
    DMatrixRMaj rotated = CommonOps_DDRM.multTransA(axes, product, null);
    double sum = 0;
    for (int j = 0; j < 4; j++) {
      sum += Math.log(rotated.get(j, j));
    }
    return sum;
  }
}
