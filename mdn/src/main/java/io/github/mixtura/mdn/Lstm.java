package io.github.mixtura.mdn;

import io.github.mixtura.compute.ElementFunctions;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Long short-term memory over a window, oldest row first; the head sees the last hidden state of
 * the top layer.
 *
 * <p>(i, f, o) = logistic, g = tanh of W (x_t, h_{t−1}) + b; c_t = f c_{t−1} + i g; h_t = o tanh
 * c_t; c_0 = h_0 = 0. Hochreiter &amp; Schmidhuber 1997, doi:10.1162/neco.1997.9.8.1735.
 */
public final class Lstm extends Body {
  private final int units;
  private final int layers;

  private Lstm(int units, int layers) {
    this.units = units;
    this.layers = layers;
  }

  /**
   * One layer.
   *
   * @param units size of the hidden state, 1 to 4096
   * @return the body
   */
  public static Lstm of(int units) {
    return of(units, 1);
  }

  /**
   * Layers upon each other.
   *
   * @param units size of each layer's hidden state, 1 to 4096
   * @param layers 1 to 16
   * @return the body
   */
  public static Lstm of(int units, int layers) {
    if (layers < 1 || layers > 16) {
      throw new IllegalArgumentException("layers is " + layers + ", must be 1 to 16");
    }
    return new Lstm(width("units", units), layers);
  }

