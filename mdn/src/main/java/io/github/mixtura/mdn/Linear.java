package io.github.mixtura.mdn;

import java.util.Arrays;

/**
 * z = W x + b on lanes. The parameters lie at {@code at} of the flat vector: W (outputs × inputs,
 * row by row), then b.
 *
 * @param inputs number of inputs
 * @param outputs number of outputs
 * @param at first index in the parameter vector
 */
record Linear(int inputs, int outputs, int at) {
  int size() {
    return outputs * (inputs + 1);
  }

  int biasAt() {
    return at + outputs * inputs;
  }

  /** Floating-point operations of {@link #forward}. */
  long operations(int n) {
    return 2L * outputs * inputs * n;
  }

  void forward(double[] parameters, double[][] x, double[][] z, int n) {
    for (int o = 0; o < outputs; o++) {
      Arrays.fill(z[o], 0, n, parameters[biasAt() + o]);
    }
    Lanes.addProduct(z, outputs, parameters, at, inputs, 1, x, inputs, n);
  }

  /** dx ← Wᵀ dz. */
  void backward(double[] parameters, double[][] dz, double[][] dx, int n) {
    for (int i = 0; i < inputs; i++) {
      Arrays.fill(dx[i], 0, n, 0);
    }
    Lanes.addProduct(dx, inputs, parameters, at, 1, inputs, dz, outputs, n);
  }

  /** Sums of the gradient; the longer side of W is in lanes. */
  final class Sums {
    private final boolean byOutput = outputs >= inputs;
    private final double[][] weights =
        new double[Math.min(inputs, outputs)][Math.max(inputs, outputs)];
    private final double[][] transposed = new double[Lanes.WIDTH][Math.max(inputs, outputs)];
    private final double[] bias = new double[outputs];

    void add(double[][] x, double[][] dz, int n) {
      if (byOutput) {
        Lanes.transpose(transposed, dz, outputs, n);
        Lanes.addProduct(weights, inputs, x, transposed, n, outputs);
      } else {
        Lanes.transpose(transposed, x, inputs, n);
        Lanes.addProduct(weights, outputs, dz, transposed, n, inputs);
      }
      for (int o = 0; o < outputs; o++) {
        bias[o] += Lanes.sum(dz[o], n);
      }
    }

    /** Writes the sums to their place in the gradient and begins anew. */
    void flush(double[] gradient) {
      for (int o = 0; o < outputs; o++) {
        int row = at + o * inputs;
        for (int i = 0; i < inputs; i++) {
          gradient[row + i] = byOutput ? weights[i][o] : weights[o][i];
        }
      }
      System.arraycopy(bias, 0, gradient, biasAt(), outputs);
      for (double[] row : weights) {
        Arrays.fill(row, 0);
      }
      Arrays.fill(bias, 0);
    }
  }

  Sums sums() {
    return new Sums();
  }
}
