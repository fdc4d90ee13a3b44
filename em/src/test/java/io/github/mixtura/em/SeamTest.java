package io.github.mixtura.em;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.mixtura.codec.ModelCodec;
import io.github.mixtura.codec.SavedModel;
import io.github.mixtura.compute.Backends;
import io.github.mixtura.compute.Batch;
import io.github.mixtura.compute.Encoding;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.compute.Kernels.Order;
import io.github.mixtura.compute.RowContext;
import io.github.mixtura.compute.Workspace;
import io.github.mixtura.data.DataSummary;
import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.BatchDensity;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.distribution.Covariance;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.GaussianFamily;
import io.github.mixtura.em.gaussian.InverseWishart;
import io.github.mixtura.em.init.Initializer;
import io.github.mixtura.em.init.Start;
import io.github.mixtura.execution.StopReason;
import io.github.mixtura.mixture.Mixing;
import io.github.mixtura.mixture.Mixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the interfaces of EM can carry beside the families of the library. */
class SeamTest {

  /** Von Mises–Fisher on the unit sphere: log f = κ μ·x + log κ − log 4π sinh κ. */
  record OnSphere(double[] mean, double kappa) implements Component {
    @Override
    public int dimension() {
      return 3;
    }

    double constant() {
      return Math.log(kappa / (2 * Math.PI)) - kappa - Math.log1p(-Math.exp(-2 * kappa));
    }

    @Override
    public double logDensity(double... x) {
      return kappa * (mean[0] * x[0] + mean[1] * x[1] + mean[2] * x[2]) + constant();
    }

    @Override
    public BatchDensity batchDensity(
        List<? extends Component> components, double[] logWeights, Kernels kernels) {
      double[][] slopes = new double[logWeights.length][];
      double[] constants = new double[logWeights.length];
      for (int k = 0; k < constants.length; k++) {
        OnSphere law = (OnSphere) components.get(k);
        slopes[k] = Arrays.stream(law.mean).map(m -> law.kappa * m).toArray();
        constants[k] = logWeights[k] + law.constant();
      }
      return (batch, workspace) -> kernels.linear(batch, slopes, constants, workspace);
    }
  }

  static class SphereFamily implements Family<OnSphere>, Accelerable<OnSphere> {
    @Override
    public String name() {
      return "on-sphere";
    }

    @Override
    public Class<OnSphere> law() {
      return OnSphere.class;
    }

    @Override
    public Layout layout(int dimension, int components) {
      return new Layout(1 + dimension);
    }

    @Override
    public int parameterCount(int dimension, int components) {
      return dimension * components;
    }

    @Override
    public List<OnSphere> initial(double[][] centres, DataSummary summary) {
      return Arrays.stream(centres).map(c -> new OnSphere(c, 1)).toList();
    }

    @Override
    public Accumulator accumulator(List<OnSphere> current, Kernels kernels, Stage stage) {
      double[][] zeros = new double[current.size()][3];
      return (batch, workspace, into) ->
          kernels.moments(batch, zeros, Order.FIRST, workspace, into.values(), 0, into.stride());
    }

    @Override
    public List<OnSphere> maximize(
        Statistics sums, List<OnSphere> current, Stage stage, BooleanSupplier hurry) {
      List<OnSphere> result = new ArrayList<>();
      for (int k = 0; k < current.size(); k++) {
        double[] s = Arrays.copyOfRange(sums.values(), sums.offset(k) + 1, sums.offset(k) + 4);
        double length = Math.sqrt(s[0] * s[0] + s[1] * s[1] + s[2] * s[2]);
        double[] mean = {s[0] / length, s[1] / length, s[2] / length};
        result.add(new OnSphere(mean, kappa(length / sums.weight(k))));
      }
      return result;
    }

    /** The root of coth κ − 1/κ = r, by Newton's method. */
    private static double kappa(double r) {
      double kappa = r * (3 - r * r) / (1 - r * r);
      for (int i = 0; i < 50; i++) {
        double a = 1 / Math.tanh(kappa) - 1 / kappa;
        kappa -= (a - r) / (1 - a * a - 2 * a / kappa);
      }
      return kappa;
    }
  }

