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
  /** This objective with the smaller of two bounds for the same problem. */
  Bound lowered(Bound other) {
    return other.upper < upper
        ? new Bound(objective, other.upper, other.errorTerms, other.method)
        : this;
  }

  double gap() {
    return upper - objective;
  }
}
