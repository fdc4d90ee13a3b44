package io.github.mixtura.mdn.risk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.distribution.Component;
import io.github.mixtura.distribution.Covariance;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.distribution.Sampled;
import io.github.mixtura.distribution.StudentT;
import io.github.mixtura.distribution.Univariate;
import io.github.mixtura.mixture.Mixture;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueAtRiskTest {
  /** mpmath 1.3.0: bisection of the distribution function, quadrature of x f(x). */
  @ParameterizedTest
  @CsvSource({
    "0.01, -3.86785145115861081, -4.65392360425061131",
    "0.05, -2.1766375079993553, -3.20616420646706267",
    "0.3, -0.471655284245751524, -1.40125051066542148",
  })
  void ofGaussianMixture(double p, double quantile, double tailMean) {
    RiskForecast forecast =
        RiskForecast.of(
            Mixture.of(List.of(Gaussian.of(0.1, 0.8 * 0.8), Gaussian.of(-0.2, 4)), 0.7, 0.3));
    assertEquals(quantile, forecast.quantile(p), 4e-15 * Math.abs(quantile));
    assertEquals(tailMean, forecast.tailMean(p), 1e-14 * Math.abs(tailMean));
  }

  /** mpmath 1.3.0, as above. */
  @ParameterizedTest
  @CsvSource({
    "0.01, -4.49733054320944041, -6.19347511053443246",
    "0.05, -2.57921528539177815, -3.85270866257526699",
    "0.3, -0.612928125255274211, -1.73778596233409089",
  })
  void ofStudentMixture(double p, double quantile, double tailMean) {
    RiskForecast forecast =
        RiskForecast.of(
            Mixture.of(
                List.of(StudentT.of(0.1, 0.8 * 0.8, 3), StudentT.of(-0.3, 2.25, 5.5)), 0.6, 0.4));
    assertEquals(quantile, forecast.quantile(p), 1e-13 * Math.abs(quantile));
    assertEquals(tailMean, forecast.tailMean(p), 1e-13 * Math.abs(tailMean));
  }

  @Test
  void invertsRandomMixtures() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 500; i++) {
      double spread = Math.pow(10, random.nextDouble(-3, 3));
      Mixture<Gaussian> mixture =
          Mixture.of(
              List.of(
                  Gaussian.of(random.nextDouble(-20, 20), spread),
                  Gaussian.of(random.nextDouble(-20, 20), random.nextDouble(1e-3, 1)),
                  Gaussian.of(0, 1)),
              0.2,
              0.5,
              0.3);
      double p = Math.pow(10, -random.nextDouble(0.01, 9));
      double q = RiskForecast.of(mixture).quantile(p);
      double slack = 4 * Math.ulp(q) * Math.exp(mixture.logDensity(q));
      assertEquals(p, mixture.cdf(q), 1e-13 * p + slack, "draw " + i);
    }
  }

  @Test
  void findsQuantileBetweenModesFarApart() {
    RiskForecast forecast =
        RiskForecast.of(Mixture.of(List.of(Gaussian.of(-1e3, 1), Gaussian.of(1e3, 1)), 0.25, 0.75));
    assertEquals(1e3 + 0.43072729929545744, forecast.quantile(0.25 + 0.5), 1e-9);
    double inGap = forecast.quantile(0.25);
    assertTrue(inGap > -995 && inGap < 995, "quantile is " + inGap);
    assertEquals(-1e3, forecast.tailMean(0.25), 1e-9);
  }

  @Test
  void integratesOtherLaws() {
    RiskForecast forecast =
        RiskForecast.of(Mixture.of(List.of(new Logistic(0.5, 2), new Logistic(-1, 1)), 0.4, 0.6));
    double p = 0.02;
    double q = forecast.quantile(p);
    double below =
        0.4 * 2 * Math.log1p(Math.exp((q - 0.5) / 2)) + 0.6 * Math.log1p(Math.exp(q + 1));
    assertEquals(q - below / p, forecast.tailMean(p), 1e-10 * Math.abs(q));
    Mixture<StudentT> student = Mixture.of(List.of(StudentT.of(0, 1, 2.5)), 1);
    RiskForecast quadrature =
        RiskForecast.of(Mixture.of(List.of(new Hidden(student.component(0))), 1));
    assertEquals(RiskForecast.of(student).tailMean(p), quadrature.tailMean(p), 1e-9);
  }

  @Test
  void hasNoMeanWhereTheLawHasNone() {
    RiskForecast cauchy = RiskForecast.of(Mixture.of(List.of(StudentT.of(0, 1, 1)), 1));
    assertEquals(Double.NEGATIVE_INFINITY, cauchy.tailMean(0.05));
    assertEquals(-1 / Math.tan(0.05 * Math.PI), cauchy.quantile(0.05), 1e-12);
  }

  @Test
  void ofSampleInterpolates() {
    RiskForecast forecast = RiskForecast.ofSample(4, 1, 3, 2, 10);
    assertEquals(1.4, forecast.quantile(0.1), 1e-15);
    assertEquals(3, forecast.quantile(0.5), 0);
    double sum = 0;
    int n = 100_000;
    for (int i = 0; i < n; i++) {
      sum += forecast.quantile(0.6 * (i + 0.5) / n) / n;
    }
    assertEquals(sum, forecast.tailMean(0.6), 1e-9);
    assertEquals(7, RiskForecast.ofSample(7).tailMean(0.01), 0);
  }

  @Test
  void refusesBadInput() {
    RiskForecast forecast = RiskForecast.of(Mixture.of(List.of(Gaussian.of(0, 1)), 1));
    for (double p : new double[] {0, 1, -0.1, 1.1, Double.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> forecast.quantile(p));
      assertThrows(IllegalArgumentException.class, () -> forecast.tailMean(p));
    }
    Gaussian plane = Gaussian.of(new double[2], Covariance.diagonal(1, 1));
    assertThrows(
        IllegalArgumentException.class, () -> RiskForecast.of(Mixture.of(List.of(plane), 1)));
    assertThrows(IllegalArgumentException.class, () -> RiskForecast.ofSample());
    assertThrows(IllegalArgumentException.class, () -> RiskForecast.ofSample(1, Double.NaN));
  }

  /** A law the forecast does not know. */
  private record Logistic(double mean, double scale) implements Component, Univariate, Sampled {
    @Override
    public int dimension() {
      return 1;
    }

    @Override
    public double logDensity(double... x) {
      double z = Math.abs(x[0] - mean) / scale;
      return -z - Math.log(scale) - 2 * Math.log1p(Math.exp(-z));
    }

    @Override
    public double[] sample(RandomGenerator random) {
      return new double[] {quantile(random.nextDouble())};
    }

    @Override
    public double cdf(double x) {
      return 1 / (1 + Math.exp((mean - x) / scale));
    }

    @Override
    public double quantile(double p) {
      return mean + scale * Math.log(p / (1 - p));
    }
  }

  /** Student's t as a law the forecast does not know. */
  private record Hidden(StudentT law) implements Component, Univariate, Sampled {
    @Override
    public int dimension() {
      return 1;
    }

    @Override
    public double logDensity(double... x) {
      return law.logDensity(x);
    }

    @Override
    public double[] sample(RandomGenerator random) {
      return law.sample(random);
    }

    @Override
    public double cdf(double x) {
      return law.cdf(x);
    }

    @Override
    public double quantile(double p) {
      return law.quantile(p);
    }
  }
}
