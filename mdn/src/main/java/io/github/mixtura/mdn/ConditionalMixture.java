package io.github.mixtura.mdn;

import io.github.mixtura.codec.Document;
import io.github.mixtura.data.DataFormatException;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.execution.Workers;
import io.github.mixtura.mixture.Mixture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * A trained network: the law of the targets given the inputs, as a {@link Mixture} in the units of
 * the data. Immutable; safe for use by several threads. A forecast has the same bits alone and
 * among others.
 */
public final class ConditionalMixture {
  /** The schema that is written, and the only one that is read. */
  public static final String SCHEMA = "mixtura/network/1";

  private final Network network;
  private final double[] parameters;
  private final Scaling scaling;
  private final ConcurrentLinkedDeque<Network.Stripe> free = new ConcurrentLinkedDeque<>();

  ConditionalMixture(Network network, double[] parameters, Scaling scaling) {
    this.network = network;
    this.parameters = parameters;
    this.scaling = scaling;
  }

  /**
   * The law for one input.
   *
   * @param x the window's rows one after another, oldest first: window × inputs values (read)
   * @return the mixture
   * @throws IllegalArgumentException if the number of values is wrong, one is not finite, or they
   *     are so far from those of the training part that the network has no finite outputs
   */
  public Mixture<? extends Component> at(double... x) {
    if (x.length != window() * inputs()) {
      throw new IllegalArgumentException(
          "x has " + x.length + " values, must have " + window() + " × " + inputs());
    }
    for (int i = 0; i < x.length; i++) {
      if (!Double.isFinite(x[i])) {
        throw new IllegalArgumentException("x[" + i + "] is " + x[i] + ", must be finite");
      }
    }
    Network.Stripe reused = free.poll();
    Network.Stripe stripe = reused == null ? network.stripe() : reused;
    for (int t = 0; t < window(); t++) {
      for (int j = 0; j < inputs(); j++) {
        stripe.x[t][j][0] =
            (x[t * inputs() + j] - scaling.inputShift()[j]) / scaling.inputScale()[j];
      }
    }
    stripe.begin(1);
    stripe.outputs(parameters);
    double[] out = new double[network.head().outputs()];
    Arrays.setAll(out, o -> stripe.outputRows()[o][0]);
    free.push(stripe);
    return network.mixture(out, scaling);
  }

  /**
   * The law for one window.
   *
   * @param rows w rows of p values, oldest first (read)
   * @return the mixture
   * @throws IllegalArgumentException if the sizes are wrong or a value is not finite
   */
  public Mixture<? extends Component> at(double[][] rows) {
    double[] flat = new double[window() * inputs()];
    if (rows.length != window()) {
      throw new IllegalArgumentException(
          "rows has length " + rows.length + ", must be the window, " + window());
    }
    for (int t = 0; t < rows.length; t++) {
      if (rows[t].length != inputs()) {
        throw new IllegalArgumentException(
            "row " + t + " has " + rows[t].length + " values, must have " + inputs());
      }
      System.arraycopy(rows[t], 0, flat, t * inputs(), inputs());
    }
    return at(flat);
  }

  /**
   * The laws for many examples; their targets play no part.
   *
   * @param examples inputs and windows as in training
   * @return one mixture per example
   */
  public List<Mixture<? extends Component>> at(Examples examples) {
    requireShape(examples);
    List<Mixture<? extends Component>> list = new ArrayList<>();
    try (Workers workers = Workers.of(1)) {
      double[][] outputs =
          objective(examples, false, workers).outputs(parameters, indices(examples.size()));
      for (double[] out : outputs) {
        list.add(network.mixture(out, scaling));
      }
    }
    return list;
  }

  /**
   * Log-density of each example's targets given its inputs.
   *
   * @param examples as in training
   * @return log f(y | x), natural logarithm, in the units of the data
   * @throws IllegalArgumentException if an example's inputs are so far from those of the training
   *     part that the network has no finite outputs, or its targets so far that there is no density
   */
  public double[] logDensity(Examples examples) {
    requireShape(examples);
    try (Workers workers = Workers.of(1)) {
      double[] losses =
          objective(examples, true, workers).losses(parameters, indices(examples.size()));
      double units = scaling.logUnits();
      for (int i = 0; i < losses.length; i++) {
        losses[i] = units - losses[i];
        if (Double.isNaN(losses[i])) {
          throw new IllegalArgumentException(
              "example "
                  + i
                  + " has no log-density that is a number: its values are too far from those of the"
                  + " training part");
        }
      }
      return losses;
    }
  }

  /**
   * Mean of {@link #logDensity}.
   *
   * @param examples as in training
   * @return (1/n) Σ log f(y_i | x_i)
   */
  public double meanLogDensity(Examples examples) {
    return Arrays.stream(logDensity(examples)).average().orElseThrow();
  }

  /**
   * The law for inputs that are all at their mean over the training part: before training, the
   * mixture that EM found.
   *
   * @return the mixture
   */
  public Mixture<? extends Component> atMeanInputs() {
    double[] x = new double[window() * inputs()];
    Arrays.setAll(x, i -> scaling.inputShift()[i % inputs()]);
    return at(x);
  }

  private Objective objective(Examples examples, boolean targets, Workers workers) {
    OutputLaw law = targets ? network.head().law() : null;
    return new Objective(
        network, new Prepared(examples, scaling, law), workers, Objective.Penalties.NONE);
  }

