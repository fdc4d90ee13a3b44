package io.github.mixtura.mdn;

import io.github.mixtura.compute.ElementFunctions;
import java.util.Arrays;

/**
 * From rows of outputs to the mixture's log-density: K rows of logits, then the rows of each
 * component. Everything is taken on the log scale.
 *
 * @param components K
 * @param law of the components
 */
record MixtureHead(int components, OutputLaw law) {
  int outputs() {
    return components * (1 + law.parameters());
  }

  int at(int k) {
    return components + k * law.parameters();
  }

  /**
   * Weights of the penalties.
   *
   * @param entropy λ of −λ · mean entropy of the weights
   * @param pull for each component ∂/∂π̄_k of the penalty on the mean weights; null for none
   */
  record Penalty(double entropy, double[] pull) {
    static final Penalty NONE = new Penalty(0, null);
  }

  /** Memory of one stripe. */
  final class State {
    /** π_k; after {@link #forward} {@code responsibility} holds r_k. */
    final double[][] weight = new double[components][Lanes.WIDTH];

    final double[][] responsibility = new double[components][Lanes.WIDTH];

    /** −log f of each sample, in standardised units. */
    final double[] loss = new double[Lanes.WIDTH];

    private final double[][] logWeight = new double[components][Lanes.WIDTH];
    private final double[][][] memory = new double[components][law.memory()][Lanes.WIDTH];
    private final double[] largest = new double[Lanes.WIDTH];
    private final double[] total = new double[Lanes.WIDTH];
    private final double[] logarithm = new double[Lanes.WIDTH];
    private final ElementFunctions functions;

    State(ElementFunctions functions) {
      this.functions = functions;
    }

    void forward(double[][] out, double[][] y, int n) {
      normalise(out, weight, n);
      for (int k = 0; k < components; k++) {
        subtract(logWeight[k], out[k], logarithm, n);
        law.logDensity(out, at(k), y, responsibility[k], memory[k], functions, n);
        Lanes.add(responsibility[k], logWeight[k], n);
      }
      normalise(responsibility, responsibility, n);
      for (int b = 0; b < n; b++) {
        loss[b] = -logarithm[b];
      }
    }

    /** The outputs cannot be used: every loss is NaN. */
    void refuse(int n) {
      Arrays.fill(loss, 0, n, Double.NaN);
      for (int k = 0; k < components; k++) {
        Arrays.fill(weight[k], 0, n, Double.NaN);
        Arrays.fill(logWeight[k], 0, n, Double.NaN);
      }
    }

    /** shares ← e^x scaled to sum to 1, logarithm ← log Σ e^x. */
    private void normalise(double[][] x, double[][] shares, int n) {
      System.arraycopy(x[0], 0, largest, 0, n);
      for (int k = 1; k < components; k++) {
        greatest(largest, x[k], n);
      }
      Arrays.fill(total, 0, n, 0);
      for (int k = 0; k < components; k++) {
        subtract(shares[k], x[k], largest, n);
        functions.exp(shares[k], shares[k], n);
        Lanes.add(total, shares[k], n);
      }
      functions.log(logarithm, total, n);
      for (int b = 0; b < n; b++) {
        logarithm[b] += largest[b];
        total[b] = 1 / total[b];
      }
      for (int k = 0; k < components; k++) {
        Lanes.multiply(shares[k], shares[k], total, n);
      }
    }

    private static void subtract(double[] y, double[] x, double[] s, int n) {
      for (int b = 0; b < n; b++) {
        y[b] = x[b] - s[b];
      }
    }

    private static void greatest(double[] m, double[] x, int n) {
      for (int b = 0; b < n; b++) {
        m[b] = Math.max(m[b], x[b]);
      }
    }

    /** Σ over the lanes of the entropies of the weights. */
    double entropy(int n) {
      double sum = 0;
      for (int k = 0; k < components; k++) {
        Lanes.multiply(total, weight[k], logWeight[k], n);
        sum -= Lanes.sum(total, n);
      }
      return sum;
    }

    /** gradient ← ∂/∂out of share · Σ_b (loss_b + penalties), after {@link #forward}. */
    void backward(
        double[][] out, double[][] y, double[][] gradient, double share, Penalty penalty, int n) {
      for (int k = 0; k < components; k++) {
        logits(gradient[k], weight[k], responsibility[k], share, n);
      }
      addPenalty(gradient, share, penalty, n);
      for (int k = 0; k < components; k++) {
        for (int b = 0; b < n; b++) {
          total[b] = -share * responsibility[k][b];
        }
        law.gradient(out, at(k), y, memory[k], total, gradient, n);
      }
    }

    private static void logits(double[] g, double[] weight, double[] r, double share, int n) {
      for (int b = 0; b < n; b++) {
        g[b] = share * (weight[b] - r[b]);
      }
    }

    private void addPenalty(double[][] gradient, double share, Penalty penalty, int n) {
      if (penalty.entropy() == 0 && penalty.pull() == null) {
        return;
      }
      // ∂(Σ_k π_k v_k)/∂logit_k = π_k (v_k − Σ_l π_l v_l), v the derivative in π up to a constant.
      Arrays.fill(total, 0, n, 0);
      for (int k = 0; k < components; k++) {
        slope(logWeight[k], penalty, k, n);
        Lanes.addProduct(total, weight[k], logWeight[k], n);
      }
      for (int k = 0; k < components; k++) {
        for (int b = 0; b < n; b++) {
          gradient[k][b] += share * weight[k][b] * (logWeight[k][b] - total[b]);
        }
      }
    }

    private static void slope(double[] v, Penalty penalty, int k, int n) {
      double entropy = penalty.entropy();
      double pull = penalty.pull() == null ? 0 : penalty.pull()[k];
      for (int b = 0; b < n; b++) {
        v[b] = entropy * v[b] + pull;
      }
    }
  }

  State state(ElementFunctions functions) {
    return new State(functions);
  }
}
