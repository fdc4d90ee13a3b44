package io.github.mixtura.em.gaussian;

import static io.github.mixtura.em.gaussian.ScaledScatters.sum;

import io.github.mixtura.distribution.NotPositiveDefiniteException;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * The orthogonal matrix D that is best for all components at once: the M-step of EVE and VVE.
 *
 * <p>With {@code t_kj = (DᵀW_k D)_jj} and {@code v_k = Π_j t_kj^(1/d)}, the best shapes and volumes
 * for a given D leave
 *
 * <ul>
 *   <li>VVE: {@code d Σ_k N_k log v_k},
 *   <li>EVE: {@code d n log Σ_k v_k},
 * </ul>
 *
 * to be minimised over D. Two kinds of step do it, and neither raises the function.
 *
 * <p>A sweep rotates every pair of axes in turn, as Flury and Gautschi do. Under a rotation by θ,
 * {@code t_kp t_kq} becomes {@code a_k − b_k cos(4θ − β_k)}, and both functions are concave in
 * these products; their tangent in place of them leaves one cosine with a known minimum (the
 * majorise–minimise idea of Browne and McNicholas, within a plane). The first sweep also tries
 * every component's own best angle in each plane, so that it leaves a saddle between components.
 *
 * <p>Sweeps alone converge slowly where the components are far from sharing their axes. Two sweeps
 * from each start choose the start; the rest is done by Newton steps over all planes at once
 * ({@link OrientationStep}), halved until the function falls. They end where the squared gradient,
 * divided by curvature and n, is below 1e-26, which means angles to about 1e-13, or where rounding
 * stops them.
 *
 * <p>The function has local minima. Without current covariances the starts are the principal axes
 * of the pooled scatters and of every component; with them, the pooled and the current axes. So the
 * result is never worse than {@code current}.
 *
 * <p>Cost: O(Kd³) per sweep, and per product within a Newton step.
 *
 * <p>References: B. N. Flury and W. Gautschi (1986), SIAM J. Sci. Stat. Comput. 7, 169–184, <a
 * href="https://doi.org/10.1137/0907013">doi:10.1137/0907013</a>; R. P. Browne and P. D. McNicholas
 * (2014), Adv. Data Anal. Classif. 8, 217–226, <a
 * href="https://doi.org/10.1007/s11634-013-0139-1">doi:10.1007/s11634-013-0139-1</a>.
 */
final class CommonOrientation {
  private static final double TOLERANCE = 1e-26;

  /** A scaled gradient below this that no step lowers is rounding. */
  private static final double ROUNDING = 1e-18;

  private static final int MAX_STEPS = 500;

  /** Up to so many columns the orientation is solved to rounding in every M-step. */
  private static final int EXACT_COLUMNS = 20;

  /** Squared correlation along the axes of covariances that share them, by rounding. */
  private static final double DIAGONAL = 1e-24;

  private static final int MAX_TURNS = 5;
  private static final int MAX_HALVINGS = 5;
  private static final double MAX_ANGLE = 0.5;

  private final int dimension;
  private final boolean equalVolume;
  private final double[] weights;
  private final double total;
  private final DMatrixRMaj axes;

  /** DᵀW_k D. */
  private final DMatrixRMaj[] rotated;

  /** log v_k. */
  private final double[] logVolumes;

  /** Of the plane at work: the two diagonal entries and the one off the diagonal, per component. */
  private final double[] first;

  private final double[] second;
  private final double[] cross;

  /** ω_k, slope of the function in Σ_j log t_kj; they sum to n. */
  private final double[] slopes;

  /** Asked before whatever costs O(Kd²) or more; once true, the axes stay as they are. */
  private final BooleanSupplier hurry;

  private CommonOrientation(
      boolean equalVolume,
      double[] weights,
      DMatrixRMaj[] scatter,
      DMatrixRMaj start,
      BooleanSupplier hurry) {
    this.hurry = hurry;
    int count = weights.length;
    this.dimension = start.numRows;
    this.equalVolume = equalVolume;
    this.weights = weights;
    this.total = sum(weights);
    this.axes = start.copy();
    this.rotated = new DMatrixRMaj[count];
    this.logVolumes = new double[count];
    this.first = new double[count];
    this.second = new double[count];
    this.cross = new double[count];
    this.slopes = weights.clone();
    for (int k = 0; k < count; k++) {
      rotated[k] = congruent(start, scatter[k]);
      logVolumes[k] = meanLogExtent(rotated[k]);
    }
  }

