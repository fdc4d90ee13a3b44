package io.github.mixtura.mdn.risk;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Forecasts of several models over the same days, judged.
 *
 * @param window returns a model saw
 * @param testDays days forecast
 * @param firstReturn index of the first test day among the returns, from 0; among prices it is one
 *     more
 * @param returns of the test days
 * @param benchmark name of the model that the others are compared with
 * @param models in the order they were asked for; where the study was stopped, those that had
 *     forecast at least {@value RiskStudy#LEAST_TEST_DAYS} days
 * @param stopReason why the study ended
 */
public record RiskReport(
    int window,
    int testDays,
    int firstReturn,
    double[] returns,
    String benchmark,
    List<Model> models,
    RiskStop stopReason) {

  /**
   * Copies the list.
   *
   * @param window see the record
   * @param testDays see the record
   * @param firstReturn see the record
   * @param returns see the record
   * @param benchmark see the record
   * @param models see the record
   * @param stopReason see the record
   */
  public RiskReport {
    models = List.copyOf(models);
  }

  /**
   * One model.
   *
   * @param name its name
   * @param days it forecast: the first of the test days, or all
   * @param levels one entry a level, in the order they were asked for
   * @param seconds wall time of its re-fits and forecasts, without the tests
   * @param refits number of re-fits
   * @param findings what re-fits reported
   */
  public record Model(
      String name,
      int days,
      List<Level> levels,
      double seconds,
      int refits,
      List<Forecasts.Finding> findings) {

    /**
     * Copies the lists.
     *
     * @param name see the record
     * @param days see the record
     * @param levels see the record
     * @param seconds see the record
     * @param refits see the record
     * @param findings see the record
     */
    public Model {
      levels = List.copyOf(levels);
      findings = List.copyOf(findings);
    }
  }

  /**
   * One level of a model. A statistic and its p-value are NaN where a test does not apply.
   *
   * @param level in (0.5, 1), for example 0.99
   * @param quantiles of the days at α = 1 − level; returns, negative for losses
   * @param tailMeans means of the returns below the quantiles as forecast
   * @param coverage hits r &lt; q, and the tests of Kupiec and Christoffersen
   * @param dynamicQuantile the DQ test
   * @param acerbiSzekely the test Z₂ of the expected shortfall
   * @param pinballLoss mean of the days
   * @param dieboldMariano pinball loss against the benchmark's, negative where smaller; empty for
   *     the benchmark itself
   */
  public record Level(
      double level,
      double[] quantiles,
      double[] tailMeans,
      CoverageTest coverage,
      TestResult dynamicQuantile,
      TestResult acerbiSzekely,
      double pinballLoss,
      Optional<TestResult> dieboldMariano) {
    @Override
    public String toString() {
      return "Level(level "
          + level
          + ", quantiles "
          + Arrays.toString(quantiles)
          + ", tailMeans "
          + Arrays.toString(tailMeans)
          + ", coverage "
          + coverage
          + ", dynamicQuantile "
          + dynamicQuantile
          + ", acerbiSzekely "
          + acerbiSzekely
          + ", pinballLoss "
          + pinballLoss
          + ", dieboldMariano "
          + dieboldMariano
          + ")";
    }
  }

  /**
   * One model by its name.
   *
   * @param name for example {@code ewma}
   * @return the first of that name
   * @throws IllegalArgumentException if there is none
   */
  public Model model(String name) {
    return models.stream()
        .filter(m -> m.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "model is '" + name + "', must be one of the report's"));
  }

  @Override
  public String toString() {
    return "RiskReport(window "
        + window
        + ", testDays "
        + testDays
        + ", firstReturn "
        + firstReturn
        + ", returns "
        + Arrays.toString(returns)
        + ", benchmark "
        + benchmark
        + ", models "
        + models
        + ", stopReason "
        + stopReason
        + ")";
  }
}
