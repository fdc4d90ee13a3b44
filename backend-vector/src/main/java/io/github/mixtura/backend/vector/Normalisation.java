package io.github.mixtura.backend.vector;

import static io.github.mixtura.backend.vector.Lanes.COUNT;
import static io.github.mixtura.backend.vector.Lanes.SHAPE;
import static io.github.mixtura.backend.vector.VectorWorkspace.STRIDE;
import static io.github.mixtura.compute.Block.ROWS;
import static jdk.incubator.vector.DoubleVector.broadcast;
import static jdk.incubator.vector.DoubleVector.fromArray;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;

/**
 * From log-densities to responsibilities, one block at a time.
 *
 * <p>Passes over the rows take up to four components at once. Loops over rows are not nested in
 * loops over components with vectors in flight: the compiler would turn those into objects.
 */
final class Normalisation {
  private static final double LOG2_E = 1.4426950408889634;

  /** log 2 in two parts; the product of the first with any |k| ≤ 2048 is exact. */
  private static final double LOG_2_HIGH = 0x1.62e42fefa38p-1;

  private static final double LOG_2_LOW = 0x1.ef35793c7673p-45;

  /** Adding it rounds to an integer, and leaves that integer + 1023 in the low bits. */
  private static final double ROUNDER = 0x1.8p52 + 1023;

  /** Above it e^−y is returned as exactly 0. */
  private static final long LARGEST_EXPONENT = Double.doubleToRawLongBits(709.0);

  /** Its bits minus those of a number are about the bits of the reciprocal. */
  private static final double RECIPROCAL = Double.longBitsToDouble(0x7FDE623822FC16E6L);

  private Normalisation() {}

  /** Where a component begins; the last one for those beyond it. */
  private static int place(int k, int components) {
    return Math.min(k, components - 1) * STRIDE;
  }

  /** shift ← the largest value of each row; total ← 0, or NaN where the shift is not finite. */
  private static void shifts(double[] v, int components, double[] shift, double[] total) {
    if (components < 4) {
      largestOf3(v, place(1, components), place(2, components), shift, total);
      return;
    }
    largestOf4(v, shift, total);
    int k = 4;
    for (; k + 3 < components; k += 4) {
      largestOf5(v, k * STRIDE, shift, total);
    }
    for (; k < components; k++) {
      largestOf2(v, k * STRIDE, shift, total);
    }
  }

  private static void largestOf2(double[] v, int from, double[] shift, double[] total) {
    for (int b = 0; b < ROWS; b += COUNT) {
      DoubleVector s = fromArray(SHAPE, shift, b).max(fromArray(SHAPE, v, from + b));
      s.intoArray(shift, b);
      s.sub(s).intoArray(total, b);
    }
  }

  private static void largestOf3(double[] v, int from1, int from2, double[] shift, double[] total) {
    for (int b = 0; b < ROWS; b += COUNT) {
      DoubleVector x = fromArray(SHAPE, v, b).max(fromArray(SHAPE, v, from1 + b));
      DoubleVector s = x.max(fromArray(SHAPE, v, from2 + b));
      s.intoArray(shift, b);
      s.sub(s).intoArray(total, b);
    }
  }

  private static void largestOf4(double[] v, double[] shift, double[] total) {
    for (int b = 0; b < ROWS; b += COUNT) {
      DoubleVector x = fromArray(SHAPE, v, b).max(fromArray(SHAPE, v, STRIDE + b));
      DoubleVector y = fromArray(SHAPE, v, 2 * STRIDE + b).max(fromArray(SHAPE, v, 3 * STRIDE + b));
      DoubleVector s = x.max(y);
      s.intoArray(shift, b);
      s.sub(s).intoArray(total, b);
    }
  }

