package io.github.mixtura.gp;

import java.util.Locale;

/**
 * One simple part of a series of n values, linear in its coefficients: one function of the step t
 * per coefficient, each at most 1 in size at the steps 0 … n − 1.
 *
 * @param kind which functions
 * @param shape what they depend on besides: see the kinds
 * @param n number of values
 */
record Term(Kind kind, double shape, int n) {

  /** The kinds of terms. */
  enum Kind {
    /** 1. */
    LEVEL,
    /** (2t − n + 1)/n to the power {@code shape}. */
    POWER,
    /** exp(shape · t), divided by its largest value. */
    EXPONENTIAL,
    /** Cosine and sine of the frequency {@code shape} in cycles per step. */
    WAVE,
    /** Any pattern that repeats every {@code shape} steps. */
    SEASON,
    /** 1 from the step {@code shape} on. */
    STEP,
    /** 1 at the step {@code shape}. */
    SPIKE,
    /** 1 at the last step; whether a step or a spike cannot be known: ½ from then on. */
    LAST;

    /** Whether the shape is a real number to be estimated. */
    boolean isSmooth() {
      return this == EXPONENTIAL || this == WAVE;
    }
  }

  static Term of(Kind kind, double shape, int n) {
    return new Term(kind, shape, n);
  }

  Term withShape(double value) {
    return new Term(kind, value, n);
  }

  /** Whether it is a step or spike that the values before {@code step} do not show. */
  boolean breaksFrom(int step) {
    return kind == Kind.LAST || (kind == Kind.STEP || kind == Kind.SPIKE) && shape >= step;
  }

  int columns() {
    return switch (kind) {
      case WAVE -> shape == 0.5 ? 1 : 2;
      case SEASON -> (int) shape - 1;
      default -> 1;
    };
  }

  boolean isSmooth() {
    return kind.isSmooth() && shape != 0.5;
  }

  /** Writes the functions at the step t from {@code at} on. */
  void evaluate(double t, double[] out, int at) {
    switch (kind) {
      case LEVEL -> out[at] = 1;
      case POWER -> out[at] = Math.pow((2 * t - (n - 1)) / n, shape);
      case EXPONENTIAL -> out[at] = Math.exp(shape * (t - largestAt()));
      case WAVE -> {
        double angle = angle(t);
        out[at] = Math.cos(angle);
        if (columns() == 2) {
          out[at + 1] = Math.sin(angle);
        }
      }
      case SEASON -> {
        int phase = (int) Math.floorMod((long) t, (long) shape);
        for (int j = 0; j < columns(); j++) {
          out[at + j] = phase == j ? 1 : phase == columns() ? -1 : 0;
        }
      }
      case STEP -> out[at] = t >= shape ? 1 : 0;
      case SPIKE -> out[at] = t == shape ? 1 : 0;
      case LAST -> out[at] = t < n - 1 ? 0 : t == n - 1 ? 1 : 0.5;
    }
  }

  /** The derivative by the shape of the term with these coefficients. */
  double slope(double t, double[] coefficients, int at) {
    if (kind == Kind.EXPONENTIAL) {
      double since = t - largestAt();
      return coefficients[at] * since * Math.exp(shape * since);
    }
    double angle = angle(t);
    return 2
        * Math.PI
        * (t - middle())
        * (coefficients[at + 1] * Math.cos(angle) - coefficients[at] * Math.sin(angle));
  }

  private double middle() {
    return (n - 1) / 2.0;
  }

  private double largestAt() {
    return shape > 0 ? n - 1 : 0;
  }

  private double angle(double t) {
    double turns = shape * (t - middle());
    return 2 * Math.PI * (turns - Math.rint(turns));
  }

  /** Minus the logarithm of the prior density of the shape, or of one of its values. */
  double cost() {
    return switch (kind) {
      case EXPONENTIAL -> Math.log(2 * Math.abs(shape) * Math.log(10.0 * n));
      case WAVE -> shape == 0.5 ? 0 : -Math.log(2);
      case SEASON -> Math.log(n / 2.0);
      case STEP, SPIKE -> Math.log(n);
      default -> 0;
    };
  }

  /** In words, t counting from 1 as a reader does. */
  @Override
  public String toString() {
    return switch (kind) {
      case LEVEL -> "level";
      case POWER -> shape == 1 ? "slope" : shape == 2 ? "square" : "cube";
      case EXPONENTIAL -> String.format(Locale.ROOT, "exponential of rate %.4g", shape);
      case WAVE -> String.format(Locale.ROOT, "wave of period %.6g", 1 / shape);
      case SEASON -> "season of " + (int) shape;
      case STEP -> "step at value " + ((int) shape + 1);
      case SPIKE -> "spike at value " + ((int) shape + 1);
      case LAST -> "change at the last value";
    };
  }
}
