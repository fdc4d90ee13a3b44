package io.github.mixtura.mdn.risk;

/** Why forecasts end. What was forecast until then is kept in every case. */
public enum RiskStop {
  /** Every test day was forecast. */
  COMPLETED,
  /** The time limit passed. */
  TIME_LIMIT,
  /** The caller cancelled. */
  CANCELLED
}
