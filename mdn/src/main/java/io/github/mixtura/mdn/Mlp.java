package io.github.mixtura.mdn;

import io.github.mixtura.compute.ElementFunctions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * A multilayer perceptron: h ← act(norm(W h + b)) for each layer. A window is read as one long
 * input, oldest row first. No layer at all gives a mixture whose outputs are linear in the inputs.
 *
 * <p>With {@link #residual} a layer as wide as its input adds that input to its result.
 */
public final class Mlp extends Body {
  private final int[] widths;
  private final Activation activation;
  private final boolean residual;
  private final boolean layerNorm;

  private Mlp(int[] widths, Activation activation, boolean residual, boolean layerNorm) {
    this.widths = widths;
    this.activation = activation;
    this.residual = residual;
    this.layerNorm = layerNorm;
  }

  /**
   * Layers with tanh units, no residual connections and no layer-norm.
   *
   * @param widths units of each layer, 1 to 4096 (read); may be empty
   * @return the body
   * @throws IllegalArgumentException if a width is out of range
   */
  public static Mlp of(int... widths) {
    for (int width : widths) {
      width("width", width);
    }
    return new Mlp(widths.clone(), Activation.TANH, false, false);
  }

  /**
   * Changes the activation.
   *
   * @param value of every layer
   * @return changed copy
   */
  public Mlp activation(Activation value) {
    return new Mlp(widths, Objects.requireNonNull(value), residual, layerNorm);
  }

  /**
   * Adds a layer's input to its result where both have the same width.
   *
   * @param value whether to
   * @return changed copy
   */
  public Mlp residual(boolean value) {
    return new Mlp(widths, activation, value, layerNorm);
  }

  /**
   * Brings the weighted sums of each sample to mean 0 and variance 1, with a learnt scale and shift
   * (arXiv 1607.06450).
   *
   * @param value whether to
   * @return changed copy
   */
  public Mlp layerNorm(boolean value) {
    return new Mlp(widths, activation, residual, value);
  }

  @Override
  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("kind", "mlp");
    map.put("widths", Arrays.stream(widths).boxed().toList());
    map.put("activation", activation.name());
    map.put("residual", residual);
    map.put("layerNorm", layerNorm);
    return map;
  }

  static Mlp read(Fields fields) {
    int[] widths = fields.counts("widths");
    return of(widths)
        .activation(fields.choice("activation", Activation.class))
        .residual(fields.flag("residual"))
        .layerNorm(fields.flag("layerNorm"));
  }

  @Override
  public String toString() {
    return "Mlp("
        + Arrays.toString(widths)
        + ", "
        + activation
        + (residual ? ", residual" : "")
        + (layerNorm ? ", layer-norm" : "")
        + ")";
  }

  @Override
  long parameterCount(long inputs, long window) {
    long in = Sizes.product(inputs, window);
    long count = 0;
    for (int width : widths) {
      count = Sizes.sum(count, Sizes.product(width, Sizes.sum(in, layerNorm ? 3 : 1)));
      in = width;
    }
    return count;
  }

  @Override
  long stripeRows(long window) {
    return 3L * Arrays.stream(widths).asLongStream().sum();
  }

  @Override
  long outputCount(long inputs, long window) {
    return widths.length == 0 ? Sizes.product(inputs, window) : widths[widths.length - 1];
  }

  @Override
  Plan plan(int inputs, int window) {
    List<Layer> layers = new ArrayList<>();
    int in = inputs * window;
    int at = 0;
    for (int width : widths) {
      Linear linear = new Linear(in, width, at);
      at += linear.size();
      LayerNorm norm = layerNorm ? new LayerNorm(width, at) : null;
      at += layerNorm ? norm.size() : 0;
      layers.add(new Layer(linear, norm, residual && in == width));
      in = width;
    }
    return new MlpPlan(layers, inputs * window, in, at);
  }

  private record Layer(Linear linear, LayerNorm norm, boolean residual) {}

  private final class MlpPlan implements Plan {
    private final List<Layer> layers;
    private final int inputs;
    private final int outputs;
    private final int size;

    MlpPlan(List<Layer> layers, int inputs, int outputs, int size) {
      this.layers = layers;
      this.inputs = inputs;
      this.outputs = outputs;
      this.size = size;
    }

    @Override
    public int outputs() {
      return outputs;
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public void initialise(double[] parameters, SplittableRandom random) {
      for (Layer layer : layers) {
        Linear linear = layer.linear();
        double bound =
            activation == Activation.TANH
                ? Math.sqrt(6.0 / (linear.inputs() + linear.outputs()))
                : Math.sqrt(6.0 / linear.inputs());
        for (int i = linear.at(); i < linear.biasAt(); i++) {
          parameters[i] = bound * (2 * random.nextDouble() - 1);
        }
        // Biases that differ, because tanh units without any are odd functions all alike.
        double reach = 1 / Math.sqrt(linear.inputs());
        for (int i = linear.biasAt(); i < linear.at() + linear.size(); i++) {
          parameters[i] = reach * (2 * random.nextDouble() - 1);
        }
        if (layer.norm() != null) {
          int at = layer.norm().at();
          Arrays.fill(parameters, at, at + linear.outputs(), 1);
          Arrays.fill(parameters, at + linear.outputs(), at + 2 * linear.outputs(), 0);
        }
      }
    }

    @Override
    public void markWeights(double[] mask) {
      for (Layer layer : layers) {
        Arrays.fill(mask, layer.linear().at(), layer.linear().biasAt(), 1);
      }
    }

    @Override
    public State state(Watch watch) {
      return new MlpState(this, watch.pace());
    }
  }

  private final class MlpState implements State {
    private final MlpPlan plan;
    private final int depth;
    private final double[][] input;
    private final double[][][] sums;
    private final double[][][] values;
    private final double[][][] own;
    private final double[][][] saved;
    private final double[][] inner;
    private final double[][] outer;
    private final LayerNorm.State[] norms;
    private final Linear.Sums[] gradients;
    private final ElementFunctions functions = new ElementFunctions(Lanes.WIDTH);
    private final Watch.Pace pace;

    MlpState(MlpPlan plan, Watch.Pace pace) {
      this.plan = plan;
      this.pace = pace;
      depth = plan.layers.size();
      input = new double[plan.inputs][];
      sums = new double[depth][][];
      values = new double[depth][][];
      own = new double[depth][][];
      saved = new double[depth][][];
      norms = new LayerNorm.State[depth];
      gradients = new Linear.Sums[depth];
      int widest = 1;
      for (int l = 0; l < depth; l++) {
        Layer layer = plan.layers.get(l);
        int width = layer.linear().outputs();
        sums[l] = new double[width][Lanes.WIDTH];
        own[l] = new double[width][Lanes.WIDTH];
        values[l] = layer.residual() ? new double[width][Lanes.WIDTH] : own[l];
        saved[l] = new double[width][Lanes.WIDTH];
        norms[l] = layer.norm() == null ? null : layer.norm().state();
        gradients[l] = layer.linear().sums();
        widest = Math.max(widest, width);
      }
      inner = new double[widest][Lanes.WIDTH];
      outer = new double[widest][Lanes.WIDTH];
    }

    private double[][] below(int l) {
      return l == 0 ? input : values[l - 1];
    }

    @Override
    public double[][] forward(double[] parameters, double[][][] x, int n) {
      int at = 0;
      for (double[][] time : x) {
        for (double[] row : time) {
          input[at++] = row;
        }
      }
      for (int l = 0; l < depth; l++) {
        Layer layer = plan.layers.get(l);
        layer.linear().forward(parameters, below(l), sums[l], n);
        pace.add(layer.linear().operations(n));
        if (norms[l] != null) {
          norms[l].forward(parameters, sums[l], sums[l], n);
        }
        for (int i = 0; i < layer.linear().outputs(); i++) {
          activation.forward(own[l][i], saved[l][i], sums[l][i], functions, n);
          if (layer.residual()) {
            add(values[l][i], own[l][i], below(l)[i], n);
          }
        }
      }
      return depth == 0 ? input : values[depth - 1];
    }

    private static void add(double[] value, double[] y, double[] x, int n) {
      for (int b = 0; b < n; b++) {
        value[b] = y[b] + x[b];
      }
    }

    @Override
    public void backward(double[] parameters, double[][] dy, double[] gradient, int n) {
      double[][] above = dy;
      for (int l = depth - 1; l >= 0; l--) {
        Layer layer = plan.layers.get(l);
        int width = layer.linear().outputs();
        for (int i = 0; i < width; i++) {
          activation.backward(inner[i], above[i], own[l][i], saved[l][i], sums[l][i], n);
        }
        if (norms[l] != null) {
          norms[l].backward(parameters, inner, inner, gradient, n);
        }
        gradients[l].add(below(l), inner, n);
        gradients[l].flush(gradient);
        pace.add(2 * layer.linear().operations(n));
        if (l > 0) {
          if (layer.residual()) {
            addBackward(layer.linear(), parameters, above, n);
          } else {
            layer.linear().backward(parameters, inner, outer, n);
            above = outer;
          }
        }
      }
    }

    private void addBackward(Linear linear, double[] parameters, double[][] above, int n) {
      Lanes.addProduct(
          above,
          linear.inputs(),
          parameters,
          linear.at(),
          1,
          linear.inputs(),
          inner,
          linear.outputs(),
          n);
    }
  }
}
