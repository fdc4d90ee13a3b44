package io.github.mixtura.em;

import io.github.mixtura.execution.Progress;
import java.util.Locale;

/**
 * Where a fit stands.
 *
 * @param start index of the start, from 0
 * @param starts number of starts
 * @param iteration M-steps made in this start
 * @param maxIterations greatest number of them
 * @param logLikelihood at the current mixture, with the logarithms of priors where there are any
 */
public record FitProgress(
    int start, int starts, int iteration, int maxIterations, double logLikelihood)
    implements Progress {
  @Override
  public String text() {
    return String.format(
        Locale.ROOT,
        "start %d/%d, iteration %d/%d, log-likelihood %s",
        start + 1,
        starts,
        iteration,
        maxIterations,
        (float) logLikelihood);
  }
}
