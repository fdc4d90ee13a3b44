package io.github.mixtura.sdp;

import io.github.mixtura.optimisation.Certification;

/**
 * How a partition is looked for, and what is maximised.
 *
 * <p>Every method returns K groups that each have a row, and refuses more groups than there are
 * distinct rows. {@link Certification#CERTIFIED} and {@link Certification#GAP} come from {@link
 * #SDP}, {@link #LOW_RANK} and {@link #ILA_SDP} only; the others are {@link
 * Certification#UNCERTIFIED}.
 */
public enum Method {
  /**
   * K-means++ (as many starts as asked for) and Ward's tree, improved by Lloyd's iteration and
   * Hartigan's moves. Maximises minus the within-group sum of squares; no bound.
   */
  K_MEANS("k-means"),
  /**
   * SDP-relaxed K-means (Peng &amp; Wei 2007, doi:10.1137/050641983). Maximises the between-group
   * sum of squares ⟨A, Z⟩, A = XXᵀ of centred rows, and bounds it.
   */
  SDP("sdp"),
  /**
   * The non-negative low-rank form of SDP-relaxed K-means (Zhuang et al. 2024, arXiv:2305.18436)
   * from a random start; objective and bound are those of {@link #SDP}.
   */
  LOW_RANK("low-rank"),
  /**
   * Local search of the classification likelihood. Maximises −L = −Σ n_k log |S_k| − tr S_k⁻¹W_k,
   * S_k being the (shrunk) covariances of the groups; no bound.
   */
  LIKELIHOOD("likelihood"),
  /**
   * iLA-SDP (Zhuang et al. 2023, arXiv:2209.15097): labels and covariances in turn. Maximises −L,
   * and bounds it for the covariances of the returned labels.
   */
  ILA_SDP("ila-sdp");

  private final String label;

  Method(String label) {
    this.label = label;
  }

  /**
   * The name in the command line.
   *
   * @return such as {@code ila-sdp}
   */
  public String label() {
    return label;
  }
}
