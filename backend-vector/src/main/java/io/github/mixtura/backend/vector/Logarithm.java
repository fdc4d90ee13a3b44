package io.github.mixtura.backend.vector;

import static io.github.mixtura.backend.vector.Lanes.COUNT;
import static io.github.mixtura.backend.vector.Lanes.SHAPE;
import static io.github.mixtura.compute.Block.ROWS;
import static jdk.incubator.vector.DoubleVector.broadcast;
import static jdk.incubator.vector.DoubleVector.fromArray;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/** Natural logarithms of arrays. */
final class Logarithm {
  /** log 2 in two parts; the product of the first with any |k| ≤ 2048 is exact. */
  private static final double LOG_2_HIGH = 0x1.62e42fefa38p-1;

  private static final double LOG_2_LOW = 0x1.ef35793c7673p-45;

  /** Bits of √½: subtracting them makes the exponent field carry exactly at √½. */
  private static final long ROOT_HALF = 0x3fe6a09e667f3bcdL;

  /** A small integer added to its bits is added to its value. */
  private static final double LARGE = 0x1.8p52;

  private static final long TWO = Double.doubleToRawLongBits(2);

  private Logarithm() {}

  /**
   * into ← constant + factor · log(offset + scale · x) for one block, with offset 0 or 1, scale · x
   * ≥ 0, and a positive normal argument of the logarithm. Error of the logarithm: below 1 ulp or
   * 2e-16 times the result near 1; with offset 1 below 5e-16 of the result also where it is tiny.
   *
   * <p>The argument is m 2^k with m in [√½, √2); log m = 2 artanh s with s = (m − 1)/(m + 1), |s| ≤
   * 0.1716: eleven terms.
   */
  static void log(
      double[] x,
      int from,
      double scale,
      double offset,
      double factor,
      double constant,
      double[] into,
      int at) {
    for (int b = 0; b < ROWS; b += COUNT) {
      DoubleVector t = fromArray(SHAPE, x, from + b);
      DoubleVector u = t.fma(broadcast(SHAPE, scale), broadcast(SHAPE, offset));
      DoubleVector lost = t.fma(broadcast(SHAPE, scale), broadcast(SHAPE, offset).sub(u));
      LongVector bits = u.reinterpretAsLongs();
      LongVector exponent = bits.sub(ROOT_HALF).lanewise(VectorOperators.ASHR, 52);
      DoubleVector k =
          exponent.add(Double.doubleToRawLongBits(LARGE)).reinterpretAsDoubles().sub(LARGE);
      DoubleVector f =
          bits.sub(exponent.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles().sub(1);
      DoubleVector s = f.div(f.add(2));
      DoubleVector z = s.mul(s);
      DoubleVector q =
          broadcast(SHAPE, 2.0 / 23)
              .fma(z, broadcast(SHAPE, 2.0 / 21))
              .fma(z, broadcast(SHAPE, 2.0 / 19))
              .fma(z, broadcast(SHAPE, 2.0 / 17))
              .fma(z, broadcast(SHAPE, 2.0 / 15))
              .fma(z, broadcast(SHAPE, 2.0 / 13))
              .fma(z, broadcast(SHAPE, 2.0 / 11))
              .fma(z, broadcast(SHAPE, 2.0 / 9))
              .fma(z, broadcast(SHAPE, 2.0 / 7))
              .fma(z, broadcast(SHAPE, 2.0 / 5))
              .fma(z, broadcast(SHAPE, 2.0 / 3))
              .mul(z);
      // log m = f − s (f − q): the large part f is exact, the rest is small.
      DoubleVector small = s.mul(f.sub(q)).sub(k.mul(LOG_2_LOW));
      DoubleVector log = k.fma(broadcast(SHAPE, LOG_2_HIGH), f.sub(small));
      // What rounding took from u counts as lost/u, and in full only near u = 1, where 2 − u is the
      // reciprocal; left out from u = 2 on, where it is an ulp at most.
      DoubleVector reciprocal =
          broadcast(SHAPE, 2).sub(bits.lanewise(VectorOperators.MIN, TWO).reinterpretAsDoubles());
      lost.fma(reciprocal, log)
          .fma(broadcast(SHAPE, factor), broadcast(SHAPE, constant))
          .intoArray(into, at + b);
    }
  }
}
