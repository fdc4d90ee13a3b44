package io.github.mixtura.data;

import static io.github.mixtura.data.Numbers.isMissing;
import static io.github.mixtura.data.Numbers.number;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
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
 * <p>The file, which may be a pipe, is opened once. UTF-8, and UTF-16 and UTF-32 where a byte-order
 * mark or the zeros among the first bytes tell them. Fields are separated by comma, semicolon or
 * tab, whichever the first line has most of outside quotes, but none of them inside a number; where
 * it has none, by | or by runs of blanks, if that gives the first lines equally many fields; a
 * first line {@code sep=;} decides. Fields may be quoted. Lines before the header that begin with #
 * are skipped; other lines above it are an error.
 *
 * <p>Missing values are empty fields and, in any case of letters, {@code NA}, {@code N/A}, {@code
 * n.a.}, {@code #N/A}, {@code <NA>}, {@code NaN}, {@code null}, {@code nil}, {@code None}, {@code
 * missing}, {@code \N}, {@code ?}, a point, and one or two dashes.
 *
 * <p>The first line is a header if it has text in it, but data, with columns named x1, x2, …, if
 * some column continues with numbers a number in the first line, and none continues with numbers a
 * text that begins unlike a number.
 *
 * <p>Numbers are as Java and most programs write them, with a decimal point; a minus sign may be
 * that of Unicode. A column whose first present value is a number is numeric, and text further down
 * is an error; one whose first present value is text is left out, but an error if half or more of
 * the present values in the first thousand rows are numbers, or would be but for a decimal comma,
 * separators of thousands, a percent sign, a currency, a common unit or the like: nothing of that
 * kind is guessed at.
 *
 * <p>Left out, too, are a column without a name and without any value, which delimiters at the ends
 * of lines make, and first columns that have no name, or the name that pandas gives those, and hold
 * row names: text, or different whole numbers. Two wanted columns of one name are an error. Rows
 * are never padded or cut. Empty lines are skipped, but in a file of one column those before the
 * last value are missing values. Nothing but the wanted columns is kept.
 *
 * <p>What was left out or skipped, and numbers that look as if they meant something else, are told
 * by {@link Observations#notes()}, unless columns are picked.
 */
public final class CsvReader {
  private static final int LOOK_AHEAD = 1000;

  /** Fewest rows at which numbers that rise by one are told to count the rows. */
  private static final int COUNTED = 5;

  private static final Pattern UNNAMED = Pattern.compile("(Unnamed: [0-9.]+)?");
  private static final Pattern TIME_NAME =
      Pattern.compile("(?i)|date|datum|day|time|datetime|timestamp|epoch|Unnamed: 0");

  private final Path file;
  private final List<String> columns;
  private final String weightsColumn;
  private final boolean timeOrdered;
  private final Consumer<List<String>> leftOut;

  private CsvReader(
      Path file,
      List<String> columns,
      String weightsColumn,
      boolean timeOrdered,
      Consumer<List<String>> leftOut) {
    this.file = file;
    this.columns = columns;
    this.weightsColumn = weightsColumn;
    this.timeOrdered = timeOrdered;
    this.leftOut = leftOut;
  }

  /**
   * A reader of all numeric columns.
   *
   * @param file the file
   * @return the reader
   */
  public static CsvReader of(Path file) {
    return new CsvReader(file, List.of(), null, false, names -> {});
  }

  /**
   * Picks columns.
   *
   * @param names names, or numbers from 1 counted over all columns of the file; a name wins over a
   *     number; none for all numeric columns
   * @return a changed reader
   */
  public CsvReader columns(List<String> names) {
    return new CsvReader(file, List.copyOf(names), weightsColumn, timeOrdered, leftOut);
  }

  /**
   * Names the column of row weights, which is then no data column by default.
   *
   * @param name name or number; {@code null} for none
   * @return a changed reader
   */
  public CsvReader weightsColumn(String name) {
    return new CsvReader(file, columns, name, timeOrdered, leftOut);
  }

  /**
   * Demands that the rows run from the oldest to the newest: dates in the first column of dates
   * must not fall. Dates are understood as 2024-05-31, 31.5.2024, 5/31/24, 31 May 2024 and the
   * like, with or without a time; of several orders of day and month that are possible one must
   * rise. Where no column has dates, numbers of a column named date, time or the like, or without a
   * name, must not fall in every row. Without such columns nothing is demanded.
   *
   * @return a changed reader
   */
  public CsvReader timeOrdered() {
    return new CsvReader(file, columns, weightsColumn, true, leftOut);
  }

  /**
   * Changes who is told which columns of text are left out.
   *
   * @param listener called with their names before the rows are read, if there are any; not called
   *     where columns are picked
   * @return a changed reader
   */
  public CsvReader onLeftOut(Consumer<List<String>> listener) {
    return new CsvReader(
        file, columns, weightsColumn, timeOrdered, Objects.requireNonNull(listener));
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
    try (BufferedReader reader = TextFile.open(file)) {
      Layout layout = Layout.of(reader, file.toString());
      skip(reader, layout);
      boolean blanks = layout.delimiter() == Layout.BLANKS;
      CSVFormat format =
          CSVFormat.DEFAULT
              .builder()
              .setDelimiter(blanks ? '\t' : layout.delimiter())
              .setIgnoreEmptyLines(false)
              .setIgnoreSurroundingSpaces(true)
              .get();
      CSVParser parser = CSVParser.parse(blanks ? new CollapsedBlanks(reader) : reader, format);
      Observations observations = new Rows(parser, layout).read();
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
      return new DataFormatException(
          file
              + TextFile.firstThatIsNotUtf8(file)
              + ": is not valid UTF-8 text, must be a CSV file in UTF-8 or UTF-16",
          cause);
    }
    String reason =
        cause instanceof AccessDeniedException ? "permission denied" : cause.getMessage();
    return new DataFormatException(file + ": cannot be read: " + reason, cause);
  }

  /** Goes to the header, behind its # where it is marked by one. */
  private static void skip(BufferedReader reader, Layout layout) throws IOException {
    for (int lines = 0; lines < layout.skip(); lines++) {
      int c = reader.read();
      while (c >= 0 && c != '\n' && c != '\r') {
        c = reader.read();
      }
      if (c == '\r') {
        reader.mark(1);
        if (reader.read() != '\n') {
          reader.reset();
        }
      }
    }
    while (layout.marked() && reader.read() != '#') {
      // Blanks before it.
    }
  }

  /** A record and the number of its first line. */
  private record Line(CSVRecord fields, long number) {
    int size() {
      return fields.size();
    }

    String get(int column) {
      return Numbers.strip(fields.get(column));
    }

    boolean isBlank() {
      return size() == 1 && get(0).isEmpty();
    }
  }

  /** One pass through the records. */
  private final class Rows {
    private final CSVParser parser;
    private final Iterator<CSVRecord> records;
    private final Layout layout;
    private final Deque<Line> held = new ArrayDeque<>();
    private final List<Line> ahead = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private boolean blanksAreRows;
    private boolean named;
    private boolean rowNames;
    private List<String> names;

    Rows(CSVParser parser, Layout layout) {
      this.parser = parser;
      this.records = parser.iterator();
      this.layout = layout;
    }

    /** The next row; {@code null} at the end. Blank lines at the end are no rows. */
    private Line next() {
      while (held.isEmpty() || held.getLast().isBlank()) {
        long number = layout.skip() + parser.getCurrentLineNumber() + 1;
        if (!records.hasNext()) {
          return null;
        }
        Line line = new Line(records.next(), number);
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
        names = IntStream.range(0, first.size()).mapToObj(first::get).toList();
        nameRowNames();
      } else {
        names = IntStream.rangeClosed(1, first.size()).mapToObj(j -> "x" + j).toList();
        ahead.add(0, first);
      }
      if (ahead.isEmpty()) {
        throw new DataFormatException(
            file + ": has a header line only, must have at least one row of numbers");
      }
      if (layout.comments() > 0) {
        notes.add(
            Layout.count(layout.comments(), "line")
                + " before the table skipped, beginning with #");
      }
      int weights = weightsColumn == null ? -1 : index(weightsColumn);
      int[] wanted = wanted(weights);
      if (wanted.length == 0) {
        throw new DataFormatException(file + ": has no numeric column" + whatThereIs());
      }
      for (int column : wanted) {
        requireOneOfItsName(column);
      }
      return collect(wanted, weights);
    }

    /** R writes no name above row names: the header is one field shorter than all rows. */
    private void nameRowNames() {
      rowNames =
          !ahead.isEmpty()
              && ahead.stream().allMatch(line -> line.size() == names.size() + 1)
              && ahead.stream().anyMatch(line -> !line.get(names.size()).isEmpty())
              && (number(ahead.get(0).get(0)) == null || numbersRows(0));
      if (rowNames) {
        List<String> all = new ArrayList<>(List.of(""));
        all.addAll(names);
        names = List.copyOf(all);
      }
    }

    private String whatThereIs() {
      if (names.size() > 1) {
        return "; the columns " + String.join(", ", names) + " hold text";
      }
      return ahead.get(0).get(0).indexOf(' ') < 0 && names.get(0).indexOf(' ') < 0
          ? ""
          : ": one column was found; fields are separated by comma, semicolon, tab, | or blanks, "
              + "equally many in each line";
    }

    private boolean isHeader(Line first) {
      boolean text = false;
      boolean continued = false;
      for (int j = 0; j < first.size(); j++) {
        String top = first.get(j);
        boolean numbersBelow = beginsWithANumber(j);
        if (number(top) == null) {
          text = true;
          if (numbersBelow && !Numbers.beginsLikeANumber(top)) {
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

    /** Whether the values are different whole numbers, as row names are by default. */
    private boolean numbersRows(int column) {
      Set<Double> seen = new HashSet<>();
      for (Line line : ahead) {
        Double value = column < line.size() ? number(line.get(column)) : null;
        if (value == null || value < 0 || value != Math.rint(value) || !seen.add(value)) {
          return false;
        }
      }
      return true;
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
      int nameless = rowNames ? 1 : 0;
      while (named
          && nameless < names.size()
          && nameless != weights
          && UNNAMED.matcher(names.get(nameless)).matches()
          && !isNoColumn(nameless)
          && numbersRows(nameless)) {
        nameless++;
      }
      List<String> texts = new ArrayList<>();
      int[] all =
          IntStream.range(rowNames ? 1 : 0, names.size())
              .filter(j -> j != weights && !isNoColumn(j))
              .filter(j -> isNumeric(j) || !texts.add(label(j)))
              .toArray();
      int[] result =
          Arrays.copyOfRange(all, Math.min(nameless - (rowNames ? 1 : 0), all.length), all.length);
      if (result.length == 0) {
        result = all;
      } else if (nameless > 0) {
        notes.add(
            (nameless == 1
                ? "left out, because it has no name and holds row names: column 1"
                : "left out, because they have no names and hold row numbers: columns 1 to "
                    + nameless));
      }
      if (!texts.isEmpty() && result.length > 0) {
        notes.add("left out, because they hold text: " + String.join(", ", texts));
        leftOut.accept(List.copyOf(texts));
      }
      for (int column : result) {
        noteMeaning(column);
      }
      return result;
    }

    /** The name of a column, or where it is. */
    private String label(int column) {
      return names.get(column).isEmpty() ? "column " + (column + 1) : names.get(column);
    }

    /** Numbers that look as if they meant something else. */
    private void noteMeaning(int column) {
      int present = 0;
      int padded = 0;
      int dates = 0;
      int grouped = 0;
      int short3 = 0;
      int hundreds = 0;
      String example = null;
      for (Line line : ahead) {
        String field = column < line.size() ? line.get(column) : "";
        if (isMissing(field)) {
          continue;
        }
        present++;
        boolean digits = field.chars().allMatch(c -> c >= '0' && c <= '9');
        if (digits && field.length() > 1 && field.charAt(0) == '0') {
          padded++;
          example = example == null ? "'" + field + "' in line " + line.number() : example;
        }
        if (digits && field.length() == 8 && Dates.read(field)[0] != Dates.NONE) {
          dates++;
        }
        if (field.matches("[+-]?[1-9][0-9]{0,2}\\.[0-9]{3}")) {
          grouped++;
          example = example == null ? "'" + field + "' in line " + line.number() : example;
        } else if (field.matches("[+-]?[0-9]{1,3}")) {
          short3++;
          hundreds += field.matches("[+-]?[0-9]{3}") ? 1 : 0;
        }
      }
      String used = " of column '" + label(column) + "'";
      if (padded > 0) {
        notes.add(
            "numbers with leading zeros" + used + ", such as " + example + ", are used as data");
      } else if (dates == present && dates > 1) {
        notes.add("numbers that seem to be dates" + used + " are used as data");
      } else if (grouped > 0 && hundreds > 0 && grouped + short3 == present) {
        notes.add(
            "the point in numbers"
                + used
                + ", such as "
                + example
                + ", is taken as a decimal point; it may separate thousands");
      }
      if (named && names.get(column).isEmpty()) {
        notes.add("column " + (column + 1) + " has no name and is used as data");
      }
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
      int others = 0;
      int limits = 0;
      int units = 0;
      Set<String> remedies = new HashSet<>();
      for (Line line : ahead) {
        if (column < line.size() && !isMissing(line.get(column))) {
          String field = line.get(column);
          present++;
          Numbers.Notation notation = number(field) == null ? Numbers.notation(field) : null;
          if (number(field) != null) {
            numbers++;
          } else if (notation != null && notation.unit()) {
            units++;
            remedies.add(notation.remedy());
          } else if (notation != null && notation.limit()) {
            limits++;
          } else if (notation != null) {
            others++;
          }
        }
      }
      int meant =
          numbers
              + others
              + (remedies.size() == 1 ? units : 0)
              + (numbers + others > 0 ? limits : 0);
      if (2 * meant >= present) {
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
      boolean[] counts = new boolean[columns.isEmpty() && wanted.length > 1 ? wanted.length : 0];
      Arrays.fill(counts, true);
      TimeOrder order = timeOrdered ? timeOrder() : null;
      LineNumbers lines = new LineNumbers();
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
                  + Layout.count(next.size(), "field")
                  + ", must have "
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
        for (int j = 0; j < counts.length; j++) {
          counts[j] &= row[j] == count || row[j] == count + 1;
        }
        if (order != null) {
          order.add(next.get(order.column()), next.number());
        }
        if (weights >= 0) {
          if (count == weight.length) {
            weight = Arrays.copyOf(weight, 2 * count);
          }
          weight[count] = weight(next, weights);
        }
        builder.add(row);
        lines.add(next.number());
        count++;
      }
      if (order != null) {
        order.require(file + ": ");
      }
      for (int j = 0; j < counts.length; j++) {
        if (counts[j] && count >= COUNTED) {
          notes.add("column '" + label(wanted[j]) + "', which counts the rows, is used as data");
        }
      }
      Observations result = builder.build().withLines(lines).withNotes(notes);
      try {
        return weights < 0 ? result : result.withWeights(Arrays.copyOf(weight, count));
      } catch (IllegalArgumentException e) {
        throw new DataFormatException(file + ": " + e.getMessage(), e);
      }
    }

    /** The order in time of the column that tells it; {@code null} for none. */
    private TimeOrder timeOrder() {
      for (int j = 0; j < names.size(); j++) {
        int column = j;
        if (!isNoColumn(j)
            && ahead.stream()
                .filter(line -> column < line.size() && !isMissing(line.get(column)))
                .allMatch(line -> TimeOrder.isDate(line.get(column)))) {
          return new TimeOrder(j, label(j), true);
        }
      }
      for (int j = 0; j < names.size(); j++) {
        if (named && TIME_NAME.matcher(names.get(j)).matches() && beginsWithANumber(j)) {
          return new TimeOrder(j, label(j), false);
        }
      }
      return null;
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
      Numbers.Notation notation = Numbers.notation(field);
      return wrong(
          row,
          column,
          "is '"
              + field
              + "', must be a number"
              + (notation == null ? "" : " " + notation.remedy()));
    }

    private DataFormatException wrong(Line row, int column, String what) {
      return new DataFormatException(
          file + ", line " + row.number() + ", column '" + label(column) + "': " + what);
    }
  }
}
