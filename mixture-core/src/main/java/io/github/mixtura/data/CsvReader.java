package io.github.mixtura.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads observations from a CSV file.
 *
 * <p>The file, which may be a pipe, is opened once. UTF-8; comma, semicolon or tab, whichever the
 * first line has most of outside quotes, but none of them inside a number; quoted fields. Empty,
 * {@code NA}, {@code NaN}, {@code null} and {@code ?} are missing values.
 *
 * <p>The first line is a header if it has text in it, but data, with columns named x1, x2, …, if
 * some column continues with numbers a number in the first line, and none continues with numbers a
 * text that begins unlike a number.
 *
 * <p>A column whose first present value is a number is numeric, and text further down is an error;
 * one whose first present value is text is left out, but an error if half or more of the present
 * values in the first thousand rows are numbers, or would be but for a decimal comma. A column
 * without a name and without any value, which delimiters at the ends of lines make, is left out.
 * Two wanted columns of one name are an error. Rows are never padded or cut. Empty lines are
 * skipped, but in a file of one column those before the last value are missing values. Nothing but
 * the wanted columns is kept.
 */
public final class CsvReader {
  private static final Set<String> MISSING = Set.of("", "na", "nan", "null", "?");
  private static final int LOOK_AHEAD = 1000;

  /** Characters among which the first line is looked for. */
  private static final int FIRST_LINE = 1 << 24;

  private static final Pattern DECIMAL_COMMA =
      Pattern.compile("[+-]?([0-9]+,[0-9]*|,[0-9]+)([eE][+-]?[0-9]+)?");
  private static final Pattern BEGINS_LIKE_A_NUMBER = Pattern.compile("[+-]?[.,]?[0-9].*");

  private final Path file;
  private final List<String> columns;
  private final String weightsColumn;
  private final Consumer<List<String>> leftOut;

  private CsvReader(
      Path file, List<String> columns, String weightsColumn, Consumer<List<String>> leftOut) {
    this.file = file;
    this.columns = columns;
    this.weightsColumn = weightsColumn;
    this.leftOut = leftOut;
  }

  /**
   * A reader of all numeric columns.
   *
   * @param file the file
   * @return the reader
   */
  public static CsvReader of(Path file) {
    return new CsvReader(file, List.of(), null, names -> {});
  }

  /**
   * Picks columns.
   *
   * @param names names, or numbers from 1 counted over all columns of the file; a name wins over a
   *     number; none for all numeric columns
   * @return a changed reader
   */
  public CsvReader columns(List<String> names) {
    return new CsvReader(file, List.copyOf(names), weightsColumn, leftOut);
  }

  /**
   * Names the column of row weights, which is then no data column by default.
   *
   * @param name name or number; {@code null} for none
   * @return a changed reader
   */
  public CsvReader weightsColumn(String name) {
    return new CsvReader(file, columns, name, leftOut);
  }

