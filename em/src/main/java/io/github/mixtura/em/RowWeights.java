package io.github.mixtura.em;

import io.github.mixtura.data.Observations;
import io.github.mixtura.data.UnusableDataException;
import java.util.Arrays;
import java.util.List;

/**
 * The rows with weights in a unit that arithmetic is at ease with: a power of two, so that nothing
 * is rounded, that brings the mean weight to [1, 2). A common factor of all weights is then lost
 * before the fit begins and put back into its results.
 *
 * @param rows with weights divided by {@code 2^exponent}
 * @param exponent of the unit; 0 for rows without weights
 */
record RowWeights(Observations rows, int exponent) {
  /** Part of the total weight that a sum in double precision still sees to four digits. */
  private static final double SEEN = 1e-12;

  /** Largest total weight: the log-likelihood is a multiple of it. */
  private static final double LARGEST = 1e300;

  private static final double ONE = 1e-9;

  /**
   * Looks at the weights.
   *
   * @param rows all of positive weight
   * @param numbers of the rows in what the user gave, from 0 (read)
   * @param areScaled whether another unit may be chosen; beside a prior it may not
   * @throws UnusableDataException if one weight hides all others, or the total cannot be computed
   *     with
   */
  static RowWeights of(Observations rows, int[] numbers, boolean areScaled) {
    if (!rows.isWeighted()) {
      return new RowWeights(rows, 0);
    }
    double[] weights = new double[rows.rows()];
    Arrays.setAll(weights, rows::weight);
    int heaviest = 0;
    for (int i = 1; i < weights.length; i++) {
      heaviest = weights[i] > weights[heaviest] ? i : heaviest;
    }
    int largest = Math.getExponent(weights[heaviest]);
    double others = 0;
    for (int i = 0; i < weights.length; i++) {
      others += i == heaviest ? 0 : Math.scalb(weights[i], -largest);
    }
    double own = Math.scalb(weights[heaviest], -largest);
    if (weights.length > 1 && others < SEEN * own) {
      throw new UnusableDataException(
          "weight of row "
              + (numbers[heaviest] + 1)
              + " is "
              + weights[heaviest]
              + ", beside which the weights of all other rows vanish in rounding: correct it");
    }
    if (!(Math.scalb(own + others, largest) <= LARGEST)) {
      throw new UnusableDataException(
          "weight of row "
              + (numbers[heaviest] + 1)
              + " is "
              + weights[heaviest]
              + ", and the weights sum to more than "
              + LARGEST
              + ": divide all of them by a common factor");
    }
    if (!areScaled) {
      return new RowWeights(rows, 0);
    }
    int exponent = largest + Math.getExponent((own + others) / weights.length);
    Arrays.setAll(weights, i -> Math.scalb(weights[i], -exponent));
    return new RowWeights(exponent == 0 ? rows : rows.withWeights(weights), exponent);
  }

  /** A weight, or a sum over rows that is proportional to them, in the user's unit. */
  double inUserUnit(double value) {
    return Math.scalb(value, exponent);
  }

  /** Sums in the user's unit. */
  List<Double> inUserUnit(List<Double> values) {
    return exponent == 0 ? values : values.stream().map(this::inUserUnit).toList();
  }

  /** A warning where the criteria would hardly penalise parameters, otherwise none. */
  List<FitWarning> inspect(double totalWeight) {
    int count = rows.rows();
    boolean sharesOfOne = count > 1 && Math.abs(totalWeight - 1) <= ONE;
    if (!rows.isWeighted() || !(sharesOfOne || totalWeight < 0.1 * count)) {
      return List.of();
    }
    return List.of(
        new FitWarning(
            -1,
            0,
            FitWarning.Kind.LOW_WEIGHT,
            "the weights of "
                + count
                + " rows sum to "
                + (sharesOfOne ? "1" : totalWeight)
                + ", and criteria count them as so many rows, which hardly penalises parameters; "
                + "if they are shares, multiply them so that they sum to the number of rows"));
  }
}
