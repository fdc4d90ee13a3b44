package io.github.mixtura.backend.vector;

import static io.github.mixtura.backend.vector.Lanes.COUNT;
import static io.github.mixtura.backend.vector.Lanes.PANEL;
import static io.github.mixtura.backend.vector.VectorWorkspace.STRIDE;
import static io.github.mixtura.compute.Block.ROWS;

import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.Block;
import io.github.mixtura.compute.ElementFunctions;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.compute.RowContext;
import io.github.mixtura.compute.Workspace;
import java.util.Arrays;
import java.util.List;

/** The kernels through the Vector API; rows are SIMD lanes. */
final class VectorKernels implements Kernels {
  /** More blocks gain nothing: lanes are summed once per batch, and four make that negligible. */
  private static final int MOST_BLOCKS = 4;

  /** Columns and components of a block that half a megabyte holds. */
  private static final int CACHED_COLUMNS = (1 << 19) / (8 * ROWS);

  /** Numbers accumulated by one tile of {@link MomentSums#diagonal}. */
  private static final int DIAGONAL_TILE = 16 * COUNT;

  /** Products are kept below it, so that one more block cannot make them overflow. */
  private static final double LARGE_PRODUCT = 1e100;

  VectorKernels() {}

  @Override
  public String backend() {
    return "vector";
  }

  @Override
  public int batchBlocks(int columns, int components) {
    // One or two columns have few sums, and fewer blocks stay in the first cache.
    return Math.max(
        1, Math.min(Math.min(MOST_BLOCKS, 1 + columns), CACHED_COLUMNS / (columns + components)));
  }

  @Override
  public Batch stage(List<Block> blocks, RowContext context) {
    return VectorBatch.of(blocks, context);
  }

  @Override
  public Workspace workspace(int columns, int components, boolean auxiliary) {
    return new VectorWorkspace(batchBlocks(columns, components), columns, components, auxiliary);
  }

  @Override
  public void gaussian(
      Batch batch, double[][] mean, double[][] whitening, double[] constant, Workspace into) {
    VectorBatch rows = (VectorBatch) batch;
    VectorWorkspace work = (VectorWorkspace) into;
    distances(rows, mean, whitening, -0.5, constant, work, work.values());
  }

  /** scale · δ² + constant for all rows and components. */
  private static void distances(
      VectorBatch batch,
      double[][] mean,
      double[][] whitening,
      double scale,
      double[] constant,
      VectorWorkspace work,
      double[][] into) {
    double[][][] rows = batch.padded();
    int d = mean[0].length;
    if (d <= 3 && (d == 1 || whitening[0].length > d)) {
      smallDistances(rows, mean, whitening, scale, constant, into);
    } else if (whitening[0].length == d) {
      diagonalDistances(rows, mean, whitening, scale, constant, work, into);
    } else {
      fullDistances(rows, mean, whitening, scale, constant, work, into);
    }
  }

  private static void smallDistances(
      double[][][] rows,
      double[][] mean,
      double[][] whitening,
      double scale,
      double[] constant,
      double[][] into) {
    for (int i = 0; i < rows.length; i++) {
      double[][] x = rows[i];
      for (int k = 0; k < mean.length; k++) {
        double[] m = mean[k];
        double[] a = whitening[k];
        double c = constant[k];
        switch (m.length) {
          case 1 -> FewColumns.one(x[0], m[0], a[0], scale, c, into[i], k * STRIDE);
          case 2 -> FewColumns.two(x, m, a, scale, c, into[i], k * STRIDE);
          default -> FewColumns.three(x, m, a, scale, c, into[i], k * STRIDE);
        }
      }
    }
  }