  private static void largestOf5(double[] v, int from, double[] shift, double[] total) {
    for (int b = 0; b < ROWS; b += COUNT) {
      DoubleVector x = fromArray(SHAPE, v, from + b).max(fromArray(SHAPE, v, from + STRIDE + b));
      DoubleVector y =
          fromArray(SHAPE, v, from + 2 * STRIDE + b)
              .max(fromArray(SHAPE, v, from + 3 * STRIDE + b));
      DoubleVector s = fromArray(SHAPE, shift, b).max(x.max(y));
      s.intoArray(shift, b);
      s.sub(s).intoArray(total, b);
    }
  }

  /** v ← e^(v − shift), which is added to {@code total}. */
  private static void exponentials(double[] v, int components, double[] shift, double[] total) {
    for (int k = 0; k < components; k++) {
      addExponentials(v, k * STRIDE, shift, total);
    }
  }

  private static void addExponentials(double[] v, int from, double[] shift, double[] total) {
    for (int b = 0; b < ROWS; b += COUNT) {
      // Numbers that are not negative are ordered like their bits.
      DoubleVector y =
          fromArray(SHAPE, shift, b)
              .sub(fromArray(SHAPE, v, from + b))
              .reinterpretAsLongs()
              .lanewise(VectorOperators.MIN, LARGEST_EXPONENT)
              .reinterpretAsDoubles();
      DoubleVector t = y.fma(broadcast(SHAPE, -LOG2_E), broadcast(SHAPE, ROUNDER));
      DoubleVector k = t.sub(ROUNDER);
      DoubleVector r = k.fma(broadcast(SHAPE, LOG_2_LOW), k.fma(broadcast(SHAPE, LOG_2_HIGH), y));
      DoubleVector power =
          t.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
      // e^−r for |r| ≤ ½ log 2: a minimax polynomial of degree 11, truncation error 2e-17.
      DoubleVector r2 = r.mul(r);
      DoubleVector even =
          r2.fma(broadcast(SHAPE, -0x1.af634de290edbp-26), broadcast(SHAPE, -0x1.71ddf6af12b54p-19))
              .fma(r2, broadcast(SHAPE, -0x1.a01a01b006e65p-13))
              .fma(r2, broadcast(SHAPE, -0x1.111111110f822p-7))
              .fma(r2, broadcast(SHAPE, -0x1.5555555555558p-3))
              .fma(r2, broadcast(SHAPE, -1));
      DoubleVector odd =
          r2.fma(broadcast(SHAPE, 0x1.28917bf78de6cp-22), broadcast(SHAPE, 0x1.a019b91778834p-16))
              .fma(r2, broadcast(SHAPE, 0x1.6c16c1788857dp-10))
              .fma(r2, broadcast(SHAPE, 0x1.5555555553d6fp-5))
              .fma(r2, broadcast(SHAPE, 0x1.0000000000001p-1));
      DoubleVector e = odd.fma(r, even).fma(r, broadcast(SHAPE, 1)).mul(power);
      e.intoArray(v, from + b);
      fromArray(SHAPE, total, b).add(e).intoArray(total, b);
    }
  }

  /** Multiplies the components from {@code first} on by the factor of each row. */
  private static void scale(double[] v, int first, int components, double[] factor) {
    int k = first;
    for (; k + 3 < components; k += 4) {
      scale4(v, k * STRIDE, factor);
    }
    for (; k < components; k++) {
      scale1(v, k * STRIDE, factor);
    }
  }

  private static void scale1(double[] v, int from, double[] factor) {
    for (int b = 0; b < ROWS; b += COUNT) {
      fromArray(SHAPE, v, from + b).mul(fromArray(SHAPE, factor, b)).intoArray(v, from + b);
    }
  }

  private static void scale4(double[] v, int from, double[] factor) {
    for (int b = 0; b < ROWS; b += COUNT) {
      DoubleVector f = fromArray(SHAPE, factor, b);
      fromArray(SHAPE, v, from + b).mul(f).intoArray(v, from + b);
      fromArray(SHAPE, v, from + STRIDE + b).mul(f).intoArray(v, from + STRIDE + b);
      fromArray(SHAPE, v, from + 2 * STRIDE + b).mul(f).intoArray(v, from + 2 * STRIDE + b);
      fromArray(SHAPE, v, from + 3 * STRIDE + b).mul(f).intoArray(v, from + 3 * STRIDE + b);
    }
  }

