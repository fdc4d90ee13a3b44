package io.github.mixtura.compute;

/**
 * How the columns of the data are presented to the kernels. Has value equality: rows that were
 * staged for one encoding serve all equal ones.
 */
// The enum is reached through this interface only, so nobody can begin with the enum.
@SuppressWarnings("ClassInitializationDeadlock")
public interface Encoding {
  /** As they are. */
  Encoding IDENTITY = StandardEncoding.IDENTITY;

  /** Each angle x as the pair cos x, sin x. */
  Encoding ANGLES = StandardEncoding.ANGLES;

  /**
   * Number of encoded columns.
   *
   * @param dimension columns of the data
   * @return columns the kernels see
   */
  int columns(int dimension);

  /**
   * Encodes the columns of a block.
   *
   * @param columns d columns (read)
   * @param rows number of rows in use
   * @return the encoded columns; the same array where nothing changes
   */
  double[][] encode(double[][] columns, int rows);

  /**
   * What the log-density of every row has in common for all components of the law, and the kernels
   * leave out.
   *
   * @param columns d columns of the data (read)
   * @param rows number of rows in use
   * @return one value per row, −∞ outside the support; {@code null} for none
   */
  default double[] logBase(double[][] columns, int rows) {
    return null;
  }

  /**
   * Whether distances between values of an encoded column mean something once it is scaled to unit
   * variance; columns that have a scale of their own, such as cosines, are left as they are.
   *
   * @param encodedColumn from 0
   * @return true for columns as they are in the data
   */
  default boolean isEuclidean(int encodedColumn) {
    return true;
  }

  /**
   * Whether two values of a column of the data are one.
   *
   * @param value a value
   * @return what represents all values that are the same, such as an angle modulo a turn
   */
  default double representative(double value) {
    // Adding 0 makes −0 and 0 one value.
    return value + 0.0;
  }

  /**
   * Looks for a value outside the support of the law.
   *
   * @param columns d columns of the data, none missing (read)
   * @param rows number of rows in use
   * @return the first one; {@code null} if there is none
   */
  default BadValue check(double[][] columns, int rows) {
    return null;
  }

  /**
   * A value that a law cannot take.
   *
   * @param row inside the columns looked at, from 0
   * @param column of the data, from 0
   * @param allowed what is, such as {@code a number > 0}
   */
  record BadValue(int row, int column, String allowed) {}
}
