package io.github.mixtura.mdn.risk;

import io.github.mixtura.execution.Progress;
import java.util.Locale;

/**
 * Where forecasts stand.
 *
 * @param model name of the model at work
 * @param index of the model among those of the study, from 0
 * @param models number of models
 * @param day test days the model has forecast
 * @param days test days in all
 */
public record RiskProgress(String model, int index, int models, int day, int days)
    implements Progress {
  @Override
  public String text() {
    return String.format(
        Locale.ROOT, "model %d/%d, %s, test day %d/%d", index + 1, models, model, day, days);
  }

  @Override
  public double fraction() {
    return (index + (double) day / days) / models;
  }
}
