package io.github.mixtura.gp.pde;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Prints error and time of the solver on every test problem beside a Chebyshev solve with as many
 * points in the same run. Argument: number of runs of each (the median counts), default 20.
 */
public final class PdeTable {
  private PdeTable() {}

  /**
   * Prints the table.
   *
   * @param arguments number of runs
   */
  public static void main(String[] arguments) {
    int runs = arguments.length == 0 ? 20 : Integer.parseInt(arguments[0]);
    System.out.println("problem N error seconds residual features noise status Chebyshev T ratio");
    String[][] rows = {
      {"P1", "400"},
      {"P1", "260"},
      {"P2", "400"},
      {"P2", "260"},
      {"P3", "900"},
      {"P3", "510"},
      {"P4", "400"},
      {"P4", "200"},
      {"P5", "400"},
      {"P5", "260"},
      {"P5", "200"},
      {"P4W", "400"},
      {"P5W", "1600"},
      {"A1", "400"},
      {"A1", "300"},
      {"A2", "400"},
      {"A2", "300"},
      {"Q1", "400"},
      {"Q1", "300"},
      {"Q2", "200"},
      {"Q2", "100"},
      {"A3", "200"},
      {"A3", "400"},
      {"V1", "200"},
      {"V1", "100"},
      {"CHIRP", "400"},
      {"PACKET", "400"},
      {"P1", "199"},
      {"Q1", "200"}
    };
    for (String[] row : rows) {
      print(PdeExamples.of(row[0], Integer.parseInt(row[1])), runs);
    }
  }

  private static void print(PdeExample example, int runs) {
    PdeProblem sampled = example.problem().withSource(example.problem().source());
    PdeSolution[] last = new PdeSolution[1];
    double seconds =
        median(
            runs,
            () -> {
              last[0] = PdeSolver.of(sampled).solve();
              return last[0].values(example.evaluationPoints());
            });
    PdeSolution found = last[0];
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT,
            "%-6s %4d %.1e %.4f %.1e %4d %.1e %s",
            example.name(),
            sampled.grid().points(0),
            example.relativeError(found),
            seconds,
            found.residual(),
            found.features(),
            found.noise().orElse(Double.NaN),
            found.status()));
    boolean poisson = "PQC".indexOf(example.name().charAt(0)) >= 0;
    if (poisson) {
      double[][] values = new double[1][];
      int rivals = sampled.grid().dimension() == 1 ? runs : 3;
      double rival =
          median(
              rivals,
              () -> {
                values[0] = Chebyshev.solve(example);
                return values[0];
              });
      line.append(
          String.format(
              Locale.ROOT,
              " %.1e %.4f %.2f",
              example.relativeError(example.evaluationPoints(), values[0]),
              rival,
              seconds / rival));
      if (sampled.grid().dimension() == 1) {
        line.append(
            String.format(Locale.ROOT, " FD2 %.1e", FiniteDifferences.relativeError(example)));
      }
    }
    System.out.println(line);
  }

  private static double median(int runs, Supplier<double[]> work) {
    double[] seconds = new double[runs];
    for (int i = -Math.min(3, runs); i < runs; i++) {
      long begin = System.nanoTime();
      if (work.get().length == 0) {
        throw new IllegalStateException("no values");
      }
      if (i >= 0) {
        seconds[i] = (System.nanoTime() - begin) * 1e-9;
      }
    }
    Arrays.sort(seconds);
    return seconds[runs / 2];
  }
}
