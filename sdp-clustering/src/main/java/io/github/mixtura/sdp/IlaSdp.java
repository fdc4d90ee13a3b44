package io.github.mixtura.sdp;

import io.github.mixtura.optimisation.Certification;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.ejml.data.DMatrixRMaj;

/**
 * iLA-SDP: labels and covariances in turn.
 *
 * <p>Begins with the labels of {@link LikelihoodSearch}. Each outer step takes the covariances of
 * the labels and bounds the objective of all labels under them; where the bound does not show that
 * none is better, it solves the relaxation from these labels, rounds and improves the rounded
 * labels, and goes on if −L with their own covariances is larger by 1e-8 relative. At most {@value
 * #MOST_STEPS} steps. The bound is for the covariances of the returned labels; it says nothing of
 * other covariances.
 *
 * @param rule how covariances are made of groups
 * @param relaxation LA-SDP
 */
record IlaSdp(CovarianceRule rule, LabelRelaxation relaxation) {
  private static final int MOST_STEPS = 10;
  private static final double LEAST_GAIN = 1e-8;

  /** n·p·K beyond which the relaxation is not solved: one product takes some 50 ms there. */
  private static final long LARGEST_RELAXATION = 1_000_000;

  /**
   * What was found.
   *
   * @param labels n group numbers, 0 … K − 1, all used
   * @param covariances of these groups
   * @param objective −L of these labels and covariances
   * @param bound for these covariances; {@code null} if there was no time or memory for one
   * @param iterations outer steps
   * @param origin where the search began that led to the labels
   * @param warnings what the user should know
   */
  record Result(
      int[] labels,
      DMatrixRMaj[] covariances,
      double objective,
      Bound bound,
      int iterations,
      String origin,
      List<String> warnings) {
    /** (bound − objective)/(n·p); NaN without a bound. */
    double relativeGap() {
      return bound == null
          ? Double.NaN
          : bound.gap() / ((double) labels.length * covariances[0].numRows);
    }

    Result warning(String text) {
      return new Result(labels, covariances, objective, bound, iterations, origin, List.of(text));
    }

    Certification status() {
      return bound == null
          ? Certification.UNCERTIFIED
          : relativeGap() <= SdpClustering.CERTIFIED ? Certification.CERTIFIED : Certification.GAP;
    }
  }

  /**
   * Searches from all starts.
   *
   * @throws IllegalArgumentException as {@link LikelihoodSearch#search} does
   */
  Result solve(Points points, int components, long seed, Run run) {
    return solve(points, components, seed, run, () -> run);
  }

  /**
   * The same with a run of its own for what follows the search.
   *
   * @param bounding is asked once, when the search is over
   */
  Result solve(Points points, int components, long seed, Run run, Supplier<Run> bounding) {
    Candidate start = LikelihoodSearch.search(points, components, rule, seed, run);
    return from(points, components, start, bounding.get());
  }

  /**
   * Searches from given labels only.
   *
   * @param labels 0 … K − 1, all used (read)
   * @throws IllegalArgumentException if groups are too small for their covariances
   */
  Result solve(Points points, int[] labels, int components, Run run) {
    return from(
        points, components, LikelihoodSearch.improve(points, labels, components, rule, run), run);
  }

  private Result from(Points points, int components, Candidate start, Run run) {
    Candidate current = start;
    long size = (long) points.count() * points.dimension() * components;
    for (int step = 1; ; step++) {
      Result result = certified(points, components, current, step, run);
      if (result.status() == Certification.CERTIFIED || run.isOver() || step == MOST_STEPS) {
        return result;
      }
      if (size > LARGEST_RELAXATION) {
        return result.warning(
            "n·p·K is "
                + size
                + ": the relaxation was bounded but not solved, as it is up to "
                + LARGEST_RELAXATION);
      }
      int[] labels = current.labels();
      Optional<Candidate> next =
          run.step(
              () -> {
                int[] rounded = relaxation.solve(points, result.covariances(), labels, run);
                return LikelihoodSearch.improveIfPossible(points, rounded, components, rule, run);
              },
              Optional.empty());
      double needed = result.objective() + LEAST_GAIN * (1 + Math.abs(result.objective()));
      if (next.isEmpty() || !(next.get().objective() > needed)) {
        return result;
      }
      current = next.get().from("relaxation after " + start.origin());
    }
  }

  /**
   * Bounds given labels under the covariances of their groups, without a search.
   *
   * @param labels 0 … K − 1, all used; kept
   * @throws IllegalArgumentException if groups are too small for their covariances
   */
  Result certified(Points points, int components, int[] labels, Run run) {
    return certified(points, components, new Candidate(labels, Double.NaN, 0, "given"), 0, run);
  }

  private Result certified(Points points, int components, Candidate current, int step, Run run) {
    GroupScatters groups = GroupScatters.of(points, current.labels(), components, run);
    GroupLikelihood likelihood = GroupCovariances.likelihood(groups, rule);
    Bound bound = null;
    if (components == 1 || !run.isOver()) {
      Bound found = relaxation.bound(points, likelihood.covariances(), current.labels(), run);
      bound = Double.isInfinite(found.upper()) ? null : found;
    }
    return new Result(
        current.labels(),
        likelihood.covariances(),
        likelihood.objective(),
        bound,
        step,
        current.origin(),
        List.of());
  }
}
