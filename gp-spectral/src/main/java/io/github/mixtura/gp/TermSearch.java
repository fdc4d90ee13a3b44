package io.github.mixtura.gp;

import io.github.mixtura.gp.Term.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.jtransforms.fft.DoubleFFT_1D;

/**
 * Looks for the sum of simple terms of the highest evidence: forward by the term that raises it
 * most, a few steps also where none does, and backward where one is no longer needed.
 */
final class TermSearch {
  /** Below this number of values only level and slope are tried. */
  static final int FEWEST_VALUES = 12;

  private static final int MOST_TERMS = 12;
  private static final int PATIENCE = 3;
  private static final int REFINED = 5;
  private static final int LONGEST_SEASON = 200;
  private static final int RATES = 10;
  private static final int PADDING = 8;

  private final double[] y;
  private final int n;
  private final double floor;
  private final BooleanSupplier stop;

  private TermSearch(double[] y, double floor, BooleanSupplier stop) {
    this.y = y;
    this.n = y.length;
    this.floor = floor;
    this.stop = stop;
  }

  /**
   * Searches; when stopped, the best so far.
   *
   * @param y of standard deviation about 1
   * @param floor the least standard deviation of the noise
   */
  static TermSum best(double[] y, double floor, BooleanSupplier stop) {
    return new TermSearch(y, floor, stop).run();
  }

  /** Level and slope only. */
  static TermSum line(double[] y, double floor) {
    int n = y.length;
    Term level = Term.of(Kind.LEVEL, 0, n);
    return TermSum.fit(y, floor, List.of(level, Term.of(Kind.POWER, 1, n)));
  }

  private TermSum run() {
    TermSum current = TermSum.fit(y, floor, List.of(Term.of(Kind.LEVEL, 0, n)));
    TermSum best = current;
    int since = 0;
    while (since < PATIENCE && !best.isExact(0) && current.terms().size() < MOST_TERMS) {
      TermSum next = step(current);
      if (next == null) {
        break;
      }
      boolean better = next.logEvidence() > best.logEvidence();
      since = better ? 0 : since + 1;
      current = better ? pruned(next) : next;
      best = better ? current : best;
    }
    return pruned(best);
  }

  private TermSum step(TermSum from) {
    List<TermSum> rough = new ArrayList<>();
    for (List<Term> more : candidates(from)) {
      if (stop.getAsBoolean()) {
        return null;
      }
      List<Term> all = new ArrayList<>(from.terms());
      all.addAll(more);
      TermSum sum = TermSum.withGivenShapes(y, floor, all);
      if (sum != null) {
        rough.add(sum);
      }
    }
    rough.sort(Comparator.comparingDouble(TermSum::logEvidence).reversed());
    TermSum best = null;
    for (TermSum sum : rough.subList(0, Math.min(REFINED, rough.size()))) {
      best = stop.getAsBoolean() ? best : higher(best, TermSum.fit(y, floor, sum.terms()));
    }
    return best;
  }

  private static TermSum higher(TermSum a, TermSum b) {
    boolean none = b == null || !b.isPlausible();
    return none || a != null && !(b.logEvidence() > a.logEvidence()) ? a : b;
  }

  private TermSum pruned(TermSum sum) {
    TermSum best = sum;
    boolean again = true;
    while (again) {
      again = false;
      List<Term> terms = best.terms();
      for (int k = 1; k < terms.size() && !stop.getAsBoolean(); k++) {
        List<Term> fewer = new ArrayList<>(terms);
        fewer.remove(k);
        TermSum without = TermSum.fit(y, floor, fewer);
        if (without != null
            && without.isPlausible()
            && without.logEvidence() > best.logEvidence()) {
          best = without;
          again = true;
        }
      }
    }
    return best;
  }

  private List<List<Term>> candidates(TermSum from) {
    List<List<Term>> all = new ArrayList<>(powers(from));
    if (n >= FEWEST_VALUES) {
      double[] rest = from.residuals();
      List<Term> single = new ArrayList<>();
      exponentials(from, single);
      waves(rest, single);
      seasons(from, single);
      breaks(rest, single);
      single.stream()
          .filter(term -> !from.terms().contains(term))
          .forEach(t -> all.add(List.of(t)));
    }
    return all;
  }

  /** The powers up to one that is not there yet. */
  private List<List<Term>> powers(TermSum from) {
    List<List<Term>> all = new ArrayList<>();
    List<Term> open = new ArrayList<>();
    for (int power = 1; power <= (n < FEWEST_VALUES ? 1 : 3); power++) {
      Term term = Term.of(Kind.POWER, power, n);
      if (!from.terms().contains(term)) {
        open.add(term);
        all.add(List.copyOf(open));
      }
    }
    return all;
  }

