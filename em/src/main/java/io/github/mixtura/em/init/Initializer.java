package io.github.mixtura.em.init;

import io.github.mixtura.compute.Encoding;
import io.github.mixtura.data.DataSummary;
import io.github.mixtura.data.Observations;
import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.mixture.Mixture;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/** Chooses where EM begins. */
public interface Initializer {
  /**
   * A start.
   *
   * @param data the rows
   * @param components K
   * @param random this start's own stream
   * @return where to begin
   * @throws UnusableDataException if the given labels or responsibilities do not fit the rows
   */
  Start start(Data data, int components, SplittableRandom random);

  /**
   * Whether every start is the same.
   *
   * @return true if one start is enough
   */
  default boolean isDeterministic() {
    return false;
  }

  /**
   * Whether the order of the components has a meaning for the user.
   *
   * @return false if components are to be sorted by weight
   */
  default boolean keepsOrder() {
    return false;
  }

  /**
   * The same way to begin, but sparing components from rows that stand alone: groups of fewer
   * distinct rows than a component needs are set aside while groups are looked for, and join one of
   * those found. EM falls back on it when no start ends without repairs and spikes.
   *
   * @param fewest distinct rows of a group
   * @param host number of the group that all rows set aside join, from 0, groups being sorted by
   *     their means; −1 if each joins the nearest
   * @return the other initialiser; this one where there is none, as for given starts
   */
  default Initializer sparing(int fewest, int host) {
    return this;
  }

  /**
   * What an initialiser sees.
   *
   * @param rows rows of positive weight
   * @param encoding how the kernels see the columns
   * @param summary of the encoded rows
   * @param kept for each of the rows its index in the data as given
   * @param originalRows number of rows as given
   * @param hurry asked often by what takes long; once true a start of any kind is wanted at once
   */
  record Data(
      Observations rows,
      Encoding encoding,
      DataSummary summary,
      int[] kept,
      int originalRows,
      BooleanSupplier hurry) {
    /**
     * Data with all the time in the world.
     *
     * @param rows see the record
     * @param encoding see the record
     * @param summary see the record
     * @param kept see the record
     * @param originalRows see the record
     */
    public Data(
        Observations rows, Encoding encoding, DataSummary summary, int[] kept, int originalRows) {
      this(rows, encoding, summary, kept, originalRows, () -> false);
    }

    @Override
    public String toString() {
      return rows + ", encoding " + encoding;
    }
  }

  /**
   * k-means from k-means++ centres, on columns scaled to unit variance and angles as cosine and
   * sine; beyond 20 000 rows on a sample, the others going to the nearest centre.
   *
   * @return the initialiser
   */
  static Initializer kMeans() {
    return new KMeans(0, -1);
  }

  /**
   * Nearest of K random rows, on the same scale as {@link #kMeans}.
   *
   * @return the initialiser
   */
  static Initializer random() {
    return new RandomRows();
  }

  /**
   * Ward's agglomeration on the same scale as {@link #kMeans}; beyond 2000 rows on a sample.
   *
   * @return the initialiser
   */
  static Initializer hierarchical() {
    return new Hierarchical(2000, features -> features, Ward::tree);
  }

  /**
   * Agglomeration of the rows, on principal axes, by what each merge costs the likelihood of
   * Gaussian groups with covariances of their own; beyond 1000 rows on a sample.
   *
   * @return the initialiser
   */
  static Initializer modelBased() {
    return new Hierarchical(1000, Features::turned, ModelBased::tree);
  }

  /**
   * A given partition.
   *
   * @param labels component of each row as given, 0 … K − 1, all used (read)
   * @return the initialiser, keeping the order of the components
   */
  static Initializer labels(int... labels) {
    int[] copy = labels.clone();
    return new Given() {
      @Override
      public Start start(Data data, int components, SplittableRandom random) {
        return new Start.Partition(components, checked(copy, data, components));
      }
    };
  }

  private static int[] checked(int[] labels, Data data, int components) {
    if (labels.length != data.originalRows()) {
      throw new UnusableDataException(
          "there are " + labels.length + " labels, must be one per row: " + data.originalRows());
    }
    int[] kept = Arrays.stream(data.kept()).map(i -> labels[i]).toArray();
    int[] counts = new int[components];
    for (int i = 0; i < kept.length; i++) {
      if (kept[i] < 0 || kept[i] >= components) {
        throw new UnusableDataException(
            "label of row "
                + (data.kept()[i] + 1)
                + " is number "
                + (kept[i] + 1)
                + ", must be 1 to "
                + components);
      }
      counts[kept[i]]++;
    }
    for (int k = 0; k < components; k++) {
      if (counts[k] == 0) {
        throw new UnusableDataException(
            "label number "
                + (k + 1)
                + " of "
                + components
                + " is not used by any row of positive weight");
      }
    }
    return kept;
  }

  /**
   * Given responsibilities.
   *
   * @param responsibilities n rows of K values ≥ 0 (read); each row is scaled to sum to 1
   * @return the initialiser, keeping the order of the components
   */
  static Initializer responsibilities(double[][] responsibilities) {
    double[][] copy = Arrays.stream(responsibilities).map(double[]::clone).toArray(double[][]::new);
    return new Given() {
      @Override
      public Start start(Data data, int components, SplittableRandom random) {
        if (copy.length != data.originalRows()) {
          throw new UnusableDataException(
              "there are responsibilities for "
                  + copy.length
                  + " rows, must be one row each: "
                  + data.originalRows());
        }
        double[][] kept = new double[data.kept().length][];
        for (int i = 0; i < kept.length; i++) {
          kept[i] = checked(copy[data.kept()[i]], data.kept()[i] + 1, components);
        }
        return new Start.Soft(kept);
      }
    };
  }

  private static double[] checked(double[] row, int number, int components) {
    boolean valid =
        row.length == components
            && Arrays.stream(row).allMatch(r -> r >= 0 && r < Double.POSITIVE_INFINITY)
            && Arrays.stream(row).sum() > 0;
    if (!valid) {
      throw new UnusableDataException(
          "responsibilities of row "
              + number
              + " are "
              + Arrays.toString(row)
              + ", must be "
              + components
              + " values ≥ 0, not all 0");
    }
    return row.clone();
  }

  /**
   * A given mixture.
   *
   * @param mixture of the law to be fitted
   * @return the initialiser, keeping the order of the components
   */
  static Initializer model(Mixture<?> mixture) {
    return new Given() {
      @Override
      public Start start(Data data, int components, SplittableRandom random) {
        if (mixture.componentCount() != components
            || mixture.dimension() != data.rows().columns()) {
          throw new IllegalArgumentException(
              "the starting model has "
                  + mixture.componentCount()
                  + " components in "
                  + mixture.dimension()
                  + " columns, must have "
                  + components
                  + " in "
                  + data.rows().columns());
        }
        return new Start.Model(mixture);
      }
    };
  }

  /** What the user gave: one start, in the user's order. */
  interface Given extends Initializer {
    @Override
    default boolean isDeterministic() {
      return true;
    }

    @Override
    default boolean keepsOrder() {
      return true;
    }
  }
}
