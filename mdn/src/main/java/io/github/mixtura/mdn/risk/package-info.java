/**
 * One-day forecasts of Value-at-Risk and expected shortfall, and the tests that judge them.
 *
 * <p>A {@link io.github.mixtura.mdn.risk.RiskModel} turns the returns of a window into a {@link
 * io.github.mixtura.mdn.risk.RiskForecast} for the day after; {@link
 * io.github.mixtura.mdn.risk.RollingForecast} moves the window over a series; {@link
 * io.github.mixtura.mdn.risk.RiskStudy} does so for several models and judges them in a {@link
 * io.github.mixtura.mdn.risk.RiskReport}. Returns are 100 Δ log price. Quantiles and tail means are
 * returns, negative for losses: the Value-at-Risk as a loss is minus the quantile.
 */
package io.github.mixtura.mdn.risk;
