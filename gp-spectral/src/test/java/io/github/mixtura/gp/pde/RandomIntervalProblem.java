package io.github.mixtura.gp.pde;

import java.util.Random;
import java.util.function.DoubleUnaryOperator;

/** A random linear problem on an interval with a known solution; often with noise in its source. */
record RandomIntervalProblem(
    String name, PdeProblem problem, DoubleUnaryOperator solution, double noise) {
  private static final double STEP = 1e-3;

  /** A function with its first two derivatives. */
  private interface Jet {
    double[] at(double t);

    default Jet plus(Jet other) {
      return t -> {
        double[] p = at(t);
        double[] q = other.at(t);
        return new double[] {p[0] + q[0], p[1] + q[1], p[2] + q[2]};
      };
    }
  }

  /** The problem of a seed: u of one of six kinds on a domain of any place and length. */
  static RandomIntervalProblem of(long seed) {
    Random random = new Random(seed);
    int n = 20 + random.nextInt(200);
    double nyquist = Math.PI * (n - 1);
    int kind = random.nextInt(6);
    Jet u =
        switch (kind) {
          case 0 -> tones(random, nyquist, 1 + random.nextInt(3));
          case 1 -> chirp(random, nyquist);
          case 2 -> bell(random, n);
          case 3 -> front(random, n);
          case 4 -> smooth(random);
          default -> smooth(random).plus(tones(random, nyquist, 1));
        };
    double scale = Math.pow(10, 8 * random.nextDouble() - 4);
    double lower = 4 * random.nextGaussian();
    double length = Math.pow(10, 4 * random.nextDouble() - 2) + STEP * Math.abs(lower);
    double c1 = random.nextInt(4) == 0 ? 10 * random.nextGaussian() : 0;
    double c0 = random.nextInt(2) == 0 ? 0 : Math.signum(random.nextGaussian()) * square(random);
    Grid grid = Grid.of(lower, lower + length, n);
    LinearOperator operator =
        LinearOperator.zero(1)
            .plus(Derivative.XX, length * length)
            .plus(Derivative.X, c1 * length)
            .plus(Derivative.NONE, c0);
    double[] source = new double[n];
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double[] jet = u.at(i / (n - 1.0));
      source[i] = scale * (jet[2] + c1 * jet[1] + c0 * jet[0]);
      sum += source[i] * source[i] / n;
    }
    double noise = random.nextInt(2) == 0 ? 0 : Math.pow(10, -9 * random.nextDouble() - 0.5);
    for (int i = 0; i < n; i++) {
      source[i] += noise * Math.sqrt(sum) * random.nextGaussian();
    }
    DoubleUnaryOperator solution = x -> scale * u.at((x - lower) / length)[0];
    PdeProblem problem =
        PdeProblem.of(grid, operator)
            .withSource(source)
            .withBoundary(Side.LEFT, scale * u.at(0)[0])
            .withBoundary(Side.RIGHT, scale * u.at(1)[0]);
    String name = String.format("seed %d kind %d n %d noise %.1e", seed, kind, n, noise);
    return new RandomIntervalProblem(name, problem, solution, noise);
  }

  private static double square(Random random) {
    double k = 60 * random.nextDouble();
    return k * k;
  }

  private static Jet tones(Random random, double nyquist, int count) {
    Jet sum = t -> new double[3];
    for (int q = 0; q < count; q++) {
      double omega = 1 + 0.8 * nyquist * random.nextDouble();
      double phase = 6 * random.nextDouble();
      double size = Math.pow(10, -random.nextDouble());
      sum =
          sum.plus(
              t -> {
                double s = size * Math.sin(omega * t + phase);
                double c = size * Math.cos(omega * t + phase);
                return new double[] {s, omega * c, -omega * omega * s};
              });
    }
    return sum;
  }

  private static Jet chirp(Random random, double nyquist) {
    double top = nyquist * (0.2 + 0.9 * random.nextDouble());
    double start = 20 * random.nextDouble();
    double bend = (top - start) / 2;
    return t -> {
      double phase = start * t + bend * t * t;
      double slope = start + 2 * bend * t;
      double s = Math.sin(phase);
      double c = Math.cos(phase);
      return new double[] {s, slope * c, 2 * bend * c - slope * slope * s};
    };
  }

  private static Jet bell(Random random, int n) {
    double width = Math.max(0.006, (0.5 + 6 * random.nextDouble()) / n);
    double centre = random.nextDouble();
    return t -> {
      double z = (t - centre) / width;
      double g = Math.exp(-z * z / 2);
      return new double[] {g, -z / width * g, (z * z - 1) / (width * width) * g};
    };
  }

  private static Jet front(Random random, int n) {
    double width = (0.5 + 8 * random.nextDouble()) / n;
    double centre = random.nextDouble();
    return t -> {
      double h = Math.tanh((t - centre) / width);
      double slope = (1 - h * h) / width;
      return new double[] {h, slope, -2 * h * slope / width};
    };
  }

  private static Jet smooth(Random random) {
    double a = 2 * random.nextGaussian();
    double b = 5 * random.nextGaussian();
    double rate = 3 * random.nextGaussian();
    return t -> {
      double e = Math.exp(rate * t);
      double s = Math.sin(b * t);
      double c = Math.cos(b * t);
      return new double[] {
        e * s + a * t * t * t,
        e * (rate * s + b * c) + 3 * a * t * t,
        e * ((rate * rate - b * b) * s + 2 * rate * b * c) + 6 * a * t
      };
    };
  }

  /** What a solution is worth; error and deviation are relative to it. */
  record Judged(
      SolutionStatus status, double error, double deviation, double inThree, double inTwo) {
    boolean isTrue() {
      return status != SolutionStatus.SOLVED || (error <= 1e-5 && inThree >= 0.9);
    }
  }

  /** Solves and compares at irregular places. */
  Judged solve() {
    return judge(PdeSolver.of(problem).solve(), solution);
  }

  static Judged judge(PdeSolution found, DoubleUnaryOperator exact) {
    Grid grid = found.problem().grid();
    int count = 100;
    double[][] points = new double[count][];
    for (int i = 0; i < count; i++) {
      double part = (i + 0.37) * 0.754877666 % 1;
      points[i] = new double[] {grid.lower(0) + part * grid.length(0)};
    }
    double[] values = found.values(points);
    double[] deviations = found.standardDeviations(points).orElseThrow();
    double wrong = 0;
    double spread = 0;
    double size = 0;
    int three = 0;
    int two = 0;
    for (int i = 0; i < count; i++) {
      double u = exact.applyAsDouble(points[i][0]);
      double error = Math.abs(values[i] - u);
      wrong += error * error;
      spread += deviations[i] * deviations[i];
      size += u * u;
      // Places themselves are rounded.
      three += error <= 3 * deviations[i] ? 1 : 0;
      two += error <= 1.96 * deviations[i] ? 1 : 0;
    }
    return new Judged(
        found.status(),
        Math.sqrt(wrong / size),
        Math.sqrt(spread / size),
        three / (double) count,
        two / (double) count);
  }
}
