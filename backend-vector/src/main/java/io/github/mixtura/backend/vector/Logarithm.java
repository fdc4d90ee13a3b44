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
   * into ← log x for positive normal x, error below 1 ulp or 2e-16 times the result near 1; {@code
   * length} is a multiple of a vector.
   *
   * <p>x = m 2^k with m in [√½, √2); log m = 2 artanh s with s = (m − 1)/(m + 1), |s| ≤ 0.1716:
   * eleven terms.
   */
  static void log(double[] x, double[] into, int length) {
    for (int b = 0; b < length; b += COUNT) {
      LongVector bits = fromArray(SHAPE, x, b).reinterpretAsLongs();
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
      k.fma(broadcast(SHAPE, LOG_2_HIGH), f.sub(small)).intoArray(into, b);
    }
  }

  /**
   * into ← log(1 + scale · x) for one block of a component and scale · x ≥ 0, relative error below
   * 4e-16 also where it is tiny.
   */
  static void logOnePlus(double[] x, int at, double scale, double[] one, double[] into) {
    for (int b = 0; b < ROWS; b += COUNT) {
      fromArray(SHAPE, x, at + b)
          .fma(broadcast(SHAPE, scale), broadcast(SHAPE, 1))
          .intoArray(one, b);
    }
    log(one, into, ROWS);
    for (int b = 0; b < ROWS; b += COUNT) {
      DoubleVector u = fromArray(SHAPE, one, b);
      DoubleVector lost =
          fromArray(SHAPE, x, at + b).fma(broadcast(SHAPE, scale), broadcast(SHAPE, 1).sub(u));
      // What rounding took from u counts as lost/u, and in full only near u = 1, where 2 − u is the
      // reciprocal; from u = 2 on it is below the rounding of the logarithm.
      DoubleVector reciprocal =
          u.reinterpretAsLongs()
              .lanewise(VectorOperators.MIN, TWO)
              .reinterpretAsDoubles()
              .neg()
              .add(2);
      lost.fma(reciprocal, fromArray(SHAPE, into, b)).intoArray(into, b);
    }
  }
}
