package io.github.mixtura.em.selection;

import io.github.mixtura.em.MixtureFit;

/** What models are compared by; lower is better. */
public enum Criterion {
  /** −2ℓ + p log n. */
  BIC {
    @Override
    public double of(MixtureFit<?> fit) {
      return fit.bic();
    }
  },
  /** −2ℓ + 2p. */
  AIC {
    @Override
    public double of(MixtureFit<?> fit) {
      return fit.aic();
    }
  },
  /** BIC − 2 Σ w log max r. */
  ICL {
    @Override
    public double of(MixtureFit<?> fit) {
      return fit.icl();
    }
  };

  /**
   * The criterion of a fit.
   *
   * @param fit the fit
   * @return its value
   */
  public abstract double of(MixtureFit<?> fit);
}