  /**
   * Changes who is told which columns of text are left out.
   *
   * @param listener called with their names before the rows are read, if there are any; not called
   *     where columns are picked
   * @return a changed reader
   */
  public CsvReader onLeftOut(Consumer<List<String>> listener) {
    return new CsvReader(file, columns, weightsColumn, Objects.requireNonNull(listener));
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
    try (BufferedReader reader = open()) {
      CSVFormat format =
          CSVFormat.DEFAULT
              .builder()
              .setDelimiter(delimiter(reader))
              .setIgnoreEmptyLines(false)
              .setIgnoreSurroundingSpaces(true)
              .get();
      Observations observations = new Rows(CSVParser.parse(reader, format)).read();
      if (!state.equals(state())) {
        throw new DataFormatException(file + ": was changed by another process while it was read");
      }
      return observations;
    } catch (UncheckedIOException e) {
      throw unreadable(e.getCause());
    } catch (IOException e) {
      throw unreadable(e);
    } catch (IllegalStateException e) {
      throw new DataFormatException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Size and time of the file; the same for pipes, which have neither. */
  private String state() {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return found.isRegularFile() ? found.size() + " " + found.lastModifiedTime() : "";
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private DataFormatException unreadable(IOException cause) {
    if (cause instanceof CharacterCodingException) {
      return new DataFormatException(file + ": is not valid UTF-8 text, must be a CSV file", cause);
    }
    String reason =
        cause instanceof AccessDeniedException ? "permission denied" : cause.getMessage();
    return new DataFormatException(file + ": cannot be read: " + reason, cause);
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
    try {
      reader.mark(1);
      if (reader.read() != '\uFEFF') {
        reader.reset();
      }
      return reader;
    } catch (IOException e) {
      reader.close();
      throw e;
    }
  }

  /** What separates the fields, by the first line that is not blank; nothing is consumed. */
  private static char delimiter(BufferedReader reader) throws IOException {
    reader.mark(FIRST_LINE);
    String line = unquoted(reader);
    reader.reset();
    // Forgets the mark, for which all that is read on would be kept.
    reader.mark(1);
    char best = ',';
    int most = 0;
    for (char candidate : new char[] {',', ';', '\t'}) {
      String[] fields = line.split(String.valueOf(candidate), -1);
      if (fields.length > 1
          && Arrays.stream(fields).anyMatch(f -> DECIMAL_COMMA.matcher(f.strip()).matches())) {
        return candidate;
      }
      if (fields.length - 1 > most) {
        most = fields.length - 1;
        best = candidate;
      }
    }
    return best;
  }

  /** What is outside quotes in the first line that is not blank. */
  private static String unquoted(BufferedReader reader) throws IOException {
    StringBuilder line = new StringBuilder();
    boolean quoted = false;
    boolean blank = true;
    for (int i = 0; i < FIRST_LINE; i++) {
      int c = reader.read();
      boolean end = !quoted && (c == '\n' || c == '\r');
      if (c < 0 || (end && !blank)) {
        break;
      }
      quoted ^= c == '"';
      blank &= Character.isWhitespace(c);
      if (end) {
        line.setLength(0);
      } else if (!quoted && c != '"') {
        line.append((char) c);
      }
    }
    return line.toString();
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

  /** A record and the number of its last line. */
  private record Line(CSVRecord fields, long number) {
    int size() {
      return fields.size();
    }

    String get(int column) {
      return fields.get(column);
    }

    boolean isBlank() {
      return size() == 1 && get(0).isBlank();
    }
  }

  /** One pass through the records. */
  private final class Rows {
    private final CSVParser parser;
    private final Iterator<CSVRecord> records;
    private final Deque<Line> held = new ArrayDeque<>();
    private final List<Line> ahead = new ArrayList<>();
    private boolean blanksAreRows;
    private boolean named;
    private List<String> names;

    Rows(CSVParser parser) {
      this.parser = parser;
      this.records = parser.iterator();
    }

    /** The next row; {@code null} at the end. Blank lines at the end are no rows. */
    private Line next() {
      while (held.isEmpty() || held.getLast().isBlank()) {
        if (!records.hasNext()) {
          return null;
        }
        Line line = new Line(records.next(), parser.getCurrentLineNumber());
        if (blanksAreRows || !line.isBlank()) {
          held.add(line);
        }
      }
      return held.remove();
    }

    Observations read() {
      Line first = next();
      if (first == null) {
        throw new DataFormatException(file + ": is empty, must have at least one row of numbers");
      }
      blanksAreRows = first.size() == 1;
      Line following;
      while (ahead.size() < LOOK_AHEAD && (following = next()) != null) {
        ahead.add(following);
      }
      named = isHeader(first);
      if (named) {
        names = first.fields().stream().map(String::strip).toList();
      } else {
        names = IntStream.rangeClosed(1, first.size()).mapToObj(j -> "x" + j).toList();
        ahead.add(0, first);
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
      for (int column : wanted) {
        requireOneOfItsName(column);
      }
      return collect(wanted, weights);
    }

    private boolean isHeader(Line first) {
      boolean text = false;
      boolean continued = false;
      for (int j = 0; j < first.size(); j++) {
        String top = first.get(j);
        boolean numbersBelow = beginsWithANumber(j);
        if (number(top) == null) {
          text = true;
          if (numbersBelow && !BEGINS_LIKE_A_NUMBER.matcher(top).matches()) {
            return true;
          }
        } else if (!isMissing(top)) {
          continued |= numbersBelow;
        }
      }
      return text && !continued;
    }

    private boolean beginsWithANumber(int column) {
      return firstPresent(column).filter(line -> number(line.get(column)) != null).isPresent();
    }

    /** The first row ahead that has a value there. */
    private Optional<Line> firstPresent(int column) {
      return ahead.stream()
          .filter(line -> column < line.size() && !isMissing(line.get(column)))
          .findFirst();
    }

    private void requireOneOfItsName(int column) {
      String name = names.get(column);
      if (names.indexOf(name) != names.lastIndexOf(name)) {
        throw new DataFormatException(
            file
                + ": columns "
                + (names.indexOf(name) + 1)
                + " and "
                + (names.lastIndexOf(name) + 1)
                + " are both named '"
                + name
                + "', must have different names");
      }
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
      List<String> texts = new ArrayList<>();
      int[] result =
          IntStream.range(0, names.size())
              .filter(j -> j != weights && !isNoColumn(j))
              .filter(j -> isNumeric(j) || !texts.add(names.get(j)))
              .toArray();
      if (!texts.isEmpty() && result.length > 0) {
        leftOut.accept(List.copyOf(texts));
      }
      return result;
    }

    /** Whether there is neither a name nor a value. */
    private boolean isNoColumn(int column) {
      return (!named || names.get(column).isEmpty())
          && ahead.stream().allMatch(line -> column >= line.size() || line.get(column).isEmpty());
    }

    private boolean isNumeric(int column) {
      Optional<Line> first = firstPresent(column);
      if (first.isEmpty() || number(first.get().get(column)) != null) {
        return true;
      }
      int present = 0;
      int numbers = 0;
      for (Line line : ahead) {
        if (column < line.size() && !isMissing(line.get(column))) {
          String field = line.get(column);
          present++;
          if (number(field) != null || DECIMAL_COMMA.matcher(field).matches()) {
            numbers++;
          }
        }
      }
      if (2 * numbers >= present) {
        throw notANumber(first.get(), column);
      }
      return false;
    }

    private Observations collect(int[] wanted, int weights) {
      Observations.Builder builder = Observations.builder(wanted.length);
      builder.names(IntStream.of(wanted).mapToObj(names::get).toList());
      int[] empty =
          columns.isEmpty()
              ? IntStream.range(0, names.size()).filter(this::isNoColumn).toArray()
              : new int[0];
      double[] row = new double[wanted.length];
      double[] weight = new double[weights < 0 ? 0 : 1024];
      int count = 0;
      for (int i = 0; ; i++) {
        Line next = i < ahead.size() ? ahead.get(i) : next();
        if (next == null) {
          break;
        }
        if (next.size() != names.size()) {
          throw new DataFormatException(
              file
                  + ", line "
                  + next.number()
                  + ": has "
                  + next.size()
                  + " fields, must have "
                  + names.size());
        }
        for (int column : empty) {
          if (!next.get(column).isEmpty()) {
            throw wrong(next, column, "is '" + next.get(column) + "', must be empty as above");
          }
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

    private double value(Line row, int column) {
      Double value = number(row.get(column));
      if (value == null) {
        throw notANumber(row, column);
      }
      if (value.isInfinite()) {
        throw wrong(row, column, "is '" + row.get(column) + "', must be a finite number");
      }
      return value;
    }

    private double weight(Line row, int column) {
      double value = value(row, column);
      if (!(value >= 0)) {
        throw wrong(row, column, "is '" + row.get(column) + "', must be a weight, 0 or more");
      }
      return value;
    }

    private DataFormatException notANumber(Line row, int column) {
      String field = row.get(column);
      return wrong(
          row,
          column,
          "is '"
              + field
              + "', must be a number"
              + (DECIMAL_COMMA.matcher(field).matches()
                  ? " with a decimal point, not a decimal comma"
                  : ""));
    }

    private DataFormatException wrong(Line row, int column, String what) {
      return new DataFormatException(
          file + ", line " + row.number() + ", column '" + names.get(column) + "': " + what);
    }
  }
}
