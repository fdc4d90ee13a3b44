package io.github.mixtura.mdn;

/** Why training ended. The best parameters so far are kept in every case. */
public enum TrainingStop {
  /** All epochs were made. */
  EPOCHS,
  /** The validation loss did not fall for as many epochs as patience allows. */
  EARLY_STOPPING,
  /** The time limit passed. */
  TIME_LIMIT,
  /** The caller cancelled. */
  CANCELLED,
  /** Too many steps in a row had a loss or gradient that is not a number. */
  DIVERGED
}
