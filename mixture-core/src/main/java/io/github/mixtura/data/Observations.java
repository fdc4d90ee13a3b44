package io.github.mixtura.data;

import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.Block;
import io.github.mixtura.compute.Encoding;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.compute.RowContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The rows to be fitted or scored: n × d finite numbers (NaN means missing), optional non-negative
 * row weights, column names. Immutable; holds the one copy of the data, in {@link Block}s that the
 * kernels read as they are.
 */
public final class Observations {
  private final List<Block> blocks;
  private final int rows;
  private final List<String> columnNames;
  private final boolean weighted;
  private final boolean missing;
  private final LineNumbers lines;
  private final List<String> notes;

  private Observations(
      List<Block> blocks,
      List<String> columnNames,
      boolean weighted,
      boolean missing,
      LineNumbers lines,
      List<String> notes) {
    this.blocks = blocks;
    this.rows = blocks.stream().mapToInt(Block::rows).sum();
    this.columnNames = columnNames;
    this.weighted = weighted;
    this.missing = missing;
    this.lines = lines;
    this.notes = notes;
  }

  /**
   * Rows from an array, with columns named x1, x2, …
   *
   * @param rows n rows of d values each (read, copied); NaN means missing
   * @return the observations
   * @throws IllegalArgumentException if there is no row or column, rows differ in length, or a
   *     value is infinite
   */
  public static Observations of(double[][] rows) {
    Objects.requireNonNull(rows, "rows");
    if (rows.length == 0) {
      throw new IllegalArgumentException("rows is empty, must have at least one row");
    }
    Builder builder = new Builder(Objects.requireNonNull(rows[0], "row 1").length);
    for (double[] row : rows) {
      builder.add(row);
    }
    return builder.build();
  }

  /**
   * One column.
   *
   * @param values n values (read, copied); NaN means missing
   * @return the observations
   */
  public static Observations of(double[] values) {
    Builder builder = new Builder(1);
    double[] row = new double[1];
    for (double value : values) {
      row[0] = value;
      builder.add(row);
    }
    return builder.build();
  }

  /**
   * Rows from a stream, taken in order.
   *
   * @param rows arrays of d values each
   * @return the observations
   */
  public static Observations of(Stream<double[]> rows) {
    Builder[] builder = new Builder[1];
    rows.forEachOrdered(
        row -> {
          if (builder[0] == null) {
            builder[0] = new Builder(row.length);
          }
          builder[0].add(row);
        });
    if (builder[0] == null) {
      throw new IllegalArgumentException("rows is empty, must have at least one row");
    }
    return builder[0].build();
  }

  /**
   * All numeric columns of a CSV file; see {@link CsvReader} for choices.
   *
   * @param file the file
   * @return the observations
   * @throws DataFormatException if the file cannot be used
   */
  public static Observations ofCsv(Path file) {
    return CsvReader.of(file).read();
  }

  /**
   * Starts a row-by-row construction.
   *
   * @param columns d
   * @return an empty builder
   */
  public static Builder builder(int columns) {
    return new Builder(columns);
  }

  /**
   * The same rows with weights.
   *
   * @param weights n finite values ≥ 0, not all 0 (read, copied)
   * @return weighted observations
   * @throws IllegalArgumentException if the number differs from the rows' or a value is out of
   *     range
   */
  public Observations withWeights(double... weights) {
    if (weights.length != rows) {
      throw new IllegalArgumentException(
          "weights has " + weights.length + " values, must have one per row: " + rows);
    }
    boolean positive = false;
    for (int i = 0; i < rows; i++) {
      if (!(weights[i] >= 0) || Double.isInfinite(weights[i])) {
        throw new IllegalArgumentException(
            "weight of row " + (i + 1) + " is " + weights[i] + ", must be finite and not negative");
      }
      positive |= weights[i] > 0;
    }
    if (!positive) {
      throw new IllegalArgumentException("weights are all 0, at least one must be positive");
    }
    List<Block> result = new ArrayList<>();
    int at = 0;
    for (Block block : blocks) {
      result.add(
          new Block(
              block.rows(), block.columns(), Arrays.copyOfRange(weights, at, at + block.rows())));
      at += block.rows();
    }
    return new Observations(result, columnNames, true, missing, lines, notes);
  }

  /**
   * The same rows with weight 1 each.
   *
   * @return unweighted observations
   */
  public Observations withoutWeights() {
    if (!weighted) {
      return this;
    }
    List<Block> result = new ArrayList<>();
    for (Block block : blocks) {
      result.add(new Block(block.rows(), block.columns(), null));
    }
    return new Observations(result, columnNames, false, missing, lines, notes);
  }

  /**
   * The same rows with other column names.
   *
   * @param names d names
   * @return renamed observations
   */
  public Observations withColumnNames(List<String> names) {
    if (names.size() != columns()) {
      throw new IllegalArgumentException(
          "names has " + names.size() + " entries, must have one per column: " + columns());
    }
    return new Observations(blocks, List.copyOf(names), weighted, missing, lines, notes);
  }

