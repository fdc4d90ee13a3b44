package io.github.mixtura.codec;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.distribution.Covariance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The catalogue of laws: those of the library, and those of other jars on the class path. */
public final class Laws {
  private static final int ELLIPSE_POINTS = 181;

  /** Triangles are indexed by int, and their rows by twice what that holds. */
  private static final long MOST_ENTRIES = 1L << 29;

  private static final List<LawEntry<?>> BUILT =
      List.of(new GaussianEntry(), new StudentTEntry(), new VonMisesEntry());

  private Laws() {}

  /**
   * All laws.
   *
   * @return those of the library first
   */
  public static List<LawEntry<?>> all() {
    List<LawEntry<?>> all = new ArrayList<>(BUILT);
    ServiceLoader.load(LawEntry.class, Laws.class.getClassLoader()).forEach(all::add);
    return all;
  }

  /**
   * The entry of a component's law.
   *
   * @param component (read)
   * @param <C> the law
   * @return empty if the catalogue has none
   */
  @SuppressWarnings("unchecked")
  public static <C extends Component> Optional<LawEntry<C>> of(C component) {
    // The library's own need no search of the class path.
    for (LawEntry<?> entry : BUILT) {
      if (entry.law().isInstance(component)) {
        return Optional.of((LawEntry<C>) entry);
      }
    }
    return all().stream()
        .filter(entry -> entry.law().isInstance(component))
        .findFirst()
        .map(entry -> (LawEntry<C>) entry);
  }

  /** The entry that a field names. */
  static LawEntry<?> named(Cursor family) {
    String name = family.text();
    return all().stream()
        .filter(entry -> entry.name().equals(name))
        .findFirst()
        .orElseThrow(() -> family.wrong("must be one of " + names()));
  }

  static String names() {
    return all().stream().map(LawEntry::name).collect(Collectors.joining(", "));
  }

  /** Whether every matrix of the components has zeros only beside its diagonal. */
  static boolean areDiagonal(String matrixField, List<Cursor> components, int dimension) {
    if (matrixField == null) {
      return false;
    }
    for (Cursor component : components) {
      List<Cursor> rows = component.get(matrixField).elements(dimension);
      for (int i = 0; i < dimension; i++) {
        double[] row = rows.get(i).numbers(dimension);
        for (int j = 0; j < dimension; j++) {
          if (i != j && row[j] != 0) {
            return false;
          }
        }
      }
    }
    return true;
  }

  /** Points at a Mahalanobis distance. */
  static double[][] ellipse(double x, double y, Covariance matrix, double radius) {
    double[][] curve = new double[2][ELLIPSE_POINTS];
    for (int i = 0; i < ELLIPSE_POINTS; i++) {
      double angle = 2 * Math.PI * i / (ELLIPSE_POINTS - 1);
      double[] offset =
          matrix.colour(new double[] {radius * Math.cos(angle), radius * Math.sin(angle)});
      curve[0][i] = x + offset[0];
      curve[1][i] = y + offset[1];
    }
    return curve;
  }

  static void putArray(ObjectNode into, String name, double[] values) {
    ArrayNode array = into.putArray(name);
    for (double value : values) {
      array.add(value);
    }
  }

  static void putMatrix(ObjectNode into, String name, Covariance matrix) {
    ArrayNode rows = into.putArray(name);
    for (int i = 0; i < matrix.dimension(); i++) {
      ArrayNode row = rows.addArray();
      for (int j = 0; j < matrix.dimension(); j++) {
        row.add(matrix.get(i, j));
      }
    }
  }

  static Covariance matrix(Cursor from, int dimension, boolean diagonal) {
    List<Cursor> rows = from.elements(dimension);
    long entries = diagonal ? dimension : dimension * (dimension + 1L) / 2;
    if (entries > MOST_ENTRIES) {
      throw from.wrong(
          "must have at most "
              + MOST_ENTRIES
              + " entries on and below its diagonal, not "
              + entries);
    }
    double[] variances = new double[dimension];
    double[] packed = new double[diagonal ? 0 : (int) entries];
    double[][] upper = new double[dimension][];
    for (int i = 0, at = 0; i < dimension; i++) {
      double[] row = rows.get(i).numbers(dimension);
      upper[i] = row;
      variances[i] = row[i];
      for (int j = 0; j < i; j++) {
        double bound = 1e-8 * Math.sqrt(Math.abs(row[i]) * Math.abs(upper[j][j]));
        if (Math.abs(row[j] - upper[j][i]) > bound) {
          throw rows.get(i).elements().get(j).wrong("must equal its mirror " + upper[j][i]);
        }
      }
      if (!diagonal) {
        System.arraycopy(row, 0, packed, at, i + 1);
        at += i + 1;
      }
    }
    try {
      return diagonal
          ? Covariance.diagonal(variances)
          : Covariance.ofPackedLower(packed, dimension);
    } catch (IllegalArgumentException e) {
      throw from.wrong("must be positive definite: " + e.getMessage());
    }
  }
}
