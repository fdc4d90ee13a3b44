package io.github.mixtura.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Some thousand changes of the inputs that are kept, the same in every run. */
class MutationTest {
  private static final int INPUTS = 1000;
  private static final int MOST_BYTES = 20_000;

  private static final String[] PIECES = {
    "0",
    "-1",
    "1e308",
    "1e-308",
    "5e-324",
    "1e999",
    "NaN",
    "Infinity",
    "null",
    "true",
    "\"",
    "[",
    "]",
    "{",
    "}",
    ",",
    ";",
    "\t",
    "\n",
    "\r\n",
    ":",
    "(",
    ")",
    "^",
    "-",
    "+",
    "e",
    ".",
    "2147483648",
    "4294967296",
    "1e9",
    "9007199254740993",
    "sin(",
    "x",
    "\u0000",
    "\u001b[31m",
    "\u00e9",
    "\ufeff",
    "\\u0000",
    "\\ud800",
    "na",
    "inf",
    "1,5",
    "1.234,5",
    "%",
    "$"
  };

  @ParameterizedTest
  @EnumSource
  void everyChangeIsReadOrRefused(Targets target) throws IOException {
    List<byte[]> seeds = seeds(target);
    assertTrue(seeds.size() > 2);
    seeds.forEach(target::run);
    SplittableRandom random = new SplittableRandom(16 + target.ordinal());
    for (int i = 0; i < INPUTS; i++) {
      byte[] input = seeds.get(random.nextInt(seeds.size()));
      for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
        input = changed(input, seeds, random);
      }
      byte[] tried = Arrays.copyOf(input, Math.min(input.length, MOST_BYTES));
      try {
        target.run(tried);
      } catch (Throwable e) {
        throw new AssertionError(
            "input " + i + ": '" + new String(tried, StandardCharsets.UTF_8) + "'", e);
      }
    }
    System.out.println(target.counts());
  }

  private static List<byte[]> seeds(Targets target) throws IOException {
    String name = target.name().charAt(0) + target.name().substring(1).toLowerCase(Locale.ROOT);
    Path folder =
        Path.of(System.getProperty("mixtura.inputs")).resolve(name + "FuzzTestInputs/fuzz");
    List<byte[]> seeds = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        seeds.add(Files.readAllBytes(file));
      }
    }
    return seeds;
  }

  private static byte[] changed(byte[] input, List<byte[]> seeds, SplittableRandom random) {
    int from = random.nextInt(input.length + 1);
    int to = Math.min(input.length, from + random.nextInt(1 + Math.max(4, input.length / 8)));
    return switch (random.nextInt(6)) {
      case 0 -> spliced(input, from, to, new byte[0]);
      case 1 -> spliced(input, from, from, Arrays.copyOfRange(input, from, to));
      case 2 -> spliced(input, from, from, piece(random));
      case 3 -> spliced(input, from, to, piece(random));
      case 4 -> {
        byte[] copy = input.clone();
        for (int i = from; i < Math.min(copy.length, from + 3); i++) {
          copy[i] = (byte) (copy[i] ^ (1 << random.nextInt(8)));
        }
        yield copy;
      }
      default -> {
        byte[] other = seeds.get(random.nextInt(seeds.size()));
        int begin = random.nextInt(other.length + 1);
        int end = Math.min(other.length, begin + random.nextInt(100));
        yield spliced(input, from, to, Arrays.copyOfRange(other, begin, end));
      }
    };
  }

  private static byte[] piece(SplittableRandom random) {
    String piece = PIECES[random.nextInt(PIECES.length)];
    return piece.repeat(random.nextInt(20) == 0 ? 1000 : 1).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] spliced(byte[] input, int from, int to, byte[] piece) {
    byte[] result = new byte[from + piece.length + input.length - to];
    System.arraycopy(input, 0, result, 0, from);
    System.arraycopy(piece, 0, result, from, piece.length);
    System.arraycopy(input, to, result, from + piece.length, input.length - to);
    return result;
  }
}
