package io.github.mixtura.mdn.risk;

import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.mixture.Mixture;
import java.util.Arrays;
import java.util.List;

/**
 * A hidden Markov chain of two states with Gaussian emissions; the arrays are read-only.
 *
 * @param initial probabilities of the first state
 * @param transitions entry [i][j] is the probability of j after i
 * @param means of the states
 * @param variances of the states
 */
record HiddenMarkov(double[] initial, double[][] transitions, double[] means, double[] variances) {
  private static final double LEAST_STATE = 1e-3;
  private static final double NEGLIGIBLE = 1e-150;

  /**
   * Where Baum–Welch ended.
   *
   * @param model the model; null if a state collapsed
   * @param logLikelihood of the model
   * @param converged whether the log-likelihood came to rest
   */
  record Fit(HiddenMarkov model, double logLikelihood, boolean converged) {
    static Fit collapsed() {
      return new Fit(null, Double.NEGATIVE_INFINITY, false);
    }
  }

  /** Sums of one forward and backward pass. */
  private static final class Pass {
    final double[] first = new double[2];
    final double[][] moves = new double[2][2];
    final double[] counts = new double[2];
    final double[] sums = new double[2];
    final double[] squares = new double[2];
    double logLikelihood;
  }

  /**
   * Maximises the likelihood by Baum–Welch steps.
   *
   * @param x the series, oldest first (read)
   * @param start where to begin
   * @param leastVariance a state below it has collapsed on equal values
   * @param tolerance ends once |Δℓ| ≤ tolerance (1 + |ℓ|)
   * @param maxIterations greatest number of steps
   */
  static Fit fit(
      double[] x, HiddenMarkov start, double leastVariance, double tolerance, int maxIterations) {
    HiddenMarkov model = start;
    double[][] forward = new double[x.length][2];
    double[][] densities = new double[x.length][2];
    double previous = Double.NEGATIVE_INFINITY;
    for (int i = 0; ; i++) {
      Pass pass = model.pass(x, forward, densities);
      double change = Math.abs(pass.logLikelihood - previous);
      boolean converged = change <= tolerance * (1 + Math.abs(pass.logLikelihood));
      if (converged || i == maxIterations) {
        return new Fit(model, pass.logLikelihood, converged);
      }
      previous = pass.logLikelihood;
      model = model.maximised(pass);
      if (model.collapsed(pass, leastVariance)) {
        return Fit.collapsed();
      }
    }
  }

  private boolean collapsed(Pass pass, double leastVariance) {
    for (int k = 0; k < 2; k++) {
      if (!(variances[k] >= leastVariance) || !(pass.counts[k] >= LEAST_STATE)) {
        return true;
      }
    }
    return false;
  }

  private HiddenMarkov maximised(Pass pass) {
    double[][] next = new double[2][2];
    double[] means = new double[2];
    double[] variances = new double[2];
    for (int k = 0; k < 2; k++) {
      double leaving = pass.moves[k][0] + pass.moves[k][1];
      next[k][0] = leaving > 0 ? pass.moves[k][0] / leaving : 0.5;
      next[k][1] = 1 - next[k][0];
      double shift = pass.sums[k] / pass.counts[k];
      means[k] = this.means[k] + shift;
      variances[k] = pass.squares[k] / pass.counts[k] - shift * shift;
    }
    return new HiddenMarkov(pass.first.clone(), next, means, variances);
  }

  /** Probabilities of the states after each value, scaled; returns log f(x). */
  private double forward(double[] x, double[][] forward, double[][] densities) {
    double logLikelihood = -0.5 * Math.log(2 * Math.PI) * x.length;
    double[] logDeviation = {0.5 * Math.log(variances[0]), 0.5 * Math.log(variances[1])};
    double before0 = initial[0];
    double before1 = initial[1];
    double product = 1;
    for (int t = 0; t < x.length; t++) {
      double z0 = x[t] - means[0];
      double z1 = x[t] - means[1];
      double log0 = -logDeviation[0] - 0.5 * z0 * z0 / variances[0];
      double log1 = -logDeviation[1] - 0.5 * z1 * z1 / variances[1];
      double top = Math.max(log0, log1);
      densities[t][0] = Math.exp(log0 - top);
      densities[t][1] = Math.exp(log1 - top);
      double joint0 = before0 * densities[t][0];
      double joint1 = before1 * densities[t][1];
      double sum = joint0 + joint1;
      if (!(sum > NEGLIGIBLE)) {
        // Both states all but exclude the value: it says nothing about the state.
        densities[t][0] = NEGLIGIBLE;
        densities[t][1] = NEGLIGIBLE;
        joint0 = NEGLIGIBLE * before0;
        joint1 = NEGLIGIBLE * before1;
        sum = joint0 + joint1;
      }
      logLikelihood += top;
      product *= sum;
      if (product < NEGLIGIBLE) {
        logLikelihood += Math.log(product);
        product = 1;
      }
      forward[t][0] = joint0 / sum;
      forward[t][1] = joint1 / sum;
      before0 = forward[t][0] * transitions[0][0] + forward[t][1] * transitions[1][0];
      before1 = forward[t][0] * transitions[0][1] + forward[t][1] * transitions[1][1];
    }
    return logLikelihood + Math.log(product);
  }

  private Pass pass(double[] x, double[][] forward, double[][] densities) {
    Pass pass = new Pass();
    pass.logLikelihood = forward(x, forward, densities);
    double[] after = {1, 1};
    double[] weighted = new double[2];
    for (int t = x.length - 1; t >= 0; t--) {
      double total = forward[t][0] * after[0] + forward[t][1] * after[1];
      for (int k = 0; k < 2; k++) {
        double share = forward[t][k] * after[k] / total;
        double z = x[t] - means[k];
        pass.counts[k] += share;
        pass.sums[k] += share * z;
        pass.squares[k] += share * z * z;
        pass.first[k] = share;
        weighted[k] = densities[t][k] * after[k];
      }
      if (t > 0) {
        double sum = 0;
        for (int i = 0; i < 2; i++) {
          after[i] = transitions[i][0] * weighted[0] + transitions[i][1] * weighted[1];
          sum += forward[t - 1][i] * after[i];
        }
        for (int i = 0; i < 2; i++) {
          for (int j = 0; j < 2; j++) {
            pass.moves[i][j] += forward[t - 1][i] * transitions[i][j] * weighted[j] / sum;
          }
          after[i] /= sum;
        }
      }
    }
    return pass;
  }

  /** Law of the value that follows. */
  Mixture<Gaussian> next(double[] x) {
    double[][] forward = new double[x.length][2];
    forward(x, forward, new double[x.length][2]);
    double[] last = forward[x.length - 1];
    double weight = last[0] * transitions[0][0] + last[1] * transitions[1][0];
    double first = Math.min(1, Math.max(0, weight));
    return Mixture.of(
        List.of(Gaussian.of(means[0], variances[0]), Gaussian.of(means[1], variances[1])),
        first,
        1 - first);
  }

  /** The same model of values shift + unit · x. */
  HiddenMarkov moved(double shift, double unit) {
    return new HiddenMarkov(
        initial,
        transitions,
        Arrays.stream(means).map(m -> shift + unit * m).toArray(),
        Arrays.stream(variances).map(v -> unit * unit * v).toArray());
  }
}
