package io.github.mixtura.gp.pde;

import java.util.Optional;

/**
 * An equation in units in which its numbers are near 1: axes of lengths from 1 to 2, the largest
 * coefficient and the larger of source and boundary values likewise. All factors are powers of two,
 * so that no digit changes unless a number leaves the range of double precision.
 */
final class Scaling {
  private final PdeProblem original;
  private final PdeProblem problem;
  private final int[] axes = new int[2];
  private final int operator;
  private final int size;

  Scaling(PdeProblem problem) {
    original = problem;
    Grid grid = problem.grid();
    for (int axis = 0; axis < 2; axis++) {
      axes[axis] = Math.getExponent(grid.length(axis));
    }
    int largest = Integer.MIN_VALUE;
    for (Derivative term : problem.operator().terms()) {
      double value = largest(problem.operator().sampled(term, grid));
      if (value > 0) {
        largest = Math.max(largest, exponent(value) - shift(term));
      }
    }
    operator = largest == Integer.MIN_VALUE ? 0 : largest;
    double source = largest(problem.source());
    double boundary = 0;
    for (Side side : problem.boundarySides()) {
      boundary = Math.max(boundary, largest(problem.boundary(side)));
    }
    int found = Integer.MIN_VALUE;
    if (source > 0) {
      found = exponent(source) - operator;
    }
    if (boundary > 0) {
      found = Math.max(found, exponent(boundary));
    }
    size = found == Integer.MIN_VALUE ? 0 : found;
    if (size > Double.MAX_EXPONENT - 1) {
      throw new IllegalArgumentException(
          "source of magnitude "
              + source
              + " makes a solution near 2^"
              + size
              + ", must stay in the range of double precision, below 2^1023; rescale the problem");
    }
    this.problem = scaled();
  }

  private int shift(Derivative term) {
    return term.order(0) * axes[0] + term.order(1) * axes[1];
  }

  private static int exponent(double value) {
    // Subnormal numbers too.
    return value < Double.MIN_NORMAL
        ? Math.getExponent(value * 0x1p60) - 60
        : Math.getExponent(value);
  }

  private static double largest(double[] values) {
    double largest = 0;
    for (double value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  private PdeProblem scaled() {
    Grid grid = original.grid();
    Grid changed =
        Grid.of(end(grid.lower(0), 0), end(grid.upper(0), 0), grid.points(0))
            .by(end(grid.lower(1), 1), end(grid.upper(1), 1), grid.points(1));
    LinearOperator all = original.operator();
    LinearOperator sum = LinearOperator.zero(2);
    for (Derivative term : all.terms()) {
      int by = -shift(term) - operator;
      sum =
          all.isConstant(term)
              ? sum.plus(term, Math.scalb(all.coefficient(term, 0, 0), by))
              : sum.plus(
                  term, (x, y) -> Math.scalb(all.coefficient(term, back(x, 0), back(y, 1)), by));
    }
    double[] source = original.source();
    for (int i = 0; i < source.length; i++) {
      source[i] = Math.scalb(source[i], -operator - size);
    }
    PdeProblem result = original.posed(changed, sum, source, field().orElse(null));
    for (Side side : original.boundarySides()) {
      double[] values = original.boundary(side);
      for (int i = 0; i < values.length; i++) {
        values[i] = Math.scalb(values[i], -size);
      }
      result = result.withBoundary(side, values);
    }
    Nonlinearity term = original.nonlinearity().orElse(null);
    return term == null
        ? result
        : result.withNonlinearity(
            new Nonlinearity(
                u -> Math.scalb(term.value().applyAsDouble(Math.scalb(u, size)), -operator - size),
                u -> Math.scalb(term.derivative().applyAsDouble(Math.scalb(u, size)), -operator)));
  }

  private Optional<ScalarField> field() {
    return original
        .sourceField()
        .map(
            f ->
                (ScalarField) (x, y) -> Math.scalb(f.at(back(x, 0), back(y, 1)), -operator - size));
  }

  private double end(double at, int axis) {
    return Math.scalb(at, -axes[axis]);
  }

  private double back(double at, int axis) {
    return Math.scalb(at, axes[axis]);
  }

  /** The problem in the new units. */
  PdeProblem problem() {
    return problem;
  }

  private double[][] inside(double[][] points) {
    double[][] result = new double[points.length][];
    for (int i = 0; i < result.length; i++) {
      result[i] = new double[] {end(points[i][0], 0), end(points[i][1], 1)};
    }
    return result;
  }

  /** A function of magnitude 1 in the coordinates of the original problem. */
  FieldValues restored(FieldValues of) {
    return scaled(of, 0);
  }

  private FieldValues scaled(FieldValues of, int exponent) {
    return (points, xOrder, yOrder) -> {
      double[] values = of.values(inside(points), xOrder, yOrder);
      int by = exponent - xOrder * axes[0] - yOrder * axes[1];
      for (int i = 0; i < values.length; i++) {
        values[i] = Math.scalb(values[i], by);
      }
      return values;
    };
  }

  /** The posterior in the units of the original problem. */
  Posterior restored(Posterior found) {
    FieldValues mean = scaled(found, size);
    return new Posterior() {
      @Override
      public double[] values(double[][] points, int xOrder, int yOrder) {
        return mean.values(points, xOrder, yOrder);
      }

      @Override
      public Optional<double[]> standardDeviations(double[][] points) {
        Optional<double[]> deviations = found.standardDeviations(inside(points));
        deviations.ifPresent(
            values -> {
              for (int i = 0; i < values.length; i++) {
                values[i] = Math.scalb(values[i], size);
              }
            });
        return deviations;
      }
    };
  }
}
