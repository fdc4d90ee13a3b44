package io.github.mixtura.em.gaussian;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The fourteen constraints on the covariance matrices of a Gaussian mixture, named by volume, shape
 * and orientation.
 *
 * <p>Every covariance is written {@code Σ_k = λ_k D_k A_k D_kᵀ}: the volume {@code λ_k =
 * |Σ_k|^(1/d)}, the shape {@code A_k}, a diagonal matrix of determinant 1, and the orientation
 * {@code D_k}, an orthogonal matrix. The three letters of a name say in this order whether each is
 * equal for all components (E), variable (V) or the identity (I). In one dimension only the volume
 * is left: two models, E and V.
 *
 * <p>Reference: G. Celeux and G. Govaert (1995), Gaussian parsimonious clustering models, Pattern
 * Recognition 28, 781–793, <a
 * href="https://doi.org/10.1016/0031-3203(94)00125-6">doi:10.1016/0031-3203(94)00125-6</a>.
 */
public enum CovarianceStructure {
  /** Equal spheres: {@code λI}. */
  EII,
  /** Spheres of their own size: {@code λ_k I}. */
  VII,
  /** One diagonal matrix: {@code λA}. */
  EEI,
  /** Diagonal matrices that differ in volume: {@code λ_k A}. */
  VEI,
  /** Diagonal matrices of equal volume: {@code λA_k}. */
  EVI,
  /** Any diagonal matrices: {@code λ_k A_k}. */
  VVI,
  /** One matrix for all: {@code λDADᵀ}. */
  EEE,
  /** Proportional matrices: {@code λ_k DADᵀ}. */
  VEE,
  /** Equal volume and orientation: {@code λDA_k Dᵀ}. */
  EVE,
  /** Equal orientation, that is common principal axes: {@code λ_k DA_k Dᵀ}. */
  VVE,
  /** Equal volume and shape: {@code λD_k AD_kᵀ}. */
  EEV,
  /** Equal shape: {@code λ_k D_k AD_kᵀ}. */
  VEV,
  /** Equal volume: {@code λD_k A_k D_kᵀ}. */
  EVV,
  /** Any matrices: {@code λ_k D_k A_k D_kᵀ}. */
  VVV;

  /** Equal variances on one column, where they are what {@link #EII} means. */
  public static final CovarianceStructure E = EII;

  /** A variance per component on one column, which is what {@link #VII} means there. */
  public static final CovarianceStructure V = VII;

  /** How one of volume, shape and orientation varies over the components. */
  public enum Attribute {
    /** Estimated, the same for every component. */
    EQUAL,
    /** Estimated for each component on its own. */
    VARIABLE,
    /** Fixed at the identity matrix, nothing to estimate. */
    IDENTITY;

    private static Attribute of(char letter) {
      return letter == 'E' ? EQUAL : letter == 'V' ? VARIABLE : IDENTITY;
    }

    private int parameterCount(int each, int components) {
      return switch (this) {
        case EQUAL -> each;
        case VARIABLE -> Math.multiplyExact(each, components);
        case IDENTITY -> 0;
      };
    }
  }

  private final Attribute volume = Attribute.of(name().charAt(0));
  private final Attribute shape = Attribute.of(name().charAt(1));
  private final Attribute orientation = Attribute.of(name().charAt(2));

  /**
   * Whether the volumes are equal or variable.
   *
   * @return {@code EQUAL} or {@code VARIABLE}
   */
  public Attribute volume() {
    return volume;
  }

  /**
   * Whether the shapes are equal, variable or spherical.
   *
   * @return any attribute; {@code IDENTITY} for spheres
   */
  public Attribute shape() {
    return shape;
  }

  /**
   * Whether the orientations are equal, variable or along the coordinate axes.
   *
   * @return any attribute; {@code IDENTITY} for diagonal covariances
   */
  public Attribute orientation() {
    return orientation;
  }

  /**
   * Whether every covariance is a diagonal matrix, so that a fit needs only the {@code d} diagonal
   * entries of each scatter matrix.
   *
   * @return true for EII, VII, EEI, VEI, EVI and VVI
   */
  public boolean isDiagonal() {
    return orientation == Attribute.IDENTITY;
  }

