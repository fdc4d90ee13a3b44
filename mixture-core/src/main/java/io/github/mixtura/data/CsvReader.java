package io.github.mixtura.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads observations from a CSV file.
 *
 * <p>UTF-8; comma, semicolon or tab, whichever the first line has most of outside quotes; quoted
 * fields; a first line with a field that is neither a number nor a missing value is a header, else
 * columns are named x1, x2, … Empty, {@code NA}, {@code NaN}, {@code null} and {@code ?} are
 * missing values. A column whose first present value is a number is numeric, and text further down
 * is an error. Rows are never padded or cut. Values are read as they come; nothing but the wanted
 * columns is kept.
 */
public final class CsvReader {
  private static final Set<String> MISSING = Set.of("", "na", "nan", "null", "?");
  private static final int LOOK_AHEAD = 1000;

  private final Path file;
  private final List<String> columns;
  private final String weightsColumn;

  private CsvReader(Path file, List<String> columns, String weightsColumn) {
    this.file = file;
    this.columns = columns;
    this.weightsColumn = weightsColumn;
  }

  /**
   * A reader of all numeric columns.
   *
   * @param file the file
   * @return the reader
   */
  public static CsvReader of(Path file) {
    return new CsvReader(file, List.of(), null);
  }

  /**
   * Picks columns.
   *
   * @param names names, or numbers from 1 counted over all columns of the file; a name wins over a
   *     number; none for all numeric columns
   * @return a changed reader
   */
  public CsvReader columns(List<String> names) {
    return new CsvReader(file, List.copyOf(names), weightsColumn);
  }

  /**
   * Names the column of row weights, which is then no data column by default.
   *
   * @param name name or number; {@code null} for none
   * @return a changed reader
   */
  public CsvReader weightsColumn(String name) {
    return new CsvReader(file, columns, name);
  }

