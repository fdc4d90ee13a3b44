package io.github.mixtura.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.mixtura.codec.ModelCodec;
import io.github.mixtura.codec.SavedModel;
import io.github.mixtura.data.Printable;
import io.github.mixtura.em.Diagnostics;
import io.github.mixtura.em.FitWarning;
import io.github.mixtura.em.MixtureFit;
import io.github.mixtura.em.selection.Cell;
import io.github.mixtura.em.selection.Selection;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Fits and selections as JSON documents. Numbers that are not finite become null. */
final class FitDocument {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private FitDocument() {}

  static SavedModel model(MixtureFit<?> fit, Angles angles) {
    return new SavedModel(
        fit.family().name(),
        fit.family().structure(fit.mixture().dimension()),
        angles.period(),
        fit.columnNames(),
        fit.mixture());
  }

  static ObjectNode of(MixtureFit<?> fit, Angles angles) {
    Diagnostics diagnostics = fit.diagnostics();
    ObjectNode root = NODES.objectNode();
    root.put("schema", "mixtura/fit/1");
    root.set("model", ModelCodec.toJson(model(fit, angles)));
    root.put("rows", fit.rows());
    root.set("totalWeight", number(fit.totalWeight()));
    root.set("logLikelihood", number(fit.logLikelihood()));
    root.put("parameterCount", fit.parameterCount());
    root.set("bic", number(fit.bic()));
    root.set("aic", number(fit.aic()));
    root.set("icl", number(fit.icl()));
    root.put("stopReason", diagnostics.stopReason().name());
    root.put("iterations", diagnostics.iterations());
    ArrayNode trace = root.putArray("logLikelihoodTrace");
    diagnostics.logLikelihoodTrace().forEach(value -> trace.add(number(value)));
    root.put("starts", diagnostics.startLogLikelihoods().size());
    root.put("bestStart", diagnostics.bestStart());
    root.set("warnings", warnings(diagnostics.warnings()));
    root.put("backend", diagnostics.backend());
    root.put("threads", diagnostics.threads());
    root.set("seconds", number(diagnostics.seconds()));
    root.set("cpuSeconds", number(diagnostics.cpuSeconds()));
    return root;
  }

  private static ArrayNode warnings(List<FitWarning> warnings) {
    ArrayNode array = NODES.arrayNode();
    for (FitWarning warning : warnings) {
      ObjectNode node = array.addObject();
      if (warning.component() < 0) {
        node.putNull("component");
      } else {
        node.put("component", warning.component() + 1);
      }
      node.put("iteration", warning.iteration());
      node.put("kind", warning.kind().name());
      node.put("remedy", warning.remedy());
    }
    return array;
  }

  static ObjectNode of(Selection selection, int dimension, Angles angles) {
    ObjectNode root = NODES.objectNode();
    root.put("schema", "mixtura/selection/1");
    root.put("criterion", selection.criterion().name().toLowerCase(Locale.ROOT));
    ArrayNode table = root.putArray("table");
    for (Cell cell : selection.table()) {
      MixtureFit<?> fit = cell.fit();
      ObjectNode node = table.addObject();
      node.put("family", cell.family().name());
      node.put("components", cell.components());
      node.put("covarianceStructure", cell.family().structure(dimension));
      node.set("logLikelihood", fit == null ? NODES.nullNode() : number(fit.logLikelihood()));
      node.set(
          "parameterCount",
          fit == null ? NODES.nullNode() : NODES.numberNode(fit.parameterCount()));
      node.set("bic", fit == null ? NODES.nullNode() : number(fit.bic()));
      node.set("aic", fit == null ? NODES.nullNode() : number(fit.aic()));
      node.set("icl", fit == null ? NODES.nullNode() : number(fit.icl()));
      node.put("status", cell.status().name());
      node.put("reason", cell.reason());
    }
    root.set(
        "best",
        selection.best().<JsonNode>map(cell -> of(cell.fit(), angles)).orElse(NODES.nullNode()));
    return root;
  }

  private static JsonNode number(double value) {
    return Double.isFinite(value) ? NODES.numberNode(value) : NODES.nullNode();
  }

  static void write(JsonNode document, Path file) {
    OutputFile.write(
        file,
        out ->
            out.write(
                (MAPPER.writeValueAsString(document) + "\n").getBytes(StandardCharsets.UTF_8)));
  }

  static void print(JsonNode document, PrintStream out) {
    try {
      out.print(Printable.json(MAPPER.writeValueAsString(document)) + "\n");
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