  private static double[][] onSphere(int count, SplittableRandom random) {
    double[][] rows = new double[count][3];
    for (int i = 0; i < count; i++) {
      boolean first = random.nextDouble() < 0.6;
      double kappa = first ? 20 : 5;
      // The height along the mean direction has the density of an exponential that is cut.
      double u = random.nextDouble();
      double w = 1 + Math.log(u + (1 - u) * Math.exp(-2 * kappa)) / kappa;
      double angle = random.nextDouble(2 * Math.PI);
      double ring = Math.sqrt(Math.max(0, 1 - w * w));
      double[] x = {ring * Math.cos(angle), ring * Math.sin(angle), w};
      rows[i] = first ? x : new double[] {x[2], x[0], x[1]};
    }
    return rows;
  }

  @Test
  void aLawOnTheSphereIsFitted() {
    double[][] rows = onSphere(4000, new SplittableRandom(3));
    for (Acceleration acceleration : Acceleration.values()) {
      MixtureFit<OnSphere> fit =
          MixtureFitter.of(new SphereFamily(), 2)
              .options(EmOptions.defaults().withAcceleration(acceleration).withTolerance(1e-10))
              .fit(Observations.of(rows));
      assertTrue(fit.diagnostics().converged());
      assertEquals(0.6, fit.mixture().weight(0), 0.03);
      assertEquals(20, fit.mixture().component(0).kappa(), 1.5);
      assertEquals(1, fit.mixture().component(0).mean()[2], 0.01);
      assertEquals(5, fit.mixture().component(1).kappa(), 0.5);
      assertEquals(1, fit.mixture().component(1).mean()[0], 0.02);
      double sum = 0;
      for (double[] row : rows) {
        sum += fit.mixture().logDensity(row);
      }
      assertEquals(sum, fit.logLikelihood(), 1e-9 * Math.abs(sum));
      Reference.assertMonotone(fit.diagnostics().logLikelihoodTrace());
    }
  }

  /** y = a + b·x + noise; the density of y given x. */
  record Line(double[] beta, double sigma) implements Component {
    @Override
    public int dimension() {
      return beta.length;
    }

    double residual(double[] row) {
      double fitted = beta[0];
      for (int j = 1; j < beta.length; j++) {
        fitted += beta[j] * row[j - 1];
      }
      return row[row.length - 1] - fitted;
    }

    @Override
    public double logDensity(double... x) {
      double z = residual(x) / sigma;
      return -0.5 * z * z - Math.log(sigma) - 0.5 * Math.log(2 * Math.PI);
    }
  }

  static final class LineFamily implements Family<Line> {
    @Override
    public String name() {
      return "line";
    }

    @Override
    public Class<Line> law() {
      return Line.class;
    }

    @Override
    public Layout layout(int dimension, int components) {
      return new Layout(Order.FULL.length(dimension));
    }

    @Override
    public int parameterCount(int dimension, int components) {
      return (dimension + 1) * components;
    }

    @Override
    public List<Line> initial(double[][] centres, DataSummary summary) {
      return Arrays.stream(centres).map(c -> new Line(new double[c.length], 1)).toList();
    }

    @Override
    public Accumulator accumulator(List<Line> current, Kernels kernels, Stage stage) {
      double[][] zeros = new double[current.size()][current.get(0).dimension()];
      return (batch, workspace, into) ->
          kernels.moments(batch, zeros, Order.FULL, workspace, into.values(), 0, into.stride());
    }

    /** One covariate: slope and intercept from the moments. */
    @Override
    public List<Line> maximize(
        Statistics sums, List<Line> current, Stage stage, BooleanSupplier hurry) throws Degeneracy {
      List<Line> result = new ArrayList<>();
      for (int k = 0; k < current.size(); k++) {
        double[] v = sums.values();
        int at = sums.offset(k);
        double n = v[at];
        double x = v[at + 1] / n;
        double y = v[at + 2] / n;
        double xx = v[at + 3] / n - x * x;
        double xy = v[at + 4] / n - x * y;
        double yy = v[at + 5] / n - y * y;
        double variance = yy - xy * xy / xx;
        if (!(variance > 0)) {
          throw new Degeneracy(k, Degeneracy.SINGULAR);
        }
        double slope = xy / xx;
        result.add(new Line(new double[] {y - slope * x, slope}, Math.sqrt(variance)));
      }
      return result;
    }
  }