  private static void diagonalDistances(
      double[][][] rows,
      double[][] mean,
      double[][] whitening,
      double scale,
      double[] constant,
      VectorWorkspace work,
      double[][] into) {
    int last = mean.length - 1;
    for (int i = 0; i < rows.length; i++) {
      for (int b = 0; b < ROWS; b += PANEL) {
        Distances.copyPanel(rows[i], b, work.panel);
        for (int k = 0; k <= last; k += 2) {
          Distances.diagonalPanel(
              work.panel, mean, whitening, constant, k, Math.min(k + 1, last), scale, into[i], b);
        }
      }
    }
  }

  private static void fullDistances(
      double[][][] rows,
      double[][] mean,
      double[][] whitening,
      double scale,
      double[] constant,
      VectorWorkspace work,
      double[][] into) {
    int d = mean[0].length;
    int length = Distances.packedLength(d);
    double[] packed = work.packed(mean.length * length);
    for (int k = 0; k < mean.length; k++) {
      Distances.pack(mean[k], whitening[k], packed, k * length);
    }
    for (int i = 0; i < rows.length; i++) {
      if (d == 4) {
        FewColumns.four(rows[i], packed, mean.length, scale, constant, into[i]);
      } else if (d <= 8) {
        FewColumns.eight(rows[i], packed, mean.length, scale, constant, into[i]);
      } else {
        FewColumns.eight(rows[i], packed, mean.length, 1, work.zeros, into[i]);
        otherRows(rows[i], packed, mean.length, scale, constant, work.panel, into[i]);
      }
    }
  }

  /** Adds the share of the rows of A from the ninth on, then scales and adds the constant. */
  private static void otherRows(
      double[][] x,
      double[] packed,
      int components,
      double scale,
      double[] constant,
      double[] panel,
      double[] into) {
    int tiles = (x.length + 3) / 4;
    int length = Distances.packedLength(x.length);
    for (int b = 0; b < ROWS; b += PANEL) {
      Distances.copyPanel(x, b, panel);
      for (int k = 0; k < components; k++) {
        int at = k * STRIDE + b;
        Distances.panel(panel, tiles, packed, k * length, scale, constant[k], into, at);
      }
    }
  }

  @Override
  public void student(
      Batch batch,
      double[][] mean,
      double[][] whitening,
      double[] constant,
      double[] degreesOfFreedom,
      Workspace into) {
    VectorBatch rows = (VectorBatch) batch;
    VectorWorkspace work = (VectorWorkspace) into;
    distances(rows, mean, whitening, 1, work.zeros, work, work.auxiliary());
    for (int i = 0; i < rows.blockCount(); i++) {
      for (int k = 0; k < mean.length; k++) {
        double nu = degreesOfFreedom[k];
        double factor = -0.5 * (nu + mean[k].length);
        int at = k * STRIDE;
        Logarithm.log(work.auxiliary(i), at, 1 / nu, 1, factor, constant[k], work.values(i), at);
      }
    }
  }

  @Override
  public void linear(Batch batch, double[][] coefficients, double[] constant, Workspace into) {
    double[][][] rows = ((VectorBatch) batch).padded();
    VectorWorkspace work = (VectorWorkspace) into;
    for (int i = 0; i < rows.length; i++) {
      for (int k = 0; k < coefficients.length; k++) {
        linear(rows[i], coefficients[k], constant[k], work.values(i), k * STRIDE);
      }
    }
  }

  /** Two columns at a time: no vector may cross a loop over columns, see {@link Lanes}. */
  private static void linear(double[][] x, double[] a, double constant, double[] out, int at) {
    for (int j = 0; j < a.length; j += 2) {
      int next = Math.min(j + 1, a.length - 1);
      double a1 = next > j ? a[next] : 0;
      if (j == 0) {
        Distances.linear(x[0], a[0], x[next], a1, constant, out, at);
      } else {
        Distances.addLinear(x[j], a[j], x[next], a1, out, at);
      }
    }
  }