  /**
   * One block without weights. Adds the shifts to {@code sums} (one vector) and multiplies the sums
   * of exponentials into {@code products} (one vector).
   */
  static void unweighted(
      double[] v,
      int components,
      double[] shift,
      double[] total,
      double[] sums,
      double[] products) {
    shifts(v, components, shift, total);
    exponentials(v, components, shift, total);
    divide3(v, place(1, components), place(2, components), shift, total, sums, products);
    scale(v, 3, components, total);
  }

  /**
   * Divides three components by their total; total ← 1/total. Adds the shifts to {@code sums},
   * multiplies the totals into {@code products}.
   *
   * <p>A division would take twice the time of this reciprocal of a number from 1 to K: the bits of
   * a first one, wrong by 6 % at most, are a difference, and three steps of second and third order
   * leave an error below an ulp.
   */
  private static void divide3(
      double[] v,
      int from1,
      int from2,
      double[] shift,
      double[] total,
      double[] sums,
      double[] products) {
    DoubleVector product = fromArray(SHAPE, products, 0);
    DoubleVector shifts = fromArray(SHAPE, sums, 0);
    for (int b = 0; b < ROWS; b += COUNT) {
      DoubleVector t = fromArray(SHAPE, total, b);
      shifts = shifts.add(fromArray(SHAPE, shift, b));
      product = product.mul(t);
      DoubleVector minus = t.neg();
      DoubleVector f =
          broadcast(SHAPE, RECIPROCAL)
              .reinterpretAsLongs()
              .sub(t.reinterpretAsLongs())
              .reinterpretAsDoubles();
      DoubleVector e = f.fma(minus, broadcast(SHAPE, 1));
      f = e.fma(f, f);
      e = f.fma(minus, broadcast(SHAPE, 1));
      f = e.fma(e, e).fma(f, f);
      e = f.fma(minus, broadcast(SHAPE, 1));
      f = e.fma(e, e).fma(f, f);
      f.intoArray(total, b);
      DoubleVector v0 = fromArray(SHAPE, v, b).mul(f);
      DoubleVector v1 = fromArray(SHAPE, v, from1 + b).mul(f);
      DoubleVector v2 = fromArray(SHAPE, v, from2 + b).mul(f);
      v0.intoArray(v, b);
      v1.intoArray(v, from1 + b);
      v2.intoArray(v, from2 + b);
    }
    shifts.intoArray(sums, 0);
    product.intoArray(products, 0);
  }

  /**
   * One block with weights or with row sums asked for. A row whose densities are all 0 has a sum
   * that is not a number.
   */
  static void withLogSums(
      double[] v,
      int components,
      double[] w,
      double[] shift,
      double[] total,
      double[] logSums,
      double[] sums) {
    shifts(v, components, shift, total);
    exponentials(v, components, shift, total);
    Logarithm.log(total, 0, 1, 0, 1, 0, logSums, 0);
    add(shift, logSums);
    weighted(logSums, w, total, sums);
    scale(v, 0, components, total);
  }

  private static void add(double[] shift, double[] logSums) {
    for (int b = 0; b < ROWS; b += COUNT) {
      fromArray(SHAPE, logSums, b).add(fromArray(SHAPE, shift, b)).intoArray(logSums, b);
    }
  }

  /** total ← w/total; adds Σ w logSum to {@code sums}. */
  private static void weighted(double[] logSums, double[] w, double[] total, double[] sums) {
    DoubleVector sum = fromArray(SHAPE, sums, 0);
    for (int b = 0; b < ROWS; b += COUNT) {
      DoubleVector weight = fromArray(SHAPE, w, b);
      sum = fromArray(SHAPE, logSums, b).fma(weight, sum);
      weight.div(fromArray(SHAPE, total, b)).intoArray(total, b);
    }
    sum.intoArray(sums, 0);
  }
}
