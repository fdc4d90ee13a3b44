package io.github.mixtura.fuzz;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.mixtura.codec.ModelCodec;
import io.github.mixtura.codec.SavedModel;
import io.github.mixtura.data.CsvReader;
import io.github.mixtura.data.DataFormatException;
import io.github.mixtura.data.Observations;
import io.github.mixtura.gp.pde.Expression;
import io.github.mixtura.gp.pde.Grid;
import io.github.mixtura.gp.pde.PdeProblem;
import io.github.mixtura.gp.pde.PdeProblemFile;
import io.github.mixtura.gp.pde.ScalarField;
import io.github.mixtura.gp.pde.Side;
import io.github.mixtura.mdn.ConditionalMixture;
import io.github.mixtura.mixture.Mixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What must hold for any input: it is accepted, or refused by the exception that the method's
 * documentation names, in one plain line; in time and memory in proportion to its size; and what
 * was accepted is the same after it was written and read again.
 */
enum Targets {
  /** Tables. */
  CSV {
    @Override
    boolean accepts(Path file) {
      Observations rows;
      try {
        rows = CsvReader.of(file).read();
      } catch (DataFormatException e) {
        requirePlain(e, file);
        return false;
      }
      StringBuilder text = new StringBuilder();
      for (int j = 0; j < rows.columns(); j++) {
        text.append(j == 0 ? "" : ",").append('"');
        text.append(rows.columnNames().get(j).replace("\"", "\"\"")).append('"');
      }
      for (int i = 0; i < rows.rows(); i++) {
        for (int j = 0; j < rows.columns(); j++) {
          double value = rows.get(i, j);
          require(!Double.isInfinite(value), "a value is " + value);
          text.append(j == 0 ? "\n" : ",").append(Double.isNaN(value) ? "NA" : value);
        }
      }
      requireSame(rows, write(file, text.append('\n').toString()));
      return true;
    }

    private void requireSame(Observations rows, Path copy) {
      boolean present = false;
      for (int j = 0; j < rows.columns(); j++) {
        double[] column = rows.column(j);
        present |= !Double.isNaN(column[0]);
        // Columns without any value, and names that are numbers, are read by rules of their own.
        if (Arrays.stream(column).allMatch(Double::isNaN) || rows.columnNames().get(j).isBlank()) {
          return;
        }
        if (!rows.columnNames().get(j).matches("[A-Za-z][A-Za-z0-9 ]{0,30}")
            || rows.columnNames().get(j).matches("(?i)na|nan|null|inf|infinity|none")) {
          return;
        }
      }
      if (!present) {
        return;
      }
      Observations again = CsvReader.of(copy).read();
      require(rows.columnNames().equals(again.columnNames()), "names: " + again.columnNames());
      require(rows.rows() == again.rows(), again.rows() + " rows after " + rows.rows());
      for (int j = 0; j < rows.columns(); j++) {
        require(Arrays.equals(rows.column(j), again.column(j)), "another column " + j);
      }
    }
  },

  /** Saved mixtures. */
  MODEL {
    @Override
    boolean accepts(Path file) throws IOException {
      SavedModel model;
      try {
        model = ModelCodec.read(file);
      } catch (DataFormatException e) {
        requirePlain(e, file);
        return false;
      }
      Path copy = file.resolveSibling("copy");
      ModelCodec.write(model, copy);
      SavedModel again = ModelCodec.read(copy);
      require(ModelCodec.toJson(model).equals(ModelCodec.toJson(again)), "another model");
      Mixture<?> mixture = model.mixture();
      for (double at : new double[] {0, 1, -1e3}) {
        double[] row = new double[mixture.dimension()];
        Arrays.fill(row, at);
        requireLogDensity(mixture.logDensity(row));
        requireLogDensity(mixture.logDensity(Observations.of(new double[][] {row, row}))[1]);
        double sum = Arrays.stream(mixture.responsibilities(row)).sum();
        require(Math.abs(sum - 1) < 1e-9, "responsibilities have the sum " + sum);
      }
      return true;
    }
  },

  /** Saved networks. */
  NETWORK {
    @Override
    boolean accepts(Path file) {
      ConditionalMixture network;
      try {
        network = ConditionalMixture.read(file);
      } catch (DataFormatException e) {
        requirePlain(e, file);
        return false;
      }
      Path copy = file.resolveSibling("copy");
      network.write(copy);
      ConditionalMixture again = ConditionalMixture.read(copy);
      require(json(network.toMap()).equals(json(again.toMap())), "another network");
      if ((long) network.window() * network.inputs() < MOST_INPUTS) {
        for (double at : new double[] {0, 1, -1e3}) {
          double[] x = new double[network.window() * network.inputs()];
          Arrays.fill(x, at);
          try {
            Mixture<?> law = network.at(x);
            requireLogDensity(law.logDensity(new double[network.targets()]));
          } catch (IllegalArgumentException e) {
            requirePlain(e, null);
          }
        }
      }
      return true;
    }
  },

