package io.github.mixtura.mdn.risk;

/**
 * Outcome of a statistical test.
 *
 * @param statistic the statistic; NaN where the test does not apply
 * @param pValue probability of one as extreme if the hypothesis holds; NaN where the statistic is
 */
public record TestResult(double statistic, double pValue) {}