  /**
   * The same rows with one more remark about them. A fit repeats the remarks among its warnings.
   *
   * @param note a remark, in a sentence without a full stop
   * @return observations with the note
   */
  public Observations withNote(String note) {
    List<String> longer = new ArrayList<>(notes);
    longer.add(Objects.requireNonNull(note, "note"));
    return withNotes(longer);
  }

  Observations withNotes(List<String> all) {
    return new Observations(blocks, columnNames, weighted, missing, lines, List.copyOf(all));
  }

  Observations withLines(LineNumbers numbers) {
    return new Observations(blocks, columnNames, weighted, missing, numbers, notes);
  }

  /** Another value in place of one. */
  @FunctionalInterface
  public interface Change {
    /**
     * The new value.
     *
     * @param column from 0
     * @param value the old value; NaN where missing
     * @return finite, or NaN where missing
     */
    double apply(int column, double value);
  }

  /**
   * The same rows with other values: names, weights, notes and lines stay.
   *
   * @param change gives the new value of every old one
   * @return changed observations
   * @throws IllegalArgumentException if a new value is infinite
   */
  public Observations withValues(Change change) {
    Builder builder = new Builder(columns()).names(columnNames);
    double[] row = new double[columns()];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < row.length; j++) {
        row[j] = change.apply(j, get(i, j));
      }
      builder.add(row);
    }
    Observations result = builder.build().withLines(lines).withNotes(notes);
    return weighted
        ? result.withWeights(IntStream.range(0, rows).mapToDouble(this::weight).toArray())
        : result;
  }

  /**
   * What the reader of a file did or suspects that the user should know, such as columns of text
   * that were left out. A fit repeats this among its warnings.
   *
   * @return sentences without a full stop; empty for rows from arrays
   */
  public List<String> notes() {
    return notes;
  }

  /**
   * The line of the file that a row was read from, which differs from the row's number by headers,
   * empty lines and lines in quotes.
   *
   * @param row from 0
   * @return the line, from 1; empty for rows that are not from a file
   */
  public OptionalLong line(int row) {
    Objects.checkIndex(row, rows);
    return lines == null ? OptionalLong.empty() : OptionalLong.of(lines.of(row));
  }

  /**
   * Number of rows.
   *
   * @return n
   */
  public int rows() {
    return rows;
  }

  /**
   * Number of columns.
   *
   * @return d
   */
  public int columns() {
    return columnNames.size();
  }

  /**
   * Names of the columns.
   *
   * @return d names
   */
  public List<String> columnNames() {
    return columnNames;
  }

  /**
   * One value.
   *
   * @param row from 0
   * @param column from 0
   * @return x_ij, NaN where missing
   */
  public double get(int row, int column) {
    return blocks.get(row / Block.ROWS).columns()[column][row % Block.ROWS];
  }

  /**
   * One row.
   *
   * @param row from 0
   * @return d values
   */
  public double[] row(int row) {
    double[] values = new double[columns()];
    Arrays.setAll(values, j -> get(row, j));
    return values;
  }

  /**
   * One column.
   *
   * @param column from 0
   * @return n values
   */
  public double[] column(int column) {
    return IntStream.range(0, rows).mapToDouble(i -> get(i, column)).toArray();
  }

  /**
   * Weight of a row.
   *
   * @param row from 0
   * @return w, 1 where weights were not given
   */
  public double weight(int row) {
    double[] weights = blocks.get(row / Block.ROWS).weights();
    return weights == null ? 1 : weights[row % Block.ROWS];
  }

  /**
   * Sum of the weights.
   *
   * @return Σ w, the n of information criteria
   */
  public double totalWeight() {
    return blocks.stream().mapToDouble(Block::weight).sum();
  }

  /**
   * Whether weights were given.
   *
   * @return true after {@link #withWeights}
   */
  public boolean isWeighted() {
    return weighted;
  }

  /**
   * Whether a value is missing.
   *
   * @return true if some value is NaN
   */
  public boolean hasMissing() {
    return missing;
  }

  /**
   * All rows as an array.
   *
   * @return n × d values, a copy
   */
  public double[][] toArray() {
    return IntStream.range(0, rows).mapToObj(this::row).toArray(double[][]::new);
  }

  /**
   * Some rows, with their weights.
   *
   * @param indices row numbers from 0
   * @return those rows in that order
   */
  public Observations select(int... indices) {
    Builder builder = new Builder(columns());
    double[] row = new double[columns()];
    double[] weights = new double[indices.length];
    for (int q = 0; q < indices.length; q++) {
      for (int j = 0; j < row.length; j++) {
        row[j] = get(indices[q], j);
      }
      builder.add(row);
      weights[q] = weight(indices[q]);
    }
    Observations result = builder.names(columnNames).build().withNotes(notes);
    if (lines != null) {
      LineNumbers numbers = new LineNumbers();
      IntStream.of(indices).forEach(i -> numbers.add(lines.of(i)));
      result = result.withLines(numbers);
    }
    return weighted ? result.withWeights(weights) : result;
  }

  /**
   * Hands the rows to a backend. Nothing is copied where the backend works in main memory and the
   * encoding is the identity.
   *
   * @param kernels the backend
   * @param encoding how the kernels shall see the columns
   * @param components K, for the size of the batches
   * @return the batches in row order
   */
  public List<Batch> stage(Kernels kernels, Encoding encoding, int components) {
    return stage(kernels, encoding, components, (first, count) -> RowContext.at(first));
  }

  /** What is known of consecutive rows. */
  @FunctionalInterface
  public interface ContextSource {
    /**
     * The context of a batch.
     *
     * @param first index of its first row
     * @param count its number of rows
     * @return the context, without what all components have in common
     */
    RowContext of(int first, int count);
  }

  /**
   * As {@link #stage(Kernels, Encoding, int)}, telling what is known of the rows beside their
   * values.
   *
   * @param kernels the backend
   * @param encoding how the kernels shall see the columns
   * @param components K, for the size of the batches
   * @param context what is known of the rows of a batch
   * @return the batches in row order
   */
  public List<Batch> stage(
      Kernels kernels, Encoding encoding, int components, ContextSource context) {
    int perBatch = kernels.batchBlocks(encoding.columns(columns()), components);
    List<Batch> batches = new ArrayList<>();
    for (int from = 0; from < blocks.size(); from += perBatch) {
      List<Block> part = new ArrayList<>();
      int first = from * Block.ROWS;
      int count = Math.min(rows - first, perBatch * Block.ROWS);
      double[] logBase = null;
      for (Block block : blocks.subList(from, Math.min(from + perBatch, blocks.size()))) {
        double[][] encoded = encoding.encode(block.columns(), block.rows());
        double[] base = encoding.logBase(block.columns(), block.rows());
        if (base != null) {
          logBase = logBase == null ? new double[count] : logBase;
          System.arraycopy(base, 0, logBase, part.size() * Block.ROWS, block.rows());
        }
        part.add(
            encoded == block.columns()
                ? block
                : new Block(block.rows(), encoded, block.weights(), block.columns()));
      }
      RowContext known = context.of(first, count);
      batches.add(kernels.stage(part, logBase == null ? known : known.withLogBase(logBase)));
    }
    return batches;
  }

  @Override
  public String toString() {
    return Layout.count(rows, "row")
        + " × "
        + Layout.count(columns(), "column")
        + " "
        + columnNames
        + (weighted ? ", weighted" : "")
        + (notes.isEmpty() ? "" : "; " + String.join("; ", notes));
  }

  /** Collects rows; see {@link Observations#builder}. */
  public static final class Builder {
    private final int columns;
    private final List<Block> full = new ArrayList<>();
    private double[][] open;
    private int used;
    private boolean missing;
    private List<String> names;

    private Builder(int columns) {
      if (columns < 1) {
        throw new IllegalArgumentException("columns is " + columns + ", must be at least 1");
      }
      this.columns = columns;
    }

    /**
     * Appends a row.
     *
     * @param row d values (read); NaN means missing
     * @return this
     * @throws IllegalArgumentException if the length differs or a value is infinite
     */
    public Builder add(double... row) {
      if (row.length != columns) {
        throw new IllegalArgumentException(
            "row " + number() + " has " + row.length + " values, must have " + columns);
      }
      if (open == null) {
        open = new double[columns][Block.ROWS];
      }
      for (int j = 0; j < columns; j++) {
        double value = row[j];
        if (Double.isInfinite(value)) {
          throw new IllegalArgumentException(
              "row " + number() + ", column " + (j + 1) + " is " + value + ", must be finite");
        }
        missing |= Double.isNaN(value);
        open[j][used] = value;
      }
      if (++used == Block.ROWS) {
        close();
      }
      return this;
    }

    /**
     * Names the columns.
     *
     * @param columnNames d names
     * @return this
     */
    public Builder names(List<String> columnNames) {
      if (columnNames.size() != columns) {
        throw new IllegalArgumentException(
            "names has " + columnNames.size() + " entries, must have one per column: " + columns);
      }
      names = List.copyOf(columnNames);
      return this;
    }

    private int number() {
      return full.size() * Block.ROWS + used + 1;
    }

    private void close() {
      full.add(new Block(used, open, null));
      open = null;
      used = 0;
    }

    /**
     * Finishes.
     *
     * @return the observations
     * @throws IllegalArgumentException if no row was added
     */
    public Observations build() {
      if (used > 0) {
        for (int j = 0; j < columns; j++) {
          open[j] = Arrays.copyOf(open[j], used);
        }
        close();
      }
      if (full.isEmpty()) {
        throw new IllegalArgumentException("rows is empty, must have at least one row");
      }
      List<String> columnNames =
          names != null ? names : IntStream.rangeClosed(1, columns).mapToObj(j -> "x" + j).toList();
      return new Observations(List.copyOf(full), columnNames, false, missing, null, List.of());
    }
  }
}
