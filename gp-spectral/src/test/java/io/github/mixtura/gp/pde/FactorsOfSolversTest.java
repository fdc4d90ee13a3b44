package io.github.mixtura.gp.pde;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.dense.Dense;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.NormOps_DDRM;
import org.ejml.dense.row.RandomMatrices_DDRM;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FactorsOfSolversTest {
  private final Random random = new Random(5);

  private DMatrixRMaj matrix(int rows, int columns) {
    return RandomMatrices_DDRM.rectangle(rows, columns, -1, 1, random);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "5, 3", "40, 33", "100, 70", "70, 70"})
  void qrReproducesItsMatrix(int rows, int columns) {
    DMatrixRMaj a = matrix(rows, columns);
    Qr qr = new Qr(a);
    DMatrixRMaj back = qr.times(qr.r());
    CommonOps_DDRM.subtractEquals(back, a);
    assertTrue(NormOps_DDRM.normF(back) < 1e-13 * rows);
    DMatrixRMaj q = qr.times(CommonOps_DDRM.identity(columns));
    DMatrixRMaj inner = new DMatrixRMaj(columns, columns);
    CommonOps_DDRM.multTransA(q, q, inner);
    CommonOps_DDRM.subtractEquals(inner, CommonOps_DDRM.identity(columns));
    assertTrue(NormOps_DDRM.normF(inner) < 1e-13 * rows);
    DMatrixRMaj x = matrix(columns, 2);
    DMatrixRMaj b = new DMatrixRMaj(rows, 2);
    CommonOps_DDRM.mult(a, x, b);
    DMatrixRMaj found = qr.solve(b);
    CommonOps_DDRM.subtractEquals(found, x);
    assertTrue(NormOps_DDRM.normF(found) < 1e-9);
  }

  @ParameterizedTest
  @CsvSource({"20, 8, 0.3", "8, 20, 0.3", "8, 8, 1e-3", "1, 3, 0.5", "30, 1, 0.1"})
  void ridgeAgreesWithDenseFormulas(int rows, int columns, double sigma) {
    DMatrixRMaj a = matrix(rows, columns);
    double[] b = matrix(rows, 1).data;
    Ridge ridge = new Ridge(a, b);
    DMatrixRMaj k = new DMatrixRMaj(rows, rows);
    CommonOps_DDRM.multOuter(a, k);
    for (int i = 0; i < rows; i++) {
      k.add(i, i, sigma * sigma);
    }
    DMatrixRMaj inverse = k.copy();
    assertTrue(CommonOps_DDRM.invert(inverse));
    DMatrixRMaj alpha = new DMatrixRMaj(rows, 1);
    CommonOps_DDRM.mult(inverse, Ridge.column(b), alpha);
    Ridge.Evidence evidence = ridge.evidence(sigma);
    double quadratic = CommonOps_DDRM.dot(alpha, Ridge.column(b));
    assertEquals(quadratic, evidence.quadratic(), 1e-8 * quadratic);
    assertEquals(Math.log(CommonOps_DDRM.det(k)), evidence.logDeterminant(), 1e-8);

    DMatrixRMaj mean = new DMatrixRMaj(columns, 1);
    CommonOps_DDRM.multTransA(a, alpha, mean);
    double[] found = ridge.mean(sigma, b);
    for (int i = 0; i < columns; i++) {
      assertEquals(mean.get(i), found[i], 1e-8 * (1 + Math.abs(mean.get(i))));
    }

    // φᵀφ − φᵀAᵀK⁻¹Aφ.
    double[] phi = matrix(columns, 1).data;
    DMatrixRMaj cross = new DMatrixRMaj(rows, 1);
    CommonOps_DDRM.mult(a, Ridge.column(phi), cross);
    DMatrixRMaj solved = new DMatrixRMaj(rows, 1);
    CommonOps_DDRM.mult(inverse, cross, solved);
    double expected =
        CommonOps_DDRM.dot(Ridge.column(phi), Ridge.column(phi))
            - CommonOps_DDRM.dot(cross, solved);
    assertEquals(expected, ridge.variance(sigma).of(phi), 1e-8);
  }

  @Test
  void linearFitObeysTheBoundary() {
    DMatrixRMaj a = matrix(30, 12);
    DMatrixRMaj rows = matrix(2, 12);
    double[] b = matrix(30, 1).data;
    LinearFit fit = new LinearFit(a, b, rows, new double[] {3, -1});
    DMatrixRMaj at = new DMatrixRMaj(2, 1);
    CommonOps_DDRM.mult(rows, Ridge.column(fit.mean()), at);
    assertEquals(3, at.get(0), 1e-12);
    assertEquals(-1, at.get(1), 1e-12);
    for (double deviation : fit.standardDeviations(rows)) {
      assertTrue(deviation < 1e-7);
    }
  }

  @Test
  void sylvesterSolves() {
    DMatrixRMaj a = matrix(30, 30);
    DMatrixRMaj b = matrix(17, 17);
    DMatrixRMaj y = matrix(30, 17);
    DMatrixRMaj g = new DMatrixRMaj(30, 17);
    CommonOps_DDRM.mult(a, y, g);
    CommonOps_DDRM.multAddTransB(y, b, g);
    Sylvester sylvester = new Sylvester(a, b);
    DMatrixRMaj found = sylvester.solve(g);
    CommonOps_DDRM.subtractEquals(found, y);
    assertTrue(NormOps_DDRM.normF(found) < 1e-9);

    // The norm of the functional ψᵀYχ, entry by entry of G.
    double[] psi = matrix(30, 1).data;
    double[] chi = matrix(17, 1).data;
    double sum = 0;
    for (int i = 0; i < 30; i++) {
      for (int j = 0; j < 17; j++) {
        DMatrixRMaj unit = new DMatrixRMaj(30, 17);
        unit.set(i, j, 1);
        DMatrixRMaj answer = sylvester.solve(unit);
        double value = 0;
        for (int k = 0; k < 30; k++) {
          for (int l = 0; l < 17; l++) {
            value += psi[k] * answer.get(k, l) * chi[l];
          }
        }
        sum += value * value;
      }
    }
    double norm = sylvester.adjointNorm(sylvester.turned(0, psi), sylvester.turned(1, chi));
    assertEquals(Math.sqrt(sum), norm, 1e-9 * norm);
  }

  @Test
  void tensorRidgeAgreesWithDenseFormulas() {
    DMatrixRMaj a = matrix(4, 4);
    DMatrixRMaj l = matrix(4, 4);
    DMatrixRMaj b = matrix(3, 3);
    DMatrixRMaj m = matrix(3, 3);
    DMatrixRMaj g = matrix(4, 3);
    double rho = 2.5;
    TensorRidge.Fit fit = new TensorRidge(a, l, b, m, g).fit(rho);
    DMatrixRMaj design = new DMatrixRMaj(12, 12);
    for (int c = 0; c < 12; c++) {
      DMatrixRMaj unit = new DMatrixRMaj(4, 3);
      unit.data[c] = 1;
      DMatrixRMaj y = Dense.multiplyTransB(multiply(l, unit), m);
      DMatrixRMaj column = multiply(a, y);
      CommonOps_DDRM.multAddTransB(y, b, column);
      for (int i = 0; i < 12; i++) {
        design.set(i, c, column.data[i]);
      }
    }
    // Posterior of X given g = ρ·design·X + E, by the covariance of g.
    DMatrixRMaj k = new DMatrixRMaj(12, 12);
    CommonOps_DDRM.multOuter(design, k);
    CommonOps_DDRM.scale(rho * rho, k);
    for (int i = 0; i < 12; i++) {
      k.add(i, i, 1);
    }
    assertEquals(Math.log(CommonOps_DDRM.det(k)), fit.logDeterminant(), 1e-9);
    DMatrixRMaj alpha = new DMatrixRMaj(12, 1);
    assertTrue(CommonOps_DDRM.solve(k, Ridge.column(g.data), alpha));
    DMatrixRMaj x = new DMatrixRMaj(12, 1);
    CommonOps_DDRM.multTransA(rho * rho, design, alpha, x);
    DMatrixRMaj mean = Dense.multiplyTransB(multiply(l, DMatrixRMaj.wrap(4, 3, x.data)), m);
    CommonOps_DDRM.subtractEquals(mean, fit.mean());
    assertTrue(NormOps_DDRM.normF(mean) < 1e-10);
    double expected = Gmres.dot(x, x) / (rho * rho);
    assertEquals(expected, fit.penalty(), 1e-10 * expected);

    double[] psi = matrix(4, 1).data;
    double[] chi = matrix(3, 1).data;
    DMatrixRMaj functional = new DMatrixRMaj(12, 1);
    DMatrixRMaj left = new DMatrixRMaj(4, 1);
    CommonOps_DDRM.multTransA(l, Ridge.column(psi), left);
    DMatrixRMaj right = new DMatrixRMaj(3, 1);
    CommonOps_DDRM.multTransA(m, Ridge.column(chi), right);
    for (int i = 0; i < 12; i++) {
      functional.set(i, 0, rho * left.get(i / 3) * right.get(i % 3));
    }
    DMatrixRMaj cross = multiply(design, functional);
    CommonOps_DDRM.scale(rho, cross);
    DMatrixRMaj solved = new DMatrixRMaj(12, 1);
    assertTrue(CommonOps_DDRM.solve(k, cross, solved));
    double variance = Gmres.dot(functional, functional) - Gmres.dot(cross, solved);
    double found = fit.standardDeviations(new double[][] {psi}, new double[][] {chi})[0];
    assertEquals(Math.sqrt(variance), found, 1e-8);
  }

  private static DMatrixRMaj multiply(DMatrixRMaj a, DMatrixRMaj b) {
    DMatrixRMaj c = new DMatrixRMaj(a.numRows, b.numCols);
    CommonOps_DDRM.mult(a, b, c);
    return c;
  }

  @Test
  void gmresSolves() {
    DMatrixRMaj a = matrix(25, 25);
    for (int i = 0; i < 25; i++) {
      a.add(i, i, 8);
    }
    DMatrixRMaj x = matrix(25, 3);
    DMatrixRMaj b = new DMatrixRMaj(25, 3);
    CommonOps_DDRM.mult(a, x, b);
    Control control = new Control(Duration.ofMinutes(5), () -> false, phase -> {});
    DMatrixRMaj found =
        Gmres.solve(
            v -> {
              DMatrixRMaj product = new DMatrixRMaj(25, 3);
              CommonOps_DDRM.mult(a, v, product);
              return product;
            },
            v -> v,
            b,
            1e-12,
            75,
            control);
    CommonOps_DDRM.subtractEquals(found, x);
    assertTrue(NormOps_DDRM.normF(found) < 1e-9);
  }

  @ParameterizedTest
  @CsvSource({"0.05", "0.5", "3", "8"})
  void featuresAreARootOfTheCovariance(double width) {
    Features features = new Features(new double[] {0, 40}, new double[] {0.7, 1.5}, width);
    double[] times = {0, 0.2, 0.55, 1};
    DMatrixRMaj[] basis = features.matrices(times);
    double h = 1e-4;
    for (int i = 0; i < times.length; i++) {
      for (int j = 0; j < times.length; j++) {
        double sum = 0;
        for (int k = 0; k < features.size(); k++) {
          sum += basis[0].get(i, k) * basis[0].get(j, k);
        }
        double d = times[i] - times[j];
        double expected = Math.exp(-width * d * d) * (0.49 + 2.25 * Math.cos(40 * d));
        assertEquals(expected, sum, 1e-14);
      }
      DMatrixRMaj[] around = features.matrices(new double[] {times[i] - h, times[i] + h});
      for (int k = 0; k < features.size(); k++) {
        double low = around[0].get(0, k);
        double high = around[0].get(1, k);
        assertEquals((high - low) / (2 * h), basis[1].get(i, k), 1e-3);
        double lowSlope = around[1].get(0, k);
        double highSlope = around[1].get(1, k);
        assertEquals((highSlope - lowSlope) / (2 * h), basis[2].get(i, k), 0.05);
      }
    }
  }

  @Test
  void detectionStopsAtNoise() {
    double[] values = new double[400];
    for (int i = 0; i < values.length; i++) {
      double t = i / 399.0;
      values[i] = Math.sin(200 * t) + 0.2 * Math.cos(311.3 * t) + 1e-3 * random.nextGaussian();
    }
    Detection detection = new Detection(List.of(values), Detection.EXACT);
    double[] omegas = detection.omegas();
    assertEquals(2, omegas.length);
    assertEquals(200, omegas[0], 0.01);
    assertEquals(311.3, omegas[1], 0.05);
    assertTrue(detection.isComplete(1e-8));
    assertEquals(1.4e-3, detection.noiseFloor(), 0.7e-3);
    assertEquals(0, detection.energyAbove(0.9));
  }
}
