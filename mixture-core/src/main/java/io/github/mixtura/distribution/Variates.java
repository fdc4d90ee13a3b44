package io.github.mixtura.distribution;

import java.util.random.RandomGenerator;

/** Random numbers of laws that {@link RandomGenerator} does not offer. */
final class Variates {
  private Variates() {}

  /**
   * A gamma variate with rate 1 and a shape of at least 1; times u^(1/shape), u uniform, it has the
   * shape less 1.
   *
   * <p>Marsaglia &amp; Tsang 2000, doi:10.1145/358407.358414.
   */
  static double gamma(double shape, RandomGenerator random) {
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = random.nextGaussian();
      double v = 1 + c * x;
      if (v <= 0) {
        continue;
      }
      v = v * v * v;
      double u = 1 - random.nextDouble();
      if (Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
        return d * v;
      }
    }
  }

  /**
   * An angle of the von Mises law with mean direction 0, in [−π, π].
   *
   * <p>Best &amp; Fisher 1979, doi:10.2307/2346732; the uniform law for tiny and the normal one for
   * huge κ, where it cannot be told apart.
   */
  static double vonMises(double concentration, RandomGenerator random) {
    if (concentration < 1e-8) {
      return Math.PI * (2 * random.nextDouble() - 1);
    }
    if (concentration > 1e8) {
      return random.nextGaussian() / Math.sqrt(concentration);
    }
    double tau = 1 + Math.sqrt(1 + 4 * concentration * concentration);
    double rho = (tau - Math.sqrt(2 * tau)) / (2 * concentration);
    // r − 1 without cancellation where κ is large and ρ near 1.
    double excess = (1 - rho) * (1 - rho) / (2 * rho);
    double r = 1 + excess;
    while (true) {
      double z = Math.cos(Math.PI * random.nextDouble());
      double oneMinusF = excess * (1 - z) / (r + z);
      double f = 1 - oneMinusF;
      double c = concentration * (r - f);
      double u = 1 - random.nextDouble();
      if (c * (2 - c) > u || Math.log(c / u) + 1 - c >= 0) {
        // acos f = 2 asin √((1 − f)/2), accurate near 0.
        double angle = 2 * Math.asin(Math.sqrt(Math.min(1, 0.5 * oneMinusF)));
        return random.nextBoolean() ? angle : -angle;
      }
    }
  }
}
