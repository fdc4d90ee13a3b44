package io.github.mixtura.em;

import io.github.mixtura.execution.StopReason;
import java.util.List;

/**
 * How a fit went.
 *
 * @param stopReason why the kept start ended
 * @param iterations M-steps after the start, of the kept start
 * @param logLikelihoodTrace ℓ, with the logarithms of priors where there are any, after 0, 1, …
 *     iterations; the last belongs to the returned mixture
 * @param startLogLikelihoods the same at the end of every start, NaN where one ended without a
 *     model
 * @param bestStart index of the kept start, from 0
 * @param backend name of the backend that computed
 * @param threads number of threads
 * @param seconds wall time from validated observations to the result
 * @param cpuSeconds CPU time of the fitting threads in that span
 * @param warnings repairs and findings of the kept start
 */
public record Diagnostics(
    StopReason stopReason,
    int iterations,
    List<Double> logLikelihoodTrace,
    List<Double> startLogLikelihoods,
    int bestStart,
    String backend,
    int threads,
    double seconds,
    double cpuSeconds,
    List<FitWarning> warnings) {

  /**
   * Copies the lists.
   *
   * @param stopReason see the record
   * @param iterations see the record
   * @param logLikelihoodTrace see the record
   * @param startLogLikelihoods see the record
   * @param bestStart see the record
   * @param backend see the record
   * @param threads see the record
   * @param seconds see the record
   * @param cpuSeconds see the record
   * @param warnings see the record
   */
  public Diagnostics {
    logLikelihoodTrace = List.copyOf(logLikelihoodTrace);
    startLogLikelihoods = List.copyOf(startLogLikelihoods);
    warnings = List.copyOf(warnings);
  }

  /**
   * Whether the fit converged in the sense of {@link StopReason#TOLERANCE}.
   *
   * @return true if it stopped by tolerance
   */
  public boolean converged() {
    return stopReason == StopReason.TOLERANCE;
  }

  /**
   * Whether the fit was repaired, holds a spike, or ended degenerate.
   *
   * @return true if it is not a plain maximum of the likelihood
   */
  public boolean isDegenerate() {
    return stopReason == StopReason.DEGENERATE
        || warnings.stream().anyMatch(FitWarning::isDegeneracy);
  }
}