  @Test
  void linesAreFitted() {
    SplittableRandom random = new SplittableRandom(5);
    double[][] rows = new double[3000][];
    for (int i = 0; i < rows.length; i++) {
      double x = random.nextDouble(-2, 2);
      boolean first = random.nextDouble() < 0.7;
      double y = first ? 1 + 2 * x : -1 - x;
      rows[i] = new double[] {x, y + 0.3 * random.nextGaussian()};
    }
    int[] labels = IntStream.range(0, rows.length).map(i -> rows[i][1] > 0 ? 0 : 1).toArray();
    MixtureFit<Line> fit =
        MixtureFitter.of(new LineFamily(), 2)
            .initializer(Initializer.labels(labels))
            .options(EmOptions.defaults().withTolerance(1e-12))
            .fit(Observations.of(rows));
    assertTrue(fit.diagnostics().converged());
    Line line = fit.mixture().component(fit.mixture().weight(0) > 0.5 ? 0 : 1);
    assertEquals(1, line.beta()[0], 0.05);
    assertEquals(2, line.beta()[1], 0.05);
    assertEquals(0.3, line.sigma(), 0.02);
  }

  private static Observations clouds(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] rows = new double[count][];
    for (int i = 0; i < count; i++) {
      double shift = i % 3 * 2.0;
      rows[i] = new double[] {shift + random.nextGaussian(), shift * shift - random.nextGaussian()};
    }
    return Observations.of(rows);
  }

  @Test
  void aFitWithAPriorConvergesFromTheFitWithout() {
    Observations rows = clouds(300, 1);
    for (CovarianceStructure structure :
        List.of(CovarianceStructure.VVV, CovarianceStructure.EEE, CovarianceStructure.VVI)) {
      GaussianFamily plain = GaussianFamily.of(structure);
      MixtureFit<Gaussian> likeliest = MixtureFitter.of(plain, 3).fit(rows);
      InverseWishart prior = InverseWishart.of(40, Covariance.diagonal(100, 100));
      GaussianFamily family = plain.withEstimate(prior);
      MixtureFit<Gaussian> fit =
          MixtureFitter.of(family, 3)
              .weights(WeightRule.dirichlet(30))
              .initializer(Initializer.model(likeliest.mixture()))
              .options(EmOptions.defaults().withTolerance(1e-12).withMaxIterations(5000))
              .fit(rows);
      assertEquals(StopReason.TOLERANCE, fit.diagnostics().stopReason());
      List<Double> trace = fit.diagnostics().logLikelihoodTrace();
      Reference.assertMonotone(trace);
      assertTrue(trace.get(trace.size() - 1) > trace.get(0) + 1);
      assertTrue(fit.logLikelihood() < likeliest.logLikelihood());
      double objective = objective(fit.mixture(), rows, family);
      assertEquals(trace.get(trace.size() - 1), objective, 1e-9 * Math.abs(objective));
      // No way up: moving any parameter a little lowers the objective to first order.
      for (double step : new double[] {1e-4, -1e-4}) {
        for (int k = 0; k < 3; k++) {
          List<Gaussian> moved = new ArrayList<>(fit.mixture().components());
          Gaussian law = moved.get(k);
          double[] mean = law.mean();
          mean[0] += step;
          moved.set(k, Gaussian.of(mean, law.covariance()));
          Mixture<Gaussian> other = Mixture.of(moved, fit.mixture().weights());
          assertTrue(objective(other, rows, family) < objective + 1e-7);
          moved = new ArrayList<>(fit.mixture().components());
          for (int q = 0; q < 3; q++) {
            // Structures with common parts stay what they are when all are scaled.
            moved.set(
                q, Gaussian.of(moved.get(q).mean(), moved.get(q).covariance().scaled(1 + step)));
          }
          other = Mixture.of(moved, fit.mixture().weights());
          assertTrue(objective(other, rows, family) < objective + 1e-7);
        }
      }
    }
  }

  private static double objective(
      Mixture<Gaussian> mixture, Observations rows, GaussianFamily family) {
    return Arrays.stream(mixture.logDensity(rows)).sum()
        + family.logPrior(mixture.components())
        + WeightRule.dirichlet(30).logPrior(mixture.mixing());
  }

  @Test
  void weightsFollowTheirRule() {
    Observations rows = clouds(300, 2);
    GaussianFamily family = GaussianFamily.of(CovarianceStructure.VVV);
    MixtureFit<Gaussian> equal = MixtureFitter.of(family, 3).weights(WeightRule.equal()).fit(rows);
    assertEquals(1.0 / 3, equal.mixture().weight(0));
    assertEquals(family.parameterCount(2, 3), equal.parameterCount());
    double[] shares = {0.2, 0.3, 0.5};
    MixtureFit<Gaussian> fixed =
        MixtureFitter.of(family, 3).weights(WeightRule.fixed(shares)).fit(rows);
    assertEquals(0.3, fixed.mixture().weight(1));
    Reference.assertMonotone(fixed.diagnostics().logLikelihoodTrace());
    MixtureFit<Gaussian> free = MixtureFitter.of(family, 3).fit(rows);
    assertTrue(free.logLikelihood() >= fixed.logLikelihood());
  }

  @Test
  void labelledRowsStayInTheirComponent() {
    Observations rows = clouds(300, 3);
    // The labels contradict the groups for some rows, and number them backwards.
    int[] labels = new int[300];
    Arrays.setAll(labels, i -> i < 30 ? 2 - i % 3 : i < 33 ? 1 : -1);
    MixtureFit<Gaussian> fit =
        MixtureFitter.of(GaussianFamily.of(CovarianceStructure.VVV), 3)
            .labels(labels)
            .options(EmOptions.defaults().withTolerance(1e-12))
            .fit(rows);
    assertTrue(fit.diagnostics().converged());
    Reference.assertMonotone(fit.diagnostics().logLikelihoodTrace());
    double[] means =
        fit.mixture().components().stream().mapToDouble(law -> law.mean()[0]).toArray();
    assertTrue(means[0] > means[1] && means[1] > means[2], Arrays.toString(means));
    // ℓ of the labelled rows is that of their own component.
    double sum = 0;
    for (int i = 0; i < 300; i++) {
      double[] row = rows.row(i);
      sum +=
          labels[i] < 0
              ? fit.mixture().logDensity(row)
              : Math.log(fit.mixture().weight(labels[i]))
                  + fit.mixture().component(labels[i]).logDensity(row);
    }
    assertEquals(sum, fit.logLikelihood(), 1e-10 * Math.abs(sum));
  }

  @Test
  void rowsOfAGroupShareTheirComponent() {
    Observations rows = clouds(12, 4);
    int[] starts = {0, 1, 4, 9};
    Mixture<Gaussian> mixture =
        Mixture.of(
            List.of(
                Gaussian.of(new double[] {0, 0}, Covariance.diagonal(1, 2)),
                Gaussian.of(new double[] {3, 5}, Covariance.diagonal(4, 9))),
            0.3,
            0.7);
    GaussianFamily family = GaussianFamily.of(CovarianceStructure.VVV);
    try (Kernels kernels = Backends.open("java");
        Rows staged =
            InMemoryRows.of(
                rows,
                Encoding.IDENTITY,
                kernels,
                2,
                (first, count) -> RowContext.at(first).withGroupStarts(starts))) {
      Statistics sums =
          staged.pass(new Pass<>(family, mixture, WeightRule.free(), null, null, Stage.cycle(0)));
      double logLikelihood = 0;
      double[] expected = new double[2];
      for (int g = 0; g < starts.length; g++) {
        int end = g + 1 < starts.length ? starts[g + 1] : 12;
        double[] joint = {Math.log(0.3), Math.log(0.7)};
        for (int i = starts[g]; i < end; i++) {
          joint[0] += mixture.component(0).logDensity(rows.row(i));
          joint[1] += mixture.component(1).logDensity(rows.row(i));
        }
        double most = Math.max(joint[0], joint[1]);
        double total = Math.exp(joint[0] - most) + Math.exp(joint[1] - most);
        logLikelihood += most + Math.log(total);
        for (int k = 0; k < 2; k++) {
          expected[k] += (end - starts[g]) * Math.exp(joint[k] - most) / total;
        }
      }
      assertEquals(logLikelihood, sums.logLikelihood(), 1e-12 * Math.abs(logLikelihood));
      assertEquals(expected[0], sums.weight(0), 1e-12);
      assertEquals(expected[1], sums.weight(1), 1e-12);
    }
  }

  /** Rows on the unit interval, of density 2 x f(2 x²) say: what is common is left to the base. */
  @Test
  void whatAllComponentsHaveInCommonIsAdded() {
    Encoding logarithm =
        new Encoding() {
          @Override
          public int columns(int dimension) {
            return dimension;
          }

          @Override
          public double[][] encode(double[][] columns, int rows) {
            return new double[][] {Arrays.stream(columns[0]).map(Math::log).toArray()};
          }

          @Override
          public double[] logBase(double[][] columns, int rows) {
            return Arrays.stream(columns[0]).map(x -> -Math.log(x)).limit(rows).toArray();
          }
        };
    record LogNormal(Gaussian law, Encoding encoding) implements Component {
      @Override
      public int dimension() {
        return 1;
      }

      @Override
      public double logDensity(double... x) {
        return law.logDensity(Math.log(x[0])) - Math.log(x[0]);
      }

      @Override
      public BatchDensity batchDensity(
          List<? extends Component> components, double[] logWeights, Kernels kernels) {
        List<Gaussian> laws = components.stream().map(c -> ((LogNormal) c).law).toList();
        return laws.get(0).batchDensity(laws, logWeights, kernels);
      }
    }

    Mixture<LogNormal> mixture =
        Mixture.of(
            List.of(
                new LogNormal(Gaussian.of(0, 1), logarithm),
                new LogNormal(Gaussian.of(2, 0.3), logarithm)),
            0.4,
            0.6);
    double[] x = new SplittableRandom(6).doubles(700, 0.01, 20).toArray();
    double[] found = mixture.logDensity(Observations.of(x));
    for (int i = 0; i < x.length; i++) {
      assertEquals(mixture.logDensity(x[i]), found[i], 1e-12 * (1 + Math.abs(found[i])));
    }
  }

  /** Weights that differ from row to row: two bags of rows, each with shares of its own. */
  record Bags(double[][] shares) implements Mixing {
    @Override
    public int components() {
      return shares[0].length;
    }

    @Override
    public boolean isConstant() {
      return false;
    }

    @Override
    public double[] weights() {
      double[] mean = new double[components()];
      for (double[] bag : shares) {
        Arrays.setAll(mean, k -> mean[k] + bag[k] / shares.length);
      }
      return mean;
    }

    @Override
    public void add(Batch batch, Workspace workspace) {
      for (int k = 0; k < components(); k++) {
        double[] values = new double[batch.rows()];
        for (int i = 0; i < values.length; i++) {
          values[i] = Math.log(shares[(int) (batch.row(i) % shares.length)][k]);
        }
        workspace.add(batch, k, values);
      }
    }
  }

  record BagRule(int bags) implements WeightRule {
    @Override
    public String name() {
      return "by bag";
    }

    @Override
    public Mixing initial(int components) {
      double[][] shares = new double[bags][components];
      Arrays.stream(shares).forEach(bag -> Arrays.fill(bag, 1.0 / components));
      return new Bags(shares);
    }

    @Override
    public int sums(int components) {
      return bags * components;
    }

    @Override
    public void accumulate(Mixing current, Batch batch, Workspace workspace, Statistics into) {
      double[] r = new double[batch.rows()];
      for (int k = 0; k < current.components(); k++) {
        workspace.read(batch, k, r);
        for (int i = 0; i < r.length; i++) {
          int bag = (int) (batch.row(i) % bags);
          into.values()[into.weightSums() + bag * current.components() + k] += r[i];
        }
      }
    }

    @Override
    public Mixing maximize(Statistics statistics, Mixing current) {
      double[][] shares = new double[bags][current.components()];
      for (int bag = 0; bag < bags; bag++) {
        int at = statistics.weightSums() + bag * current.components();
        double[] own = Arrays.copyOfRange(statistics.values(), at, at + current.components());
        double total = Arrays.stream(own).sum();
        shares[bag] = Arrays.stream(own).map(s -> s / total).toArray();
      }
      return new Bags(shares);
    }

    @Override
    public int parameterCount(int components) {
      return bags * (components - 1);
    }
  }

  @Test
  void weightsCanDifferFromRowToRow() {
    SplittableRandom random = new SplittableRandom(8);
    double[] x = new double[2000];
    Arrays.setAll(
        x, i -> (random.nextDouble() < (i % 2 == 0 ? 0.9 : 0.2) ? 0 : 4) + random.nextGaussian());
    Observations rows = Observations.of(x);
    GaussianFamily family = GaussianFamily.of(CovarianceStructure.V);
    MixtureFit<Gaussian> fit =
        MixtureFitter.of(family, 2)
            .weights(new BagRule(2))
            .initializer(
                Initializer.labels(Arrays.stream(x).mapToInt(v -> v < 2 ? 0 : 1).toArray()))
            .fit(rows);
    assertTrue(fit.diagnostics().converged());
    Reference.assertMonotone(fit.diagnostics().logLikelihoodTrace());
    double[][] shares = ((Bags) fit.mixture().mixing()).shares();
    assertEquals(0.9, shares[0][0], 0.03);
    assertEquals(0.2, shares[1][0], 0.03);
    assertEquals(family.parameterCount(1, 2) + 2, fit.parameterCount());
    assertTrue(fit.logLikelihood() > MixtureFitter.of(family, 2).fit(rows).logLikelihood() + 100);
  }

  /** The family on the sphere, its iteration in three parts, of which the first does all. */
  private static final class ThreeCycles extends SphereFamily {
    private final int[] calls = new int[3];

    @Override
    public int cycles() {
      return 3;
    }

    @Override
    public List<OnSphere> maximize(
        Statistics sums, List<OnSphere> current, Stage stage, BooleanSupplier hurry) {
      if (stage.kind() == Stage.Kind.CYCLE) {
        calls[stage.number()]++;
      }
      return stage.number() == 0 ? super.maximize(sums, current, stage, hurry) : current;
    }
  }

  @Test
  void anyNumberOfCyclesIsHonoured() {
    Observations rows = Observations.of(onSphere(500, new SplittableRandom(4)));
    EmOptions options =
        EmOptions.defaults().withTolerance(0).withMaxIterations(7).withStarts(1).withSeed(2);
    ThreeCycles three = new ThreeCycles();
    MixtureFit<OnSphere> fit = MixtureFitter.of(three, 2).options(options).fit(rows);
    assertEquals(List.of(7, 7, 7), Arrays.stream(three.calls).boxed().toList());
    MixtureFit<OnSphere> plain = MixtureFitter.of(new SphereFamily(), 2).options(options).fit(rows);
    assertEquals(plain.diagnostics().logLikelihoodTrace(), fit.diagnostics().logLikelihoodTrace());
  }

  /** A pass as bytes: what another machine would get. */
  private static byte[] bytes(Pass<Gaussian> pass, int[] labels) {
    List<String> lines = new ArrayList<>();
    lines.add(pass.family().structure(2));
    lines.add(pass.stage().kind() + " " + pass.stage().number());
    lines.add(pass.origin() == null ? "-" : Arrays.toString(pass.origin()));
    lines.add(pass.start() == null ? "-" : Arrays.toString(labels));
    lines.add(
        ModelCodec.toJson(
                new SavedModel(
                    "gaussian", null, OptionalDouble.empty(), List.of("x", "y"), pass.mixture()))
            .toString());
    return String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
  }

  private static double[] numbers(String line) {
    return line.equals("-")
        ? null
        : Arrays.stream(line.substring(1, line.length() - 1).split(", "))
            .mapToDouble(Double::parseDouble)
            .toArray();
  }

  @SuppressWarnings("unchecked")
  private static Pass<Gaussian> pass(byte[] bytes) {
    String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n", 5);
    String[] stage = lines[1].split(" ");
    double[] labels = numbers(lines[3]);
    Mixture<?> mixture;
    try {
      mixture = ModelCodec.fromJson(new ObjectMapper().readTree(lines[4]), "pass").mixture();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Pass<>(
        GaussianFamily.of(CovarianceStructure.parse(lines[0], 2)),
        (Mixture<Gaussian>) mixture,
        WeightRule.free(),
        labels == null
            ? null
            : new Start.Partition(
                3, Arrays.stream(labels).mapToInt(label -> (int) label).toArray()),
        numbers(lines[2]),
        new Stage(Stage.Kind.valueOf(stage[0]), Integer.parseInt(stage[1])));
  }

  /** Two halves, each in an object of its own, that hear of passes as bytes only. */
  private record Halves(Rows left, Rows right, Rows whole) implements Rows {
    @Override
    public DataSummary summary(boolean covariance) {
      return whole.summary(covariance);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <C extends Component> Statistics pass(Pass<C> pass) {
      int[] labels = pass.start() instanceof Start.Partition partition ? partition.labels() : null;
      byte[] bytes = bytes((Pass<Gaussian>) pass, labels);
      Statistics sums = left.pass(SeamTest.pass(bytes));
      sums.merge(right.pass(SeamTest.pass(bytes)));
      return sums;
    }

    @Override
    public double[] row(long index) {
      return index < left.count() ? left.row(index) : right.row(index - left.count());
    }

    @Override
    public Observations sample(int most, long seed) {
      return whole.sample(most, seed);
    }

    @Override
    public List<String> columnNames() {
      return whole.columnNames();
    }

    @Override
    public long count() {
      return whole.count();
    }

    @Override
    public void close() {
      left.close();
      right.close();
    }
  }

  @Test
  void rowsInTwoPlacesGiveTheBitsOfOne() {
    GaussianFamily family = GaussianFamily.of(CovarianceStructure.VVE);
    try (Kernels kernels = Backends.open("java")) {
      int batch = 256 * kernels.batchBlocks(2, 3);
      Observations all = clouds(8 * batch, 9);
      int[] first = IntStream.range(0, 4 * batch).toArray();
      int[] second = IntStream.range(4 * batch, 8 * batch).toArray();
      Rows left = InMemoryRows.of(all.select(first), Encoding.IDENTITY, kernels, 3);
      Rows right =
          InMemoryRows.of(
              all.select(second),
              Encoding.IDENTITY,
              kernels,
              3,
              (from, count) -> RowContext.at(4L * batch + from));
      MixtureFitter<Gaussian> fitter =
          MixtureFitter.of(family, 3)
              .initializer(Initializer.hierarchical())
              .options(EmOptions.defaults().withMaxIterations(8).withBackend("java"));
      try (Rows one = InMemoryRows.of(all, Encoding.IDENTITY, kernels, 3);
          Rows halves = new Halves(left, right, one)) {
        MixtureFitter<Gaussian> labelled = fitter.labels(new int[8 * batch]);
        assertThrows(IllegalArgumentException.class, () -> labelled.fit(one));
        MixtureFit<Gaussian> expected = fitter.fit(one);
        MixtureFit<Gaussian> found = fitter.fit(halves);
        assertEquals(expected.mixture(), found.mixture());
        assertEquals(
            expected.diagnostics().logLikelihoodTrace(), found.diagnostics().logLikelihoodTrace());
        assertEquals(expected.icl(), found.icl());
        assertNotEquals(
            expected.diagnostics().logLikelihoodTrace().get(0), expected.logLikelihood());
      }
    }
  }
}
