package io.github.mixtura.mdn.risk;

import io.github.mixtura.data.UnusableDataException;
import java.util.List;

/**
 * A model at work on one series, day after day. It knows only the windows it was shown, and may
 * begin a re-fit where the last one ended. For one thread.
 */
public interface Forecaster {
  /**
   * Estimates the parameters anew.
   *
   * @param window the returns before the day to forecast, oldest first, finite (read)
   * @return what the user should know of this fit: degenerate likelihoods, bounds, no convergence;
   *     empty if nothing
   * @throws UnusableDataException if the model cannot be fitted to the window
   */
  List<String> refit(double[] window);

  /**
   * Forecasts the day after a window with the parameters of the last re-fit.
   *
   * @param window the returns before the day to forecast, oldest first, finite (read)
   * @return the forecast
   * @throws IllegalStateException if there was no re-fit yet
   */
  RiskForecast forecast(double[] window);
}
