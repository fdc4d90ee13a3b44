package io.github.mixtura.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.mixtura.data.DataFormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/**
 * JSON files of plain values: maps with text keys, lists, arrays of numbers, text, numbers and
 * booleans. For modules that have something to save and know nothing of JSON.
 */
public final class Document {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Document() {}

  /**
   * Writes a file as {@link ModelCodec#write(SavedModel, Path)} does. Numbers are written so that
   * reading them gives the same bits.
   *
   * @param values plain values; finite numbers only (read)
   * @param file where to; replaced if it is there
   * @throws UncheckedIOException if it cannot be written
   */
  public static void write(Map<String, ?> values, Path file) {
    try {
      ModelCodec.write(MAPPER.writeValueAsBytes(values), file);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(file + ": cannot be written: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * Reads a file whose {@code schema} is the given one.
   *
   * @param file the file
   * @param schema what {@code schema} must be
   * @return maps, lists, text, numbers and booleans
   * @throws DataFormatException if the file cannot be read, is not JSON or has another schema
   */
  public static Map<?, ?> read(Path file, String schema) {
    try {
      Map<?, ?> map = MAPPER.readValue(Files.readAllBytes(file), Map.class);
      Object found = map == null ? null : map.get("schema");
      if (!schema.equals(found)) {
        throw new DataFormatException(file + ": schema is " + found + ", must be " + schema);
      }
      return map;
    } catch (JsonProcessingException e) {
      throw new DataFormatException(
          file + ": is not valid JSON (truncated?): " + JsonProblem.of(e), e);
    } catch (NoSuchFileException e) {
      throw new DataFormatException(file + ": no such file", e);
    } catch (IOException e) {
      throw new DataFormatException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
