package io.github.mixtura.gp.pde;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.mixtura.data.CsvReader;
import io.github.mixtura.data.DataFormatException;
import io.github.mixtura.data.Observations;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A problem and the points to evaluate its solution at, read from a JSON file.
 *
 * <pre>{@code
 * {"equation":"poisson","domain":[[0,1]],"grid":[300],
 *  "source":{"file":"f.csv"},"boundary":{"file":"g.csv"},"evaluate":{"file":"points.csv"}}
 * }</pre>
 *
 * <p>{@code equation} is {@code poisson}, {@code allen-cahn} or {@code advection} (axes x and t,
 * with {@code advectionSpeed}); {@code domain} and {@code grid} have one entry for each axis, grid
 * counts include the end points. {@code source} and {@code boundary} hold a {@code file} or an
 * {@code expression} as {@link Expression} reads it; an expression of the source is sampled on the
 * grid unless {@code "callable": true} stands beside it. The source may be left out for advection,
 * {@code evaluate} always (the grid points are meant then). Files are looked up beside the JSON
 * file; their columns count by position, whatever the header:
 *
 * <ul>
 *   <li>source: {@code x[,y],f}, one row for each grid point, x-major;
 *   <li>boundary: {@code x[,y],u}, one row for each boundary point in any order; coordinates match
 *       within 1e-9 of the axis, and a point may occur again with the same value (to 1e-9 of the
 *       largest);
 *   <li>evaluate: {@code x[,y]}.
 * </ul>
 */
public final class PdeProblemFile {
  private static final Set<String> FIELDS =
      Set.of("equation", "domain", "grid", "source", "boundary", "evaluate", "advectionSpeed");
  private static final double MATCH = 1e-9;
  private static final int MOST_AXES = 2;

  /** Source, points of evaluation, and what no solution can do without. */
  private static final long BYTES_PER_POINT = 100;

  /** Characters of the file that a message shows. */
  private static final int SHOWN = 60;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Path file;
  private final JsonNode root;
  private Grid grid;

  private PdeProblemFile(Path file, JsonNode root) {
    this.file = file;
    this.root = root;
  }

  /**
   * What a file holds.
   *
   * @param problem the problem
   * @param points where to evaluate the solution, one row each
   */
  public record Contents(PdeProblem problem, double[][] points) {}

