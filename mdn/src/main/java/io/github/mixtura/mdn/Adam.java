package io.github.mixtura.mdn;

/** Adam's state: running means of the gradient and of its square. Arithmetic is exact-rounded. */
final class Adam {
  private static final double FIRST = 0.9;
  private static final double SECOND = 0.999;
  private static final double EPSILON = 1e-8;

  private final double[] mean;
  private final double[] square;
  private double firstPower = 1;
  private double secondPower = 1;

  Adam(int size) {
    mean = new double[size];
    square = new double[size];
  }

  /**
   * One step.
   *
   * @param shrink by which share of themselves the masked parameters shrink
   */
  void step(double[] parameters, double[] gradient, double rate, double[] mask, double shrink) {
    firstPower *= FIRST;
    secondPower *= SECOND;
    int n = parameters.length;
    if (shrink > 0) {
      decay(parameters, mask, shrink, n);
    }
    Lanes.average(mean, FIRST, gradient);
    averageSquares(square, gradient, n);
    move(parameters, rate / (1 - firstPower), 1 / Math.sqrt(1 - secondPower), n);
  }

  private static void decay(double[] parameters, double[] mask, double shrink, int n) {
    for (int i = 0; i < n; i++) {
      parameters[i] -= shrink * mask[i] * parameters[i];
    }
  }

  private static void averageSquares(double[] v, double[] g, int n) {
    for (int i = 0; i < n; i++) {
      v[i] = SECOND * v[i] + (1 - SECOND) * (g[i] * g[i]);
    }
  }

  private void move(double[] parameters, double rate, double correction, int n) {
    double[] m = mean;
    double[] v = square;
    for (int i = 0; i < n; i++) {
      parameters[i] -= rate * m[i] / (Math.sqrt(v[i]) * correction + EPSILON);
    }
  }
}
