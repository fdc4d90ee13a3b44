package io.github.mixtura.sdp;

import io.github.mixtura.compute.Encoding;
import io.github.mixtura.data.DataSummary;
import io.github.mixtura.data.Observations;
import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.em.init.Initializer;
import io.github.mixtura.em.init.Start;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;

/**
 * Partitions of small within-group sum of squares: Lloyd's iteration until no label changes, then
 * Hartigan's moves of single rows, from several starts. The objective is minus that sum.
 *
 * <p>Beyond {@value #SAMPLE} rows, starts compete on a seeded sample and the best goes on with all
 * rows. The columns are used as they are. O(npK) per pass.
 */
final class KMeansSearch {
  static final int STARTS = 10;
  private static final int SAMPLE = 20_000;
  private static final int MOST_PASSES = 300;
  private static final int MOST_MOVE_PASSES = 50;

  /** Gain of a move, relative to the distances it is the difference of, that is not rounding. */
  private static final double LEAST_GAIN = 1e-12;

  private final Points points;
  private final int components;
  private final Run run;
  private final ColumnBlocks blocks;
  private final int n;
  private final int p;
  private int passes;

  private KMeansSearch(Points points, int components, Run run) {
    this.points = points;
    this.components = components;
    this.n = points.count();
    this.p = points.dimension();
    // Threads cost more than they save on few rows.
    this.run = n > SAMPLE ? run : run.alone();
    this.blocks = ColumnBlocks.of(points, run);
  }

  /** The better of {@value #STARTS} k-means++ starts and Ward's tree. */
  static Candidate search(Points points, int components, long seed, Run run) {
    Candidate best = plusPlus(points, components, STARTS, seed, run);
    return run.isOver() ? best : Candidate.better(best, ward(points, components, run));
  }

  /** The best of starts from greedy k-means++ centres. */
  static Candidate plusPlus(Points points, int components, int starts, long seed, Run run) {
    return starts(points, components, starts, seed, run).from("k-means++");
  }

  /** One assignment to random distinct rows, without any improvement. */
  static Candidate nearestOfRandomRows(Points points, int components, long seed, Run run) {
    requireDistinctRows(points, components);
    KMeansSearch search = new KMeansSearch(points, components, run);
    int[] labels = unlabelled(points.count());
    search.assign(labels, search.randomCentres(new SplittableRandom(seed)));
    return search.candidate(labels).from("random rows");
  }

  /** From the cut of Ward's tree, which beyond 2000 rows is that of a sample. */
  static Candidate ward(Points points, int components, Run run) {
    return improve(points, wardLabels(points, components), components, run).from("ward");
  }

  /** From given labels. */
  static Candidate improve(Points points, int[] labels, int components, Run run) {
    requireDistinctRows(points, components);
    KMeansSearch search = new KMeansSearch(points, components, run);
    int[] refined = labels.clone();
    search.refine(refined, search.centres(refined), true);
    return search.candidate(refined);
  }

  /** Ward's tree on the columns as they are, cut at K groups. */
  static int[] wardLabels(Points points, int components) {
    requireDistinctRows(points, components);
    int p = points.dimension();
    double[] ones = new double[p];
    Arrays.fill(ones, 1);
    Observations rows = observations(points);
    int n = rows.rows();
    // A summary of unit variances keeps the initialiser from scaling the columns.
    Initializer.Data data =
        new Initializer.Data(
            rows,
            Encoding.IDENTITY,
            new DataSummary(n, n, new double[p], ones, null),
            IntStream.range(0, n).toArray(),
            n);
    Start start = Initializer.hierarchical().start(data, components, new SplittableRandom(0));
    return withEveryLabel(points, ((Start.Partition) start).labels(), components);
  }

  static Observations observations(Points points) {
    int p = points.dimension();
    Observations.Builder builder = Observations.builder(p);
    double[] row = new double[p];
    for (int i = 0; i < points.count(); i++) {
      System.arraycopy(points.rows().data, i * p, row, 0, p);
      builder.add(row);
    }
    return builder.build();
  }

  /**
   * Refuses a number of groups that the rows cannot fill.
   *
   * @throws UnusableDataException if so
   */
  static void requireDistinctRows(Points points, int components) {
    int n = points.count();
    if (components < 1 || components > n) {
      throw new UnusableDataException(
          "components is " + components + ", must be from 1 to the number of rows, " + n);
    }
    int distinct = distinctRows(points, components);
    if (distinct < components) {
      throw new UnusableDataException(
          "components is "
              + components
              + ", must be at most the number of distinct rows, "
              + distinct);
    }
  }

