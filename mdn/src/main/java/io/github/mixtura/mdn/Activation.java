package io.github.mixtura.mdn;

import io.github.mixtura.compute.ElementFunctions;

/** What a unit does to its weighted sum. */
public enum Activation {
  /** tanh z. */
  TANH {
    @Override
    void forward(double[] y, double[] s, double[] z, ElementFunctions functions, int n) {
      functions.tanh(y, z, n);
    }

    @Override
    void backward(double[] dz, double[] dy, double[] y, double[] s, double[] z, int n) {
      for (int b = 0; b < n; b++) {
        double v = y[b];
        dz[b] = dy[b] * (1 - v * v);
      }
    }
  },
  /** max(z, 0). */
  RELU {
    @Override
    void forward(double[] y, double[] s, double[] z, ElementFunctions functions, int n) {
      for (int b = 0; b < n; b++) {
        y[b] = Math.max(z[b], 0);
      }
    }

    @Override
    void backward(double[] dz, double[] dy, double[] y, double[] s, double[] z, int n) {
      for (int b = 0; b < n; b++) {
        dz[b] = z[b] > 0 ? dy[b] : 0;
      }
    }
  },
  /** z/(1 + e^−z). */
  SILU {
    @Override
    void forward(double[] y, double[] s, double[] z, ElementFunctions functions, int n) {
      functions.logistic(s, z, n);
      Lanes.multiply(y, z, s, n);
    }

    @Override
    void backward(double[] dz, double[] dy, double[] y, double[] s, double[] z, int n) {
      for (int b = 0; b < n; b++) {
        double v = s[b];
        dz[b] = dy[b] * (v + y[b] * (1 - v));
      }
    }
  };

  /** y ← the value, s ← what the derivative needs besides. */
  abstract void forward(double[] y, double[] s, double[] z, ElementFunctions functions, int n);

  /** dz ← dy times the derivative. */
  abstract void backward(double[] dz, double[] dy, double[] y, double[] s, double[] z, int n);
}