  /**
   * Reads a problem.
   *
   * @param file the JSON file
   * @return the problem and the points
   * @throws DataFormatException if a file cannot be read or is not as described: file, place and
   *     what was expected
   */
  public static Contents read(Path file) {
    if (Files.isDirectory(file)) {
      throw new DataFormatException(file + ": is a directory, must be a problem file");
    }
    try {
      JsonNode root = MAPPER.readTree(Files.readAllBytes(file));
      if (root == null || !root.isObject()) {
        throw new DataFormatException(file + ": must hold one JSON object");
      }
      return new PdeProblemFile(file, root).contents();
    } catch (JsonProcessingException e) {
      String place =
          e.getLocation() == null
              ? ""
              : ", line "
                  + e.getLocation().getLineNr()
                  + ", column "
                  + e.getLocation().getColumnNr();
      throw new DataFormatException(file + place + ": is not valid JSON: " + problem(e), e);
    } catch (NoSuchFileException e) {
      throw new DataFormatException(file + ": no such file", e);
    } catch (AccessDeniedException e) {
      throw new DataFormatException(file + ": cannot be read: permission denied", e);
    } catch (IOException e) {
      throw new DataFormatException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** What is wrong, without the names that the parser has for its own parts. */
  private static String problem(JsonProcessingException e) {
    String message = e.getOriginalMessage();
    if (e instanceof StreamConstraintsException) {
      return "it is nested too deeply, or has a number or a name that is too long";
    }
    if (message.startsWith("Trailing token")) {
      return "something follows after its end, where nothing may be";
    }
    if (message.startsWith("Duplicate field")) {
      return "a field occurs twice in an object";
    }
    return message.contains("JsonReadFeature")
        ? "must be a finite number as JSON writes them, without NaN, Infinity or a leading +"
        : message.replaceAll("(?s)\\s*\\([^()]*\\[Source:.*", "");
  }

  /** A value as the file has it; the beginning of a long one. */
  private static String shown(JsonNode node) {
    return shown(node.toString());
  }

  private static String shown(String text) {
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
  }

  private DataFormatException wrong(String place, String requirement) {
    return new DataFormatException(file + ": " + place + " " + requirement);
  }

  private Contents contents() {
    for (String name : (Iterable<String>) root::fieldNames) {
      if (!FIELDS.contains(name)) {
        throw wrong("$." + shown(name), "is not known, must be one of " + List.copyOf(sorted()));
      }
    }
    grid = grid();
    try {
      PdeProblem problem = withBoundary(withSource(problem()));
      problem.requireComplete();
      return new Contents(problem, points());
    } catch (DataFormatException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new DataFormatException(file + ": " + e.getMessage(), e);
    }
  }

  private static List<String> sorted() {
    return FIELDS.stream().sorted().toList();
  }

  private JsonNode field(String name) {
    JsonNode node = root.get(name);
    if (node == null || node.isNull()) {
      throw wrong("$." + name, "is missing");
    }
    return node;
  }

  private Grid grid() {
    JsonNode domain = field("domain");
    JsonNode counts = field("grid");
    if (!domain.isArray() || domain.isEmpty() || domain.size() > MOST_AXES) {
      throw wrong(
          "$.domain", "is " + shown(domain) + ", must be [[from, to]] or [[from, to], [from, to]]");
    }
    if (!counts.isArray() || counts.size() != domain.size()) {
      throw wrong(
          "$.grid",
          "is " + shown(counts) + ", must have one number of points for each axis of $.domain");
    }
    Grid result = null;
    for (int axis = 0; axis < domain.size(); axis++) {
      JsonNode ends = domain.get(axis);
      if (!ends.isArray()
          || ends.size() != 2
          || !ends.get(0).isNumber()
          || !ends.get(1).isNumber()) {
        throw wrong(
            "$.domain[" + axis + "]", "is " + shown(ends) + ", must be two numbers [from, to]");
      }
      JsonNode count = counts.get(axis);
      if (!count.isIntegralNumber() || !count.canConvertToInt()) {
        throw wrong("$.grid[" + axis + "]", "is " + shown(count) + ", must be a whole number");
      }
      double from = ends.get(0).doubleValue();
      double to = ends.get(1).doubleValue();
      try {
        result =
            axis == 0 ? Grid.of(from, to, count.intValue()) : result.by(from, to, count.intValue());
      } catch (IllegalArgumentException e) {
        throw new DataFormatException(file + ": " + e.getMessage(), e);
      }
    }
    requireMemory(result);
    return result;
  }

  /** Refuses at once what would fill the memory in the end. */
  private void requireMemory(Grid wanted) {
    long needed = wanted.size() * BYTES_PER_POINT;
    long most = Runtime.getRuntime().maxMemory();
    if (needed > most) {
      throw wrong(
          "$.grid",
          String.format(
              Locale.ROOT,
              "has %d × %d points, which need at least %.1f GB of memory, must need at most the"
                  + " %.1f GB that Java may use: take fewer, or raise it, for example with"
                  + " JAVA_TOOL_OPTIONS=-Xmx%dg",
              wanted.points(0),
              wanted.points(1),
              needed / 1e9,
              most / 1e9,
              2 * needed / (1 << 30) + 1));
    }
  }

  private PdeProblem problem() {
    JsonNode equation = field("equation");
    String name = equation.isTextual() ? equation.textValue() : "";
    boolean moves = name.equals("advection");
    if (!moves && root.hasNonNull("advectionSpeed")) {
      throw wrong("$.advectionSpeed", "is for the equation advection only, must be absent");
    }
    return switch (name) {
      case "poisson" -> PdeProblem.poisson(grid);
      case "allen-cahn" -> PdeProblem.allenCahn(grid);
      case "advection" -> advection();
      default ->
          throw wrong(
              "$.equation", "is " + shown(equation) + ", must be poisson, allen-cahn or advection");
    };
  }

  private PdeProblem advection() {
    JsonNode speed = field("advectionSpeed");
    if (!speed.isNumber()) {
      throw wrong("$.advectionSpeed", "is " + shown(speed) + ", must be a number");
    }
    if (grid.dimension() != MOST_AXES) {
      throw wrong("$.domain", "has one axis, must have two (x and t) for advection");
    }
    return PdeProblem.advection(grid, speed.doubleValue());
  }

  /** The file or the expression of a part; exactly one of them is there. */
  private Optional<Path> data(String name, JsonNode node) {
    boolean hasFile = node.isObject() && node.hasNonNull("file");
    boolean hasExpression = node.isObject() && node.hasNonNull("expression");
    if (hasFile == hasExpression) {
      throw wrong(
          "$." + name, "is " + shown(node) + ", must have either \"file\" or \"expression\"");
    }
    JsonNode value = node.get(hasFile ? "file" : "expression");
    if (!value.isTextual()) {
      throw wrong("$." + name, "is " + shown(node) + ", must hold a text");
    }
    for (String part : (Iterable<String>) node::fieldNames) {
      boolean known = part.equals("file") || part.equals("expression");
      if (!known && !(part.equals("callable") && name.equals("source") && hasExpression)) {
        throw wrong("$." + name + "." + shown(part), "is not known here, must be absent");
      }
    }
    if (!hasFile) {
      return Optional.empty();
    }
    try {
      return Optional.of(file.resolveSibling(value.textValue()));
    } catch (InvalidPathException e) {
      throw wrong("$." + name, "is " + shown(node) + ", must have the name of a file");
    }
  }

  private ScalarField expression(String name, JsonNode node) {
    try {
      return Expression.parse(node.get("expression").textValue());
    } catch (IllegalArgumentException e) {
      throw new DataFormatException(file + ": $." + name + ": " + e.getMessage(), e);
    }
  }

  private PdeProblem withSource(PdeProblem problem) {
    JsonNode node = root.get("source");
    if (node == null || node.isNull()) {
      if (field("equation").textValue().equals("advection")) {
        return problem;
      }
      throw wrong("$.source", "is missing");
    }
    Optional<Path> path = data("source", node);
    if (path.isPresent()) {
      return problem.withSource(gridValues(path.get()));
    }
    ScalarField field = expression("source", node);
    JsonNode callable = node.get("callable");
    if (callable != null && !callable.isBoolean()) {
      throw wrong("$.source.callable", "is " + shown(callable) + ", must be true or false");
    }
    return callable != null && callable.booleanValue()
        ? problem.withSource(field)
        : problem.withSource(grid.sample(field));
  }

  private Observations rows(Path path, int columns, String what) {
    Observations rows = CsvReader.of(path).read();
    if (rows.columns() != columns) {
      throw new DataFormatException(
          path + ": has " + rows.columns() + " columns, must have " + columns + " (" + what + ")");
    }
    for (int i = 0; i < rows.rows(); i++) {
      for (int j = 0; j < columns; j++) {
        if (!Double.isFinite(rows.get(i, j))) {
          throw new DataFormatException(
              path + ", row " + (i + 1) + ": column " + (j + 1) + " is missing, must be a number");
        }
      }
    }
    return rows;
  }

  private boolean matches(int axis, double value, double wanted) {
    return Math.abs(value - wanted) <= MATCH * grid.length(axis);
  }

  private double[] gridValues(Path path) {
    int d = grid.dimension();
    Observations rows = rows(path, d + 1, d == 1 ? "x, f" : "x, y, f");
    if (rows.rows() != grid.size()) {
      throw new DataFormatException(
          path
              + ": has "
              + rows.rows()
              + " rows, must have "
              + grid.size()
              + ", one for each grid point ("
              + grid
              + ")");
    }
    double[] values = new double[grid.size()];
    for (int i = 0; i < values.length; i++) {
      for (int axis = 0; axis < d; axis++) {
        int index = axis == 0 ? i / grid.points(1) : i % grid.points(1);
        double wanted = grid.coordinate(axis, index);
        if (!matches(axis, rows.get(i, axis), wanted)) {
          throw new DataFormatException(
              path
                  + ", row "
                  + (i + 1)
                  + ": column "
                  + (axis + 1)
                  + " is "
                  + rows.get(i, axis)
                  + ", must be "
                  + wanted
                  + ": rows must be on a uniform grid, x-major");
        }
      }
      values[i] = rows.get(i, d);
    }
    return values;
  }

  private PdeProblem withBoundary(PdeProblem problem) {
    JsonNode node = field("boundary");
    Optional<Path> path = data("boundary", node);
    if (path.isEmpty()) {
      return problem.withBoundary(expression("boundary", node));
    }
    int d = grid.dimension();
    Observations rows = rows(path.get(), d + 1, d == 1 ? "x, u" : "x, y, u");
    double[] given = rows.column(d);
    double largest = Arrays.stream(given).map(Math::abs).max().orElse(0);
    Map<Integer, Double> values = new TreeMap<>();
    for (int i = 0; i < given.length; i++) {
      int point = point(path.get(), rows, i);
      Double before = values.putIfAbsent(point, given[i]);
      if (before != null && Math.abs(before - given[i]) > PdeProblem.CORNER * largest) {
        throw new DataFormatException(
            path.get()
                + ", row "
                + (i + 1)
                + ": the value "
                + given[i]
                + " contradicts "
                + before
                + " at the same point, must be the same");
      }
    }
    PdeProblem result = problem;
    for (Side side : problem.boundarySides()) {
      result = result.withBoundary(side, side(path.get(), problem, side, values));
    }
    return result;
  }

  /** The index of the grid point a row is at. */
  private int point(Path path, Observations rows, int row) {
    int index = 0;
    boolean outside = true;
    for (int axis = 0; axis < grid.dimension(); axis++) {
      double at = rows.get(row, axis);
      int last = grid.points(axis) - 1;
      long nearest = Math.round((at - grid.lower(axis)) / grid.length(axis) * last);
      if (nearest < 0
          || nearest > last
          || !matches(axis, at, grid.coordinate(axis, (int) nearest))) {
        throw new DataFormatException(
            path
                + ", row "
                + (row + 1)
                + ": column "
                + (axis + 1)
                + " is "
                + at
                + ", must be a coordinate of the grid ("
                + grid
                + ")");
      }
      index = index * grid.points(axis) + (int) nearest;
      outside &= nearest > 0 && nearest < last;
    }
    if (outside) {
      throw new DataFormatException(
          path + ", row " + (row + 1) + ": is inside the domain, must be on its boundary");
    }
    return index;
  }

  private double[] side(Path path, PdeProblem problem, Side side, Map<Integer, Double> values) {
    int along = 1 - side.axis();
    double[] result = new double[grid.points(along)];
    for (int i = 0; i < result.length; i++) {
      int end = side.isUpper() ? grid.points(side.axis()) - 1 : 0;
      int index = side.axis() == 0 ? end * grid.points(1) + i : i * grid.points(1) + end;
      Double value = values.get(index);
      if (value == null) {
        double x = problem.boundaryCoordinate(side, 0, i);
        double y = problem.boundaryCoordinate(side, 1, i);
        throw new DataFormatException(
            path
                + ": has no value at "
                + (grid.dimension() == 1 ? "x = " + x : "(" + x + ", " + y + ")")
                + ", must have one at every grid point of the sides "
                + problem.boundarySides());
      }
      result[i] = value;
    }
    return result;
  }

  private double[][] points() {
    JsonNode node = root.get("evaluate");
    int d = grid.dimension();
    if (node == null || node.isNull()) {
      double[][] points = new double[grid.size()][d];
      for (int i = 0; i < points.length; i++) {
        points[i][0] = grid.coordinate(0, i / grid.points(1));
        if (d == MOST_AXES) {
          points[i][1] = grid.coordinate(1, i % grid.points(1));
        }
      }
      return points;
    }
    Optional<Path> path = data("evaluate", node);
    if (path.isEmpty()) {
      throw wrong("$.evaluate", "is " + shown(node) + ", must have \"file\"");
    }
    double[][] points = rows(path.get(), d, d == 1 ? "x" : "x, y").toArray();
    for (int i = 0; i < points.length; i++) {
      for (int axis = 0; axis < d; axis++) {
        double slack = MATCH * grid.length(axis);
        double at = points[i][axis];
        if (at < grid.lower(axis) - slack || at > grid.upper(axis) + slack) {
          throw new DataFormatException(
              path.get()
                  + ", row "
                  + (i + 1)
                  + ": column "
                  + (axis + 1)
                  + " is "
                  + at
                  + ", must be in ["
                  + grid.lower(axis)
                  + ", "
                  + grid.upper(axis)
                  + "]");
        }
      }
    }
    return points;
  }
}
