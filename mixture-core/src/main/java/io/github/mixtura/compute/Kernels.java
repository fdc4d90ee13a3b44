package io.github.mixtura.compute;

import java.util.List;

/**
 * The fast loops of one backend, each on a whole batch and all K components.
 *
 * <p>Values written by one call stay in the {@link Workspace} for the next: densities write {@code
 * log π_k + log f_k(x)}, {@link #normalise} turns them into responsibilities times row weight, the
 * moment operations add weighted sums to a flat array. Sums over rows are taken in an order that
 * depends on the batch only, so results have the same bits on every run and for every number of
 * threads.
 *
 * <p>Packed lower triangles are stored row by row: (0,0), (1,0), (1,1), (2,0), …
 *
 * <p>Whoever opens kernels closes them; batches and workspaces cannot be used after that.
 */
public interface Kernels extends AutoCloseable {

  /** Which second moments {@link #moments} adds. */
  enum Order {
    /** Σr and Σr(x−c): 1 + d values. */
    FIRST,
    /** also Σr(x_j−c_j)²: 1 + 2d values. */
    DIAGONAL,
    /** also the packed lower triangle of Σr(x−c)(x−c)ᵀ: 1 + d + d(d+1)/2 values. */
    FULL;

    /**
     * Number of values per component.
     *
     * @param columns d
     * @return length of one component's sums
     */
    public int length(int columns) {
      return switch (this) {
        case FIRST -> 1 + columns;
        case DIAGONAL -> 1 + 2 * columns;
        case FULL -> 1 + columns + columns * (columns + 1) / 2;
      };
    }
  }

  /**
   * Name of the backend.
   *
   * @return as in {@link Backend#name()}
   */
  String backend();

  /**
   * How many threads gain from working at once, each with a workspace of its own.
   *
   * @return at least 1
   */
  default int threads() {
    return Integer.MAX_VALUE;
  }

  /**
   * How many blocks of rows a batch should hold.
   *
   * @param columns d as the kernels see it
   * @param components K
   * @return at least 1
   */
  int batchBlocks(int columns, int components);

  /**
   * Takes rows over.
   *
   * @param blocks the rows (read; may be kept)
   * @param context what is known of the rows
   * @return the batch
   */
  Batch stage(List<Block> blocks, RowContext context);

  /**
   * Memory for one thread.
   *
   * @param columns d as the kernels see it
   * @param components K
   * @param auxiliary whether {@link #student} will be called
   * @return a workspace for batches staged by these kernels
   */
  Workspace workspace(int columns, int components, boolean auxiliary);

  /**
   * {@code constant_k − ½ |A_k (x − μ_k)|²} for all rows and components.
   *
   * @param batch the rows, d columns
   * @param mean K × d (read)
   * @param whitening per component the packed lower triangle of A_k, or d values for a diagonal
   *     A_k; all of one kind (read)
   * @param constant K values (read)
   * @param into workspace (written)
   */
  void gaussian(
      Batch batch, double[][] mean, double[][] whitening, double[] constant, Workspace into);

  /**
   * {@code constant_k − ½ (ν_k + d) log(1 + δ²/ν_k)} with δ² = |A_k (x − μ_k)|², and δ² itself as
   * the second value.
   *
   * @param batch the rows, d columns
   * @param mean K × d (read)
   * @param whitening as in {@link #gaussian} (read)
   * @param constant K values (read)
   * @param degreesOfFreedom K values ν (read)
   * @param into workspace with second values (written)
   */
  void student(
      Batch batch,
      double[][] mean,
      double[][] whitening,
      double[] constant,
      double[] degreesOfFreedom,
      Workspace into);

  /**
   * {@code constant_k + Σ_j a_kj x_j} for all rows and components: the log-density of a law with
   * the columns as natural statistics.
   *
   * @param batch the rows, d columns
   * @param coefficients K × d (read)
   * @param constant K values (read)
   * @param into workspace (written)
   */
  void linear(Batch batch, double[][] coefficients, double[] constant, Workspace into);

  /**
   * Turns log-densities into responsibilities times row weight.
   *
   * <p>A responsibility below e<sup>−709</sup> times the largest becomes exactly 0.
   *
   * @param batch the rows
   * @param values log-densities in, weighted responsibilities out (read and written)
   * @param rowLogSums whether {@link Workspace#readLogSums} will be asked for
   * @return Σ w log Σ_k exp(value_k), the batch's log-likelihood
   */
  double normalise(Batch batch, Workspace values, boolean rowLogSums);

  /**
   * Adds weighted moments about a centre: Σr, Σr(x−c), and second moments as asked.
   *
   * @param batch the rows, d columns
   * @param centre K × d (read)
   * @param order which moments
   * @param weights workspace holding r ≥ 0 (read)
   * @param into receives the sums (added to)
   * @param offset where component 0 starts
   * @param stride distance between components
   */
  void moments(
      Batch batch,
      double[][] centre,
      Order order,
      Workspace weights,
      double[] into,
      int offset,
      int stride);

  /**
   * Replaces r by r·u with u = (ν_k + d)/(ν_k + δ²), having added Σr at the given place.
   *
   * @param batch the rows
   * @param dimension d of the law
   * @param degreesOfFreedom K values ν (read)
   * @param values workspace after {@link #student} and {@link #normalise} (read and written)
   * @param into receives Σr of component k at {@code offset + k·stride} (added to)
   * @param offset see above
   * @param stride see above
   */
  void studentWeights(
      Batch batch,
      int dimension,
      double[] degreesOfFreedom,
      Workspace values,
      double[] into,
      int offset,
      int stride);

  /**
   * Adds the first two derivatives of the log-likelihood in τ_k = 1/ν_k.
   *
   * <p>With s = ∂ log f_k/∂τ, h = ∂² log f_k/∂τ² and responsibilities r (w the row weight), adds at
   * {@code offset + k·stride} Σ w r s and Σ w [r (h + s²) − (r s)²], the gradient and curvature per
   * component; at {@code shared} the same for one ν common to all: Σ w S and Σ w [Σ_k r (h + s²) −
   * S²] with S = Σ_k r s.
   *
   * @param batch the rows
   * @param dimension d of the law
   * @param degreesOfFreedom K values ν (read)
   * @param values workspace after {@link #student} and {@link #normalise} (read)
   * @param into receives the sums (added to)
   * @param offset place of component 0
   * @param stride distance between components
   * @param shared place of the two shared sums
   */
  void studentDegrees(
      Batch batch,
      int dimension,
      double[] degreesOfFreedom,
      Workspace values,
      double[] into,
      int offset,
      int stride,
      int shared);

  /**
   * Gives back what the backend holds, with the batches and workspaces it made. Does nothing where
   * everything lies in Java's memory, nor when called again.
   */
  @Override
  default void close() {}
}
