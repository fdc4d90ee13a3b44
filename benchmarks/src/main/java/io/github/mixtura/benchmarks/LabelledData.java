package io.github.mixtura.benchmarks;

import io.github.mixtura.data.Observations;
import io.github.mixtura.dense.Dense;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;

/**
 * Published rows whose classes are known.
 *
 * @param name of the data
 * @param rows n × p, class columns left out
 * @param labels class of each row, from 0 in order of appearance
 */
record LabelledData(String name, double[][] rows, int[] labels) {
  /**
   * Reads a file.
   *
   * @param file CSV with one header line
   * @param classes columns whose values together make the class
   * @param leftOut further columns that are no measurements
   */
  static LabelledData read(Path file, List<String> classes, List<String> leftOut)
      throws IOException {
    List<String> lines = Files.readAllLines(file);
    List<String> names = List.of(lines.get(0).split(","));
    Map<String, Integer> numbers = new HashMap<>();
    List<double[]> rows = new ArrayList<>();
    int[] labels = new int[lines.size() - 1];
    for (String line : lines.subList(1, lines.size())) {
      String[] words = line.split(",");
      StringBuilder key = new StringBuilder();
      List<Double> values = new ArrayList<>();
      for (int j = 0; j < words.length; j++) {
        if (classes.contains(names.get(j))) {
          key.append(words[j]).append(' ');
        } else if (!leftOut.contains(names.get(j))) {
          values.add(Double.valueOf(words[j]));
        }
      }
      numbers.putIfAbsent(key.toString(), numbers.size());
      labels[rows.size()] = numbers.get(key.toString());
      rows.add(values.stream().mapToDouble(v -> v).toArray());
    }
    String name = file.getFileName().toString().replace(".csv", "");
    return new LabelledData(name, rows.toArray(double[][]::new), labels);
  }

  int components() {
    return Arrays.stream(labels).max().orElse(0) + 1;
  }

  Observations observations() {
    return Observations.of(rows);
  }

  /** Columns of mean 0 and standard deviation 1, with divisor n − 1. */
  LabelledData scaled() {
    double[][] scaled = centred();
    int n = scaled.length;
    for (int j = 0; j < scaled[0].length; j++) {
      double squares = 0;
      for (double[] row : scaled) {
        squares += row[j] * row[j];
      }
      double deviation = Math.sqrt(squares / (n - 1));
      for (double[] row : scaled) {
        row[j] /= deviation;
      }
    }
    return new LabelledData(name + ", scaled", scaled, labels);
  }

  /** The first principal components, not scaled. */
  LabelledData principalComponents(int count) {
    double[][] centred = centred();
    DMatrixRMaj x = new DMatrixRMaj(centred);
    DMatrixRMaj vectors = Dense.symmetricEigen(Dense.crossProduct(x)).vectors();
    int p = x.numCols;
    double[][] scores = new double[centred.length][count];
    for (int i = 0; i < scores.length; i++) {
      for (int c = 0; c < count; c++) {
        for (int j = 0; j < p; j++) {
          scores[i][c] += centred[i][j] * vectors.get(j, p - 1 - c);
        }
      }
    }
    return new LabelledData(name + ", " + count + " components", scores, labels);
  }

  private double[][] centred() {
    int p = rows[0].length;
    double[] mean = new double[p];
    for (double[] row : rows) {
      for (int j = 0; j < p; j++) {
        mean[j] += row[j] / rows.length;
      }
    }
    double[][] centred = new double[rows.length][p];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < p; j++) {
        centred[i][j] = rows[i][j] - mean[j];
      }
    }
    return centred;
  }
}
