package io.github.mixtura.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.mixtura.data.DataFormatException;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.mixture.Mixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Mixtures as versioned JSON, schema {@value #SCHEMA}.
 *
 * <p>A document is an object with {@code schema}, {@code family}, {@code covarianceStructure}
 * (absent where there is none), {@code dimension}, {@code columns} (names), {@code period} (only
 * for angles not in radians) and {@code components}, each with its {@code weight} and, by family:
 *
 * <ul>
 *   <li>{@code gaussian}: {@code mean} (d), {@code covariance} (d × d);
 *   <li>{@code student-t}: {@code mean} (d), {@code scale} (d × d), {@code degreesOfFreedom};
 *   <li>{@code von-mises}: {@code meanDirection} (d, radians), {@code concentration} (d).
 * </ul>
 *
 * <p>Matrices are written whole, and numbers so that reading them gives the same bits. Matrices of
 * a diagonal structure, or all zero beside the diagonal where no structure is named, are read back
 * as diagonal ones. Fields that are not known are ignored.
 */
public final class ModelCodec {
  /** The schema that is written, and the only one that is read. */
  public static final String SCHEMA = "mixtura/model/1";

  private static final String SCHEMA_NAME = "mixtura/model/";
  private static final Set<String> DIAGONAL = Set.of("EII", "VII", "EEI", "VEI", "EVI", "VVI");
  private static final Set<String> FULL =
      Set.of("EEE", "VEE", "EVE", "VVE", "EEV", "VEV", "EVV", "VVV");

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private ModelCodec() {}

  /**
   * A model as a JSON tree.
   *
   * @param model the model
   * @return a new tree
   * @throws IllegalArgumentException if its law is not one that can be saved
   */
  public static ObjectNode toJson(SavedModel model) {
    Mixture<?> mixture = model.mixture();
    Component first = mixture.component(0);
    LawEntry<Component> law =
        Laws.of(first)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "component is "
                            + first.getClass().getSimpleName()
                            + ", must be of a law that can be saved: "
                            + Laws.names()));
    if (!law.name().equals(model.family())) {
      throw new IllegalArgumentException(
          "family is '" + model.family() + "', must be '" + law.name() + "' for this mixture");
    }
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("schema", SCHEMA);
    root.put("family", law.name());
    if (model.covarianceStructure() != null) {
      root.put("covarianceStructure", model.covarianceStructure());
    }
    root.put("dimension", mixture.dimension());
    ArrayNode columns = root.putArray("columns");
    model.columnNames().forEach(columns::add);
    model.period().ifPresent(period -> root.put("period", period));
    ArrayNode components = root.putArray("components");
    for (int k = 0; k < mixture.componentCount(); k++) {
      ObjectNode component = components.addObject();
      component.put("weight", mixture.weight(k));
      law.write(mixture.component(k), component);
    }
    return root;
  }

  /**
   * A model from a JSON tree.
   *
   * @param json the tree (read)
   * @param source where it is from, for messages
   * @return the model
   * @throws DataFormatException if the tree is not such a model: source, place and what was
   *     expected
   */
  public static SavedModel fromJson(JsonNode json, String source) {
    Cursor root = Cursor.root(source, json);
    requireSchema(root.get("schema"));
    LawEntry<?> law = Laws.named(root.get("family"));
    int dimension = root.get("dimension").count();
    List<String> names =
        root.get("columns").elements(dimension).stream().map(Cursor::text).toList();
    String structure = structure(root, law, dimension);
    OptionalDouble period =
        root.has("period") ? OptionalDouble.of(period(root, law)) : OptionalDouble.empty();
    Mixture<?> mixture = mixture(root.get("components"), law, dimension, structure);
    return new SavedModel(law.name(), structure, period, names, mixture);
  }

  private static void requireSchema(Cursor schema) {
    String found = schema.text();
    if (found.equals(SCHEMA)) {
      return;
    }
    if (found.matches(SCHEMA_NAME + "[0-9]+")) {
      throw schema.wrong(
          "a later version than this program reads, must be " + SCHEMA + ": use a newer program");
    }
    throw schema.wrong("must be " + SCHEMA);
  }

  private static double period(Cursor root, LawEntry<?> law) {
    Cursor period = root.get("period");
    if (!law.hasAngles()) {
      throw period.wrong("must be absent: it is for angles only");
    }
    return period.number(SavedModel.SMALLEST_PERIOD, SavedModel.LARGEST_PERIOD);
  }

  private static String structure(Cursor root, LawEntry<?> law, int dimension) {
    if (!root.has("covarianceStructure")) {
      return null;
    }
    Cursor structure = root.get("covarianceStructure");
    String name = structure.text();
    boolean known =
        dimension == 1
            ? name.equals("E") || name.equals("V")
            : DIAGONAL.contains(name) || FULL.contains(name);
    if (!known || law.matrixField() == null) {
      throw structure.wrong(
          law.matrixField() == null
              ? "must be absent for " + law.name()
              : dimension == 1 ? "must be E or V on one column" : "must be one of the 14 names");
    }
    return name;
  }

  private static Mixture<?> mixture(Cursor from, LawEntry<?> law, int dimension, String structure) {
    List<Cursor> parts = from.elements();
    if (parts.isEmpty()) {
      throw from.wrong("must have at least one component");
    }
    boolean diagonal = Laws.areDiagonal(law.matrixField(), parts, dimension);
    if (DIAGONAL.contains(String.valueOf(structure)) && !diagonal) {
      throw from.wrong("must have diagonal matrices for the structure " + structure);
    }
    if (FULL.contains(String.valueOf(structure))) {
      diagonal = false;
    }
    List<Component> components = new ArrayList<>();
    double[] weights = new double[parts.size()];
    for (int k = 0; k < weights.length; k++) {
      Cursor part = parts.get(k);
      Cursor weight = part.get("weight");
      weights[k] = weight.number();
      if (!(weights[k] >= 0 && weights[k] <= 1 + 1e-6)) {
        throw weight.wrong("must be in [0, 1]");
      }
      try {
        components.add(law.read(part, dimension, diagonal));
      } catch (IllegalArgumentException e) {
        throw part.wrong("cannot be used: " + e.getMessage());
      }
    }
    try {
      return Mixture.of(components, weights);
    } catch (IllegalArgumentException e) {
      throw new DataFormatException(from.source() + ": " + from.path() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Saves a model, whole or not at all: see {@link WholeFile}.
   *
   * @param model the model
   * @param file where to; replaced if it is there
   * @throws UncheckedIOException if it cannot be written
   */
  public static void write(SavedModel model, Path file) {
    String text;
    try {
      text = MAPPER.writeValueAsString(toJson(model)) + "\n";
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be written: " + WholeFile.reason(e), e);
    }
    write(text.getBytes(StandardCharsets.UTF_8), file);
  }

  static void write(byte[] text, Path file) {
    WholeFile.write(file, out -> out.write(text));
  }

  /**
   * Loads a model.
   *
   * @param file the file
   * @return the model
   * @throws DataFormatException if the file cannot be read or is not such a model: file, place in
   *     it and what was expected
   */
  public static SavedModel read(Path file) {
    if (Files.isDirectory(file)) {
      throw new DataFormatException(file + ": is a directory, must be a model file");
    }
    try {
      JsonNode json = MAPPER.readTree(Files.readAllBytes(file));
      if (json == null || json.isMissingNode()) {
        throw new DataFormatException(file + ": is empty, must be a model, schema " + SCHEMA);
      }
      return fromJson(json, file.toString());
    } catch (JsonProcessingException e) {
      String place =
          e.getLocation() == null
              ? ""
              : ", line "
                  + e.getLocation().getLineNr()
                  + ", column "
                  + e.getLocation().getColumnNr();
      throw new DataFormatException(
          file + place + ": is not valid JSON (truncated?): " + JsonProblem.of(e), e);
    } catch (NoSuchFileException e) {
      throw new DataFormatException(file + ": no such file", e);
    } catch (IOException e) {
      throw new DataFormatException(file + ": cannot be read: " + WholeFile.reason(e), e);
    }
  }
}