  /** RᵀMR. */
  private static DMatrixRMaj congruent(DMatrixRMaj rotation, DMatrixRMaj matrix) {
    DMatrixRMaj product = matrix.createLike();
    DMatrixRMaj result = matrix.createLike();
    CommonOps_DDRM.mult(matrix, rotation, product);
    CommonOps_DDRM.multTransA(rotation, product, result);
    return result;
  }

  private static double meanLogExtent(DMatrixRMaj matrix) {
    double sum = 0;
    for (int j = 0; j < matrix.numRows; j++) {
      sum += Math.log(positive(matrix.unsafe_get(j, j)));
    }
    return sum / matrix.numRows;
  }

  /**
   * The best orientation found.
   *
   * @param equalVolume true for EVE, false for VVE
   * @param weights N_k
   * @param scatter W_k; for VVE each may have a scale of its own
   * @param current the previous covariances, or null
   * @param hurry once true, the best of what was found by then is returned, which is then no
   *     minimum
   * @return d × d, column j is axis j
   * @throws NotPositiveDefiniteException if a component has no extent along an axis
   */
  static DMatrixRMaj solve(
      boolean equalVolume,
      double[] weights,
      DMatrixRMaj[] scatter,
      DMatrixRMaj[] current,
      BooleanSupplier hurry) {
    DMatrixRMaj pooled = pooledAxes(weights, scatter);
    if (hurry.getAsBoolean()) {
      return pooled;
    }
    CommonOrientation best = swept(equalVolume, weights, scatter, pooled, hurry);
    int others = current != null ? 1 : scatter.length;
    for (int k = 0; k < others && !hurry.getAsBoolean(); k++) {
      DMatrixRMaj start =
          current != null ? sharedAxes(current, hurry) : PrincipalAxes.of(scatter[k]).axes();
      CommonOrientation next = swept(equalVolume, weights, scatter, start, hurry);
      best = next.objective() < best.objective() ? next : best;
    }
    best.refine();
    return best.axes;
  }

  private static CommonOrientation swept(
      boolean equalVolume,
      double[] weights,
      DMatrixRMaj[] scatter,
      DMatrixRMaj start,
      BooleanSupplier hurry) {
    CommonOrientation result = new CommonOrientation(equalVolume, weights, scatter, start, hurry);
    result.sweep(true);
    result.sweep(false);
    return result;
  }

  /** The axes along which all the matrices are diagonal, or near to it. */
  private static DMatrixRMaj sharedAxes(DMatrixRMaj[] matrices, BooleanSupplier hurry) {
    double[] weights = new double[matrices.length];
    Arrays.fill(weights, 1);
    CommonOrientation orientation =
        new CommonOrientation(false, weights, matrices, pooledAxes(weights, matrices), hurry);
    if (!orientation.isDiagonal()) {
      orientation.sweep(true);
      orientation.refine();
    }
    return orientation.axes;
  }

  /** Whether no correlation is left but rounding. */
  private boolean isDiagonal() {
    for (DMatrixRMaj matrix : rotated) {
      for (int p = 0; p < dimension; p++) {
        for (int q = p + 1; q < dimension; q++) {
          double t = matrix.unsafe_get(p, q);
          double size = matrix.unsafe_get(p, p) * matrix.unsafe_get(q, q);
          if (!(t * t <= DIAGONAL * size)) {
            return false;
          }
        }
      }
    }
    return true;
  }

  /** Principal axes of the weighted mean of the matrices, each divided by its trace. */
  private static DMatrixRMaj pooledAxes(double[] weights, DMatrixRMaj[] matrices) {
    DMatrixRMaj sum = matrices[0].createLike();
    for (int k = 0; k < matrices.length; k++) {
      double trace = positive(CommonOps_DDRM.trace(matrices[k]));
      CommonOps_DDRM.addEquals(sum, weights[k] / trace, matrices[k]);
    }
    return PrincipalAxes.of(sum).axes();
  }

