package io.github.mixtura.backend.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The shape of the vectors, and how the kernels of this package are written.
 *
 * <p>A vector that the compiler cannot keep in a register becomes an object, which costs more than
 * ten times the arithmetic. So here
 *
 * <ul>
 *   <li>loops call the methods of the Vector API themselves: those are always inlined, methods of
 *       our own only while the compiled method is small;
 *   <li>no method takes or returns a vector;
 *   <li>loops over rows have a constant length, and no vector crosses a loop of variable length
 *       inside another loop: on JDK 17 such a vector is an object;
 *   <li>all operations are exactly rounded (+, −, ×, ÷, √, fma, max, bit operations), and lanes are
 *       summed in their order, so the bits do not depend on what was compiled.
 * </ul>
 */
final class Lanes {
  /** The widest shape of at most eight numbers. */
  static final VectorSpecies<Double> SHAPE =
      DoubleVector.SPECIES_PREFERRED.length() <= 8
          ? DoubleVector.SPECIES_PREFERRED
          : DoubleVector.SPECIES_512;

  /** Numbers in a vector. */
  static final int COUNT = SHAPE.length();

  /** Rows in a panel: what the register tiles of the larger kernels take at a time. */
  static final int PANEL = 4 * COUNT;

  private Lanes() {}

  /** Σ of the numbers stored at {@code at}, one vector, always in the same order. */
  static double sum(double[] t, int at) {
    if (COUNT == 8) {
      return ((t[at] + t[at + 1]) + (t[at + 2] + t[at + 3]))
          + ((t[at + 4] + t[at + 5]) + (t[at + 6] + t[at + 7]));
    }
    double sum = t[at];
    for (int i = 1; i < COUNT; i++) {
      sum += t[at + i];
    }
    return sum;
  }
}
