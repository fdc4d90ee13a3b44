package io.github.mixtura.sdp;

/**
 * A sum with its rounding errors carried along (A. Neumaier 1974, doi:10.1002/zamm.19740540106):
 * its error hardly grows with the number of values.
 */
final class Sum {
  private double sum;
  private double rest;

  void add(double value) {
    double next = sum + value;
    rest += Math.abs(sum) >= Math.abs(value) ? (sum - next) + value : (value - next) + sum;
    sum = next;
  }

  double value() {
    return sum + rest;
  }

  static double of(double[] values) {
    Sum sum = new Sum();
    for (double value : values) {
      sum.add(value);
    }
    return sum.value();
  }
}
