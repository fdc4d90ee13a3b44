package io.github.mixtura.backend.vector;

import static io.github.mixtura.backend.vector.Lanes.COUNT;
import static io.github.mixtura.backend.vector.Lanes.SHAPE;
import static io.github.mixtura.compute.Block.ROWS;
import static jdk.incubator.vector.DoubleVector.broadcast;
import static jdk.incubator.vector.DoubleVector.fromArray;

import io.github.mixtura.special.Gammas;
import jdk.incubator.vector.DoubleVector;

/** What Student's t needs besides distances, one block and component at a time. */
final class StudentLoops {
  private StudentLoops() {}

  /** r ← r (ν + d)/(ν + δ²); adds Σ r of before to the first vector of {@code t}. */
  static void weights(double[] r, double[] distance, int at, double nu, int dimension, double[] t) {
    double numerator = nu + dimension;
    DoubleVector sum = fromArray(SHAPE, t, 0);
    for (int b = at; b < at + ROWS; b += COUNT) {
      DoubleVector before = fromArray(SHAPE, r, b);
      sum = sum.add(before);
      before.mul(numerator).div(fromArray(SHAPE, distance, b).add(nu)).intoArray(r, b);
    }
    sum.intoArray(t, 0);
  }

  /**
   * Derivatives in τ = 1/ν of one block and component: adds Σ r s and Σ r (h + s²) − (r s)²/w to
   * the first two vectors of {@code t}, and r s and r (h + s²) to {@code gradient} and {@code
   * curvature}.
   *
   * <p>{@code log} holds log(1 + δ²/ν), and w no zeros: where the weight is 0, r is too. g = ∂ log
   * f/∂ν, slope = ∂² log f/∂ν², s = −ν² g, h = ν³ (2 g + ν slope).
   */
  static void degrees(
      double[] r,
      double[] distance,
      double[] log,
      int at,
      double[] w,
      double nu,
      int dimension,
      double[] t,
      double[] gradient,
      double[] curvature) {
    double delta = 0.5 * dimension;
    double c1 = 0.5 * (Gammas.digammaDifference(0.5 * nu, delta) - dimension / nu);
    double c2 = 0.5 * (0.5 * Gammas.trigammaDifference(0.5 * nu, delta) + dimension / (nu * nu));
    double linear = nu * nu + 2 * dimension * nu;
    DoubleVector first = fromArray(SHAPE, t, 0);
    DoubleVector second = fromArray(SHAPE, t, COUNT);
    for (int b = 0; b < ROWS; b += COUNT) {
      DoubleVector x = fromArray(SHAPE, distance, at + b);
      DoubleVector e = x.add(nu);
      DoubleVector q = x.div(e.mul(nu));
      DoubleVector g =
          q.mul(nu + dimension)
              .sub(fromArray(SHAPE, log, b))
              .fma(broadcast(SHAPE, 0.5), broadcast(SHAPE, c1));
      DoubleVector ratio =
          x.mul(x.fma(broadcast(SHAPE, dimension), broadcast(SHAPE, linear)))
              .div(e.mul(e).mul(nu * nu));
      DoubleVector slope = q.sub(ratio).fma(broadcast(SHAPE, 0.5), broadcast(SHAPE, c2));
      DoubleVector s = g.mul(-nu * nu);
      DoubleVector h = slope.fma(broadcast(SHAPE, nu), g.add(g)).mul(nu * nu * nu);
      DoubleVector weight = fromArray(SHAPE, r, at + b);
      DoubleVector rs = weight.mul(s);
      DoubleVector bend = weight.mul(s.fma(s, h));
      first = first.add(rs);
      second = second.add(bend.sub(rs.mul(rs).div(fromArray(SHAPE, w, b))));
      fromArray(SHAPE, gradient, b).add(rs).intoArray(gradient, b);
      fromArray(SHAPE, curvature, b).add(bend).intoArray(curvature, b);
    }
    first.intoArray(t, 0);
    second.intoArray(t, COUNT);
  }

  /** Adds Σ S and Σ [B − S²/w] to the first two vectors of {@code t}. */
  static void shared(double[] gradient, double[] curvature, double[] w, double[] t) {
    DoubleVector first = fromArray(SHAPE, t, 0);
    DoubleVector second = fromArray(SHAPE, t, COUNT);
    for (int b = 0; b < ROWS; b += COUNT) {
      DoubleVector s = fromArray(SHAPE, gradient, b);
      first = first.add(s);
      second = second.add(fromArray(SHAPE, curvature, b).sub(s.mul(s).div(fromArray(SHAPE, w, b))));
    }
    first.intoArray(t, 0);
    second.intoArray(t, COUNT);
  }
}