  /** Number of distinct rows, counted no further than a limit. */
  private static int distinctRows(Points points, int limit) {
    int p = points.dimension();
    Set<Row> distinct = new HashSet<>();
    for (int i = 0; i < points.count() && distinct.size() < limit; i++) {
      distinct.add(new Row(points.rows().data, i * p, p));
    }
    return distinct.size();
  }

  /** A row as a key. */
  private record Row(double[] values, int at, int length) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Row that
          && Arrays.equals(values, at, at + length, that.values, that.at, that.at + that.length);
    }

    @Override
    public int hashCode() {
      int hash = 1;
      for (int j = 0; j < length; j++) {
        hash = 31 * hash + Double.hashCode(values[at + j]);
      }
      return hash;
    }
  }

  /** Some of the rows, still centred about the mean of all. */
  static Points select(Points points, int[] rows) {
    int p = points.dimension();
    DMatrixRMaj selected = new DMatrixRMaj(rows.length, p);
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(points.rows().data, rows[i] * p, selected.data, i * p, p);
    }
    return new Points(selected, points.exponent());
  }

  /** Distinct row numbers in rising order: one of each of equal parts of the rows. */
  static int[] sample(int n, int size, SplittableRandom random) {
    int[] rows = new int[size];
    for (int i = 0; i < size; i++) {
      int from = (int) ((long) i * n / size);
      int to = (int) ((long) (i + 1) * n / size);
      rows[i] = from + random.nextInt(to - from);
    }
    return rows;
  }

  private static Candidate starts(Points points, int components, int starts, long seed, Run run) {
    requireDistinctRows(points, components);
    SplittableRandom random = new SplittableRandom(seed);
    int n = points.count();
    if (n > SAMPLE) {
      Points few = select(points, sample(n, SAMPLE, random));
      if (distinctRows(few, components) == components) {
        KMeansSearch sampled = new KMeansSearch(few, components, run);
        int[] found = sampled.best(starts, random, false).labels();
        KMeansSearch all = new KMeansSearch(points, components, run);
        int[] labels = unlabelled(n);
        all.refine(labels, sampled.centres(found), true);
        return all.candidate(labels);
      }
    }
    return new KMeansSearch(points, components, run).best(starts, random, true);
  }

  private Candidate best(int starts, SplittableRandom random, boolean moves) {
    Candidate best = null;
    for (int s = 0; s < starts && (s == 0 || !run.isOver()); s++) {
      SplittableRandom stream = random.split();
      int[] labels = unlabelled(n);
      refine(labels, plusPlusCentres(stream), moves);
      best = Candidate.better(best, candidate(labels));
    }
    return best;
  }

  private static int[] unlabelled(int n) {
    int[] labels = new int[n];
    Arrays.fill(labels, -1);
    return labels;
  }

  private Candidate candidate(int[] labels) {
    return new Candidate(labels, -withinSumOfSquares(labels), passes, "");
  }

  /** Gives every group a row, where a start has left one empty. */
  private static int[] withEveryLabel(Points points, int[] labels, int components) {
    int[] counts = new int[components];
    for (int label : labels) {
      counts[label]++;
    }
    if (Arrays.stream(counts).allMatch(c -> c > 0)) {
      return labels;
    }
    KMeansSearch search = new KMeansSearch(points, components, Run.FREE);
    search.fillEmpty(labels, search.centres(labels));
    return labels;
  }

  private double[] randomCentres(SplittableRandom random) {
    double[] centres = new double[components * p];
    Set<Row> known = new HashSet<>();
    for (int k = 0; k < components; ) {
      int row = random.nextInt(n);
      if (known.add(new Row(points.rows().data, row * p, p))) {
        System.arraycopy(points.rows().data, row * p, centres, k++ * p, p);
      }
    }
    return centres;
  }

  /**
   * Each centre is the best of 2 + log K rows drawn with probability proportional to the squared
   * distance from the centres before it (Arthur &amp; Vassilvitskii 2007, greedy).
   */
  private double[] plusPlusCentres(SplittableRandom random) {
    double[] centres = new double[components * p];
    System.arraycopy(points.rows().data, random.nextInt(n) * p, centres, 0, p);
    double[] nearest = new double[n];
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
    double total = reduce(nearest, Arrays.copyOf(centres, p), nearest);
    int tries = 2 + (int) Math.log(components);
    double[] reduced = new double[n];
    double[] best = new double[n];
    for (int k = 1; k < components; k++) {
      double least = Double.POSITIVE_INFINITY;
      for (int c = 0; c < tries; c++) {
        int row = draw(nearest, total, random);
        double left = reduce(nearest, row(row), reduced);
        if (left < least) {
          least = left;
          System.arraycopy(points.rows().data, row * p, centres, k * p, p);
          double[] swap = best;
          best = reduced;
          reduced = swap;
        }
      }
      System.arraycopy(best, 0, nearest, 0, n);
      total = least;
    }
    return centres;
  }

  private double[] row(int i) {
    return Arrays.copyOfRange(points.rows().data, i * p, (i + 1) * p);
  }

  /** Squared distances to the nearest centre with one more, and their sum. */
  private double reduce(double[] nearest, double[] centre, double[] into) {
    double[] distances = new double[ColumnBlocks.ROWS];
    double total = 0;
    for (int b = 0, at = 0; b < blocks.firstBlock(blocks.stripes()); b++) {
      blocks.squaredDistances(b, centre, distances);
      for (int r = 0; r < blocks.size(b); r++, at++) {
        into[at] = Math.min(nearest[at], distances[r]);
        total += into[at];
      }
    }
    return total;
  }

  private static int draw(double[] weights, double total, SplittableRandom random) {
    double u = random.nextDouble() * total;
    int last = 0;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        last = i;
        u -= weights[i];
        if (u < 0) {
          return i;
        }
      }
    }
    return last;
  }

  /** K × p means of groups. */
  private double[] centres(int[] labels) {
    double[][] means = GroupMeans.of(points, labels, components, run).means();
    double[] centres = new double[components * p];
    for (int k = 0; k < components; k++) {
      System.arraycopy(means[k], 0, centres, k * p, p);
    }
    return centres;
  }

  /** What one stripe adds to the next centres. */
  private record Sums(double[] sums, double[] counts, int[] changes) {}

  /**
   * Lloyd's iteration and Hartigan's moves.
   *
   * @param labels written
   * @param centres K × p to begin at; written
   */
  private void refine(int[] labels, double[] centres, boolean moves) {
    for (int pass = 0; pass < MOST_PASSES; pass++) {
      int changes = assign(labels, centres);
      passes++;
      if (changes == 0 || run.isOver()) {
        break;
      }
    }
    for (int pass = 0; moves && pass < MOST_MOVE_PASSES && !run.isOver(); pass++) {
      passes++;
      if (!moveRows(labels)) {
        break;
      }
    }
  }

  /** Puts every row to its nearest centre, then the centres to the means. */
  private int assign(int[] labels, double[] centres) {
    double[] constants = new double[components];
    for (int k = 0; k < components; k++) {
      for (int j = 0; j < p; j++) {
        constants[k] -= 0.5 * centres[k * p + j] * centres[k * p + j];
      }
    }
    Sums[] parts = new Sums[blocks.stripes()];
    run.forEach(
        parts.length,
        s -> {
          Sums part = new Sums(new double[components * p], new double[components], new int[1]);
          double[] best = new double[ColumnBlocks.ROWS];
          double[] score = new double[ColumnBlocks.ROWS];
          int[] winner = new int[ColumnBlocks.ROWS];
          for (int b = blocks.firstBlock(s); b < blocks.firstBlock(s + 1); b++) {
            nearest(b, centres, constants, best, score, winner);
            part.changes()[0] += collect(b, winner, labels, part);
          }
          parts[s] = part;
        });
    double[] counts = new double[components];
    int changes = 0;
    Arrays.fill(centres, 0);
    for (Sums part : parts) {
      changes += part.changes()[0];
      for (int q = 0; q < centres.length; q++) {
        centres[q] += part.sums()[q];
      }
      for (int k = 0; k < components; k++) {
        counts[k] += part.counts()[k];
      }
    }
    boolean empty = false;
    for (int k = 0; k < components; k++) {
      empty |= counts[k] == 0;
      for (int j = 0; j < p && counts[k] > 0; j++) {
        centres[k * p + j] /= counts[k];
      }
    }
    return empty ? changes + fillEmpty(labels, centres) : changes;
  }

  /** Number of the centre c with the largest c·x − ½|c|², that is, the nearest. */
  private void nearest(
      int block,
      double[] centres,
      double[] constants,
      double[] best,
      double[] score,
      int[] winner) {
    int size = blocks.size(block);
    blocks.linear(block, centres, 0, constants[0], best);
    Arrays.fill(winner, 0, size, 0);
    for (int k = 1; k < components; k++) {
      blocks.linear(block, centres, k * p, constants[k], score);
      for (int r = 0; r < size; r++) {
        if (score[r] > best[r]) {
          best[r] = score[r];
          winner[r] = k;
        }
      }
    }
  }

  private int collect(int block, int[] winner, int[] labels, Sums part) {
    double[] rows = points.rows().data;
    double[] sums = part.sums();
    int changes = 0;
    int first = block * ColumnBlocks.ROWS;
    for (int r = 0; r < blocks.size(block); r++) {
      int k = winner[r];
      if (labels[first + r] != k) {
        labels[first + r] = k;
        changes++;
      }
      part.counts()[k]++;
      int from = (first + r) * p;
      int to = k * p;
      for (int j = 0; j < p; j++) {
        sums[to + j] += rows[from + j];
      }
    }
    return changes;
  }

  /** Moves the row farthest from its centre into each empty group. */
  private int fillEmpty(int[] labels, double[] centres) {
    int[] counts = new int[components];
    for (int label : labels) {
      counts[label]++;
    }
    int moved = 0;
    for (int k = 0; k < components; k++) {
      if (counts[k] > 0) {
        continue;
      }
      int farthest = -1;
      double most = -1;
      for (int i = 0; i < n; i++) {
        double d = counts[labels[i]] > 1 ? squaredDistance(i, centres, labels[i] * p) : -1;
        if (d > most) {
          most = d;
          farthest = i;
        }
      }
      counts[labels[farthest]]--;
      labels[farthest] = k;
      counts[k] = 1;
      System.arraycopy(points.rows().data, farthest * p, centres, k * p, p);
      moved++;
    }
    return moved;
  }

  private double squaredDistance(int row, double[] centres, int at) {
    double[] rows = points.rows().data;
    double sum = 0;
    for (int j = 0; j < p; j++) {
      double z = rows[row * p + j] - centres[at + j];
      sum += z * z;
    }
    return sum;
  }

  /**
   * Moves single rows where that lowers the sum of squares, the centres following at once: from a
   * to b if n_a/(n_a − 1)·|x − c_a|² &gt; n_b/(n_b + 1)·|x − c_b|². Rows are looked at in order if
   * they would have moved at the beginning of the pass.
   */
  private boolean moveRows(int[] labels) {
    double[] centres = centres(labels);
    double[] counts = new double[components];
    for (int label : labels) {
      counts[label]++;
    }
    int[][] found = new int[blocks.stripes()][];
    run.forEach(
        found.length,
        s -> {
          double[][] distance = new double[components][ColumnBlocks.ROWS];
          IntStream.Builder rows = IntStream.builder();
          for (int b = blocks.firstBlock(s); b < blocks.firstBlock(s + 1); b++) {
            for (int k = 0; k < components; k++) {
              blocks.squaredDistances(
                  b, Arrays.copyOfRange(centres, k * p, (k + 1) * p), distance[k]);
            }
            for (int r = 0; r < blocks.size(b); r++) {
              int own = labels[b * ColumnBlocks.ROWS + r];
              double limit = counts[own] / (counts[own] - 1) * distance[own][r];
              for (int k = 0; k < components; k++) {
                if (k != own && counts[k] / (counts[k] + 1) * distance[k][r] < limit) {
                  rows.add(b * ColumnBlocks.ROWS + r);
                  break;
                }
              }
            }
          }
          found[s] = rows.build().toArray();
        });
    boolean moved = false;
    for (int[] rows : found) {
      for (int i : rows) {
        moved |= move(i, labels, centres, counts);
      }
    }
    return moved;
  }

  private boolean move(int row, int[] labels, double[] centres, double[] counts) {
    int own = labels[row];
    if (counts[own] < 2) {
      return false;
    }
    double loss = counts[own] / (counts[own] - 1) * squaredDistance(row, centres, own * p);
    int best = own;
    double least = loss * (1 - LEAST_GAIN);
    for (int k = 0; k < components; k++) {
      double cost = counts[k] / (counts[k] + 1) * squaredDistance(row, centres, k * p);
      if (k != own && cost < least) {
        least = cost;
        best = k;
      }
    }
    if (best == own) {
      return false;
    }
    shift(row, centres, own, -1 / (counts[own] - 1));
    shift(row, centres, best, 1 / (counts[best] + 1));
    counts[own]--;
    counts[best]++;
    labels[row] = best;
    return true;
  }

  private void shift(int row, double[] centres, int k, double by) {
    double[] rows = points.rows().data;
    for (int j = 0; j < p; j++) {
      centres[k * p + j] += by * (rows[row * p + j] - centres[k * p + j]);
    }
  }

  private double withinSumOfSquares(int[] labels) {
    double[] centres = centres(labels);
    double[] parts = new double[blocks.stripes()];
    run.forEach(
        parts.length,
        s -> {
          int from = blocks.firstBlock(s) * ColumnBlocks.ROWS;
          int to = Math.min(n, blocks.firstBlock(s + 1) * ColumnBlocks.ROWS);
          for (int i = from; i < to; i++) {
            parts[s] += squaredDistance(i, centres, labels[i] * p);
          }
        });
    return Arrays.stream(parts).sum();
  }
}