  /**
   * Whether the maximum-likelihood estimate from given scatter matrices has no closed form.
   *
   * @return true for VEI, VEE, VEV, EVE and VVE
   */
  public boolean isIterative() {
    return shape == Attribute.EQUAL
        ? volume == Attribute.VARIABLE
        : shape == Attribute.VARIABLE && orientation == Attribute.EQUAL;
  }

  /**
   * Number of free parameters in the covariances of a mixture; weights and means not counted.
   *
   * <p>Volume, shape and orientation have {@code 1}, {@code d − 1} and {@code d(d − 1)/2}
   * parameters, once where equal, {@code K} times where variable, not at all where the identity.
   *
   * @param dimension d ≥ 1
   * @param components K ≥ 1
   * @return the number of free covariance parameters
   * @throws IllegalArgumentException if {@code dimension} or {@code components} is below 1
   * @throws ArithmeticException if the number exceeds an {@code int}
   */
  public int parameterCount(int dimension, int components) {
    requirePositive("dimension", dimension);
    requirePositive("components", components);
    int rotations = Math.toIntExact((long) dimension * (dimension - 1) / 2);
    int scales =
        Math.addExact(
            volume.parameterCount(1, components), shape.parameterCount(dimension - 1, components));
    return Math.addExact(scales, orientation.parameterCount(rotations, components));
  }

  /**
   * Rows that a component needs at least to determine what is its own in its covariance.
   *
   * @param dimension d ≥ 1
   * @return d + 1 where its orientation is, 2 where only its volume or shape is, otherwise 1
   * @throws IllegalArgumentException if {@code dimension} is below 1
   */
  public int rowsPerComponent(int dimension) {
    requirePositive("dimension", dimension);
    boolean own = volume == Attribute.VARIABLE || (shape == Attribute.VARIABLE && dimension > 1);
    if (orientation == Attribute.VARIABLE && dimension > 1) {
      return dimension + 1;
    }
    return own ? 2 : 1;
  }

  /**
   * The structure that a user's name stands for on data of the given dimension.
   *
   * <p>On several columns the fourteen three-letter names are known. On one column {@code E} means
   * equal variances (returned as {@code EII}), {@code V}, and also {@code VVV}, means a variance
   * per component (returned as {@code VII}). Upper case only.
   *
   * @param name the name to look up
   * @param dimension number of columns d ≥ 1
   * @return the structure
   * @throws IllegalArgumentException if the name is not one of those for this dimension; the
   *     message lists them
   */
  public static CovarianceStructure parse(String name, int dimension) {
    requirePositive("dimension", dimension);
    if (dimension == 1) {
      return switch (String.valueOf(name)) {
        case "E" -> EII;
        case "V", "VVV" -> VII;
        default -> throw unknown(name, "on one column must be E or V (VVV means V)");
      };
    }
    for (CovarianceStructure structure : values()) {
      if (structure.name().equals(name)) {
        return structure;
      }
    }
    String names = Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
    String hint = "E".equals(name) || "V".equals(name) ? " (E and V are for one column)" : "";
    throw unknown(name, "on " + dimension + " columns must be one of " + names + hint);
  }

  /**
   * The structures that differ from each other on so many columns.
   *
   * @param dimension d ≥ 1
   * @return EII (E) and VII (V) on one column, all 14 on several
   * @throws IllegalArgumentException if {@code dimension} is below 1
   */
  public static List<CovarianceStructure> all(int dimension) {
    requirePositive("dimension", dimension);
    return dimension == 1 ? List.of(EII, VII) : List.of(values());
  }

  /**
   * The name to show to a user: {@code E} or {@code V} in one dimension, else the three letters.
   *
   * @param dimension d ≥ 1
   * @return a name that {@link #parse} takes for this dimension
   * @throws IllegalArgumentException if {@code dimension} is below 1
   */
  public String label(int dimension) {
    requirePositive("dimension", dimension);
    return dimension == 1 ? name().substring(0, 1) : name();
  }

  private static IllegalArgumentException unknown(String name, String requirement) {
    return new IllegalArgumentException("covariance structure '" + name + "' " + requirement);
  }

  private static void requirePositive(String parameter, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(parameter + " is " + value + ", must be at least 1");
    }
  }
}
