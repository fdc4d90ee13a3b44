package io.github.mixtura.benchmarks;

import io.github.mixtura.data.CsvReader;
import io.github.mixtura.data.Observations;
import io.github.mixtura.em.EmOptions;
import io.github.mixtura.em.Family;
import io.github.mixtura.em.directional.VonMisesFamily;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.GaussianFamily;
import io.github.mixtura.em.selection.ModelSelection;
import io.github.mixtura.mdn.ConditionalMixture;
import io.github.mixtura.mdn.Examples;
import io.github.mixtura.mdn.MixtureDensityNetwork;
import io.github.mixtura.mdn.Mlp;
import io.github.mixtura.mdn.OutputFamily;
import io.github.mixtura.mdn.TrainingOptions;
import io.github.mixtura.mixture.Mixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Held-out log-density of pairs of backbone torsions (φ, ψ): mixtures on the torus, mixtures in the
 * plane that ignore wrap-around, and a network that sees the residue before.
 *
 * <p>Cross-validation with folds drawn by seed 1, the same for all. A residue is tested if it and
 * the one before have both angles, so the first never is; all residues of the other folds that have
 * both angles are learnt from. K is 1 to 8 by BIC on the rows learnt from, for each mixture; the
 * network takes the torus mixture's. Densities are per radian², natural logarithms. A Gaussian
 * mixture is a density of the plane: what it has outside (−π, π]² is lost; it is shown as it is,
 * divided by its mass on the square, and wrapped, as the sum over the shifts by 2π.
 */
public final class TorsionStudy {
  private static final double TURN = 2 * Math.PI;
  private static final int MOST = 8;
  private static final List<String> NAMES =
      List.of(
          "von Mises mixture",
          "Gaussian VVI",
          "Gaussian VVI, renormalised",
          "Gaussian VVI, wrapped",
          "Gaussian VVV",
          "Gaussian VVV, renormalised",
          "Gaussian VVV, wrapped",
          "von Mises network");

  private final double[][] angles;
  private final int[] folds;

  /**
   * Log-density of a test residue under each model, in the order of the names.
   *
   * @param row of the residue in the file, from 0
   * @param fold its fold
   * @param components K of the von Mises, VVI and VVV mixtures
   * @param values one a model
   */
  record Result(int row, int fold, int[] components, double[] values) {}

  TorsionStudy(double[][] angles, int count) {
    this.angles = angles;
    SplittableRandom random = new SplittableRandom(1);
    folds = IntStream.range(0, angles.length).map(i -> i % count).toArray();
    for (int i = folds.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = folds[i];
      folds[i] = folds[j];
      folds[j] = swap;
    }
  }

  /**
   * Prints the means, and writes what every residue got.
   *
   * @param arguments CSV of φ and ψ in degrees, one row a residue in the order of the chain; what
   *     the names of the results begin with: {@code .md} and {@code .csv} are added
   * @throws IOException if a file cannot be read or written
   */
  public static void main(String[] arguments) throws IOException {
    Observations degrees = CsvReader.of(Path.of(arguments[0])).read();
    TorsionStudy study = new TorsionStudy(radians(degrees), 10);
    List<Result> results = study.run(200);
    List<String> csv = new ArrayList<>(List.of("row,fold,kVonMises,kVVI,kVVV," + columns()));
    for (Result result : results) {
      csv.add(
          String.format(
              Locale.ROOT,
              "%d,%d,%d,%d,%d,%s",
              result.row() + 1,
              result.fold() + 1,
              result.components()[0],
              result.components()[1],
              result.components()[2],
              String.join(
                  ",",
                  Arrays.stream(result.values())
                      .mapToObj(v -> String.format(Locale.ROOT, "%.5f", v))
                      .toList())));
    }
    List<String> table = table(results);
    Files.write(Path.of(arguments[1] + ".csv"), csv);
    Files.write(Path.of(arguments[1] + ".md"), table);
    table.forEach(System.out::println);
  }

  private static String columns() {
    return String.join(",", NAMES.stream().map(n -> n.replace(",", "").replace(' ', '-')).toList());
  }

  static double[][] radians(Observations degrees) {
    double[][] rows = degrees.toArray();
    for (double[] row : rows) {
      Arrays.setAll(row, j -> Math.toRadians(Math.IEEEremainder(row[j], 360)));
    }
    return rows;
  }

