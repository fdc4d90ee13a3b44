package io.github.mixtura.em.init;

import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.Workspace;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.mixture.Mixture;
import java.nio.IntBuffer;
import java.util.Arrays;

/** Where one run of EM begins: a partition, responsibilities, or a mixture. */
public sealed interface Start {
  /**
   * Number of components.
   *
   * @return K
   */
  int components();

  /**
   * Writes the logarithms of the starting responsibilities of a batch.
   *
   * @param batch the rows
   * @param workspace of K components (written)
   */
  void write(Batch batch, Workspace workspace);

  /**
   * Every row belongs to one component.
   *
   * @param components K
   * @param labels component of each row, 0 … K − 1 (read)
   */
  record Partition(int components, int[] labels) implements Start {
    /**
     * The partition apart from the numbers of its parts.
     *
     * @return labels renumbered in order of appearance; equal for equal partitions
     */
    public IntBuffer key() {
      int[] number = new int[components];
      int used = 0;
      int[] key = new int[labels.length];
      for (int i = 0; i < key.length; i++) {
        if (number[labels[i]] == 0) {
          number[labels[i]] = ++used;
        }
        key[i] = number[labels[i]];
      }
      return IntBuffer.wrap(key);
    }

    @Override
    public String toString() {
      return "partition of "
          + labels.length
          + (labels.length == 1 ? " row" : " rows")
          + " into "
          + components;
    }

    @Override
    public void write(Batch batch, Workspace workspace) {
      double[][] values = new double[components][batch.rows()];
      for (double[] component : values) {
        Arrays.fill(component, Double.NEGATIVE_INFINITY);
      }
      for (int i = 0; i < batch.rows(); i++) {
        values[labels[(int) batch.row(i)]][i] = 0;
      }
      for (int k = 0; k < components; k++) {
        workspace.write(batch, k, values[k]);
      }
    }
  }

  /**
   * Every row belongs to every component to some degree.
   *
   * @param responsibilities n rows of K values ≥ 0, not all 0 (read)
   */
  record Soft(double[][] responsibilities) implements Start {
    @Override
    public int components() {
      return responsibilities[0].length;
    }

    @Override
    public String toString() {
      return "responsibilities of "
          + responsibilities.length
          + (responsibilities.length == 1 ? " row" : " rows")
          + " for "
          + components();
    }

    @Override
    public void write(Batch batch, Workspace workspace) {
      double[] values = new double[batch.rows()];
      for (int k = 0; k < components(); k++) {
        for (int i = 0; i < values.length; i++) {
          values[i] = Math.log(responsibilities[(int) batch.row(i)][k]);
        }
        workspace.write(batch, k, values);
      }
    }
  }

  /**
   * A mixture as it is.
   *
   * @param mixture where to begin
   */
  record Model(Mixture<?> mixture) implements Start {
    @Override
    public int components() {
      return mixture.componentCount();
    }

    @Override
    public void write(Batch batch, Workspace workspace) {
      throw new IllegalStateException("a mixture is not written row by row");
    }

    /**
     * The mixture, its law checked.
     *
     * @param law the class its components must have
     * @param <C> the law
     * @return the mixture
     * @throws IllegalArgumentException if it is of another law
     */
    @SuppressWarnings("unchecked")
    public <C extends Component> Mixture<C> as(Class<C> law) {
      if (!law.isInstance(mixture.component(0))) {
        throw new IllegalArgumentException(
            "the starting model has "
                + mixture.component(0).getClass().getSimpleName()
                + " components, must have "
                + law.getSimpleName());
      }
      return (Mixture<C>) mixture;
    }
  }
}
