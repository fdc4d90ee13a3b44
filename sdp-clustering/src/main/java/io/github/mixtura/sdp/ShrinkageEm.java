package io.github.mixtura.sdp;

import io.github.mixtura.data.Observations;
import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.em.DegeneracyPolicy;
import io.github.mixtura.em.EmOptions;
import io.github.mixtura.em.MixtureFit;
import io.github.mixtura.em.MixtureFitter;
import io.github.mixtura.em.init.Initializer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * EM for Gaussian mixtures whose M-step shrinks the covariances as iLA-SDP does: a rival to compare
 * it with, and one of its starts. At most 200 iterations, ended when the log-likelihood changes by
 * less than 1e-8 of it. A step of shrinkage is no maximum of the likelihood, so that the
 * log-likelihood may fall a little.
 */
public final class ShrinkageEm {
  private static final int MOST_ITERATIONS = 200;
  private static final double TOLERANCE = 1e-8;

  private ShrinkageEm() {}

  /**
   * What EM found.
   *
   * @param labels likeliest component of every row, from 0; not every component need have a row
   * @param logLikelihood of the mixture
   */
  public record Result(int[] labels, double logLikelihood) {
    @Override
    public String toString() {
      return "Result(labels " + Arrays.toString(labels) + ", logLikelihood " + logLikelihood + ")";
    }
  }

  /**
   * The likelier of the mixtures from k-means and from Ward's tree.
   *
   * @param observations n × p, complete; weights are not used
   * @param components K
   * @param model of the covariances
   * @param seed of k-means
   * @return labels of the likelier one
   * @throws IllegalArgumentException if there are fewer distinct rows than K
   * @throws UnusableDataException if neither leads to a mixture
   */
  public static Result fit(
      Observations observations, int components, CovarianceModel model, long seed) {
    Points points = Points.of(observations);
    Candidate kMeans =
        KMeansSearch.plusPlus(points, components, KMeansSearch.STARTS, seed, Run.FREE);
    return likeliest(
        points,
        components,
        model,
        List.of(kMeans.labels(), KMeansSearch.wardLabels(points, components)));
  }

  /**
   * The likeliest of the mixtures from all starts of the search that iLA-SDP begins with.
   *
   * @param observations n × p, complete; weights are not used
   * @param components K
   * @param model of the covariances
   * @param seed of the starts
   * @return labels of the likeliest one
   * @throws IllegalArgumentException if there are fewer distinct rows than K
   * @throws UnusableDataException if none leads to a mixture
   */
  public static Result fitFromAllStarts(
      Observations observations, int components, CovarianceModel model, long seed) {
    Points points = Points.of(observations);
    return likeliest(
        points,
        components,
        model,
        LikelihoodStarts.of(points, components, seed, Run.FREE).stream()
            .map(Candidate::labels)
            .toList());
  }

  private static Result likeliest(
      Points points, int components, CovarianceModel model, List<int[]> starts) {
    CovarianceRule rule = new CovarianceRule(model, true);
    Observations rows = KMeansSearch.observations(points);
    return starts.stream()
        .map(labels -> from(rows, labels, components, rule, Run.FREE))
        .flatMap(Optional::stream)
        .max(Comparator.comparingDouble(Result::logLikelihood))
        .orElseThrow(() -> new UnusableDataException("no start of EM led to a mixture"));
  }

  /** Empty if EM leads to no mixture from these labels. */
  static Optional<Result> from(
      Observations rows, int[] labels, int components, CovarianceRule rule, Run run) {
    EmOptions options =
        EmOptions.defaults()
            .withTolerance(TOLERANCE)
            .withMaxIterations(MOST_ITERATIONS)
            .withThreads(run.threads())
            .withOnDegenerate(DegeneracyPolicy.floor(1e-6))
            .withCancelled(run::isOver);
    try {
      MixtureFit<Gaussian> fit =
          MixtureFitter.of(rule.family(), components)
              .initializer(Initializer.labels(labels))
              .options(options)
              .fit(rows);
      return Optional.of(new Result(fit.mixture().labels(rows), fit.logLikelihood()));
    } catch (UnusableDataException | CancellationException e) {
      return Optional.empty();
    }
  }
}
