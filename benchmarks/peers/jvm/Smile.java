import java.util.Arrays;
import smile.math.matrix.Matrix;
import smile.stat.distribution.ExponentialFamilyMixture;
import smile.stat.distribution.GaussianDistribution;
import smile.stat.distribution.Mixture;
import smile.stat.distribution.MultivariateExponentialFamilyMixture;
import smile.stat.distribution.MultivariateGaussianDistribution;
import smile.stat.distribution.MultivariateMixture;

/**
 * Smile. A chain of fits of one iteration each, because a longer one stops after its first
 * iteration when the log-likelihood is negative; without the regularisation that is on by default.
 */
final class Smile implements Peer {
  private Cell cell;
  private double[] column;

  @Override
  public String version() {
    return "Smile 3.1.1";
  }

  @Override
  public void load(Cell cell) {
    this.cell = cell;
    column =
        cell.dimension() == 1 ? Arrays.stream(cell.rows()).mapToDouble(r -> r[0]).toArray() : null;
  }

  @Override
  public double run(int iterations, Clock clock) {
    return cell.dimension() == 1 ? univariate(iterations, clock) : multivariate(iterations, clock);
  }

  private double univariate(int iterations, Clock clock) {
    Mixture.Component[] components = new Mixture.Component[cell.components()];
    for (int k = 0; k < components.length; k++) {
      components[k] =
          new Mixture.Component(
              cell.weights()[k],
              new GaussianDistribution(cell.means()[k][0], Math.sqrt(cell.variances()[k][0])));
    }
    clock.start();
    ExponentialFamilyMixture fit = null;
    for (int i = 0; i < iterations; i++) {
      fit = ExponentialFamilyMixture.fit(column, components, 0, 1, 0);
      components = fit.components;
    }
    clock.stop();
    return fit.L;
  }

  private double multivariate(int iterations, Clock clock) {
    MultivariateMixture.Component[] components =
        new MultivariateMixture.Component[cell.components()];
    for (int k = 0; k < components.length; k++) {
      double[] mean = cell.means()[k].clone();
      components[k] =
          new MultivariateMixture.Component(
              cell.weights()[k],
              cell.diagonal()
                  ? new MultivariateGaussianDistribution(mean, cell.variances()[k].clone())
                  : new MultivariateGaussianDistribution(mean, Matrix.of(cell.covariance(k))));
    }
    clock.start();
    MultivariateExponentialFamilyMixture fit = null;
    for (int i = 0; i < iterations; i++) {
      fit = MultivariateExponentialFamilyMixture.fit(cell.rows(), components, 0, 1, 0);
      components = fit.components;
    }
    clock.stop();
    return fit.L;
  }
}
