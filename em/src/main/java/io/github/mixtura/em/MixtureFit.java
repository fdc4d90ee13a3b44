package io.github.mixtura.em;

import io.github.mixtura.distribution.Component;
import io.github.mixtura.mixture.Mixture;
import java.util.List;
import java.util.Locale;

/**
 * A fitted mixture and how it was found.
 *
 * @param mixture the mixture
 * @param family what was fitted
 * @param columnNames names of the columns
 * @param rows number of rows of positive weight
 * @param totalWeight Σw, the n of the criteria
 * @param logLikelihood ℓ = Σ w log f(x), natural logarithm, of this very mixture
 * @param parameterCount free parameters p, mixing weights included
 * @param classificationLogWeight Σ w log max_k r, ≤ 0
 * @param diagnostics how the fit went
 * @param <C> the law
 */
public record MixtureFit<C extends Component>(
    Mixture<C> mixture,
    Family<C> family,
    List<String> columnNames,
    long rows,
    double totalWeight,
    double logLikelihood,
    int parameterCount,
    double classificationLogWeight,
    Diagnostics diagnostics) {

  /**
   * Bayesian information criterion −2ℓ + p log n; lower is better.
   *
   * @return BIC, n being the total weight
   */
  public double bic() {
    return -2 * logLikelihood + parameterCount * Math.log(totalWeight);
  }

  /**
   * Akaike's information criterion −2ℓ + 2p; lower is better.
   *
   * @return AIC
   */
  public double aic() {
    return -2 * logLikelihood + 2.0 * parameterCount;
  }

  /**
   * Integrated completed likelihood BIC − 2 Σ w log max_k r; lower is better.
   *
   * @return ICL
   */
  public double icl() {
    return bic() - 2 * classificationLogWeight;
  }

  @Override
  public String toString() {
    String structure = family.structure(mixture.dimension());
    return String.format(
        Locale.ROOT,
        "%s%s fit, K = %d: log-likelihood %.4f, BIC %.4f, %d iterations (%s)%n%s",
        family.name(),
        structure == null ? "" : " " + structure,
        mixture.componentCount(),
        logLikelihood,
        bic(),
        diagnostics.iterations(),
        diagnostics.stopReason(),
        mixture);
  }
}
