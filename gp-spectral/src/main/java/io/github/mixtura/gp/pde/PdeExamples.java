package io.github.mixtura.gp.pde;

import java.util.List;
import java.util.Locale;

/**
 * Test problems of high frequency, most of them those of arXiv:2311.04465; the sources and boundary
 * values follow from the exact solutions. All sources are given as functions.
 *
 * <pre>{@code
 * PdeExample example = PdeExamples.of("P1");
 * example.relativeError(PdeSolver.of(example.problem()).solve());   // about 3e-11
 * }</pre>
 */
public final class PdeExamples {
  private static final double TWO_PI = 2 * Math.PI;

  /** A function of one variable with its first two derivatives. */
  private interface Curve {
    double[] at(double x);
  }

  private PdeExamples() {}

  /**
   * The names of all examples.
   *
   * @return P1 to P5, P4W and P5W (the same on [0, 2π]), A1 to A3, Q1, Q2, V1, CHIRP and PACKET
   */
  public static List<String> names() {
    return List.of(
        "P1", "P2", "P3", "P4", "P4W", "P5", "P5W", "A1", "A2", "A3", "Q1", "Q2", "V1", "CHIRP",
        "PACKET");
  }

  /**
   * An example on its usual grid.
   *
   * @param name one of {@link #names()}, in any case
   * @return the example
   * @throws IllegalArgumentException if there is none of that name
   */
  public static PdeExample of(String name) {
    return switch (name.toUpperCase(Locale.ROOT)) {
      case "P3" -> of(name, 900);
      case "P5W" -> of(name, 1600);
      case "Q2", "A3", "V1" -> of(name, 200);
      default -> of(name, 400);
    };
  }

  /**
   * An example on a grid of another size.
   *
   * @param name one of {@link #names()}, in any case
   * @param points number of points along each axis, from 4
   * @return the example
   * @throws IllegalArgumentException if there is none of that name or the number is out of range
   */
  public static PdeExample of(String name, int points) {
    String id = name.toUpperCase(Locale.ROOT);
    return switch (id) {
      case "P1" -> poisson(id, "sin(100x)", TWO_PI, points, PdeExamples::fast);
      case "P2" -> poisson(id, "sin(6x) cos(100x)", TWO_PI, points, PdeExamples::beat);
      case "P3" -> poisson(id, "x sin(200x)", TWO_PI, points, PdeExamples::growing);
      case "P4" -> poisson(id, SCALES, 1, points, PdeExamples::scales);
      case "P4W" -> poisson(id, SCALES, TWO_PI, points, PdeExamples::scales);
      case "P5" -> poisson(id, RIPPLE, 1, points, PdeExamples::ripple);
      case "P5W" -> poisson(id, RIPPLE, TWO_PI, points, PdeExamples::ripple);
      case "CHIRP" -> poisson(id, "sin(20x + 60x²)", 1, points, PdeExamples::chirp);
      case "PACKET" ->
          poisson(
              id,
              "exp(−80(x − 0.35)²) sin(140x) + exp(−(1 − x)/0.04)",
              1,
              points,
              PdeExamples::packet);
      case "A1" -> allenCahn(id, "sin(100x)", points, PdeExamples::fast);
      case "A2" -> allenCahn(id, "sin(6x) cos(100x)", points, PdeExamples::beat);
      case "A3" -> allenCahn(points);
      case "Q1" -> product(points);
      case "Q2" -> sum(points);
      case "V1" -> advection(points);
      default ->
          throw new IllegalArgumentException("name is '" + name + "', must be one of " + names());
    };
  }

  private static final String SCALES = "sin x + 0.1 sin(20x) + 0.05 sin(100x)";
  private static final String RIPPLE = "sin(500x) − 2(x − 0.5)²";

  private static PdeExample poisson(
      String name, String solution, double length, int points, Curve curve) {
    ScalarField exact = (x, y) -> curve.at(x)[0];
    PdeProblem problem =
        PdeProblem.poisson(Grid.of(0, length, points))
            .withSource((x, y) -> curve.at(x)[2])
            .withBoundary(exact);
    String domain = length == 1 ? "[0, 1]" : "[0, 2π]";
    return new PdeExample(name, "u″ = f, u = " + solution + " on " + domain, problem, exact);
  }

  private static PdeExample allenCahn(String name, String solution, int points, Curve curve) {
    ScalarField exact = (x, y) -> curve.at(x)[0];
    PdeProblem problem =
        PdeProblem.allenCahn(Grid.of(0, TWO_PI, points))
            .withSource((x, y) -> curve.at(x)[2] + reaction(curve.at(x)[0]))
            .withBoundary(exact);
    return new PdeExample(
        name, "u″ + u(u² − 1) = f, u = " + solution + " on [0, 2π]", problem, exact);
  }

