package io.github.mixtura.distribution;

import io.github.mixtura.compute.Encoding;
import io.github.mixtura.compute.Kernels;
import java.util.List;

/**
 * A probability law on R<sup>d</sup> (or on angles), immutable, that can be a part of a mixture.
 *
 * <p>To add a law implement {@link #dimension} and {@link #logDensity}; override {@link
 * #batchDensity} for speed. Capabilities such as {@link Sampled}, {@link Moments} and {@link
 * Univariate} are interfaces of their own.
 */
public interface Component {
  /**
   * Number of columns of a row.
   *
   * @return d ≥ 1
   */
  int dimension();

  /**
   * Natural logarithm of the density.
   *
   * @param x d finite values (read)
   * @return log f(x), −∞ outside the support
   * @throws IllegalArgumentException if x has another length
   */
  double logDensity(double... x);

  /**
   * Natural logarithm of the ratio of this density to that of another component of the same law,
   * log f(x) − log g(x), also where both logarithms are so large that their difference has lost its
   * digits, or where they overflow.
   *
   * <p>The default is the difference, and 0 where both densities are 0.
   *
   * @param other a component of the same class and dimension
   * @param x d finite values (read)
   * @return the logarithm; ±∞ where it overflows
   */
  default double logRatio(Component other, double... x) {
    double here = logDensity(x);
    double there = other.logDensity(x);
    return here == there ? 0 : here - there;
  }

  /**
   * How rows must be staged for {@link #batchDensity}.
   *
   * @return the encoding, the same for all components of the law
   */
  default Encoding encoding() {
    return Encoding.IDENTITY;
  }

  /**
   * Prepares the log-densities of several components of this law.
   *
   * <p>The default evaluates {@link #logDensity} row by row and needs {@link Encoding#IDENTITY}.
   *
   * @param components all of this law (read)
   * @param logWeights log π_k (read)
   * @param kernels the backend that staged the batches
   * @return the prepared evaluation, safe for use by several threads
   */
  default BatchDensity batchDensity(
      List<? extends Component> components, double[] logWeights, Kernels kernels) {
    return (batch, workspace) -> {
      double[] row = new double[batch.columns()];
      double[] values = new double[batch.rows()];
      for (int k = 0; k < components.size(); k++) {
        for (int i = 0; i < values.length; i++) {
          batch.copyRow(i, row);
          values[i] = logWeights[k] + components.get(k).logDensity(row);
        }
        workspace.write(batch, k, values);
      }
    };
  }

  /**
   * Whether {@link #batchDensity} needs a second value per row and component.
   *
   * @return true for Student's t
   */
  default boolean needsAuxiliary() {
    return false;
  }

  /**
   * Checks the length of a row.
   *
   * @param x the row
   * @throws IllegalArgumentException if it has not {@link #dimension} values
   */
  default void requireDimension(double[] x) {
    if (x.length != dimension()) {
      throw new IllegalArgumentException(
          "row has " + x.length + " values, must have " + dimension());
    }
  }
}
