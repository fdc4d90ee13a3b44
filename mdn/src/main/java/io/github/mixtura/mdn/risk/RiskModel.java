package io.github.mixtura.mdn.risk;

/**
 * A way to forecast the next return from the returns of a window. Immutable; what a run learns
 * lives in the {@link Forecaster} it starts.
 */
public interface RiskModel {
  /**
   * Name in reports.
   *
   * @return for example {@code garch-t}
   */
  String name();

  /**
   * Days from one re-fit to the next.
   *
   * @return at least 1; 1 unless overridden
   */
  default int refitDays() {
    return 1;
  }

  /**
   * Begins a run over one series.
   *
   * @return a forecaster without parameters
   */
  Forecaster start();

  /**
   * The same model with another schedule.
   *
   * @param days from one re-fit to the next, at least 1
   * @return a model of the same name
   * @throws IllegalArgumentException if days is less than 1
   */
  default RiskModel refittedEvery(int days) {
    Requirements.require(days >= 1, "days", days, "must be at least 1");
    RiskModel model = this;
    return new RiskModel() {
      @Override
      public String name() {
        return model.name();
      }

      @Override
      public int refitDays() {
        return days;
      }

      @Override
      public Forecaster start() {
        return model.start();
      }
    };
  }
}
