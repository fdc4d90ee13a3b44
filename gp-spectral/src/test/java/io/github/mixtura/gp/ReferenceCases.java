package io.github.mixtura.gp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The cases of reference.txt, computed with 50 digits by reference.py. */
final class ReferenceCases {

  private ReferenceCases() {}

  static Map<String, Map<String, double[]>> read() throws IOException {
    Map<String, Map<String, double[]>> cases = new LinkedHashMap<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                ReferenceCases.class.getResourceAsStream("reference.txt"),
                StandardCharsets.UTF_8))) {
      Map<String, double[]> current = null;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ");
        if (words[0].equals("case")) {
          current = new LinkedHashMap<>();
          cases.put(line.substring(5), current);
        } else {
          double[] values = Arrays.stream(words).skip(1).mapToDouble(Double::parseDouble).toArray();
          current.put(words[0], values);
        }
      }
    }
    return cases;
  }

  static double[][] rows(double[] flat, int columns) {
    double[][] rows = new double[flat.length / columns][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(flat, i * columns, (i + 1) * columns);
    }
    return rows;
  }
}