  /**
   * Reads the file.
   *
   * @return the observations, with names and weights
   * @throws DataFormatException if it cannot be used: file, line, column and what was expected
   * @throws IllegalArgumentException if a column was asked for that the file has not
   */
  public Observations read() {
    if (Files.isDirectory(file)) {
      throw new DataFormatException(file + ": is a directory, must be a CSV file");
    }
    if (!Files.exists(file)) {
      throw new DataFormatException(file + ": no such file");
    }
    String state = state();
    char delimiter = delimiter();
    CSVFormat format =
        CSVFormat.DEFAULT
            .builder()
            .setDelimiter(delimiter)
            .setIgnoreEmptyLines(true)
            .setIgnoreSurroundingSpaces(true)
            .get();
    try (Reader reader = open();
        CSVParser parser = CSVParser.parse(reader, format)) {
      Observations observations = new Rows(parser).read();
      if (!state.equals(state())) {
        throw new DataFormatException(file + ": was changed by another process while it was read");
      }
      return observations;
    } catch (CharacterCodingException e) {
      throw notUtf8(e);
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof CharacterCodingException) {
        throw notUtf8(e);
      }
      throw new DataFormatException(file + ": cannot be read: " + e.getCause().getMessage(), e);
    } catch (IOException | IllegalStateException e) {
      throw new DataFormatException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Size and time of the file; the same for pipes, which have neither. */
  private String state() {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return found.isRegularFile() ? found.size() + " " + found.lastModifiedTime() : "";
    } catch (IOException e) {
      throw new DataFormatException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private DataFormatException notUtf8(Exception cause) {
    return new DataFormatException(file + ": is not valid UTF-8 text, must be a CSV file", cause);
  }

  private BufferedReader open() throws IOException {
    BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Files.newInputStream(file),
                StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)),
            1 << 16);
    reader.mark(1);
    if (reader.read() != '\uFEFF') {
      reader.reset();
    }
    return reader;
  }

  private char delimiter() {
    String line;
    try (BufferedReader reader = open()) {
      do {
        line = reader.readLine();
      } while (line != null && line.isBlank());
    } catch (CharacterCodingException e) {
      throw notUtf8(e);
    } catch (IOException e) {
      throw new DataFormatException(file + ": cannot be read: " + e.getMessage(), e);
    }
    if (line == null) {
      throw new DataFormatException(file + ": is empty, must have at least one row of numbers");
    }
    String bare = line.replaceAll("\"[^\"]*\"", "");
    char best = ',';
    long most = 0;
    for (char candidate : new char[] {',', ';', '\t'}) {
      long count = bare.chars().filter(c -> c == candidate).count();
      if (count > most) {
        most = count;
        best = candidate;
      }
    }
    return best;
  }

  private static boolean isMissing(String field) {
    return field.length() <= 4 && MISSING.contains(field.toLowerCase(Locale.ROOT));
  }

  /** The number in a field, NaN where missing, {@code null} where it is text. */
  private static Double number(String field) {
    if (isMissing(field)) {
      return Double.NaN;
    }
    char last = field.charAt(field.length() - 1);
    if (Character.isLetter(last) && !field.toLowerCase(Locale.ROOT).matches("[+-]?inf(inity)?")) {
      return null;
    }
    try {
      if (Character.isLetter(last)) {
        return field.charAt(0) == '-' ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
      }
      // Hexadecimal, which Double reads too.
      boolean hexadecimal = field.indexOf('x') >= 0 || field.indexOf('X') >= 0;
      return hexadecimal ? null : Double.valueOf(field);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** One pass through the records. */
  private final class Rows {
    private final CSVParser parser;
    private final Iterator<CSVRecord> records;
    private final List<CSVRecord> ahead = new ArrayList<>();
    private final List<Long> aheadLines = new ArrayList<>();
    private List<String> names;
    private long line;

    Rows(CSVParser parser) {
      this.parser = parser;
      this.records = parser.iterator();
    }

    /** The next record that is not a line of blanks; {@code null} at the end. */
    private CSVRecord next() {
      while (records.hasNext()) {
        CSVRecord next = records.next();
        boolean oneColumn = names != null && names.size() == 1;
        if (oneColumn || next.size() > 1 || !next.get(0).isBlank()) {
          return next;
        }
      }
      return null;
    }

    private void buffer(CSVRecord next) {
      ahead.add(next);
      aheadLines.add(parser.getCurrentLineNumber());
    }

    Observations read() {
      CSVRecord first = next();
      if (first == null) {
        throw new DataFormatException(file + ": is empty, must have at least one row of numbers");
      }
      boolean header = first.stream().anyMatch(field -> number(field) == null);
      if (header) {
        names = first.stream().map(String::strip).toList();
      } else {
        names = IntStream.rangeClosed(1, first.size()).mapToObj(j -> "x" + j).toList();
        buffer(first);
      }
      CSVRecord following;
      while (ahead.size() < LOOK_AHEAD && (following = next()) != null) {
        buffer(following);
      }
      if (ahead.isEmpty()) {
        throw new DataFormatException(
            file + ": has a header line only, must have at least one row of numbers");
      }
      int weights = weightsColumn == null ? -1 : index(weightsColumn);
      int[] wanted = wanted(weights);
      if (wanted.length == 0) {
        throw new DataFormatException(file + ": has no numeric column");
      }
      return collect(wanted, weights);
    }

    private int index(String column) {
      int found = names.indexOf(column);
      if (found < 0 && column.matches("[0-9]{1,9}")) {
        int number = Integer.parseInt(column);
        found = number >= 1 && number <= names.size() ? number - 1 : -1;
      }
      if (found < 0) {
        throw new IllegalArgumentException(
            "column '"
                + column
                + "' is not in "
                + file
                + ", which has "
                + String.join(", ", names));
      }
      return found;
    }

    private int[] wanted(int weights) {
      if (!columns.isEmpty()) {
        int[] result = columns.stream().mapToInt(this::index).toArray();
        if (IntStream.of(result).distinct().count() < result.length) {
          throw new IllegalArgumentException(
              "columns " + String.join(",", columns) + " name a column twice");
        }
        return result;
      }
      return IntStream.range(0, names.size()).filter(j -> j != weights && isNumeric(j)).toArray();
    }

    private boolean isNumeric(int column) {
      for (CSVRecord candidate : ahead) {
        if (column < candidate.size() && !isMissing(candidate.get(column))) {
          return number(candidate.get(column)) != null;
        }
      }
      return true;
    }

    private Observations collect(int[] wanted, int weights) {
      Observations.Builder builder = Observations.builder(wanted.length);
      builder.names(IntStream.of(wanted).mapToObj(names::get).toList());
      double[] row = new double[wanted.length];
      double[] weight = new double[weights < 0 ? 0 : 1024];
      int count = 0;
      for (int i = 0; ; i++) {
        CSVRecord next = i < ahead.size() ? ahead.get(i) : next();
        if (next == null) {
          break;
        }
        line = i < ahead.size() ? aheadLines.get(i) : parser.getCurrentLineNumber();
        if (next.size() != names.size()) {
          throw new DataFormatException(
              file
                  + ", line "
                  + line
                  + ": has "
                  + next.size()
                  + " fields, must have "
                  + names.size());
        }
        for (int j = 0; j < wanted.length; j++) {
          row[j] = value(next, wanted[j]);
        }
        if (weights >= 0) {
          if (count == weight.length) {
            weight = Arrays.copyOf(weight, 2 * count);
          }
          weight[count] = weight(next, weights);
        }
        builder.add(row);
        count++;
      }
      Observations result = builder.build();
      try {
        return weights < 0 ? result : result.withWeights(Arrays.copyOf(weight, count));
      } catch (IllegalArgumentException e) {
        throw new DataFormatException(file + ": " + e.getMessage(), e);
      }
    }

    private double value(CSVRecord row, int column) {
      Double value = number(row.get(column));
      if (value == null) {
        throw wrong(column, "is '" + row.get(column) + "', must be a number");
      }
      if (value.isInfinite()) {
        throw wrong(column, "is '" + row.get(column) + "', must be a finite number");
      }
      return value;
    }

    private double weight(CSVRecord row, int column) {
      double value = value(row, column);
      if (!(value >= 0)) {
        throw wrong(column, "is '" + row.get(column) + "', must be a weight, 0 or more");
      }
      return value;
    }

    private DataFormatException wrong(int column, String what) {
      return new DataFormatException(
          file + ", line " + line + ", column '" + names.get(column) + "': " + what);
    }
  }
}
