package io.github.mixtura.special;

import java.math.BigInteger;

/** Differences and remainders of angles in radians, to the last digits of what a double holds. */
public final class AngleFunctions {
  private static final double TWO_PI = 2 * Math.PI;

  /** 2π − {@link #TWO_PI}. */
  private static final double TWO_PI_REST = 0x1.1a62633145c07p-52;

  /** Up to here the turns are taken off in two doubles; beyond, in whole numbers. */
  private static final double FEW_TURNS = 0x1p30;

  /** Square of an argument up to which five terms are the sine. */
  private static final double SMALL_SQUARE = 0.01;

  private AngleFunctions() {}

  /**
   * The angle in [−π, π] that means the same.
   *
   * <p>Accuracy: 2e-16 relative, also next to multiples of 2π, where the result is small. Exact for
   * angles that are in [−π, π] already.
   *
   * @param angle a finite angle of any size
   * @return the remainder
   */
  public static double wrap(double angle) {
    return difference(angle, 0);
  }

  /**
   * An angle from a direction, x − μ less the whole turns.
   *
   * <p>Accuracy: 4e-16 relative, or 1e-30 absolute where that is more; the difference and the turns
   * are taken off before anything is rounded, so two angles a turn apart differ by what their
   * digits say.
   *
   * @param x a finite angle of any size
   * @param mu the direction, in [−π, π]
   * @return a number in [−π, π], up to rounding
   */
  public static double difference(double x, double mu) {
    double s = x - mu;
    if (Math.abs(s) <= Math.PI) {
      return s;
    }
    if (!(Math.abs(s) <= FEW_TURNS)) {
      double[] parts = Turns.remainder(x);
      double near = difference(parts[0], mu);
      double sum = near + parts[1];
      return Math.abs(sum) <= Math.PI ? sum : takeTurns(sum, 0);
    }
    double y = x - s;
    double lost = (x - (s + y)) + (y - mu);
    return takeTurns(s, lost);
  }

  /**
   * Sine of half the angle from a direction, sin ½(x − μ); 2 κ times its square is the exponent of
   * a von Mises law.
   *
   * <p>Accuracy: 1e-15 relative, or 1e-30 absolute where that is more. Angles near the direction
   * take a few multiplications.
   *
   * @param x a finite angle of any size
   * @param mu the direction, in [−π, π]
   * @return a number in [−1, 1]
   */
  public static double sineOfHalf(double x, double mu) {
    double h = 0.5 * difference(x, mu);
    double square = h * h;
    return square < SMALL_SQUARE
        ? h
            + h
                * (square
                    * (-1.0 / 6
                        + square * (1.0 / 120 + square * (-1.0 / 5040 + square * (1.0 / 362880)))))
        : Math.sin(h);
  }

  /** s + lost less the nearest whole number of turns. */
  private static double takeTurns(double s, double lost) {
    double turns = Math.rint(s / TWO_PI);
    double product = turns * TWO_PI;
    double rest = Math.fma(turns, TWO_PI, -product) + turns * TWO_PI_REST;
    return (s - product) + (lost - rest);
  }

  /** Remainders of huge angles, which need as many digits of π as the angle has. */
  private static final class Turns {
    /** Bits behind the point: a double has up to 1024 before it, and 130 more leave none wrong. */
    private static final int BITS = 1160;

    private static final BigInteger FULL = twoPi();

    private static BigInteger twoPi() {
      int guard = 32;
      BigInteger one = BigInteger.ONE.shiftLeft(BITS + guard);
      // Machin: π/4 = 4 arctan 1/5 − arctan 1/239.
      BigInteger quarter =
          arctanOfReciprocal(one, 5).shiftLeft(2).subtract(arctanOfReciprocal(one, 239));
      return quarter.shiftLeft(3).shiftRight(guard);
    }

    private static BigInteger arctanOfReciprocal(BigInteger one, int n) {
      BigInteger square = BigInteger.valueOf((long) n * n);
      BigInteger power = one.divide(BigInteger.valueOf(n));
      BigInteger sum = power;
      for (int k = 3; power.signum() != 0; k += 2) {
        power = power.divide(square).negate();
        sum = sum.add(power.divide(BigInteger.valueOf(k)));
      }
      return sum;
    }

    /** The remainder nearest 0 as the sum of two doubles. */
    static double[] remainder(double x) {
      int exponent = Math.getExponent(x) - 52;
      BigInteger digits = BigInteger.valueOf((long) Math.scalb(x, -exponent));
      BigInteger rest = digits.shiftLeft(exponent + BITS).mod(FULL);
      if (rest.shiftLeft(1).compareTo(FULL) > 0) {
        rest = rest.subtract(FULL);
      }
      double high = value(rest);
      BigInteger low = rest.subtract(exact(high));
      return new double[] {high, value(low)};
    }

    private static double value(BigInteger scaled) {
      int surplus = Math.max(0, scaled.abs().bitLength() - 64);
      return Math.scalb(scaled.shiftRight(surplus).doubleValue(), surplus - BITS);
    }

    private static BigInteger exact(double v) {
      if (v == 0) {
        return BigInteger.ZERO;
      }
      int exponent = Math.getExponent(v) - 52;
      return BigInteger.valueOf((long) Math.scalb(v, -exponent)).shiftLeft(exponent + BITS);
    }
  }
}
