package io.github.mixtura.mdn;

/**
 * Why training ended. None of them says that the loss has a minimum there: a network is not trained
 * until its gradient vanishes.
 *
 * <p>In every case what is kept had the least loss of all that was judged: on the validation part,
 * of the running mean after each epoch, of the parameters before the first step and of the polished
 * ones. Without a validation part, epochs are compared by the mean training loss of their steps;
 * unless training was cut short, what is kept is no worse on the training part than the parameters
 * before the first step.
 */
public enum TrainingStop {
  /** All epochs, starts and iterations of the polish that were asked for were made. */
  EPOCHS,
  /**
   * The validation loss of the last {@link TrainingOptions#patience} epochs was not below the best
   * before them.
   */
  EARLY_STOPPING,
  /**
   * The time limit passed before all was made. What was being computed then is left out: an epoch
   * that was not finished, or where not even the first was, everything but the start from EM.
   */
  TIME_LIMIT,
  /** The caller cancelled; as with the time limit. */
  CANCELLED,
  /** Fifty steps in a row had a loss or gradient that is not a number. */
  DIVERGED
}