  private static double reaction(double u) {
    return u * (u * u - 1);
  }

  private static PdeExample allenCahn(int points) {
    ScalarField exact = (x, y) -> mixed(x)[0] * mixed(y)[0];
    PdeProblem problem =
        PdeProblem.allenCahn(Grid.of(0, 1, points).by(0, 1, points))
            .withSource(
                (x, y) -> {
                  double[] m = mixed(x);
                  double[] k = mixed(y);
                  return m[2] * k[0] + m[0] * k[2] + reaction(m[0] * k[0]);
                })
            .withBoundary(exact);
    return new PdeExample(
        "A3",
        "Δu + u(u² − 1) = f, u = m(x)m(y), m = sin x + 0.1 sin(20x) + cos(100x) on [0, 1]²",
        problem,
        exact);
  }

  private static PdeExample product(int points) {
    ScalarField exact = (x, y) -> Math.sin(100 * x) * Math.sin(100 * y);
    PdeProblem problem =
        PdeProblem.poisson(Grid.of(0, TWO_PI, points).by(0, TWO_PI, points))
            .withSource((x, y) -> -2e4 * exact.at(x, y))
            .withBoundary(exact);
    return new PdeExample("Q1", "Δu = f, u = sin(100x) sin(100y) on [0, 2π]²", problem, exact);
  }

  private static PdeExample sum(int points) {
    ScalarField exact = (x, y) -> slowBeat(x)[0] + slowBeat(y)[0];
    PdeProblem problem =
        PdeProblem.poisson(Grid.of(0, TWO_PI, points).by(0, TWO_PI, points))
            .withSource((x, y) -> slowBeat(x)[2] + slowBeat(y)[2])
            .withBoundary(exact);
    return new PdeExample(
        "Q2", "Δu = f, u = sin(6x) cos(20x) + sin(6y) cos(20y) on [0, 2π]²", problem, exact);
  }

  private static PdeExample advection(int points) {
    ScalarField exact = (x, t) -> Math.sin(x - 200 * t);
    PdeProblem problem =
        PdeProblem.advection(Grid.of(0, 1, points).by(0, 1, points), 200)
            .withSource((x, t) -> 0)
            .withBoundary(exact);
    return new PdeExample(
        "V1",
        "200u_x + u_t = 0, u = sin(x − 200t) on [0, 1]², inflow and initial values",
        problem,
        exact);
  }

  private static double[] sine(double amplitude, double omega, double x) {
    double s = amplitude * Math.sin(omega * x);
    double c = amplitude * Math.cos(omega * x);
    return new double[] {s, omega * c, -omega * omega * s};
  }

  private static double[] cosine(double omega, double x) {
    double s = Math.sin(omega * x);
    double c = Math.cos(omega * x);
    return new double[] {c, -omega * s, -omega * omega * c};
  }

  private static double[] sum(double[] f, double[] g) {
    return new double[] {f[0] + g[0], f[1] + g[1], f[2] + g[2]};
  }

  private static double[] product(double[] f, double[] g) {
    return new double[] {
      f[0] * g[0], f[1] * g[0] + f[0] * g[1], f[2] * g[0] + 2 * f[1] * g[1] + f[0] * g[2]
    };
  }

  private static double[] fast(double x) {
    return sine(1, 100, x);
  }

  private static double[] beat(double x) {
    return product(sine(1, 6, x), cosine(100, x));
  }

  private static double[] slowBeat(double x) {
    return product(sine(1, 6, x), cosine(20, x));
  }

  private static double[] growing(double x) {
    return product(new double[] {x, 1, 0}, sine(1, 200, x));
  }

  private static double[] scales(double x) {
    return sum(sine(1, 1, x), sum(sine(0.1, 20, x), sine(0.05, 100, x)));
  }

  private static double[] mixed(double x) {
    return sum(sine(1, 1, x), sum(sine(0.1, 20, x), cosine(100, x)));
  }

  private static double[] ripple(double x) {
    double[] bend = {-2 * (x - 0.5) * (x - 0.5), -4 * (x - 0.5), -4};
    return sum(sine(1, 500, x), bend);
  }

  private static double[] chirp(double x) {
    double phase = 20 * x + 60 * x * x;
    double slope = 20 + 120 * x;
    double s = Math.sin(phase);
    double c = Math.cos(phase);
    return new double[] {s, slope * c, 120 * c - slope * slope * s};
  }

  private static double[] packet(double x) {
    double z = x - 0.35;
    double bell = Math.exp(-80 * z * z);
    double[] envelope = {bell, -160 * z * bell, (25600 * z * z - 160) * bell};
    double layer = Math.exp((x - 1) / 0.04);
    return sum(product(envelope, sine(1, 140, x)), new double[] {layer, layer * 25, layer * 625});
  }
}
