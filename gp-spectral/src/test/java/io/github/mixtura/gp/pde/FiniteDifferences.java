package io.github.mixtura.gp.pde;

/** Second-order differences for {@code u″ = f} on the problem's grid. */
final class FiniteDifferences {
  private FiniteDifferences() {}

  /** The relative error at the grid points, the only places where there is a solution. */
  static double relativeError(PdeExample example) {
    Grid grid = example.problem().grid();
    int n = grid.points(0);
    double h = grid.length(0) / (n - 1);
    double[] f = example.problem().source();
    double[] u = new double[n];
    u[0] = example.solution().at(grid.lower(0), 0);
    u[n - 1] = example.solution().at(grid.upper(0), 0);
    // u[i-1] − 2u[i] + u[i+1] = h²f[i], by elimination from the left.
    double[] factor = new double[n];
    double[] right = new double[n];
    for (int i = 1; i < n - 1; i++) {
      double pivot = -2 - factor[i - 1];
      factor[i] = 1 / pivot;
      double known = h * h * f[i] - (i == 1 ? u[0] : right[i - 1]) - (i == n - 2 ? u[n - 1] : 0);
      right[i] = known / pivot;
    }
    for (int i = n - 2; i > 0; i--) {
      u[i] = right[i] - (i == n - 2 ? 0 : factor[i] * u[i + 1]);
    }
    double wrong = 0;
    double size = 0;
    for (int i = 0; i < n; i++) {
      double exact = example.solution().at(grid.coordinate(0, i), 0);
      wrong += (u[i] - exact) * (u[i] - exact);
      size += exact * exact;
    }
    return Math.sqrt(wrong / size);
  }
}