  @Override
  public double normalise(Batch batch, Workspace values, boolean rowLogSums) {
    VectorBatch rows = (VectorBatch) batch;
    VectorWorkspace work = (VectorWorkspace) values;
    double[] sums = work.lanes;
    double[] products = work.products;
    Arrays.fill(sums, 0, COUNT, 0);
    Arrays.fill(products, 1);
    double result = 0;
    // A sum is at most K, and a block multiplies ROWS/COUNT of them into a lane.
    boolean each = rowLogSums || ROWS / COUNT * Math.log10(work.components()) > 200;
    for (int i = 0; i < rows.blockCount(); i++) {
      double[] v = work.values(i);
      double[] w = rows.weights(i);
      if (each || w != null) {
        Normalisation.withLogSums(
            v,
            work.components(),
            w == null ? work.ones : w,
            work.shift,
            work.total,
            work.logSums(i),
            sums);
      } else {
        Normalisation.unweighted(v, work.components(), work.shift, work.total, sums, products);
        result += takeLogs(products);
      }
    }
    return result + ElementFunctions.sumOfLogs(products, products.length) + Lanes.sum(sums, 0);
  }

  /** Replaces large numbers by 1 and returns the sum of their logarithms. */
  private static double takeLogs(double[] products) {
    double result = 0;
    for (int i = 0; i < products.length; i++) {
      // Not a number is taken too.
      if (!(products[i] <= LARGE_PRODUCT)) {
        result += Math.log(products[i]);
        products[i] = 1;
      }
    }
    return result;
  }

  @Override
  public void moments(
      Batch batch,
      double[][] centre,
      Order order,
      Workspace weights,
      double[] into,
      int offset,
      int stride) {
    double[][][] rows = ((VectorBatch) batch).padded();
    VectorWorkspace work = (VectorWorkspace) weights;
    int columns = centre[0].length;
    if (order == Order.FIRST) {
      firstMoments(rows, centre, work, into, offset, stride);
    } else if (order == Order.DIAGONAL && columns > 1) {
      diagonalMoments(rows, centre, work, into, offset, stride);
    } else if (columns < OuterProducts.LEAST_COLUMNS) {
      for (int k = 0; k < centre.length; k++) {
        fullMoments(rows, centre[k], work, k, into, offset + k * stride);
      }
    } else {
      totals(rows, work, centre.length, into, offset, stride);
      OuterProducts products = work.outerProducts(columns);
      products.add(rows, work.values(), centre, into, offset, stride);
    }
  }

  private static void totals(
      double[][][] rows,
      VectorWorkspace work,
      int components,
      double[] into,
      int offset,
      int stride) {
    for (int k = 0; k < components; k++) {
      MomentSums.total(rows, work.values(), k * STRIDE, work.lanes, into, offset + k * stride);
    }
  }

  private static void firstMoments(
      double[][][] rows,
      double[][] centre,
      VectorWorkspace work,
      double[] into,
      int offset,
      int stride) {
    double[] t = work.lanes;
    for (int k = 0; k < centre.length; k++) {
      int at = offset + k * stride;
      double[] c = centre[k];
      for (int j = 0; j < c.length; j += 2) {
        int next = Math.min(j + 1, c.length - 1);
        MomentSums.firstOfTwo(rows, work.values(), k * STRIDE, j, next, c, t);
        if (j == 0) {
          into[at] += Lanes.sum(t, 0);
        }
        into[at + 1 + j] += Lanes.sum(t, COUNT);
        if (next > j) {
          into[at + 1 + next] += Lanes.sum(t, 2 * COUNT);
        }
      }
    }
  }

