package io.github.mixtura.mdn.risk;

import io.github.mixtura.data.UnusableDataException;

/** Returns of prices. */
public final class Returns {
  private Returns() {}

  /**
   * Logarithmic returns in percent, r_t = 100 (log p_t − log p_{t−1}).
   *
   * @param prices at least two, finite, positive (read)
   * @return one return fewer than prices; entry i belongs to row i + 2 of the prices counted from 1
   * @throws UnusableDataException if there are fewer than two prices or one is missing, infinite or
   *     not positive; the message names its row, counted from 1
   */
  public static double[] percent(double... prices) {
    if (prices.length < 2) {
      throw new UnusableDataException("there are " + prices.length + " prices, must be at least 2");
    }
    for (int i = 0; i < prices.length; i++) {
      if (!(prices[i] > 0 && prices[i] < Double.POSITIVE_INFINITY)) {
        throw new UnusableDataException(
            "price in row " + (i + 1) + " is " + prices[i] + ", must be positive and finite");
      }
    }
    double[] returns = new double[prices.length - 1];
    for (int i = 0; i < returns.length; i++) {
      returns[i] = 100 * (Math.log(prices[i + 1]) - Math.log(prices[i]));
    }
    return returns;
  }
}
