package io.github.mixtura.mdn;

import java.util.Map;
import java.util.SplittableRandom;

/** What a network computes between its inputs and the head: {@link Mlp} or {@link Lstm}. */
public abstract sealed class Body permits Mlp, Lstm {

  Body() {}

  /** The body for inputs of a size; its parameters begin the parameter vector. */
  abstract Plan plan(int inputs, int window);

  /** Number of parameters, {@link Long#MAX_VALUE} if it is no less than that. */
  abstract long parameterCount(long inputs, long window);

  /** Rows of numbers that a stripe holds at least, but for its inputs; as large at most. */
  abstract long stripeRows(long window);

  /** Number of outputs. */
  abstract long outputCount(long inputs, long window);

  /** Plain values that {@link #fromMap} understands. */
  abstract Map<String, Object> toMap();

  static Body fromMap(Fields fields) {
    return switch (fields.text("kind")) {
      case "mlp" -> Mlp.read(fields);
      case "lstm" -> Lstm.read(fields);
      default -> throw fields.wrong("kind", "must be mlp or lstm");
    };
  }

  /** A body of known size. */
  interface Plan {
    int outputs();

    int size();

    void initialise(double[] parameters, SplittableRandom random);

    /** Marks the entries of W, to which weight decay applies. */
    void markWeights(double[] mask);

    /**
     * Memory of one stripe.
     *
     * @param watch looked at after every piece of some milliseconds
     */
    State state(Watch watch);
  }

  /** Memory of one stripe; backward belongs to the last forward. */
  interface State {
    /**
     * Output rows for input rows.
     *
     * @param x by time, input and lane
     */
    double[][] forward(double[] parameters, double[][][] x, int n);

    /** Writes the parameters' gradient; {@code dy} is destroyed. */
    void backward(double[] parameters, double[][] dy, double[] gradient, int n);
  }

  static int width(String name, int value) {
    if (value < 1 || value > 4096) {
      throw new IllegalArgumentException(name + " is " + value + ", must be 1 to 4096");
    }
    return value;
  }
}
