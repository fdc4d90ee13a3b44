package io.github.mixtura.special;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** One point of {@code reference/logdensity.json}: the arguments of a function and its value. */
record ReferencePoint(List<Double> arguments, double value) {

  /** All points of the named function; fails if there are none. */
  static List<ReferencePoint> of(String function) {
    List<ReferencePoint> points = new ArrayList<>();
    for (JsonNode row : tree().at("/functions/" + function + "/points")) {
      List<Double> arguments = new ArrayList<>();
      for (int i = 0; i < row.size() - 1; i++) {
        arguments.add(row.get(i).asDouble());
      }
      points.add(
          new ReferencePoint(arguments, Double.parseDouble(row.get(row.size() - 1).asText())));
    }
    assertTrue(!points.isEmpty(), () -> "no reference points for " + function);
    return points;
  }

  double argument(int index) {
    return arguments.get(index);
  }

  /** Asserts closeness relative to the value. */
  static void assertRelative(double expected, double actual, double tolerance, String what) {
    assertScaled(expected, actual, tolerance, Math.abs(expected), what);
  }

  /** Asserts {@code |actual - expected| <= tolerance * scale}, or equality of infinite values. */
  static void assertScaled(
      double expected, double actual, double tolerance, double scale, String what) {
    assertTrue(
        expected == actual || Math.abs(actual - expected) <= tolerance * scale,
        () -> what + ": expected " + expected + ", got " + actual);
  }

  private static JsonNode tree() {
    try (InputStream in = ReferencePoint.class.getResourceAsStream("/reference/logdensity.json")) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
