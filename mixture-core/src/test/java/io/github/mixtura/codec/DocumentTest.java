package io.github.mixtura.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.data.DataFormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentTest {
  @Test
  void numbersComeBackWithTheSameBits(@TempDir Path folder) {
    SplittableRandom random = new SplittableRandom(4);
    double[] numbers = new double[2000];
    for (int i = 0; i < numbers.length; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      numbers[i] = Double.isFinite(value) ? value : -0.0;
    }
    Path file = folder.resolve("a.json");
    Document.write(Map.of("schema", "a/1", "numbers", numbers, "flag", true), file);
    Map<?, ?> read = Document.read(file, "a/1");
    List<?> list = (List<?>) read.get("numbers");
    for (int i = 0; i < numbers.length; i++) {
      assertEquals(
          Double.doubleToRawLongBits(numbers[i]),
          Double.doubleToRawLongBits(((Number) list.get(i)).doubleValue()));
    }
    assertEquals(true, read.get("flag"));
  }

  @Test
  void whatIsWrongIsNamed(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("b.json");
    refused("no such file", file);
    Files.writeString(file, "{\"schema\": \"b/1\", ");
    refused("not valid JSON", file);
    Files.writeString(file, "{\"schema\": \"c/1\"}");
    refused("schema is c/1, must be b/1", file);
    Files.writeString(file, "null");
    refused("schema is null", file);
    assertThrows(
        UncheckedIOException.class,
        () -> Document.write(Map.of("schema", "b/1"), folder.resolve("no/file.json")));
  }

  private static void refused(String message, Path file) {
    String found =
        assertThrows(DataFormatException.class, () -> Document.read(file, "b/1")).getMessage();
    assertTrue(found.contains(message) && found.contains("b.json"), found);
  }
}
