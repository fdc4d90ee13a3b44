package io.github.mixtura.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.mixtura.data.Observations;
import io.github.mixtura.data.Printable;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.em.MixtureFit;
import io.github.mixtura.optimisation.Certification;
import io.github.mixtura.sdp.BoundStop;
import io.github.mixtura.sdp.Method;
import io.github.mixtura.sdp.Partition;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** A partition as a JSON document and as text. */
final class PartitionDocument {
  private final ObjectNode json;
  private final int[] labels;
  private final List<String> warnings;
  private final String text;

  private PartitionDocument(ObjectNode json, int[] labels, List<String> warnings, String text) {
    this.json = json;
    this.labels = labels;
    this.warnings = warnings;
    this.text = text;
  }

  static PartitionDocument of(Partition partition) {
    double seconds = partition.seconds().values().stream().mapToDouble(s -> s).sum();
    ObjectNode root =
        start(
            partition.method().label(),
            partition.components(),
            partition.labels(),
            partition.objective());
    put(root, "upperBound", partition.upperBound());
    put(root, "relativeGap", partition.relativeGap());
    root.put("status", partition.status().name());
    if (partition.method() == Method.ILA_SDP) {
      root.put("certifies", "labels-given-covariances");
    }
    root.put("bound", partition.boundMethod());
    put(root, "errorTerms", partition.errorTerms());
    root.put("boundStoppedBy", partition.boundStoppedBy().map(BoundStop::label).orElse(null));
    root.put("boundSteps", partition.boundSteps());
    root.put("withinSumOfSquares", partition.withinSumOfSquares());
    if (!partition.covariances().isEmpty()) {
      ArrayNode covariances = root.putArray("covariances");
      for (double[][] matrix : partition.covariances()) {
        ArrayNode rows = covariances.addArray();
        for (double[] row : matrix) {
          ArrayNode values = rows.addArray();
          Arrays.stream(row).forEach(values::add);
        }
      }
    }
    finish(root, partition.iterations(), seconds, partition.warnings());
    ObjectNode phases = root.putObject("phases");
    partition.seconds().forEach(phases::put);
    return new PartitionDocument(
        root, partition.labels(), partition.warnings(), text(partition, seconds));
  }

  /** The groups of the likeliest components; EM proves nothing. */
  static PartitionDocument of(
      MixtureFit<Gaussian> fit, Observations observations, List<String> warnings) {
    int[] labels = fit.mixture().labels(observations);
    int components = fit.mixture().componentCount();
    ObjectNode root = start("em", components, labels, fit.logLikelihood());
    root.putNull("upperBound");
    root.putNull("relativeGap");
    root.put("status", Certification.UNCERTIFIED.name());
    finish(root, fit.diagnostics().iterations(), fit.diagnostics().seconds(), warnings);
    String text =
        String.format(
            Locale.ROOT,
            "em: %d groups of %d rows, sizes %s%n  log-likelihood %.6f%n  UNCERTIFIED: this method"
                + " has no bound%n",
            components,
            labels.length,
            sizes(labels, components),
            fit.logLikelihood());
    return new PartitionDocument(root, labels, warnings, text + lines(warnings));
  }

  private static ObjectNode start(String method, int components, int[] labels, double objective) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("schema", "mixtura/partition/1");
    root.put("method", method);
    root.put("components", components);
    ArrayNode array = root.putArray("labels");
    for (int label : labels) {
      array.add(label + 1);
    }
    root.put("objective", objective);
    return root;
  }

  private static void put(ObjectNode node, String name, OptionalDouble value) {
    if (value.isPresent() && Double.isFinite(value.getAsDouble())) {
      node.put(name, value.getAsDouble());
    } else {
      node.putNull(name);
    }
  }

  private static void finish(
      ObjectNode root, int iterations, double seconds, List<String> warnings) {
    root.put("iterations", iterations);
    root.put("seconds", seconds);
    ArrayNode array = root.putArray("warnings");
    warnings.forEach(array::add);
  }

  private static String text(Partition partition, double seconds) {
    StringBuilder text = new StringBuilder();
    int[] labels = partition.labels();
    text.append(
        String.format(
            Locale.ROOT,
            "%s: %d groups of %d rows, sizes %s%n",
            partition.method().label(),
            partition.components(),
            labels.length,
            sizes(labels, partition.components())));
    text.append(String.format(Locale.ROOT, "  objective    %.10g%n", partition.objective()));
    if (partition.upperBound().isPresent()) {
      text.append(
          String.format(
              Locale.ROOT,
              "  upper bound  %.10g (%s)%n  relative gap %.3g%n",
              partition.upperBound().getAsDouble(),
              partition.boundMethod(),
              partition.relativeGap().getAsDouble()));
    }
    text.append("  ").append(meaning(partition)).append(System.lineSeparator());
    partition
        .boundStoppedBy()
        .ifPresent(
            stop ->
                text.append(
                    String.format(
                        Locale.ROOT,
                        "  boundStoppedBy: %s, after %d steps%n",
                        stop.label(),
                        partition.boundSteps())));
    text.append(
        String.format(
            Locale.ROOT,
            "  within-group sum of squares %.10g%n  %.3g s%n",
            partition.withinSumOfSquares(),
            seconds));
    return text + lines(partition.warnings());
  }

  private static String meaning(Partition partition) {
    String given =
        partition.method() == Method.ILA_SDP
            ? " for these covariances (labels and covariances jointly are not certified)"
            : "";
    return switch (partition.status()) {
      case CERTIFIED -> "CERTIFIED: no partition is better" + given;
      case GAP -> "GAP: no partition is above the upper bound" + given;
      case UNCERTIFIED -> "UNCERTIFIED: no bound was computed";
    };
  }

  private static String sizes(int[] labels, int components) {
    int[] sizes = new int[components];
    for (int label : labels) {
      sizes[label]++;
    }
    return Arrays.toString(sizes);
  }

  private static String lines(List<String> warnings) {
    StringBuilder text = new StringBuilder();
    for (String warning : warnings) {
      text.append("  warning: ").append(Printable.of(warning)).append(System.lineSeparator());
    }
    return text.toString();
  }

  /** The same with notes about the data before its warnings. */
  PartitionDocument withNotes(List<String> notes) {
    if (notes.isEmpty()) {
      return this;
    }
    List<String> all = new ArrayList<>(notes.stream().map(note -> FitText.DATA + note).toList());
    ObjectNode root = json.deepCopy();
    ArrayNode array = root.putArray("warnings");
    String told = lines(all);
    all.addAll(warnings);
    all.forEach(array::add);
    return new PartitionDocument(root, labels, List.copyOf(all), text + told);
  }

  int[] labels() {
    return labels;
  }

  List<String> warnings() {
    return warnings;
  }

  String text() {
    return text;
  }

  void print(PrintStream out) {
    FitDocument.print(json, out);
  }

  void write(Path file) {
    FitDocument.write(json, file);
  }
}
