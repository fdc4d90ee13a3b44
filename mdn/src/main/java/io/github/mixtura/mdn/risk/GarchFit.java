package io.github.mixtura.mdn.risk;

import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.distribution.StudentT;
import io.github.mixtura.mixture.Mixture;
import java.util.List;

/**
 * A fitted GARCH(1,1) model: r_t = μ + e_t, e_t of mean 0 and variance σ²_t = ω + α e²_{t−1} + β
 * σ²_{t−1}.
 *
 * @param mean μ
 * @param omega ω &gt; 0
 * @param alpha α ≥ 0
 * @param beta β ≥ 0, α + β &lt; 1
 * @param degreesOfFreedom ν &gt; 2 of Student's t scaled to variance 1; infinite for the normal law
 * @param logLikelihood ℓ, constants included
 * @param converged whether the optimiser predicted no further gain
 * @param findings what the user should know; empty if nothing
 */
public record GarchFit(
    double mean,
    double omega,
    double alpha,
    double beta,
    double degreesOfFreedom,
    double logLikelihood,
    boolean converged,
    List<String> findings) {

  /**
   * Copies the list.
   *
   * @param mean see the record
   * @param omega see the record
   * @param alpha see the record
   * @param beta see the record
   * @param degreesOfFreedom see the record
   * @param logLikelihood see the record
   * @param converged see the record
   * @param findings see the record
   */
  public GarchFit {
    findings = List.copyOf(findings);
  }

  /**
   * Variance of the return that follows.
   *
   * @param returns oldest first, at least one (read); the recursion begins with e²_0 = σ²_0 = mean
   *     of e²
   * @return σ² of the next return
   */
  public double nextVariance(double... returns) {
    double[] variances = new GarchLikelihood(returns, false).variances(mean, omega, alpha, beta);
    return variances[returns.length];
  }

  /**
   * Law of the return that follows.
   *
   * @param returns as for {@link #nextVariance} (read)
   * @return one normal or Student-t component of mean μ and variance σ²
   */
  public Mixture<?> next(double... returns) {
    double variance = nextVariance(returns);
    if (degreesOfFreedom == Double.POSITIVE_INFINITY) {
      return Mixture.of(List.of(Gaussian.of(mean, variance)), 1);
    }
    double scale = variance * (degreesOfFreedom - 2) / degreesOfFreedom;
    return Mixture.of(List.of(StudentT.of(mean, scale, degreesOfFreedom)), 1);
  }
}