  private double objective() {
    if (equalVolume) {
      return total * logSumExp(logVolumes);
    }
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      sum += weights[k] * logVolumes[k];
    }
    return sum;
  }

  /** Turns every plane once. */
  private void sweep(boolean search) {
    for (int p = 0; p < dimension; p++) {
      for (int q = p + 1; q < dimension && !hurry.getAsBoolean(); q++) {
        turnPlane(p, q, search);
      }
    }
  }

  /** With many columns a step costs O(Kd³) several times, and EM needs an increase only. */
  private int maxSteps() {
    return dimension <= EXACT_COLUMNS
        ? MAX_STEPS
        : Math.max(3, 200_000 / (dimension * dimension * dimension));
  }

  /** Newton steps, and a sweep wherever none lowers the function, until neither gains. */
  private void refine() {
    if (hurry.getAsBoolean()) {
      return;
    }
    OrientationStep newton = newton();
    for (int step = 0;
        step < maxSteps() && gain(newton) > TOLERANCE && !hurry.getAsBoolean();
        step++) {
      OrientationStep next = moved(newton);
      if (next == null) {
        if (gain(newton) < ROUNDING) {
          return;
        }
        sweep(false);
        next = newton();
      }
      newton = next;
    }
  }

  private OrientationStep newton() {
    updateSlopes();
    return new OrientationStep(equalVolume, rotated, slopes);
  }

  private double gain(OrientationStep newton) {
    return newton.squaredGradient() / total;
  }

  /**
   * Takes the Newton step, halved until the function falls, or stays within its rounding while the
   * gradient falls; returns the next step, or null if there was no such step.
   */
  private OrientationStep moved(OrientationStep newton) {
    DMatrixRMaj omega = newton.solve(hurry);
    CommonOps_DDRM.scale(Math.min(1, MAX_ANGLE / CommonOps_DDRM.elementMaxAbs(omega)), omega);
    DMatrixRMaj[] kept = rotated.clone();
    double[] keptVolumes = logVolumes.clone();
    double before = objective();
    for (int halving = 0; halving < MAX_HALVINGS && !hurry.getAsBoolean(); halving++) {
      DMatrixRMaj rotation = cayley(omega);
      for (int k = 0; k < rotated.length; k++) {
        rotated[k] = congruent(rotation, kept[k]);
        logVolumes[k] = meanLogExtent(rotated[k]);
      }
      double change = (objective() - before) / total;
      OrientationStep next = newton();
      if (change < -1e-13 || (change <= 1e-13 && gain(next) < gain(newton))) {
        axes.setTo(CommonOps_DDRM.mult(axes, rotation, null));
        return next;
      }
      CommonOps_DDRM.scale(0.5, omega);
    }
    System.arraycopy(kept, 0, rotated, 0, kept.length);
    System.arraycopy(keptVolumes, 0, logVolumes, 0, kept.length);
    return null;
  }

  /** The rotation {@code (I − Ω/2)⁻¹(I + Ω/2)}, which is exp(Ω) to second order. */
  private static DMatrixRMaj cayley(DMatrixRMaj omega) {
    DMatrixRMaj identity = CommonOps_DDRM.identity(omega.numRows);
    DMatrixRMaj left = omega.createLike();
    DMatrixRMaj right = omega.createLike();
    CommonOps_DDRM.add(1, identity, -0.5, omega, left);
    CommonOps_DDRM.add(1, identity, 0.5, omega, right);
    DMatrixRMaj rotation = omega.createLike();
    CommonOps_DDRM.solve(left, right, rotation);
    return rotation;
  }

  /** Lowers the function by rotations in one plane, the tangent renewed a few times. */
  private void turnPlane(int p, int q, boolean search) {
    load(p, q);
    double angle = search ? bestOwnAngle() : 0;
    turn(angle);
    for (int turn = 0; turn < MAX_TURNS; turn++) {
      updateSlopes();
      double sine = 0;
      double cosine = 0;
      for (int k = 0; k < weights.length; k++) {
        double half = (first[k] - second[k]) / 2;
        double slope = slopes[k] / (first[k] * second[k]);
        sine += slope * half * cross[k];
        cosine += slope * (half * half - cross[k] * cross[k]) / 2;
      }
      double length = Math.sqrt(sine * sine + cosine * cosine);
      double gain = cosine > 0 ? sine * sine / (length + cosine) : length - cosine;
      if (!(gain > TOLERANCE * total)) {
        break;
      }
      double step = Math.atan2(sine, cosine) / 4;
      turn(step);
      angle += step;
    }
    rotate(p, q, Math.cos(angle), Math.sin(angle));
  }

  private void load(int p, int q) {
    for (int k = 0; k < weights.length; k++) {
      first[k] = rotated[k].unsafe_get(p, p);
      second[k] = rotated[k].unsafe_get(q, q);
      cross[k] = rotated[k].unsafe_get(p, q);
    }
  }

  /** Among no turn and each component's own best angle, the one with the smallest function. */
  private double bestOwnAngle() {
    double best = 0;
    double lowest = -1e-12 * total;
    double before = objective();
    double[] kept = logVolumes.clone();
    double[][] plane = {first.clone(), second.clone(), cross.clone()};
    for (int k = 0; k < weights.length; k++) {
      double angle = Math.atan2(2 * plane[2][k], plane[0][k] - plane[1][k]) / 2;
      angle -= Math.PI / 2 * Math.rint(angle / (Math.PI / 2));
      turn(angle);
      double change = objective() - before;
      if (change < lowest) {
        lowest = change;
        best = angle;
      }
      System.arraycopy(kept, 0, logVolumes, 0, kept.length);
      System.arraycopy(plane[0], 0, first, 0, kept.length);
      System.arraycopy(plane[1], 0, second, 0, kept.length);
      System.arraycopy(plane[2], 0, cross, 0, kept.length);
    }
    return best;
  }

  private void updateSlopes() {
    if (equalVolume) {
      double logSum = logSumExp(logVolumes);
      for (int k = 0; k < slopes.length; k++) {
        slopes[k] = total * Math.exp(logVolumes[k] - logSum);
      }
    }
  }

  /** Turns the plane at work by an angle, and the log-volumes with it. */
  private void turn(double angle) {
    double c = Math.cos(angle);
    double s = Math.sin(angle);
    for (int k = 0; k < weights.length; k++) {
      double a = first[k];
      double b = second[k];
      double t = cross[k];
      first[k] = positive(c * c * a + 2 * c * s * t + s * s * b);
      second[k] = positive(s * s * a - 2 * c * s * t + c * c * b);
      cross[k] = (c * c - s * s) * t + c * s * (b - a);
      logVolumes[k] += Math.log(first[k] / a * (second[k] / b)) / dimension;
    }
  }

  /** Applies the rotation of axes p and q to D and to every DᵀW_k D. */
  private void rotate(int p, int q, double c, double s) {
    for (int i = 0; i < dimension; i++) {
      double x = axes.unsafe_get(i, p);
      double y = axes.unsafe_get(i, q);
      axes.unsafe_set(i, p, c * x + s * y);
      axes.unsafe_set(i, q, c * y - s * x);
    }
    for (int k = 0; k < weights.length; k++) {
      double[] matrix = rotated[k].data;
      for (int i = 0; i < dimension; i++) {
        double x = matrix[i * dimension + p];
        double y = matrix[i * dimension + q];
        double newX = c * x + s * y;
        double newY = c * y - s * x;
        matrix[i * dimension + p] = newX;
        matrix[i * dimension + q] = newY;
        matrix[p * dimension + i] = newX;
        matrix[q * dimension + i] = newY;
      }
      matrix[p * dimension + p] = first[k];
      matrix[q * dimension + q] = second[k];
      matrix[p * dimension + q] = cross[k];
      matrix[q * dimension + p] = cross[k];
    }
  }

  private static double logSumExp(double[] values) {
    double largest = values[0];
    for (double value : values) {
      largest = Math.max(largest, value);
    }
    double sum = 0;
    for (double value : values) {
      sum += Math.exp(value - largest);
    }
    return largest + Math.log(sum);
  }

  private static double positive(double extent) {
    if (extent > 0) {
      return extent;
    }
    throw new NotPositiveDefiniteException("a component has no extent along a common axis");
  }
}
