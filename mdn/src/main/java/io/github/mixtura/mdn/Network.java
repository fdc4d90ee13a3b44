package io.github.mixtura.mdn;

import io.github.mixtura.compute.ElementFunctions;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.mixture.Mixture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** Body, last layer and head of known sizes; the parameters are one flat vector. */
final class Network {
  private static final double FIRST_REACH = 0.01;
  private static final double SMALLEST_WEIGHT = 1e-6;
  private static final double LARGEST_SQUARES = 1e200;
  private static final double LEAST_DEVIATION = 1e-153;

  private final Shape shape;
  private final Body.Plan body;
  private final Linear last;
  private final MixtureHead head;

  Network(Shape shape) {
    this.shape = shape;
    body = shape.body().plan(shape.inputs(), shape.window());
    head = new MixtureHead(shape.components(), shape.family().law(shape.targets(), shape.floor()));
    last = new Linear(body.outputs(), head.outputs(), body.size());
  }

  /**
   * All sizes and choices.
   *
   * @param body between inputs and head
   * @param family law of the components
   * @param inputs features in a row
   * @param window rows that one forecast sees
   * @param targets m
   * @param components K
   * @param floor smallest scale, as a share of the targets' own
   */
  record Shape(
      Body body,
      OutputFamily family,
      int inputs,
      int window,
      int targets,
      int components,
      double floor) {

    /** Least scale of a target, so that double precision holds the squares of all deviations. */
    double leastScale() {
      return switch (family) {
        case GAUSSIAN_DIAGONAL, GAUSSIAN_FULL, STUDENT_T -> LEAST_DEVIATION / floor;
        case VON_MISES, GENERALISED_GAUSSIAN -> Double.MIN_NORMAL;
      };
    }

    /** Number of parameters, {@link Long#MAX_VALUE} if it is no less than that. */
    long parameterCount() {
      long outputs = Sizes.product(components, Sizes.sum(1, family.parameterCount(targets)));
      long last = Sizes.product(outputs, Sizes.sum(body.outputCount(inputs, window), 1));
      return Sizes.sum(body.parameterCount(inputs, window), last);
    }

    /**
     * Refuses a network that cannot be held in memory.
     *
     * @param copies vectors of parameters that are needed at once
     * @throws IllegalArgumentException naming what it needs
     */
    void requireMemory(long copies) {
      long count = parameterCount();
      if (count > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "network has "
                + (count == Long.MAX_VALUE ? "more than 9e18" : count)
                + " parameters, must have at most "
                + Integer.MAX_VALUE);
      }
      long rows = Sizes.sum(Sizes.product(inputs, window), body.stripeRows(window));
      long bytes =
          Sizes.sum(Sizes.product(8 * copies, count), Sizes.product(8L * Lanes.WIDTH, rows));
      long most = Runtime.getRuntime().maxMemory();
      if (bytes > most) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "network of %d inputs and a window of %d needs at least %.3g GB of memory, must"
                    + " need at most the %.3g GB that Java may use",
                inputs,
                window,
                bytes / 1e9,
                most / 1e9));
      }
    }
  }

  Shape shape() {
    return shape;
  }

  MixtureHead head() {
    return head;
  }

  int size() {
    return body.size() + last.size();
  }

  /** 1 where weight decay applies. */
  double[] weightMask() {
    double[] mask = new double[size()];
    body.markWeights(mask);
    Arrays.fill(mask, last.at(), last.biasAt(), 1);
    return mask;
  }

  /** Random weights, and last biases that give the start's mixture where all inputs are 0. */
  double[] initialise(Mixture<? extends Component> start, SplittableRandom random) {
    double[] parameters = new double[size()];
    body.initialise(parameters, random);
    double[] bias = new double[head.outputs()];
    double[] reach = new double[head.outputs()];
    Arrays.fill(reach, 1);
    for (int k = 0; k < head.components(); k++) {
      bias[k] = Math.log(Math.max(start.weight(k), SMALLEST_WEIGHT));
      head.law().outputs(start.component(k), bias, head.at(k));
      head.law().reach(start.component(k), reach, head.at(k));
    }
    double bound = FIRST_REACH * Math.sqrt(6.0 / (last.inputs() + last.outputs()));
    for (int o = 0; o < last.outputs(); o++) {
      for (int i = 0; i < last.inputs(); i++) {
        parameters[last.at() + o * last.inputs() + i] =
            bound * reach[o] * (2 * random.nextDouble() - 1);
      }
    }
    Stripe stripe = stripe();
    stripe.begin(1);
    stripe.outputs(parameters);
    for (int o = 0; o < bias.length; o++) {
      parameters[last.biasAt() + o] = bias[o] - stripe.outputRows()[o][0];
    }
    return parameters;
  }

  /**
   * The mixture that outputs stand for.
   *
   * @throws IllegalArgumentException if an output is not finite
   */
  Mixture<? extends Component> mixture(double[] out, Scaling scaling) {
    for (double value : out) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(
            "an output of the network is "
                + value
                + ", must be finite: the input is too far from those of the training part");
      }
    }
    double largest = out[0];
    for (int k = 1; k < head.components(); k++) {
      largest = Math.max(largest, out[k]);
    }
    double[] weights = new double[head.components()];
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      weights[k] = Math.exp(out[k] - largest);
      sum += weights[k];
    }
    List<Component> list = new ArrayList<>();
    for (int k = 0; k < weights.length; k++) {
      weights[k] /= sum;
      list.add(head.law().component(out, head.at(k), scaling.targetShift(), scaling.targetScale()));
    }
    return Mixture.of(list, weights);
  }

  /** Memory for a stripe of at most {@link Lanes#WIDTH} samples. */
  final class Stripe {
    final double[][][] x = new double[shape.window()][shape.inputs()][Lanes.WIDTH];
    final double[][] y = new double[head.law().encodedTargets()][Lanes.WIDTH];
    final double[] gradient = new double[size()];
    final MixtureHead.State mixture;
    private final double[][] out = new double[head.outputs()][Lanes.WIDTH];
    private final double[][] dOut = new double[head.outputs()][Lanes.WIDTH];
    private final double[][] dBody = new double[body.outputs()][Lanes.WIDTH];
    private final Body.State state;
    private final Linear.Sums sums = last.sums();
    private double[][] features;
    private int n;
    private double entropySum;
    private boolean usable;

    private Stripe(Watch watch) {
      state = body.state(watch);
      mixture = head.state(new ElementFunctions(Lanes.WIDTH));
    }

    /** The first {@code count} lanes are in use from now on. */
    void begin(int count) {
      n = count;
    }

    void outputs(double[] parameters) {
      features = state.forward(parameters, x, n);
      last.forward(parameters, features, out, n);
    }

    double[][] outputRows() {
      return out;
    }

    void forward(double[] parameters) {
      outputs(parameters);
      usable = usable();
      if (usable) {
        mixture.forward(out, y, n);
      } else {
        mixture.refuse(n);
      }
    }

    /** Whether the laws can be evaluated: no output is NaN or absurdly large. */
    private boolean usable() {
      for (double[] row : out) {
        if (!(Lanes.sumSquares(row, n) < LARGEST_SQUARES)) {
          return false;
        }
      }
      return true;
    }

    /** Computes the sum of the weights' entropies, if wanted, after {@link #forward}. */
    void entropy(boolean wanted) {
      entropySum = wanted ? mixture.entropy(n) : 0;
    }

    double entropySum() {
      return entropySum;
    }

    int lanes() {
      return n;
    }

    double lossSum() {
      return Lanes.sum(mixture.loss, n);
    }

    /** Writes {@link #gradient} of share · Σ losses, after {@link #forward}. */
    void backward(double[] parameters, double share, MixtureHead.Penalty penalty) {
      if (!usable) {
        Arrays.fill(gradient, Double.NaN);
        return;
      }
      mixture.backward(out, y, dOut, share, penalty, n);
      sums.add(features, dOut, n);
      sums.flush(gradient);
      last.backward(parameters, dOut, dBody, n);
      state.backward(parameters, dBody, gradient, n);
    }
  }

  Stripe stripe() {
    return stripe(Watch.NONE);
  }

  Stripe stripe(Watch watch) {
    return new Stripe(watch);
  }
}