  static int[] indices(int n) {
    int[] indices = new int[n];
    Arrays.setAll(indices, i -> i);
    return indices;
  }

  void requireShape(Examples examples) {
    Network.Shape shape = network.shape();
    if (examples.inputs() != shape.inputs()
        || examples.window() != shape.window()
        || examples.targets() != shape.targets()) {
      throw new IllegalArgumentException(
          "examples have "
              + sizes(examples.inputs(), examples.window(), examples.targets())
              + ", must have "
              + sizes(shape.inputs(), shape.window(), shape.targets()));
    }
  }

  private static String sizes(int inputs, int window, int targets) {
    return inputs + " inputs, windows of " + window + " and " + targets + " targets";
  }

  /**
   * Features of a row.
   *
   * @return p
   */
  public int inputs() {
    return network.shape().inputs();
  }

  /**
   * Rows of a window.
   *
   * @return w
   */
  public int window() {
    return network.shape().window();
  }

  /**
   * Number of targets.
   *
   * @return m
   */
  public int targets() {
    return network.shape().targets();
  }

  /**
   * Number of components.
   *
   * @return K
   */
  public int componentCount() {
    return network.shape().components();
  }

  /**
   * Size of the network.
   *
   * @return number of parameters
   */
  public int parameterCount() {
    return parameters.length;
  }

  Network network() {
    return network;
  }

  double[] parameters() {
    return parameters;
  }

  Scaling scaling() {
    return scaling;
  }

  /**
   * The network as plain values, which {@link #fromMap} reads back with the same bits.
   *
   * @return maps, lists, arrays of numbers, text, numbers and booleans
   */
  public Map<String, Object> toMap() {
    Network.Shape shape = network.shape();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("schema", SCHEMA);
    map.put("body", shape.body().toMap());
    map.put("family", shape.family().name());
    map.put("inputs", shape.inputs());
    map.put("window", shape.window());
    map.put("targets", shape.targets());
    map.put("components", shape.components());
    map.put("floor", shape.floor());
    map.put("inputShift", scaling.inputShift().clone());
    map.put("inputScale", scaling.inputScale().clone());
    map.put("targetShift", scaling.targetShift().clone());
    map.put("targetScale", scaling.targetScale().clone());
    map.put("parameters", parameters.clone());
    return map;
  }

  /**
   * A network from plain values.
   *
   * @param map as {@link #toMap} gives (read)
   * @param source where it is from, for messages
   * @return the network
   * @throws DataFormatException if something is missing or has another size or range
   */
  public static ConditionalMixture fromMap(Map<?, ?> map, String source) {
    Fields fields = new Fields(source, map);
    if (!fields.text("schema").equals(SCHEMA)) {
      throw fields.wrong("schema", "must be " + SCHEMA);
    }
    double floor = fields.number("floor");
    if (!(floor > 0 && floor < 1)) {
      throw fields.wrong("floor", "must be above 0 and below 1");
    }
    int inputs = fields.count("inputs");
    int targets = fields.count("targets");
    Scaling scaling =
        new Scaling(
            fields.numbers("inputShift", inputs),
            positive(fields, "inputScale", inputs),
            fields.numbers("targetShift", targets),
            positive(fields, "targetScale", targets));
    Network.Shape shape =
        new Network.Shape(
            body(fields, source),
            fields.choice("family", OutputFamily.class),
            inputs,
            fields.count("window"),
            targets,
            fields.count("components"),
            floor);
    for (double scale : scaling.targetScale()) {
      if (scale < shape.leastScale()) {
        throw fields.wrong("targetScale", "must hold numbers from " + shape.leastScale());
      }
    }
    double[] parameters = fields.numbers("parameters", shape.parameterCount());
    try {
      shape.requireMemory(1);
    } catch (IllegalArgumentException e) {
      throw new DataFormatException(source + ": " + e.getMessage(), e);
    }
    return new ConditionalMixture(new Network(shape), parameters, scaling);
  }

  private static Body body(Fields fields, String source) {
    try {
      return Body.fromMap(fields.object("body"));
    } catch (IllegalArgumentException e) {
      throw new DataFormatException(source + ": body: " + e.getMessage(), e);
    }
  }

  private static double[] positive(Fields fields, String name, int length) {
    double[] values = fields.numbers(name, length);
    for (double value : values) {
      if (!(value > 0)) {
        throw fields.wrong(name, "must hold positive numbers");
      }
    }
    return values;
  }

  /**
   * Saves the network as JSON, schema {@value #SCHEMA}.
   *
   * @param file where to; replaced if it is there
   */
  public void write(Path file) {
    Document.write(toMap(), file);
  }

  /**
   * Loads a network.
   *
   * @param file the file
   * @return the network, with the same bits
   * @throws DataFormatException if the file cannot be read or is not such a network
   */
  public static ConditionalMixture read(Path file) {
    return fromMap(Document.read(file, SCHEMA), file.toString());
  }

  @Override
  public String toString() {
    Network.Shape shape = network.shape();
    return "ConditionalMixture("
        + shape.family()
        + ", "
        + shape.components()
        + " components, "
        + shape.body()
        + ", "
        + sizes(shape.inputs(), shape.window(), shape.targets())
        + ")";
  }
}