  @Override
  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("kind", "lstm");
    map.put("units", units);
    map.put("layers", layers);
    return map;
  }

  static Lstm read(Fields fields) {
    return of(fields.count("units"), fields.count("layers"));
  }

  @Override
  public String toString() {
    return "Lstm(" + units + (layers > 1 ? ", " + layers + " layers" : "") + ")";
  }

  @Override
  long parameterCount(long inputs, long window) {
    long count = 0;
    for (int l = 0; l < layers; l++) {
      long in = Sizes.sum(l == 0 ? inputs : units, units + 1);
      count = Sizes.sum(count, Sizes.product(4L * units, in));
    }
    return count;
  }

  @Override
  long stripeRows(long window) {
    return Sizes.product(window, 8L * units * layers);
  }

  @Override
  long outputCount(long inputs, long window) {
    return units;
  }

  @Override
  Plan plan(int inputs, int window) {
    Linear[] gates = new Linear[layers];
    int at = 0;
    for (int l = 0; l < layers; l++) {
      gates[l] = new Linear((l == 0 ? inputs : units) + units, 4 * units, at);
      at += gates[l].size();
    }
    return new LstmPlan(gates, inputs, window, at);
  }

  private final class LstmPlan implements Plan {
    private final Linear[] gates;
    private final int inputs;
    private final int window;
    private final int size;

    LstmPlan(Linear[] gates, int inputs, int window, int size) {
      this.gates = gates;
      this.inputs = inputs;
      this.window = window;
      this.size = size;
    }

    @Override
    public int outputs() {
      return units;
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public void initialise(double[] parameters, SplittableRandom random) {
      double bound = 1 / Math.sqrt(units);
      for (Linear gate : gates) {
        for (int i = gate.at(); i < gate.at() + gate.size(); i++) {
          parameters[i] = bound * (2 * random.nextDouble() - 1);
        }
        // A forget gate that begins open lets the gradient reach far back.
        for (int i = gate.biasAt() + units; i < gate.biasAt() + 2 * units; i++) {
          parameters[i] += 1;
        }
      }
    }

    @Override
    public void markWeights(double[] mask) {
      for (Linear gate : gates) {
        Arrays.fill(mask, gate.at(), gate.biasAt(), 1);
      }
    }

    @Override
    public State state(Watch watch) {
      return new LstmState(this, watch);
    }
  }

  /** Memory of one layer: all times, because the gradient goes back through them. */
  private final class LayerState {
    private final Linear gate;
    private final Linear.Sums sums;
    private final int below;
    private final int window;
    private final Watch.Pace pace;

    /** Rows of the input and, below them, of the previous hidden state. */
    private final double[][][] both;

    private final double[][][] gates;
    private final double[][][] cell;
    private final double[][][] tanh;
    private final double[][][] hidden;
    private final double[][] zero = new double[units][Lanes.WIDTH];
    private final double[][] dBoth;
    private final double[][] dGates = new double[4 * units][Lanes.WIDTH];
    private final double[][] dCell = new double[units][Lanes.WIDTH];

    /** Gradient with respect to the hidden states, from above. */
    private final double[][][] dHidden;

    LayerState(Linear gate, int below, int window, Watch.Pace pace) {
      this.pace = pace;
      this.gate = gate;
      this.below = below;
      this.window = window;
      sums = gate.sums();
      both = new double[window][below + units][];
      gates = new double[window][4 * units][Lanes.WIDTH];
      cell = new double[window][units][Lanes.WIDTH];
      tanh = new double[window][units][Lanes.WIDTH];
      hidden = new double[window][units][Lanes.WIDTH];
      dBoth = new double[below + units][Lanes.WIDTH];
      dHidden = new double[window][units][Lanes.WIDTH];
    }

    void forward(double[] parameters, double[][][] x, ElementFunctions functions, int n) {
      for (int t = 0; t < window; t++) {
        System.arraycopy(x[t], 0, both[t], 0, below);
        System.arraycopy(t == 0 ? zero : hidden[t - 1], 0, both[t], below, units);
        double[][] z = gates[t];
        gate.forward(parameters, both[t], z, n);
        pace.add(gate.operations(n));
        for (int i = 0; i < 3 * units; i++) {
          functions.logistic(z[i], z[i], n);
        }
        for (int i = 0; i < units; i++) {
          functions.tanh(z[3 * units + i], z[3 * units + i], n);
          double[] before = t == 0 ? zero[i] : cell[t - 1][i];
          cell(cell[t][i], z[units + i], before, z[i], z[3 * units + i], n);
          functions.tanh(tanh[t][i], cell[t][i], n);
          Lanes.multiply(hidden[t][i], z[2 * units + i], tanh[t][i], n);
        }
      }
    }

    private static void cell(
        double[] c, double[] f, double[] before, double[] i, double[] g, int n) {
      for (int b = 0; b < n; b++) {
        c[b] = Math.fma(f[b], before[b], i[b] * g[b]);
      }
    }

    /** Uses {@link #dHidden}; the gradient of the input at each time is added to {@code dx}. */
    void backward(double[] parameters, double[][][] dx, double[] gradient, int n) {
      for (double[] row : dCell) {
        Arrays.fill(row, 0, n, 0);
      }
      for (int t = window - 1; t >= 0; t--) {
        double[][] z = gates[t];
        for (int i = 0; i < units; i++) {
          double[] before = t == 0 ? zero[i] : cell[t - 1][i];
          double[] o = z[2 * units + i];
          throughCell(dCell[i], dGates[2 * units + i], dHidden[t][i], o, tanh[t][i], n);
          forget(dGates[units + i], dCell[i], z[units + i], before, n);
          enter(dGates[i], dGates[3 * units + i], dCell[i], z[i], z[3 * units + i], n);
          Lanes.multiply(dCell[i], dCell[i], z[units + i], n);
        }
        sums.add(both[t], dGates, n);
        pace.add(2 * gate.operations(n));
        if (t > 0 || dx != null) {
          gate.backward(parameters, dGates, dBoth, n);
        }
        if (dx != null) {
          for (int i = 0; i < below; i++) {
            System.arraycopy(dBoth[i], 0, dx[t][i], 0, n);
          }
        }
        if (t > 0) {
          for (int i = 0; i < units; i++) {
            Lanes.add(dHidden[t - 1][i], dBoth[below + i], n);
          }
        }
      }
      sums.flush(gradient);
    }

    private static void throughCell(
        double[] dc, double[] dz, double[] dh, double[] o, double[] y, int n) {
      for (int b = 0; b < n; b++) {
        double u = dh[b] * o[b];
        dc[b] += u * (1 - y[b] * y[b]);
        dz[b] = u * y[b] * (1 - o[b]);
      }
    }

    private static void forget(double[] dz, double[] dc, double[] f, double[] before, int n) {
      for (int b = 0; b < n; b++) {
        double v = f[b];
        dz[b] = dc[b] * before[b] * (v * (1 - v));
      }
    }

    private static void enter(
        double[] di, double[] dg, double[] dc, double[] i, double[] g, int n) {
      for (int b = 0; b < n; b++) {
        double u = dc[b] * i[b];
        double v = g[b];
        di[b] = u * v * (1 - i[b]);
        dg[b] = u * (1 - v * v);
      }
    }
  }

  private final class LstmState implements State {
    private final LayerState[] states = new LayerState[layers];
    private final ElementFunctions functions = new ElementFunctions(Lanes.WIDTH);
    private final int window;

    LstmState(LstmPlan plan, Watch watch) {
      window = plan.window;
      for (int l = 0; l < layers; l++) {
        states[l] =
            new LayerState(plan.gates[l], l == 0 ? plan.inputs : units, window, watch.pace());
      }
    }

    @Override
    public double[][] forward(double[] parameters, double[][][] x, int n) {
      double[][][] below = x;
      for (LayerState state : states) {
        state.forward(parameters, below, functions, n);
        below = state.hidden;
      }
      return below[window - 1];
    }

    @Override
    public void backward(double[] parameters, double[][] dy, double[] gradient, int n) {
      double[][][] top = states[layers - 1].dHidden;
      for (int t = 0; t < window; t++) {
        for (int i = 0; i < units; i++) {
          if (t == window - 1) {
            System.arraycopy(dy[i], 0, top[t][i], 0, n);
          } else {
            Arrays.fill(top[t][i], 0, n, 0);
          }
        }
      }
      for (int l = layers - 1; l >= 0; l--) {
        states[l].backward(parameters, l == 0 ? null : states[l - 1].dHidden, gradient, n);
      }
    }
  }
}
