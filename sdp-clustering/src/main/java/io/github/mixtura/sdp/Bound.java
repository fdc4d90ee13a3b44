package io.github.mixtura.sdp;

/**
 * A safe upper bound on the objective of every partition of a problem.
 *
 * @param objective of the given partition
 * @param upper proven bound, error terms included
 * @param errorTerms the part of {@code upper} that allows for rounding and for what an eigenvalue
 *     computation leaves open
 * @param method short name of the dual point, such as {@code rank-1}
 */
record Bound(double objective, double upper, double errorTerms, String method) {
  /** No bound. */
  static Bound none(double objective, String method) {
    return new Bound(objective, Double.POSITIVE_INFINITY, 0, method);
  }

  /** This objective with the smaller of two bounds for the same problem. */
  Bound lowered(Bound other) {
    return other.upper < upper
        ? new Bound(objective, other.upper, other.errorTerms, other.method)
        : this;
  }

  /** The bound in a unit that is {@code 1/factor}, a power of two. */
  Bound times(double factor) {
    return factor == 1
        ? this
        : new Bound(objective * factor, upper * factor, errorTerms * factor, method);
  }

  /** The bound of an objective that is larger by a constant. */
  Bound plus(double constant) {
    if (constant == 0) {
      return this;
    }
    double rounding = 4 * (Math.ulp(objective) + Math.ulp(upper) + Math.ulp(constant));
    return new Bound(
        objective + constant, upper + constant + rounding, errorTerms + rounding, method);
  }

  /** With more allowance for rounding. */
  Bound raised(double error) {
    if (error == 0) {
      return this;
    }
    double more = Double.isNaN(error) ? Double.POSITIVE_INFINITY : error + Math.ulp(upper);
    return new Bound(objective, upper + more, errorTerms + more, method);
  }

  double gap() {
    return upper - objective;
  }
}
