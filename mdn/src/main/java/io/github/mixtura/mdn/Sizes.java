package io.github.mixtura.mdn;

/** Sums and products of sizes, which stay at {@link Long#MAX_VALUE} where they would pass it. */
final class Sizes {
  private Sizes() {}

  static long sum(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  static long product(long a, long b) {
    return a != 0 && b > Long.MAX_VALUE / a ? Long.MAX_VALUE : a * b;
  }
}