  /** The three best of rates from a third of 1/n to 3 per step, growing and falling. */
  private void exponentials(TermSum from, List<Term> all) {
    List<Term> rates = new ArrayList<>();
    double slowest = 0.3 / n;
    for (int k = 0; k < RATES; k++) {
      double rate = slowest * Math.pow(3 / slowest, k / (RATES - 1.0));
      rates.add(Term.of(Kind.EXPONENTIAL, rate, n));
      rates.add(Term.of(Kind.EXPONENTIAL, -rate, n));
    }
    double[] rest = from.residuals();
    best(0, rates.size(), 3, k -> share(rates.get(k), rest)).forEach(k -> all.add(rates.get(k)));
  }

  /** The squares of the residuals that the term explains beside a level. */
  private double share(Term term, double[] rest) {
    double[] column = new double[n];
    double[] out = new double[1];
    double mean = 0;
    for (int t = 0; t < n; t++) {
      term.evaluate(t, out, 0);
      column[t] = out[0];
      mean += out[0] / n;
    }
    for (int t = 0; t < n; t++) {
      column[t] -= mean;
    }
    double product = Toeplitz.dot(column, rest);
    double square = Toeplitz.dot(column, column);
    return square > 0 ? product * product / square : 0;
  }

  /** The three highest peaks of the spectrum, which is as dense as PADDING times the values. */
  private void waves(double[] rest, List<Term> all) {
    int size = Toeplitz.smooth(PADDING * n);
    size += size % 2;
    double[] spectrum = new double[size];
    System.arraycopy(rest, 0, spectrum, 0, n);
    new DoubleFFT_1D(size).realForward(spectrum);
    double[] power = new double[size / 2 + 1];
    for (int k = 1; k < size / 2; k++) {
      power[k] = spectrum[2 * k] * spectrum[2 * k] + spectrum[2 * k + 1] * spectrum[2 * k + 1];
    }
    int length = size;
    IntStream.range(1, size / 2)
        .filter(k -> power[k] > 0 && power[k] >= power[k - 1] && power[k] >= power[k + 1])
        .boxed()
        .sorted(Comparator.comparingDouble((Integer k) -> power[k]).reversed())
        .limit(3)
        .forEach(k -> all.add(Term.of(Kind.WAVE, (double) k / length, n)));
    all.add(Term.of(Kind.WAVE, 0.5, n));
  }

  private void seasons(TermSum from, List<Term> all) {
    if (from.terms().stream().anyMatch(term -> term.kind() == Kind.SEASON)) {
      return;
    }
    double[] rest = from.residuals();
    double whole = Toeplitz.dot(rest, rest);
    double least = Math.max(n * floor * floor, 1e-30 * whole);
    IntToDoubleFunction score =
        period -> {
          double[] sums = new double[period];
          int[] counts = new int[period];
          for (int t = 0; t < n; t++) {
            sums[t % period] += rest[t];
            counts[t % period]++;
          }
          double explained = 0;
          for (int j = 0; j < period; j++) {
            explained += sums[j] * sums[j] / counts[j];
          }
          double left = Math.max(least, whole - explained);
          return 0.5 * n * Math.log(whole / left) - 0.5 * (period - 1) * Math.log(n);
        };
    best(2, Math.min(n / 2, LONGEST_SEASON) + 1, 3, score)
        .forEach(period -> all.add(Term.of(Kind.SEASON, period, n)));
  }

  private void breaks(double[] rest, List<Term> all) {
    double[] sums = new double[n + 1];
    for (int t = 0; t < n; t++) {
      sums[t + 1] = sums[t] + rest[t];
    }
    IntToDoubleFunction halves =
        t -> {
          double excess = sums[t] - sums[n] * t / n;
          return excess * excess / ((double) t * (n - t));
        };
    List<Integer> steps = new ArrayList<>(best(1, n - 1, 2, halves));
    steps.addAll(best(1, n - 1, 2, t -> Math.abs(rest[t] - rest[t - 1])));
    steps.addAll(best(1, n - 1, 2, t -> Math.abs(y[t] - y[t - 1])));
    steps.stream().distinct().forEach(t -> all.add(Term.of(Kind.STEP, t, n)));
    List<Integer> spikes = new ArrayList<>(best(0, n - 1, 2, t -> Math.abs(rest[t])));
    spikes.addAll(best(1, n - 1, 1, t -> Math.abs(rest[t] - 0.5 * (rest[t - 1] + rest[t + 1]))));
    spikes.stream().distinct().forEach(t -> all.add(Term.of(Kind.SPIKE, t, n)));
    all.add(Term.of(Kind.LAST, 0, n));
  }

  private static List<Integer> best(int from, int to, int count, IntToDoubleFunction score) {
    double[] scores = new double[Math.max(from, to)];
    IntStream.range(from, to).forEach(t -> scores[t] = score.applyAsDouble(t));
    return IntStream.range(from, to)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer t) -> scores[t]).reversed())
        .limit(count)
        .toList();
  }
}
