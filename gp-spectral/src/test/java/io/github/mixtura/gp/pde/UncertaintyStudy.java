package io.github.mixtura.gp.pde;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Prints how often the 95 % band covers the exact solution when the source has noise of 1e-6, 1e-4
 * and 1e-3 of its size. Arguments: draws on intervals and on the square, default 100 and 100.
 */
public final class UncertaintyStudy {
  private static final int POINTS = 100;

  private UncertaintyStudy() {}

  /**
   * Prints one line for each problem and level.
   *
   * @param arguments numbers of draws
   */
  public static void main(String[] arguments) {
    int draws = arguments.length == 0 ? 100 : Integer.parseInt(arguments[0]);
    int onSquare = arguments.length < 2 ? draws : Integer.parseInt(arguments[1]);
    for (double level : new double[] {1e-6, 1e-4, 1e-3}) {
      print(PdeExamples.of("P1"), level, draws);
      print(PdeExamples.of("P4"), level, draws);
      print(PdeExamples.of("Q1", 300), level, onSquare);
    }
  }

  private static void print(PdeExample example, double level, int draws) {
    Random random = new Random(Double.hashCode(level) + example.name().hashCode());
    double[] clean = example.problem().source();
    double size = IntervalSolver.rms(clean);
    double[][] points = points(example.problem().grid());
    double[] ratios = new double[draws * POINTS];
    int inside = 0;
    double wrong = 0;
    double whole = 0;
    double noise = 0;
    Map<SolutionStatus, Integer> statuses = new TreeMap<>();
    for (int draw = 0; draw < draws; draw++) {
      double[] noisy = clean.clone();
      for (int i = 0; i < noisy.length; i++) {
        noisy[i] += level * size * random.nextGaussian();
      }
      PdeSolution found = PdeSolver.of(example.problem().withSource(noisy)).solve();
      statuses.merge(found.status(), 1, Integer::sum);
      noise += found.noise().orElse(Double.NaN) / draws;
      double[] values = found.values(points);
      double[] deviations = found.standardDeviations(points).orElseThrow();
      for (int i = 0; i < POINTS; i++) {
        double exact =
            example.solution().at(points[i][0], points[i].length == 1 ? 0 : points[i][1]);
        double error = Math.abs(values[i] - exact);
        inside += error <= 1.959964 * deviations[i] ? 1 : 0;
        ratios[draw * POINTS + i] = deviations[i] / error;
        wrong += error * error;
        whole += exact * exact;
      }
    }
    Arrays.sort(ratios);
    System.out.printf(
        Locale.ROOT,
        "%s noise %.0e: %d draws, coverage %.3f, median sd/|error| %.2f, error %.1e,"
            + " noise found %.2e, %s%n",
        example.name(),
        level,
        draws,
        inside / (double) ratios.length,
        ratios[ratios.length / 2],
        Math.sqrt(wrong / whole),
        noise,
        statuses);
  }

  private static double[][] points(Grid grid) {
    Random random = new Random(5);
    double[][] points = new double[POINTS][grid.dimension()];
    for (double[] point : points) {
      for (int axis = 0; axis < point.length; axis++) {
        double part = 0.02 + 0.96 * random.nextDouble();
        point[axis] = grid.lower(axis) + part * grid.length(axis);
      }
    }
    return points;
  }
}