  /** Problems of differential equations. */
  PROBLEM {
    @Override
    boolean accepts(Path file) {
      PdeProblemFile.Contents contents;
      try {
        contents = PdeProblemFile.read(file);
      } catch (DataFormatException e) {
        requirePlain(e, file);
        return false;
      }
      PdeProblem problem = contents.problem();
      Grid grid = problem.grid();
      requireFinite(problem.source(), grid.size());
      for (Side side : problem.boundarySides()) {
        requireFinite(problem.boundary(side), grid.points(1 - side.axis()));
      }
      for (double[] point : contents.points()) {
        requireFinite(point, grid.dimension());
      }
      extra = SECONDS_PER_POINT * grid.size();
      if (grid.size() > MOST_POINTS) {
        return true;
      }
      PdeProblemFile.Contents again = PdeProblemFile.read(file);
      require(Arrays.equals(problem.source(), again.problem().source()), "another source");
      require(grid.equals(again.problem().grid()), "another grid");
      require(Arrays.deepEquals(contents.points(), again.points()), "other points");
      return true;
    }
  },

  /** Formulas. */
  FORMULA {
    @Override
    boolean accepts(Path file) throws IOException {
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      ScalarField field;
      try {
        field = Expression.parse(text);
      } catch (IllegalArgumentException e) {
        requirePlain(e, null);
        return false;
      }
      String printed = field.toString();
      if (printed.length() <= 10_000) {
        ScalarField again = Expression.parse(printed);
        require(printed.equals(again.toString()), printed + " becomes " + again);
        for (double x : new double[] {0, -0.0, 0.7, -3, 1e10}) {
          double value = field.at(x, 1 - x);
          require(same(value, field.at(x, 1 - x)), "another value in the second call");
          require(same(value, again.at(x, 1 - x)), "another value of " + printed);
        }
      }
      return true;
    }
  };

  /**
   * What the parsers' own messages have; the dots after a word of the input that was cut are not.
   */
  private static final Pattern INTERNAL =
      Pattern.compile("java\\.\\w+|fasterxml|Feature\\.\\w+|`\\w+Node`");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_INPUTS = 10_000;

  /** Seconds of CPU that no input may take, and those that each of its bytes may. */
  private static final double SECONDS = 2;

  private static final double SECONDS_PER_BYTE = 1e-4;

  private static final double SECONDS_PER_POINT = 1e-5;
  private static final int MOST_POINTS = 100_000;

  private long runs;
  private long accepted;

  /** Seconds of CPU that the input of this run may take more. */
  double extra;

  /**
   * Reads a file.
   *
   * @return whether it was accepted
   * @throws AssertionError if something does not hold that must
   */
  abstract boolean accepts(Path file) throws IOException;

  /** Tries an input, in a folder that this process has for itself. */
  final void run(byte[] input) {
    try {
      Path file = Files.write(Folder.PATH.resolve("input"), input);
      double begin = cpu();
      extra = 0;
      runs++;
      if (accepts(file)) {
        accepted++;
      }
      double taken = cpu() - begin;
      require(
          taken < SECONDS + SECONDS_PER_BYTE * input.length + extra,
          String.format(Locale.ROOT, "%d bytes take %.1f s", input.length, taken));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  final String counts() {
    return String.format(Locale.ROOT, "fuzz: %s: %d inputs, %d accepted", this, runs, accepted);
  }

  /** The folder of this process. */
  private static final class Folder {
    private static final Path PATH;

    static {
      try {
        Path shared = Path.of("/dev/shm");
        PATH =
            Files.isWritable(shared)
                ? Files.createTempDirectory(shared, "mixtura-fuzz")
                : Files.createTempDirectory("mixtura-fuzz");
        Runtime.getRuntime().addShutdownHook(new Thread(Folder::remove));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void remove() {
      try {
        for (String name : new String[] {"input", "copy"}) {
          Files.deleteIfExists(PATH.resolve(name));
        }
        Files.deleteIfExists(PATH);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static double cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() * 1e-9;
  }

  private static Path write(Path file, String text) {
    try {
      return Files.writeString(file.resolveSibling("copy"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String input() {
    try {
      return Files.readString(Folder.PATH.resolve("input"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean same(double a, double b) {
    return Double.compare(a, b) == 0 || (Double.isNaN(a) && Double.isNaN(b));
  }

  private static void require(boolean met, String what) {
    if (!met) {
      throw new AssertionError(what);
    }
  }

  private static void requireFinite(double[] values, int length) {
    require(values.length == length, values.length + " values, not " + length);
    require(Arrays.stream(values).allMatch(Double::isFinite), "a value is not finite");
  }

  private static void requireLogDensity(double value) {
    require(value < Double.POSITIVE_INFINITY, "a log-density is " + value);
  }

  /** One line that a user can read, and that names the file. */
  private static void requirePlain(RuntimeException e, Path file) {
    String message = e.getMessage();
    require(message != null && !message.isBlank(), "no message");
    require(
        message
            .codePoints()
            .noneMatch(
                c ->
                    Character.isISOControl(c)
                        || Character.getType(c) == Character.SURROGATE
                        || Character.getType(c) == Character.FORMAT
                        || Character.getType(c) == Character.LINE_SEPARATOR
                        || Character.getType(c) == Character.PARAGRAPH_SEPARATOR),
        "not one plain line: " + message);
    require(file == null || message.contains("/"), "names no file: " + message);
    Matcher internal = INTERNAL.matcher(message);
    while (internal.find()) {
      require(input().contains(internal.group()), "names a class: " + message);
    }
  }
}
