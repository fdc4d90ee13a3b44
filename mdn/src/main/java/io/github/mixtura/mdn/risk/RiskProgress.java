package io.github.mixtura.mdn.risk;

/**
 * Where forecasts stand.
 *
 * @param model name of the model at work
 * @param index of the model among those of the study, from 0
 * @param models number of models
 * @param day test days the model has forecast
 * @param days test days in all
 */
public record RiskProgress(String model, int index, int models, int day, int days) {}
