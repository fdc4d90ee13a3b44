package io.github.mixtura.mdn;

import io.github.mixtura.execution.Progress;
import java.util.Locale;

/**
 * Where training stands.
 *
 * @param start index of the start, from 0
 * @param starts number of starts
 * @param epoch epochs made in this start
 * @param epochs greatest number of them
 * @param trainingLoss mean of −log f over the last epoch's steps, in the data's units
 * @param validationLoss mean of −log f over the validation part; NaN where there is none
 */
public record TrainingProgress(
    int start, int starts, int epoch, int epochs, double trainingLoss, double validationLoss)
    implements Progress {
  @Override
  public String text() {
    return String.format(
        Locale.ROOT,
        "start %d/%d, epoch %d/%d, loss %s",
        start + 1,
        starts,
        epoch,
        epochs,
        (float) (Double.isNaN(validationLoss) ? trainingLoss : validationLoss));
  }
}