  /** Means over the residues, and of the differences to the first model with standard errors. */
  private static List<String> table(List<Result> results) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(Locale.ROOT, "%d residues held out, ten folds, K by BIC:%n", results.size()));
    lines.add("| model | mean log-density | difference to the first | its standard error |");
    lines.add("|---|---|---|---|");
    for (int m = 0; m < NAMES.size(); m++) {
      int model = m;
      double[] values = results.stream().mapToDouble(r -> r.values()[model]).toArray();
      double[] gaps =
          results.stream().mapToDouble(r -> r.values()[model] - r.values()[0]).toArray();
      double gap = mean(gaps);
      double square = Arrays.stream(gaps).map(g -> (g - gap) * (g - gap)).sum();
      double error = Math.sqrt(square / (gaps.length - 1) / gaps.length);
      lines.add(
          String.format(
              Locale.ROOT,
              "| %s | %.3f | %s | %s |",
              NAMES.get(m),
              mean(values),
              m == 0 ? "" : String.format(Locale.ROOT, "%+.3f", gap),
              m == 0 ? "" : String.format(Locale.ROOT, "%.3f", error)));
    }
    return lines;
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private boolean whole(int row) {
    return Double.isFinite(angles[row][0]) && Double.isFinite(angles[row][1]);
  }

  private boolean followed(int row) {
    return row > 0 && whole(row) && whole(row - 1);
  }

  private int[] rows(IntPredicate wanted) {
    return IntStream.range(0, angles.length).filter(wanted).toArray();
  }

  List<Result> run(int epochs) {
    List<Result> results = new ArrayList<>();
    int count = Arrays.stream(folds).max().orElseThrow() + 1;
    for (int fold = 0; fold < count; fold++) {
      int current = fold;
      double[][] learnt =
          Arrays.stream(rows(row -> folds[row] != current && whole(row)))
              .mapToObj(row -> angles[row])
              .toArray(double[][]::new);
      Mixture<?> torus = select(VonMisesFamily.of(), learnt);
      Mixture<?> diagonal = select(GaussianFamily.of(CovarianceStructure.VVI), learnt);
      Mixture<?> full = select(GaussianFamily.of(CovarianceStructure.VVV), learnt);
      double[] masses = {mass(diagonal), mass(full)};
      ConditionalMixture network = network(fold, torus.componentCount(), epochs);
      int[] components = {torus.componentCount(), diagonal.componentCount(), full.componentCount()};
      for (int row : rows(r -> folds[r] == current && followed(r))) {
        double[] y = angles[row];
        double[] values = {
          torus.logDensity(y),
          diagonal.logDensity(y),
          diagonal.logDensity(y) - Math.log(masses[0]),
          Math.log(wrapped(diagonal, y)),
          full.logDensity(y),
          full.logDensity(y) - Math.log(masses[1]),
          Math.log(wrapped(full, y)),
          network.at(inputs(row)).logDensity(y)
        };
        results.add(new Result(row, fold, components, values));
      }
    }
    return results;
  }

  static Mixture<?> select(Family<?> family, double[][] rows) {
    return ModelSelection.over(List.of(family), IntStream.rangeClosed(1, MOST).toArray())
        .options(EmOptions.defaults().withSeed(1))
        .select(Observations.of(rows))
        .best()
        .orElseThrow()
        .fit()
        .mixture();
  }

  /** Probability that a mixture in the plane gives to the square, by the midpoint rule. */
  static double mass(Mixture<?> mixture) {
    int cells = 200;
    double step = TURN / cells;
    double sum = 0;
    for (int i = 0; i < cells; i++) {
      for (int j = 0; j < cells; j++) {
        double[] at = {-Math.PI + (i + 0.5) * step, -Math.PI + (j + 0.5) * step};
        sum += Math.exp(mixture.logDensity(at)) * step * step;
      }
    }
    return sum;
  }

  static double wrapped(Mixture<?> mixture, double... y) {
    double sum = 0;
    for (int i = -2; i <= 2; i++) {
      for (int j = -2; j <= 2; j++) {
        sum += Math.exp(mixture.logDensity(y[0] + i * TURN, y[1] + j * TURN));
      }
    }
    return sum;
  }

  /** Cosine and sine of both angles of the residue before. */
  private double[] inputs(int row) {
    double[] before = angles[row - 1];
    return new double[] {
      Math.cos(before[0]), Math.sin(before[0]), Math.cos(before[1]), Math.sin(before[1])
    };
  }

  private ConditionalMixture network(int fold, int components, int epochs) {
    int[] rows = rows(row -> folds[row] != fold && followed(row));
    double[][] x = Arrays.stream(rows).mapToObj(this::inputs).toArray(double[][]::new);
    double[][] y = Arrays.stream(rows).mapToObj(row -> angles[row]).toArray(double[][]::new);
    return MixtureDensityNetwork.of(Mlp.of(8), OutputFamily.VON_MISES, components)
        .options(
            TrainingOptions.defaults()
                .withEpochs(epochs)
                .withBatchSize(32)
                .withLearningRate(3e-3)
                .withWeightDecay(0.01)
                .withValidationFraction(0.2)
                .withPatience(30))
        .fit(Examples.of(x, y))
        .model();
  }
}
