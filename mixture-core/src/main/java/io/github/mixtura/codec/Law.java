package io.github.mixtura.codec;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.distribution.Covariance;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.distribution.StudentT;
import io.github.mixtura.distribution.VonMises;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** How the components of each law are written and read. */
enum Law {
  GAUSSIAN("gaussian", Gaussian.class, "covariance") {
    @Override
    void write(Component component, ObjectNode into) {
      Gaussian gaussian = (Gaussian) component;
      putArray(into, "mean", gaussian.mean());
      putMatrix(into, "covariance", gaussian.covariance());
    }

    @Override
    Component read(Cursor from, int dimension, boolean diagonal) {
      return Gaussian.of(
          from.get("mean").numbers(dimension), matrix(from.get("covariance"), dimension, diagonal));
    }
  },

  STUDENT_T("student-t", StudentT.class, "scale") {
    @Override
    void write(Component component, ObjectNode into) {
      StudentT student = (StudentT) component;
      putArray(into, "mean", student.mean());
      putMatrix(into, "scale", student.scale());
      into.put("degreesOfFreedom", student.degreesOfFreedom());
    }

    @Override
    Component read(Cursor from, int dimension, boolean diagonal) {
      return StudentT.of(
          from.get("mean").numbers(dimension),
          matrix(from.get("scale"), dimension, diagonal),
          from.get("degreesOfFreedom")
              .number(StudentT.SMALLEST_DEGREES_OF_FREEDOM, Double.MAX_VALUE));
    }
  },

  VON_MISES("von-mises", VonMises.class, null) {
    @Override
    void write(Component component, ObjectNode into) {
      VonMises vonMises = (VonMises) component;
      putArray(into, "meanDirection", vonMises.meanDirection());
      putArray(into, "concentration", vonMises.concentration());
    }

    @Override
    Component read(Cursor from, int dimension, boolean diagonal) {
      return VonMises.of(
          from.get("meanDirection").numbers(dimension),
          from.get("concentration").elements(dimension).stream()
              .mapToDouble(kappa -> kappa.number(0, VonMises.LARGEST_CONCENTRATION))
              .toArray());
    }
  };

  /** Triangles are indexed by int, and their rows by twice what that holds. */
  private static final long MOST_ENTRIES = 1L << 29;

  private final String family;
  private final Class<? extends Component> type;
  private final String matrixField;

  Law(String family, Class<? extends Component> type, String matrixField) {
    this.family = family;
    this.type = type;
    this.matrixField = matrixField;
  }

  abstract void write(Component component, ObjectNode into);

  abstract Component read(Cursor from, int dimension, boolean diagonal);

  String family() {
    return family;
  }

  static Law of(Component component) {
    return Arrays.stream(values())
        .filter(law -> law.type.isInstance(component))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "component is "
                        + component.getClass().getSimpleName()
                        + ", must be of a law that can be saved: "
                        + families()));
  }

  static Law named(Cursor family) {
    String name = family.text();
    return Arrays.stream(values())
        .filter(law -> law.family.equals(name))
        .findFirst()
        .orElseThrow(() -> family.wrong("must be one of " + families()));
  }

  private static String families() {
    return Arrays.stream(values()).map(Law::family).collect(Collectors.joining(", "));
  }

  /** Whether every matrix of the components has zeros only beside its diagonal. */
  boolean areDiagonal(List<Cursor> components, int dimension) {
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

  private static void putArray(ObjectNode into, String name, double[] values) {
    ArrayNode array = into.putArray(name);
    for (double value : values) {
      array.add(value);
    }
  }

  private static void putMatrix(ObjectNode into, String name, Covariance matrix) {
    ArrayNode rows = into.putArray(name);
    for (int i = 0; i < matrix.dimension(); i++) {
      ArrayNode row = rows.addArray();
      for (int j = 0; j < matrix.dimension(); j++) {
        row.add(matrix.get(i, j));
      }
    }
  }

  private static Covariance matrix(Cursor from, int dimension, boolean diagonal) {
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
