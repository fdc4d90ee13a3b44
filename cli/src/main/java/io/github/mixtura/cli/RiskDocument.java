package io.github.mixtura.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.mixtura.data.Printable;
import io.github.mixtura.mdn.risk.Forecasts;
import io.github.mixtura.mdn.risk.RiskReport;
import io.github.mixtura.mdn.risk.RiskStop;
import io.github.mixtura.mdn.risk.TestResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A risk report as JSON and as text. */
final class RiskDocument {
  private RiskDocument() {}

  static ObjectNode json(RiskReport report, String column, List<String> asked, List<String> notes) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("schema", "mixtura/risk/1");
    root.put("column", column);
    root.put("testDays", report.testDays());
    root.put("window", report.window());
    root.put("benchmark", report.benchmark());
    root.put("stopReason", report.stopReason().name());
    ArrayNode missing = root.putArray("warnings");
    notes.forEach(note -> missing.add(FitText.DATA + note));
    unfinished(report, asked).forEach(missing::add);
    ArrayNode array = root.putArray("models");
    for (RiskReport.Model model : report.models()) {
      ObjectNode node = array.addObject();
      node.put("model", model.name());
      node.put("days", model.days());
      ArrayNode each = node.putArray("levels");
      for (RiskReport.Level level : model.levels()) {
        ObjectNode one = each.addObject();
        one.put("level", level.level());
        one.put("hits", level.coverage().hits());
        put(one, "expected", level.coverage().expected());
        put(one, "kupiec", level.coverage().kupiec());
        put(one, "christoffersenIndependence", level.coverage().independence());
        put(one, "conditionalCoverage", level.coverage().conditional());
        put(one, "dq", level.dynamicQuantile());
        put(one, "acerbiSzekely", level.acerbiSzekely());
        put(one, "pinballLoss", level.pinballLoss());
        put(one, "dieboldMariano", level.dieboldMariano().orElse(null));
      }
      ArrayNode findings = node.putArray("warnings");
      for (Forecasts.Finding finding : model.findings()) {
        findings.add("test day " + (finding.day() + 1) + ": " + finding.text());
      }
      node.put("refits", model.refits());
      node.put("seconds", model.seconds());
    }
    return root;
  }

  private static void put(ObjectNode node, String name, TestResult result) {
    if (result == null) {
      node.putNull(name);
      return;
    }
    ObjectNode test = node.putObject(name);
    put(test, "statistic", result.statistic());
    put(test, "pValue", result.pValue());
  }

  private static void put(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, value);
    } else {
      node.putNull(name);
    }
  }

  /** What is not in the report, or not whole. */
  static List<String> unfinished(RiskReport report, List<String> asked) {
    if (report.stopReason() == RiskStop.COMPLETED) {
      return List.of();
    }
    String why =
        report.stopReason() == RiskStop.CANCELLED ? "it was cancelled" : "the time limit passed";
    List<String> warnings = new ArrayList<>();
    for (String name : asked) {
      int days =
          report.models().stream()
              .filter(model -> model.name().equals(name))
              .mapToInt(RiskReport.Model::days)
              .sum();
      if (days < report.testDays()) {
        warnings.add(
            name
                + ": "
                + (days == 0 ? "left out" : days + " of " + report.testDays() + " days forecast")
                + ", "
                + why);
      }
    }
    return warnings;
  }

  static String text(
      RiskReport report, String column, double[] levels, List<String> asked, List<String> notes) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s: %d days forecast one day ahead from the %d returns before%n",
            Printable.of(column),
            report.testDays(),
            report.window()));
    for (int l = 0; l < levels.length; l++) {
      text.append(
          String.format(
              Locale.ROOT,
              "%nlevel %s, p-values of the tests%n  %-12s %5s %9s %8s %8s %8s %8s %8s %9s %8s%n",
              levels[l],
              "model",
              "hits",
              "expected",
              "Kupiec",
              "indep.",
              "cond.",
              "DQ",
              "ES (Z2)",
              "pinball",
              "DM"));
      for (RiskReport.Model model : report.models()) {
        RiskReport.Level level = model.levels().get(l);
        text.append(
            String.format(
                Locale.ROOT,
                "  %-12s %5d %9.1f %8.4f %8.4f %8.4f %8.4f %8.4f %9.5f %8s%n",
                model.name(),
                level.coverage().hits(),
                level.coverage().expected(),
                level.coverage().kupiec().pValue(),
                level.coverage().independence().pValue(),
                level.coverage().conditional().pValue(),
                level.dynamicQuantile().pValue(),
                level.acerbiSzekely().pValue(),
                level.pinballLoss(),
                level
                    .dieboldMariano()
                    .map(dm -> String.format(Locale.ROOT, "%.4f", dm.pValue()))
                    .orElse("-")));
      }
    }
    text.append(
        String.format(
            "%nDM: Diebold-Mariano test of the pinball loss against %s.%n", report.benchmark()));
    for (String note : notes) {
      text.append(String.format("warning: %s%s%n", FitText.DATA, Printable.of(note)));
    }
    for (String warning : unfinished(report, asked)) {
      text.append(String.format("warning: %s%n", warning));
    }
    for (RiskReport.Model model : report.models()) {
      for (Forecasts.Finding finding : model.findings()) {
        text.append(
            String.format(
                "warning: %s, test day %d: %s%n", model.name(), finding.day() + 1, finding.text()));
      }
    }
    return text.toString();
  }
}
