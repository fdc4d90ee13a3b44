package io.github.mixtura.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.mixtura.data.DataFormatException;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.distribution.Covariance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the library knows of a law beside its densities: its name, how it is written and read, told
 * to people and drawn. One in another jar is found through {@link java.util.ServiceLoader}.
 *
 * @param <C> the law
 */
public interface LawEntry<C extends Component> {
  /**
   * Name in files and on the command line.
   *
   * @return such as {@code gaussian}
   */
  String name();

  /**
   * The class of the components.
   *
   * @return the law
   */
  Class<C> law();

  /**
   * Writes the parameters of a component.
   *
   * @param component (read)
   * @param into receives the fields
   */
  void write(C component, ObjectNode into);

  /**
   * Reads the parameters of a component.
   *
   * @param from the object they are fields of
   * @param dimension d
   * @param diagonal whether matrices are known to be diagonal, and are to be held as such
   * @return the component
   * @throws DataFormatException if a field is missing or wrong
   * @throws IllegalArgumentException if there is no such component
   */
  C read(Cursor from, int dimension, boolean diagonal);

  /**
   * Field of a covariance matrix, for laws under the 14 structures.
   *
   * @return {@code null} for laws without
   */
  default String matrixField() {
    return null;
  }

  /**
   * Whether the columns are angles, so that a model may have a period.
   *
   * @return true on the circle and the torus
   */
  default boolean hasAngles() {
    return false;
  }

  /**
   * A component in numbers, for people.
   *
   * @param component (read)
   * @return its parameters, the first per column being its centre
   */
  Description describe(C component);

  /**
   * Lines that show where a component lies in two columns.
   *
   * @param component (read)
   * @param horizontal index of a column
   * @param vertical index of another
   * @return curves as pairs of arrays, inner ones first; by default ellipses at 1 and 2 standard
   *     deviations of the matrix, none without one
   */
  default List<double[][]> outline(C component, int horizontal, int vertical) {
    Description description = describe(component);
    List<double[][]> curves = new ArrayList<>();
    if (description.matrix() != null) {
      double[] centre = description.columns().get(0).values();
      Covariance matrix = description.matrix().marginal(horizontal, vertical);
      for (int radius = 1; radius <= 2; radius++) {
        curves.add(Laws.ellipse(centre[horizontal], centre[vertical], matrix, radius));
      }
    }
    return curves;
  }

  /**
   * Parameters of a component.
   *
   * @param numbers of the component as a whole
   * @param columns one value per column each, the first the centre
   * @param matrixName what the matrix is called
   * @param matrix d × d, {@code null} where there is none
   */
  record Description(
      List<Named> numbers, List<PerColumn> columns, String matrixName, Covariance matrix) {
    /**
     * Copies the lists.
     *
     * @param numbers see the record
     * @param columns see the record
     * @param matrixName see the record
     * @param matrix see the record
     */
    public Description {
      numbers = List.copyOf(numbers);
      columns = List.copyOf(columns);
    }
  }

  /**
   * A number with a name.
   *
   * @param name such as {@code degrees of freedom}
   * @param value of the parameter
   */
  record Named(String name, double value) {}

  /**
   * A parameter that every column has.
   *
   * @param name such as {@code mean}
   * @param values one per column
   * @param isAngle whether the values are angles in radians
   */
  record PerColumn(String name, double[] values, boolean isAngle) {
    @Override
    public String toString() {
      return name + " " + Arrays.toString(values);
    }
  }
}
