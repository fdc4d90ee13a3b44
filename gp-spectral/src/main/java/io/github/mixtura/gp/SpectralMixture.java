package io.github.mixtura.gp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A spectral mixture k(d) = Σ w g(d/ℓ) cos(2πμd): bumps of the power spectrum at the frequencies μ
 * (Wilson &amp; Adams 2013; Fang et al. 2024, arXiv 2311.04465).
 *
 * <p>Gaussian bumps have g = exp(−d²/(2ℓ²)) and the spectral standard deviation 1/(2πℓ). Student-t
 * bumps of five degrees of freedom have the Matérn-5/2 envelope g = (1 + z + z²/3)e^{−z}, z =
 * √5|d|/ℓ. The parameters are log w of every component, then log ℓ of every one, then μ of every
 * one. The value at lag 0 is Σw.
 */
public final class SpectralMixture implements CovarianceFunction {
  static final String WEIGHT_NAME = "log weight ";

  private final Bump bump;
  private final List<Component> components;

  /** The form of a bump of the spectrum. */
  public enum Bump {
    /** Gaussian: analytic functions. */
    GAUSSIAN(Envelope.GAUSSIAN),
    /** Student t with five degrees of freedom: twice differentiable functions. */
    STUDENT_T(Envelope.MATERN_5_2);

    private final Envelope envelope;

    Bump(Envelope envelope) {
      this.envelope = envelope;
    }
  }

  /**
   * One bump.
   *
   * @param weight w, its share of the variance; finite and positive
   * @param lengthScale ℓ of the envelope; finite and positive
   * @param frequency μ in cycles per unit, finite
   */
  public record Component(double weight, double lengthScale, double frequency) {
    /**
     * Checks the values.
     *
     * @param weight see the record
     * @param lengthScale see the record
     * @param frequency see the record
     * @throws IllegalArgumentException if one is outside its range
     */
    public Component {
      Checks.positive(weight, "weight");
      Checks.positive(lengthScale, "lengthScale");
      Checks.finite(frequency, "frequency");
    }
  }

  /**
   * What pruning left.
   *
   * @param mixture the kept components
   * @param removed the others, by falling weight
   */
  public record Pruned(SpectralMixture mixture, List<Component> removed) {}

  private SpectralMixture(Bump bump, List<Component> components) {
    this.bump = bump;
    this.components = components;
  }

  /**
   * A mixture of components.
   *
   * @param bump form of all bumps
   * @param components one or more
   * @return the function
   * @throws IllegalArgumentException if there is no component
   */
  public static SpectralMixture of(Bump bump, List<Component> components) {
    if (components.isEmpty()) {
      throw new IllegalArgumentException("components is empty, must be at least one");
    }
    return new SpectralMixture(Objects.requireNonNull(bump, "bump"), List.copyOf(components));
  }

  /**
   * Equal weights of sum 1 on frequencies from 0 to a highest one at equal distances.
   *
   * @param bump form of all bumps
   * @param count number of components, at least 2
   * @param highest frequency of the last, positive
   * @param lengthScale of all
   * @return the function
   * @throws IllegalArgumentException if an argument is outside its range
   */
  public static SpectralMixture comb(Bump bump, int count, double highest, double lengthScale) {
    Checks.atLeast(count, 2, "count");
    Checks.positive(highest, "highest");
    List<Component> comb = new ArrayList<>(count);
    for (int q = 0; q < count; q++) {
      comb.add(new Component(1.0 / count, lengthScale, highest * q / (count - 1)));
    }
    return of(bump, comb);
  }

  /**
   * The form of the bumps.
   *
   * @return one for all
   */
  public Bump bump() {
    return bump;
  }

  /**
   * The components.
   *
   * @return unmodifiable
   */
  public List<Component> components() {
    return components;
  }

