package io.github.mixtura.distribution;

/** Inverts distribution functions. */
public final class Quantiles {
  private Quantiles() {}

  /**
   * Solves F(x) = p on a bracket by bisection with secant steps (Illinois rule).
   *
   * @param law gives F
   * @param p probability in [0, 1]
   * @param low a point with F(low) ≤ p
   * @param high a point with F(high) ≥ p
   * @return x, to the spacing of doubles or to where F no longer changes
   */
  public static double invert(Univariate law, double p, double low, double high) {
    double a = low;
    double b = high;
    double fa = law.cdf(a) - p;
    double fb = law.cdf(b) - p;
    if (fa >= 0) {
      return a;
    }
    if (fb <= 0) {
      return b;
    }
    int side = 0;
    for (int i = 0; i < 400; i++) {
      double x = i % 3 == 2 ? a + 0.5 * (b - a) : a - fa * ((b - a) / (fb - fa));
      if (!(x > a && x < b)) {
        x = a + 0.5 * (b - a);
        if (!(x > a && x < b)) {
          break;
        }
      }
      double fx = law.cdf(x) - p;
      if (fx == 0) {
        return x;
      }
      if (fx < 0) {
        a = x;
        fa = fx;
        fb = side < 0 ? 0.5 * fb : fb;
        side = -1;
      } else {
        b = x;
        fb = fx;
        fa = side > 0 ? 0.5 * fa : fa;
        side = 1;
      }
    }
    return b;
  }
}
