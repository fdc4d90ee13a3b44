package io.github.mixtura.distribution;

import java.util.random.RandomGenerator;

/** A law that rows can be drawn from. */
public interface Sampled {
  /**
   * One draw.
   *
   * @param random source of randomness
   * @return d values
   */
  double[] sample(RandomGenerator random);
}