  /**
   * Leaves out the components of small weight.
   *
   * @param share smallest w/Σw that is kept, in [0, 1); the heaviest component is always kept
   * @return the kept, in their order, and the removed
   * @throws IllegalArgumentException if the share is not in [0, 1)
   */
  public Pruned pruned(double share) {
    if (!(share >= 0 && share < 1)) {
      throw new IllegalArgumentException("share is " + share + ", must be in [0, 1)");
    }
    double total = components.stream().mapToDouble(Component::weight).sum();
    double heaviest = components.stream().mapToDouble(Component::weight).max().orElseThrow();
    double least = Math.min(share * total, heaviest);
    List<Component> kept = components.stream().filter(c -> c.weight() >= least).toList();
    List<Component> removed =
        components.stream()
            .filter(c -> c.weight() < least)
            .sorted((a, b) -> Double.compare(b.weight(), a.weight()))
            .toList();
    return new Pruned(new SpectralMixture(bump, kept), removed);
  }

  @Override
  public double[] parameters() {
    int count = components.size();
    double[] parameters = new double[3 * count];
    for (int q = 0; q < count; q++) {
      Component c = components.get(q);
      parameters[q] = Math.log(c.weight);
      parameters[count + q] = Math.log(c.lengthScale);
      parameters[2 * count + q] = c.frequency;
    }
    return parameters;
  }

  @Override
  public List<String> parameterNames() {
    List<String> names = new ArrayList<>();
    for (String kind : List.of(WEIGHT_NAME, "log length scale ", "frequency ")) {
      for (int q = 1; q <= components.size(); q++) {
        names.add(kind + q);
      }
    }
    return List.copyOf(names);
  }

  @Override
  public SpectralMixture withParameters(double... parameters) {
    int count = components.size();
    Checks.parameters(parameters, 3 * count);
    List<Component> changed = new ArrayList<>(count);
    for (int q = 0; q < count; q++) {
      changed.add(
          new Component(
              Math.exp(parameters[q]), Math.exp(parameters[count + q]), parameters[2 * count + q]));
    }
    return new SpectralMixture(bump, List.copyOf(changed));
  }

  @Override
  public int differentiability() {
    return bump.envelope.differentiability();
  }

  @Override
  public void evaluate(double lag, int order, double[] values) {
    Jets.requireExists(lag, order, differentiability());
    double[] envelope = new double[order + 1];
    double[] wave = new double[order + 1];
    Arrays.fill(values, 0, order + 1, 0);
    for (Component c : components) {
      bump.envelope.evaluate(c.lengthScale, lag, order, envelope);
      Jets.cosine(2 * Math.PI * c.frequency, lag, order, wave);
      Jets.addProduct(c.weight, envelope, wave, order, values);
    }
  }

  @Override
  public void gradient(double lag, int order, double[][] gradients) {
    Jets.requireExists(lag, order, differentiability());
    int count = components.size();
    double[] envelope = new double[order + 2];
    double[] wave = new double[order + 1];
    double[] slope = new double[order + 1];
    for (int p = 0; p < 3 * count; p++) {
      Arrays.fill(gradients[p], 0, order + 1, 0);
    }
    for (int q = 0; q < count; q++) {
      Component c = components.get(q);
      bump.envelope.evaluate(c.lengthScale, lag, order + 1, envelope);
      double omega = 2 * Math.PI * c.frequency;
      Jets.cosine(omega, lag, order, wave);
      Jets.addProduct(c.weight, envelope, wave, order, gradients[q]);
      Jets.logScale(lag, envelope, order, slope);
      Jets.addProduct(c.weight, slope, wave, order, gradients[count + q]);
      Jets.cosineSlope(omega, lag, order, slope);
      Jets.addProduct(2 * Math.PI * c.weight, envelope, slope, order, gradients[2 * count + q]);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SpectralMixture that
        && bump == that.bump
        && components.equals(that.components);
  }

  @Override
  public int hashCode() {
    return Objects.hash(bump, components);
  }

  @Override
  public String toString() {
    return "SpectralMixture[" + bump + ", " + components + "]";
  }
}
