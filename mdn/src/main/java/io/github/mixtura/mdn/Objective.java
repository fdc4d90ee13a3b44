package io.github.mixtura.mdn;

import io.github.mixtura.execution.Workers;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Mean loss of examples and its gradient. Examples are cut into stripes of {@link Lanes#WIDTH};
 * stripes are computed by any thread and summed in the order of their index, so the bits do not
 * depend on the number of threads.
 */
final class Objective {
  /** Stripes whose gradients are held at once where threads share the work. */
  private static final int GROUP = 16;

  private final Network network;
  private final Prepared data;
  private final Workers workers;
  private final Penalties penalties;
  private final Watch watch;
  private final double[] mask;
  private final Network.Stripe[] stripes = new Network.Stripe[GROUP];
  private double dataLoss;

  /**
   * What is added to the mean loss.
   *
   * @param decay λ of ½ λ Σ w²
   * @param entropy λ of −λ · mean entropy
   * @param divergence λ of λ · KL(mean weights ‖ prior)
   * @param prior weights of the fitted mixture
   */
  record Penalties(double decay, double entropy, double divergence, double[] prior) {
    static final Penalties NONE = new Penalties(0, 0, 0, null);
  }

  Objective(Network network, Prepared data, Workers workers, Penalties penalties) {
    this(network, data, workers, penalties, Watch.NONE);
  }

  /**
   * The objective that is not computed to the end if there is a reason to stop; every method then
   * throws {@link Watch.Stopped}, and none is to be called again.
   */
  Objective(Network network, Prepared data, Workers workers, Penalties penalties, Watch watch) {
    this.watch = watch;
    this.network = network;
    this.data = data;
    this.workers = workers;
    this.penalties = penalties;
    mask = network.weightMask();
  }

  private Network.Stripe stripe(int i) {
    if (stripes[i] == null) {
      stripes[i] = network.stripe(watch);
    }
    return stripes[i];
  }

  /** Does something with each stripe, and then something in order. */
  private void each(
      int[] indices,
      int from,
      int to,
      Consumer<Network.Stripe> parallel,
      Consumer<Network.Stripe> inOrder) {
    int count = (to - from + Lanes.WIDTH - 1) / Lanes.WIDTH;
    // Sums are taken in order, so the bits do not depend on how many are held at once.
    int most = workers.threads() == 1 ? 1 : GROUP;
    for (int first = 0; first < count; first += most) {
      watch.check();
      int base = first;
      int group = Math.min(most, count - first);
      for (int i = 0; i < group; i++) {
        stripe(i);
      }
      workers.forEach(
          group,
          i -> {
            int begin = from + (base + i) * Lanes.WIDTH;
            data.read(indices, begin, Math.min(to, begin + Lanes.WIDTH), lanes(i, begin, to));
            parallel.accept(stripes[i]);
          });
      for (int i = 0; i < group; i++) {
        inOrder.accept(stripes[i]);
      }
    }
  }

  private Network.Stripe lanes(int i, int begin, int to) {
    stripes[i].begin(Math.min(Lanes.WIDTH, to - begin));
    return stripes[i];
  }

  /** Mean of −log f in standardised units, without penalties. */
  double loss(double[] parameters, int[] indices, int from, int to) {
    double[] sum = new double[1];
    each(
        indices,
        from,
        to,
        stripe -> stripe.forward(parameters),
        stripe -> sum[0] += stripe.lossSum());
    return sum[0] * (1.0 / (to - from));
  }

  /** −log f of each example in standardised units. */
  double[] losses(double[] parameters, int[] indices) {
    double[] result = new double[indices.length];
    int[] at = new int[1];
    each(
        indices,
        0,
        indices.length,
        stripe -> stripe.forward(parameters),
        stripe -> {
          System.arraycopy(stripe.mixture.loss, 0, result, at[0], stripe.lanes());
          at[0] += stripe.lanes();
        });
    return result;
  }

  /** Outputs of each example. */
  double[][] outputs(double[] parameters, int[] indices) {
    double[][] result = new double[indices.length][network.head().outputs()];
    int[] at = new int[1];
    each(
        indices,
        0,
        indices.length,
        stripe -> stripe.outputs(parameters),
        stripe -> {
          double[][] out = stripe.outputRows();
          for (int b = 0; b < stripe.lanes(); b++) {
            for (int o = 0; o < out.length; o++) {
              result[at[0] + b][o] = out[o][b];
            }
          }
          at[0] += stripe.lanes();
        });
    return result;
  }

  /** Mean −log f of the last call of {@link #gradient}. */
  double dataLoss() {
    return dataLoss;
  }

  /**
   * The penalised loss.
   *
   * @param gradient its gradient (written)
   */
  double gradient(double[] parameters, int[] indices, int from, int to, double[] gradient) {
    double share = 1.0 / (to - from);
    double[] mean = penalties.divergence() > 0 ? meanWeights(parameters, indices, from, to) : null;
    MixtureHead.Penalty penalty =
        new MixtureHead.Penalty(penalties.entropy(), mean == null ? null : pull(mean));
    Arrays.fill(gradient, 0);
    double[] sums = new double[2];
    each(
        indices,
        from,
        to,
        stripe -> {
          stripe.forward(parameters);
          stripe.entropy(penalties.entropy() > 0);
          stripe.backward(parameters, share, penalty);
        },
        stripe -> {
          sums[0] += stripe.lossSum();
          sums[1] += stripe.entropySum();
          Lanes.add(gradient, stripe.gradient, gradient.length);
        });
    dataLoss = sums[0] * share;
    double loss = dataLoss - penalties.entropy() * sums[1] * share;
    return loss + divergence(mean) + decay(parameters, gradient);
  }

  private double decay(double[] parameters, double[] gradient) {
    if (penalties.decay() == 0) {
      return 0;
    }
    double sum = 0;
    for (int i = 0; i < parameters.length; i++) {
      double v = mask[i] * parameters[i];
      sum += v * v;
      gradient[i] += penalties.decay() * v;
    }
    return 0.5 * penalties.decay() * sum;
  }

  private double[] meanWeights(double[] parameters, int[] indices, int from, int to) {
    double[] mean = new double[network.head().components()];
    each(
        indices,
        from,
        to,
        stripe -> stripe.forward(parameters),
        stripe -> {
          for (int k = 0; k < mean.length; k++) {
            mean[k] += Lanes.sum(stripe.mixture.weight[k], stripe.lanes());
          }
        });
    for (int k = 0; k < mean.length; k++) {
      mean[k] = Math.max(mean[k] / (to - from), Double.MIN_NORMAL);
    }
    return mean;
  }

  private double[] pull(double[] mean) {
    double[] pull = new double[mean.length];
    for (int k = 0; k < pull.length; k++) {
      pull[k] = penalties.divergence() * (Math.log(mean[k] / penalties.prior()[k]) + 1);
    }
    return pull;
  }

  private double divergence(double[] mean) {
    double sum = 0;
    for (int k = 0; mean != null && k < mean.length; k++) {
      sum += mean[k] * Math.log(mean[k] / penalties.prior()[k]);
    }
    return penalties.divergence() * sum;
  }
}
