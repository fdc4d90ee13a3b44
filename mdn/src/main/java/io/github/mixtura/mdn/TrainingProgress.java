package io.github.mixtura.mdn;

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
    int start, int starts, int epoch, int epochs, double trainingLoss, double validationLoss) {}
