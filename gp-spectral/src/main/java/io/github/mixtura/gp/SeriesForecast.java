package io.github.mixtura.gp;

import java.util.Arrays;
import java.util.List;

/**
 * A forecast with its band and the model of the highest evidence behind it.
 *
 * @param median the forecast, one value per step ahead; the record's own array
 * @param lower lower ends of the band for new observations, not above the median; the record's own
 *     array
 * @param upper upper ends of it, not below the median; the record's own array
 * @param level probability of the band at each step, if the values go on as the model says
 * @param mixture the learned covariance, in steps and in the units of the modelled values; of a sum
 *     of simple terms its waves, with length scales of a million times the series, or, if it has
 *     none, one component of the noise's variance
 * @param removed components whose weight became less than 1e-6 of all
 * @param noiseVariance of the modelled values; the smallest or largest positive double where it is
 *     beyond
 * @param logarithm whether the logarithms of the values were modelled, a share of the smallest
 *     positive value being added before if one is 0
 * @param logEvidence logarithm of the density of the values under that model, flat prior of the
 *     line and normal approximation of the parameters' posterior included; finite also of an exact
 *     fit, as noise has a floor; −∞ if the time was over before
 * @param terms what the forecast is made of besides noise, in words: of a spectral mixture "level",
 *     "slope" and "spectral mixture", of simple terms each, as "wave of period 12", values being
 *     counted from 1
 */
public record SeriesForecast(
    double[] median,
    double[] lower,
    double[] upper,
    double level,
    SpectralMixture mixture,
    List<SpectralMixture.Component> removed,
    double noiseVariance,
    boolean logarithm,
    double logEvidence,
    List<String> terms) {

  /**
   * The root mean square of the differences from what came.
   *
   * @param actual as many values as the forecast has
   * @return the error
   * @throws IllegalArgumentException if the length differs or a value is not finite
   */
  public double rootMeanSquareError(double[] actual) {
    Checks.length(actual.length, median.length, "actual");
    Checks.finite(actual, "actual");
    double sum = 0;
    for (int h = 0; h < actual.length; h++) {
      sum += (actual[h] - median[h]) * (actual[h] - median[h]);
    }
    return Math.sqrt(sum / actual.length);
  }

  /**
   * The share of what came that lies in the band.
   *
   * @param actual as many values as the forecast has
   * @return in [0, 1]
   * @throws IllegalArgumentException if the length differs or a value is not finite
   */
  public double coverage(double[] actual) {
    Checks.length(actual.length, median.length, "actual");
    Checks.finite(actual, "actual");
    int inside = 0;
    for (int h = 0; h < actual.length; h++) {
      inside += actual[h] >= lower[h] && actual[h] <= upper[h] ? 1 : 0;
    }
    return (double) inside / actual.length;
  }

  @Override
  public String toString() {
    return "Forecast(median "
        + Arrays.toString(median)
        + ", lower "
        + Arrays.toString(lower)
        + ", upper "
        + Arrays.toString(upper)
        + ", level "
        + level
        + ", mixture "
        + mixture
        + ", removed "
        + removed
        + ", noiseVariance "
        + noiseVariance
        + ", logarithm "
        + logarithm
        + ", logEvidence "
        + logEvidence
        + ", terms "
        + terms
        + ")";
  }
}