  private static void diagonalMoments(
      double[][][] rows,
      double[][] centre,
      VectorWorkspace work,
      double[] into,
      int offset,
      int stride) {
    int d = centre[0].length;
    int last = centre.length - 1;
    totals(rows, work, centre.length, into, offset, stride);
    double[] t = work.accumulators((last + 2) / 2 * ((d + 3) / 4) * DIAGONAL_TILE);
    for (int i = 0; i < rows.length; i++) {
      double[] r = work.values(i);
      int tile = 0;
      for (int k = 0; k <= last; k += 2) {
        int next = Math.min(k + 1, last);
        for (int j = 0; j < d; j += 4, tile += DIAGONAL_TILE) {
          MomentSums.diagonal(
              rows[i], r, k * STRIDE, next * STRIDE, j, centre[k], centre[next], t, tile);
        }
      }
    }
    int tile = 0;
    for (int k = 0; k <= last; k += 2) {
      int at = offset + k * stride + 1;
      for (int j = 0; j < d; j += 4, tile += DIAGONAL_TILE) {
        MomentSums.addFour(t, tile, into, at, j, d);
        MomentSums.addFour(t, tile + 4 * COUNT, into, at + d, j, d);
        if (k < last) {
          MomentSums.addFour(t, tile + 8 * COUNT, into, at + stride, j, d);
          MomentSums.addFour(t, tile + 12 * COUNT, into, at + stride + d, j, d);
        }
      }
    }
  }

  private static void fullMoments(
      double[][][] rows, double[] c, VectorWorkspace work, int k, double[] into, int at) {
    double[][] r = work.values();
    double[] t = work.lanes;
    switch (c.length) {
      case 1 -> MomentSums.one(rows, r, k * STRIDE, c[0], t, into, at);
      case 2 -> MomentSums.two(rows, r, k * STRIDE, c, t, into, at);
      case 3 -> MomentSums.three(rows, r, k * STRIDE, c, t, into, at);
      default -> {
        double[] sums = work.accumulators(MomentSums.accumulators(c.length));
        MomentSums.full(rows, r, k * STRIDE, c, sums, into, at);
      }
    }
  }

  @Override
  public void studentWeights(
      Batch batch,
      int dimension,
      double[] degreesOfFreedom,
      Workspace values,
      double[] into,
      int offset,
      int stride) {
    double[][][] rows = ((VectorBatch) batch).padded();
    VectorWorkspace work = (VectorWorkspace) values;
    double[] t = work.lanes;
    for (int k = 0; k < degreesOfFreedom.length; k++) {
      Arrays.fill(t, 0, COUNT, 0);
      for (int i = 0; i < rows.length; i++) {
        StudentLoops.weights(
            work.values(i), work.auxiliary(i), k * STRIDE, degreesOfFreedom[k], dimension, t);
      }
      into[offset + k * stride] += Lanes.sum(t, 0);
    }
  }

  @Override
  public void studentDegrees(
      Batch batch,
      int dimension,
      double[] degreesOfFreedom,
      Workspace values,
      double[] into,
      int offset,
      int stride,
      int shared) {
    VectorBatch rows = (VectorBatch) batch;
    VectorWorkspace work = (VectorWorkspace) values;
    double[] t = work.lanes;
    for (int i = 0; i < rows.blockCount(); i++) {
      double[] w = rows.divisors(i) == null ? work.ones : rows.divisors(i);
      Arrays.fill(work.gradient, 0);
      Arrays.fill(work.curvature, 0);
      for (int k = 0; k < degreesOfFreedom.length; k++) {
        Arrays.fill(t, 0, 2 * COUNT, 0);
        Logarithm.log(
            work.auxiliary(i), k * STRIDE, 1 / degreesOfFreedom[k], 1, 1, 0, work.shift, 0);
        StudentLoops.degrees(
            work.values(i),
            work.auxiliary(i),
            work.shift,
            k * STRIDE,
            w,
            degreesOfFreedom[k],
            dimension,
            t,
            work.gradient,
            work.curvature);
        into[offset + k * stride] += Lanes.sum(t, 0);
        into[offset + k * stride + 1] += Lanes.sum(t, COUNT);
      }
      Arrays.fill(t, 0, 2 * COUNT, 0);
      StudentLoops.shared(work.gradient, work.curvature, w, t);
      into[shared] += Lanes.sum(t, 0);
      into[shared + 1] += Lanes.sum(t, COUNT);
    }
  }
}
