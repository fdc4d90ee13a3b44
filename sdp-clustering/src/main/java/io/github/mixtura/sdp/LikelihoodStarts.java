package io.github.mixtura.sdp;

import io.github.mixtura.em.init.Start;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.ejml.data.DMatrixRMaj;

/**
 * Labels to begin a {@link LikelihoodSearch} at, all different: k-means and Ward's tree on the
 * columns as they are and on whitened ones, where elongated groups are rounder; k-means from single
 * starts on whitened columns; and the rows nearest to random rows.
 */
final class LikelihoodStarts {
  private static final int SINGLE = 10;
  private static final int RANDOM = 10;

  private final Points points;
  private final int components;
  private final Run run;
  private final Set<IntBuffer> seen = new HashSet<>();
  private final List<Candidate> starts = new ArrayList<>();

  private LikelihoodStarts(Points points, int components, Run run) {
    this.points = points;
    this.components = components;
    this.run = run;
  }

  /** At least one start; fewer than all if the run is over. */
  static List<Candidate> of(Points points, int components, long seed, Run run) {
    LikelihoodStarts made = new LikelihoodStarts(points, components, run);
    made.makeAll(seed);
    return made.starts;
  }

  private void makeAll(long seed) {
    add(KMeansSearch.plusPlus(points, components, KMeansSearch.STARTS, seed, run));
    if (components == 1 || run.isOver()) {
      return;
    }
    add(new Candidate(KMeansSearch.wardLabels(points, components), Double.NaN, 0, "ward"));
    Points white = whitened();
    int[] tree = KMeansSearch.wardLabels(white, components);
    add(new Candidate(tree, Double.NaN, 0, "whitened ward"));
    SplittableRandom seeds = new SplittableRandom(seed);
    for (int s = 0; s < SINGLE && !run.isOver(); s++) {
      add(
          KMeansSearch.plusPlus(white, components, 1, seeds.nextLong(), run)
              .from("whitened k-means++"));
    }
    for (int s = 0; s < RANDOM && !run.isOver(); s++) {
      add(KMeansSearch.nearestOfRandomRows(points, components, seeds.nextLong(), run));
    }
  }

  private void add(Candidate start) {
    if (seen.add(new Start.Partition(components, start.labels()).key())) {
      starts.add(start);
    }
  }

  /** The points with (nearly) uncorrelated columns of unit variance. */
  private Points whitened() {
    int n = points.count();
    int p = points.dimension();
    CovarianceRule shrunk = new CovarianceRule(CovarianceModel.FULL, true);
    GroupScatters all = GroupScatters.of(points, new int[n], 1, run);
    double[] m = GroupCovariances.likelihood(all, shrunk).whitenings()[0];
    DMatrixRMaj white = new DMatrixRMaj(n, p);
    for (int i = 0; i < n; i++) {
      for (int a = 0; a < p; a++) {
        double sum = 0;
        for (int b = 0; b <= a; b++) {
          sum += m[a * p + b] * points.rows().data[i * p + b];
        }
        white.data[i * p + a] = sum;
      }
    }
    return new Points(white);
  }
}
