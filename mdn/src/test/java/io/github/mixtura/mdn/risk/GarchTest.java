package io.github.mixtura.mdn.risk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.mixtura.data.UnusableDataException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GarchTest {
  @ParameterizedTest
  @ValueSource(strings = {"DAX", "SMI"})
  void fitsWholeSeries(String index) {
    GarchFit fit = Garch.normal().fit(EuStocks.returns(index));
    JsonNode expected = EuStocks.reference(index).get("garch_full_sample");
    assertEquals(expected.get("loglik").asDouble(), fit.logLikelihood(), 1e-8);
    assertEquals(expected.get("mu").asDouble(), fit.mean(), 2e-6);
    assertEquals(expected.get("omega").asDouble(), fit.omega(), 2e-6);
    assertEquals(expected.get("alpha").asDouble(), fit.alpha(), 2e-6);
    assertEquals(expected.get("beta").asDouble(), fit.beta(), 2e-6);
  }

  /** SciPy 1.17.1: Nelder-Mead on a likelihood written apart from this one. */
  @ParameterizedTest
  @CsvSource({
    "DAX, -2495.2684212120457, 0.076405015, 0.021630447, 0.079022188, 0.903585306, 6.03837423",
    "SMI, -2318.496480155538, 0.113582574, 0.057593215, 0.113679441, 0.821791203, 5.69714641",
  })
  void fitsStudent(
      String index,
      double logLikelihood,
      double mean,
      double omega,
      double alpha,
      double beta,
      double degreesOfFreedom) {
    GarchFit fit = Garch.studentT().fit(EuStocks.returns(index));
    assertEquals(logLikelihood, fit.logLikelihood(), 1e-8);
    assertEquals(mean, fit.mean(), 2e-6);
    assertEquals(omega, fit.omega(), 2e-6);
    assertEquals(alpha, fit.alpha(), 2e-6);
    assertEquals(beta, fit.beta(), 2e-6);
    assertEquals(degreesOfFreedom, fit.degreesOfFreedom(), 2e-5);
    assertTrue(fit.converged());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void gradientIsThatOfTheValue(boolean student) {
    Random random = new Random(4);
    double[] returns = random.doubles(60, -2, 2).toArray();
    GarchLikelihood likelihood = new GarchLikelihood(returns, student);
    double[] gradient = new double[likelihood.size()];
    double[] unused = new double[likelihood.size()];
    for (int draw = 0; draw < 20; draw++) {
      double[] u = random.doubles(likelihood.size(), -1.5, 1.5).toArray();
      likelihood.value(u, gradient);
      for (int j = 0; j < u.length; j++) {
        double[] ahead = u.clone();
        double[] back = u.clone();
        double h = 1e-4;
        ahead[j] += h;
        back[j] -= h;
        double near = likelihood.value(ahead, unused) - likelihood.value(back, unused);
        ahead[j] += h;
        back[j] -= h;
        double far = likelihood.value(ahead, unused) - likelihood.value(back, unused);
        double slope = (8 * near - far) / (12 * h);
        assertEquals(slope, gradient[j], 1e-6 * Math.max(1, Math.abs(slope)), "variable " + j);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void freeVariablesReturnTheParameters(boolean student) {
    GarchLikelihood likelihood = new GarchLikelihood(new double[] {1, -1, 2}, student);
    double[] natural =
        student ? new double[] {0.1, 0.05, 0.1, 0.85, 7} : new double[] {0.1, 0.05, 0.1, 0.85};
    double[] back = likelihood.natural(likelihood.free(natural));
    for (int j = 0; j < back.length; j++) {
      assertEquals(natural[j], back[j], 1e-12);
    }
  }

  @Test
  void recoversParameters() {
    double[] returns = simulate(20_000, 0.05, 0.05, 0.1, 0.85, 11);
    GarchFit fit = Garch.normal().fit(returns);
    assertEquals(0.1, fit.alpha(), 0.015);
    assertEquals(0.85, fit.beta(), 0.025);
    assertEquals(0.05, fit.omega(), 0.015);
  }

  @Test
  void scalesWithTheReturns() {
    double[] returns = Arrays.copyOf(EuStocks.returns("DAX"), 600);
    double[] small = Arrays.stream(returns).map(r -> 1e-6 * r).toArray();
    GarchFit fit = Garch.studentT().fit(returns);
    GarchFit scaled = Garch.studentT().fit(small);
    assertEquals(fit.alpha(), scaled.alpha(), 1e-9);
    assertEquals(fit.nextVariance(returns), 1e12 * scaled.nextVariance(small), 1e-9);
    assertEquals(fit.logLikelihood(), scaled.logLikelihood() + 600 * Math.log(1e-6), 1e-6);
  }

  @Test
  void warmStartsEndWhereColdOnesDo() {
    double[] returns = EuStocks.returns("SMI");
    Forecaster forecaster = Garch.studentT().start();
    for (int day = 0; day < 60; day++) {
      double[] window = Arrays.copyOfRange(returns, day, day + 500);
      forecaster.refit(window);
      if (day % 20 == 19) {
        double warm = forecaster.forecast(window).quantile(0.01);
        double cold = RiskForecast.of(Garch.studentT().fit(window).next(window)).quantile(0.01);
        assertEquals(cold, warm, 1e-4);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void reportsVariancesThatGoToZero(boolean student) {
    double[] returns = simulate(300, 0, 0.05, 0.1, 0.85, 2);
    Arrays.fill(returns, 200, 300, 0);
    GarchFit fit = (student ? Garch.studentT() : Garch.normal()).fit(returns);
    assertFalse(fit.findings().isEmpty());
    assertTrue(fit.nextVariance(returns) > 0);
    assertTrue(Double.isFinite(fit.logLikelihood()));
    assertTrue(fit.alpha() + fit.beta() < 1);
  }

  @Test
  void refusesWhatCannotBeFitted() {
    double[] constant = new double[100];
    Arrays.fill(constant, 0.3);
    String message =
        assertThrows(UnusableDataException.class, () -> Garch.normal().fit(constant)).getMessage();
    assertTrue(message.contains("all 100 returns of the window are 0.3"), message);
    assertThrows(UnusableDataException.class, () -> Garch.normal().fit(1, 2, 3));
    double[] missing = simulate(100, 0, 0.05, 0.1, 0.85, 2);
    missing[16] = Double.NaN;
    message =
        assertThrows(UnusableDataException.class, () -> Garch.normal().fit(missing)).getMessage();
    assertTrue(message.contains("row 17"), message);
    assertThrows(
        IllegalStateException.class, () -> Garch.normal().start().forecast(new double[60]));
  }

  @Test
  void survivesStrangeSeries() {
    Random random = new Random(8);
    for (int draw = 0; draw < 60; draw++) {
      double[] returns = new double[60];
      for (int t = 0; t < returns.length; t++) {
        returns[t] =
            switch (draw % 4) {
              case 0 -> random.nextInt(10) == 0 ? random.nextGaussian() : 0;
              case 1 -> t == draw % 60 ? 1e6 : random.nextGaussian();
              case 2 -> 5 + 1e-9 * random.nextInt(3);
              default -> random.nextGaussian() * Math.pow(10, -t / 10.0);
            };
      }
      for (Garch garch : new Garch[] {Garch.normal(), Garch.studentT()}) {
        GarchFit fit = garch.fit(returns);
        double q = RiskForecast.of(fit.next(returns)).quantile(0.01);
        assertTrue(Double.isFinite(q) && Double.isFinite(fit.logLikelihood()), "draw " + draw);
        assertTrue(fit.alpha() >= 0 && fit.beta() >= 0 && fit.alpha() + fit.beta() < 1);
      }
    }
  }

  static double[] simulate(int n, double mean, double omega, double alpha, double beta, long seed) {
    Random random = new Random(seed);
    double[] returns = new double[n];
    double variance = omega / (1 - alpha - beta);
    for (int t = 0; t < n; t++) {
      double e = Math.sqrt(variance) * random.nextGaussian();
      returns[t] = mean + e;
      variance = omega + alpha * e * e + beta * variance;
    }
    return returns;
  }
}
