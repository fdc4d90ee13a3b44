import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.distribution.MixtureMultivariateNormalDistribution;
import org.apache.commons.math3.distribution.MultivariateNormalDistribution;
import org.apache.commons.math3.distribution.fitting.MultivariateNormalMixtureExpectationMaximization;
import org.apache.commons.math3.exception.ConvergenceException;
import org.apache.commons.math3.util.Pair;

/**
 * Apache Commons Math 3. It makes one iteration more than its limit and then throws, after which
 * the fitted model is there. Full covariances and two or more columns only.
 */
final class CommonsMath implements Peer {
  private Cell cell;

  @Override
  public String version() {
    return "Apache Commons Math 3.6.1";
  }

  @Override
  public void load(Cell cell) {
    this.cell = cell;
  }

  @Override
  public double run(int iterations, Clock clock) {
    List<Pair<Double, MultivariateNormalDistribution>> start = new ArrayList<>();
    for (int k = 0; k < cell.components(); k++) {
      start.add(
          new Pair<>(
              cell.weights()[k],
              new MultivariateNormalDistribution(cell.means()[k], cell.covariance(k))));
    }
    var fitter = new MultivariateNormalMixtureExpectationMaximization(cell.rows());
    clock.start();
    try {
      fitter.fit(
          new MixtureMultivariateNormalDistribution(start), iterations - 1, Double.MIN_VALUE);
    } catch (ConvergenceException e) {
      // All iterations were made.
    }
    clock.stop();
    double sum = 0;
    for (double[] row : cell.rows()) {
      sum += Math.log(fitter.getFittedModel().density(row));
    }
    return sum;
  }
}
