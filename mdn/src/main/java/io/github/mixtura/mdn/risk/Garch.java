package io.github.mixtura.mdn.risk;

import io.github.mixtura.data.UnusableDataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * GARCH(1,1) with constant mean, {@code garch} (normal) or {@code garch-t} (Student's t scaled to
 * variance 1), by maximum likelihood (Bollerslev 1986, doi:10.1016/0304-4076(86)90063-1; 1987,
 * doi:10.2307/1925546).
 *
 * <p>BFGS with the analytic gradient on free variables that keep ω &gt; 0, α, β ≥ 0, α + β ≤ 1 −
 * 1e-7 and 2.05 ≤ ν ≤ 1000, begun where the last re-fit ended and at fixed points; the best end is
 * kept. The likelihood has no maximum where conditional variances can go to 0, as they can on a
 * window that ends in equal returns: an end with a conditional variance below 1e-8 of the window's
 * is kept only if there is no other, and reported. Cost: about 25 evaluations a start.
 */
public final class Garch implements RiskModel {
  private static final double TOLERANCE = 1e-9;
  private static final int MAXIMUM_STEPS = 200;
  private static final double SPIKE = 1e-8;
  private static final int LEAST_RETURNS = 10;

  /** α and β of fixed starts; the first is used at every re-fit. */
  private static final double[][] STARTS = {{0.05, 0.9}, {0.15, 0.6}, {0.02, 0.975}, {0.3, 0.1}};

  private final boolean student;

  private Garch(boolean student) {
    this.student = student;
  }

  /**
   * With normal innovations.
   *
   * @return the model {@code garch}
   */
  public static Garch normal() {
    return new Garch(false);
  }

  /**
   * With Student-t innovations.
   *
   * @return the model {@code garch-t}
   */
  public static Garch studentT() {
    return new Garch(true);
  }

  @Override
  public String name() {
    return student ? "garch-t" : "garch";
  }

  @Override
  public Forecaster start() {
    return new Run();
  }

  /**
   * Fits once, from all fixed starts.
   *
   * @param returns at least 10, finite, not all equal (read)
   * @return the fit
   * @throws UnusableDataException if there are too few returns or they are all equal
   */
  public GarchFit fit(double... returns) {
    Requirements.finite(returns, "return");
    return fit(returns, null, STARTS.length);
  }

  /** Fits from a former fit, if there is one, and so many fixed starts. */
  private GarchFit fit(double[] returns, GarchFit former, int fixedStarts) {
    if (returns.length < LEAST_RETURNS) {
      throw new UnusableDataException(
          "there are " + returns.length + " returns, must be at least " + LEAST_RETURNS);
    }
    double[] centre = Requirements.meanAndDeviation(returns);
    double unit = centre[1];
    double[] scaled = Arrays.stream(returns).map(r -> (r - centre[0]) / unit).toArray();
    GarchLikelihood likelihood = new GarchLikelihood(scaled, student);
    List<double[]> starts = new ArrayList<>();
    if (former != null) {
      starts.add(inside(likelihood, former, centre));
    }
    for (double[] s : Arrays.copyOf(STARTS, fixedStarts)) {
      starts.add(likelihood.free(0, 1 - s[0] - s[1], s[0], s[1], 8));
    }
    QuasiNewton.Outcome best = null;
    boolean bestSpike = true;
    for (double[] start : starts) {
      QuasiNewton.Outcome outcome =
          QuasiNewton.minimise(
              likelihood, start, likelihood.inverseInformation(start), TOLERANCE, MAXIMUM_STEPS);
      boolean spike = isSpike(likelihood, outcome.x());
      boolean better =
          best == null
              || (bestSpike && !spike)
              || (bestSpike == spike && outcome.value() < best.value());
      if (better) {
        best = outcome;
        bestSpike = spike;
      }
    }
    double[] natural = likelihood.natural(best.x());
    return new GarchFit(
        centre[0] + unit * natural[0],
        unit * unit * natural[1],
        natural[2],
        natural[3],
        student ? natural[4] : Double.POSITIVE_INFINITY,
        -best.value() - returns.length * Math.log(unit),
        best.converged(),
        findings(natural, best.converged(), bestSpike));
  }

  private static boolean isSpike(GarchLikelihood likelihood, double[] u) {
    return Arrays.stream(likelihood.variances(likelihood.natural(u))).min().orElseThrow() < SPIKE;
  }

  /** A former fit in the units of this window, a little away from the bounds. */
  private double[] inside(GarchLikelihood likelihood, GarchFit former, double[] centre) {
    double persistence = former.alpha() + former.beta();
    double kept = Math.min(0.9999, Math.max(0.001, persistence));
    double share = Math.min(0.999, Math.max(0.001, former.alpha() / kept));
    double omega = former.omega() / (centre[1] * centre[1]);
    double degrees = Math.min(300, Math.max(2.1, former.degreesOfFreedom()));
    return likelihood.free(
        (former.mean() - centre[0]) / centre[1],
        Math.max(1e-5, omega),
        kept * share,
        kept * (1 - share),
        degrees);
  }

  private List<String> findings(double[] natural, boolean converged, boolean spike) {
    List<String> findings = new ArrayList<>();
    if (spike) {
      findings.add("a conditional variance goes to 0, where the likelihood has no maximum");
    }
    if (natural[2] + natural[3] > 1 - 1e-5) {
      findings.add("alpha + beta is at its bound 1");
    }
    if (student && natural[4] < 1.01 * GarchLikelihood.LEAST_DEGREES) {
      findings.add("degrees of freedom are at their lower bound 2.05");
    }
    if (!converged) {
      findings.add("the optimiser stopped before it converged");
    }
    return findings;
  }

  private final class Run implements Forecaster {
    private GarchFit fit;

    @Override
    public List<String> refit(double[] window) {
      fit = Garch.this.fit(window, fit, fit == null ? STARTS.length : 1);
      return fit.findings();
    }

    @Override
    public RiskForecast forecast(double[] window) {
      if (fit == null) {
        throw new IllegalStateException("there was no re-fit yet");
      }
      return RiskForecast.of(fit.next(window));
    }
  }
}
