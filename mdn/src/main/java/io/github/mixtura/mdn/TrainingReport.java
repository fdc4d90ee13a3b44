package io.github.mixtura.mdn;

import java.util.List;

/**
 * How training went. Losses are means of −log f in the data's units, without penalties.
 *
 * @param stopReason why the kept start ended, or what ended the fit before all starts were made
 * @param epochs epochs of the kept start
 * @param bestEpoch the epoch whose parameters were kept; 0 for those before the first step
 * @param bestStart index of the kept start, from 0
 * @param steps steps taken by the kept start
 * @param rejectedSteps steps left out because a loss or gradient was not a number
 * @param clippedSteps steps whose gradient was shortened
 * @param trainingExamples examples learnt from
 * @param validationExamples examples that decided when to stop
 * @param parameterCount size of the network
 * @param startLoss of the mixture that EM found, on the training targets; NaN if the fit ended
 *     before it was known
 * @param firstLoss of the network before the first step, on the training part; NaN if the fit ended
 *     before it was known
 * @param trainingLosses mean over the steps of each epoch; NaN for an epoch of rejected steps only
 * @param validationLosses after each epoch; empty where there is no validation part
 * @param startLosses what decided between the starts, best of each; infinite if a start ended
 *     before it was known
 * @param polished L-BFGS iterations that were kept
 * @param seconds wall time of the whole fit
 * @param warnings findings that the user should know
 */
public record TrainingReport(
    TrainingStop stopReason,
    int epochs,
    int bestEpoch,
    int bestStart,
    long steps,
    long rejectedSteps,
    long clippedSteps,
    int trainingExamples,
    int validationExamples,
    int parameterCount,
    double startLoss,
    double firstLoss,
    List<Double> trainingLosses,
    List<Double> validationLosses,
    List<Double> startLosses,
    int polished,
    double seconds,
    List<String> warnings) {

  /**
   * Copies the lists.
   *
   * @param stopReason see the record
   * @param epochs see the record
   * @param bestEpoch see the record
   * @param bestStart see the record
   * @param steps see the record
   * @param rejectedSteps see the record
   * @param clippedSteps see the record
   * @param trainingExamples see the record
   * @param validationExamples see the record
   * @param parameterCount see the record
   * @param startLoss see the record
   * @param firstLoss see the record
   * @param trainingLosses see the record
   * @param validationLosses see the record
   * @param startLosses see the record
   * @param polished see the record
   * @param seconds see the record
   * @param warnings see the record
   */
  public TrainingReport {
    trainingLosses = List.copyOf(trainingLosses);
    validationLosses = List.copyOf(validationLosses);
    startLosses = List.copyOf(startLosses);
    warnings = List.copyOf(warnings);
  }
}
