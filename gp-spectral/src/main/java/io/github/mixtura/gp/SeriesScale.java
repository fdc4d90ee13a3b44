package io.github.mixtura.gp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Values as (value ÷ unit or log(value + shift) − mean) ÷ deviation, about 0 and of mean square 1.
 * The unit is a power of two other than 1 only where squares of the values could leave the range of
 * double, so that the quotients are exact.
 */
record SeriesScale(
    boolean logarithm, double shift, double unit, double mean, double deviation, double floor) {

  /** The least standard deviation of noise, as a share of the values' deviation. */
  private static final double LEAST_NOISE = 1e-12;

  /** Logarithms of values whose range is a smaller share of them say what the values say. */
  private static final double NARROW = 1e-6;

  private static final double HARDLY = 1e-9;

  private static final double HUGE = 1e100;

  /** Of zeros, a larger share than this is no exception among positive values. */
  private static final double MOST_ZEROS = 0.01;

  /** The values themselves; and logarithms where none is negative and few are 0. */
  static List<SeriesScale> of(double[] values) {
    List<SeriesScale> scales = new ArrayList<>(List.of(of(values, false, 0)));
    double least = Arrays.stream(values).min().orElseThrow();
    double most = Arrays.stream(values).max().orElseThrow();
    if (least > 0 && most - least > NARROW * most) {
      scales.add(of(values, true, 0));
    }
    long zeros = Arrays.stream(values).filter(v -> v == 0).count();
    if (least == 0 && zeros <= Math.max(1, MOST_ZEROS * values.length) && zeros < values.length) {
      scales.add(of(values, true, smallestPositive(values) / 2));
    }
    return scales;
  }

  /**
   * Those of {@link #of}, and beside the logarithms with a shift some with hardly any: to a sum of
   * terms a zero is a spike, which may stand out as far as it likes.
   */
  static List<SeriesScale> ofTerms(double[] values) {
    List<SeriesScale> scales = of(values);
    if (scales.stream().anyMatch(scale -> scale.shift > 0)) {
      scales.add(of(values, true, HARDLY * smallestPositive(values)));
    }
    return scales;
  }

  private static double smallestPositive(double[] values) {
    return Arrays.stream(values).filter(v -> v > 0).min().orElseThrow();
  }

  private static SeriesScale of(double[] values, boolean logarithm, double shift) {
    double largest = Arrays.stream(values).map(Math::abs).max().orElseThrow();
    double unit = logarithm ? 1 : unit(largest);
    SeriesScale plain = new SeriesScale(logarithm, shift, unit, 0, 1, 0);
    double[] modelled = Arrays.stream(values).map(plain::modelled).toArray();
    double size = Arrays.stream(modelled).map(Math::abs).max().orElseThrow();
    if (Arrays.stream(values).allMatch(v -> v == values[0])) {
      double some = Math.max(Double.MIN_NORMAL, size);
      return new SeriesScale(logarithm, shift, unit, modelled[0], some, LEAST_NOISE);
    }
    double mean = Arrays.stream(modelled).average().orElseThrow();
    double square =
        Arrays.stream(modelled).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    double deviation = Math.sqrt(square);
    double rounding = Math.ulp(1.0) * (logarithm ? Math.max(1, size) : size) / deviation;
    return new SeriesScale(
        logarithm, shift, unit, mean, deviation, Math.max(LEAST_NOISE, rounding));
  }

  /** 1, or, where squares could leave the range of double, a power of two below the largest. */
  static double unit(double largest) {
    boolean inRange = largest == 0 || largest <= HUGE && largest >= 1 / HUGE;
    return inRange ? 1 : Math.scalb(1.0, Math.max(-1022, Math.getExponent(largest)));
  }

  double[] apply(double[] values) {
    return Arrays.stream(values).map(v -> (modelled(v) - mean) / deviation).toArray();
  }

  private double modelled(double value) {
    return logarithm ? Math.log(value + shift) : value / unit;
  }

  double back(double scaled) {
    double value = mean + deviation * scaled;
    return !logarithm
        ? unit * value
        : shift > 0 ? Math.max(0, Math.exp(value) - shift) : Math.exp(value);
  }

  /** A variance of scaled values as one of the modelled values, positive and finite. */
  double variance(double scaled) {
    return variance(unit * deviation, scaled);
  }

  /** unit² times a variance, positive and finite. */
  static double variance(double unit, double scaled) {
    double root = unit * Math.sqrt(scaled);
    return Math.max(Double.MIN_VALUE, Math.min(Double.MAX_VALUE, root * root));
  }

  /** What the density of scaled values is multiplied by for that of the values, as logarithm. */
  double logJacobian(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum -= Math.log(deviation) + (logarithm ? Math.log(value + shift) : Math.log(unit));
    }
    return sum;
  }
}
