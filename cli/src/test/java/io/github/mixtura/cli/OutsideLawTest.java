package io.github.mixtura.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.mixtura.codec.Cursor;
import io.github.mixtura.codec.LawEntry;
import io.github.mixtura.codec.SavedModel;
import io.github.mixtura.compute.Encoding;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.data.DataFormatException;
import io.github.mixtura.data.DataSummary;
import io.github.mixtura.data.Observations;
import io.github.mixtura.data.UnusableDataException;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.distribution.Sampled;
import io.github.mixtura.em.Accumulator;
import io.github.mixtura.em.EmOptions;
import io.github.mixtura.em.Family;
import io.github.mixtura.em.Layout;
import io.github.mixtura.em.MixtureFit;
import io.github.mixtura.em.MixtureFitter;
import io.github.mixtura.em.Stage;
import io.github.mixtura.em.Statistics;
import io.github.mixtura.em.selection.ModelSelection;
import io.github.mixtura.em.selection.Selection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A law that the library does not know is fitted, selected, saved, read, printed and drawn. */
class OutsideLawTest {
  /** f(x) = x/σ² exp(−x²/2σ²), x &gt; 0; σ in the unit of x. */
  record Rayleigh(double sigma) implements Component, Sampled {
    @Override
    public int dimension() {
      return 1;
    }

    @Override
    public double logDensity(double... x) {
      return x[0] > 0
          ? Math.log(x[0]) - 2 * Math.log(sigma) - x[0] * x[0] / (2 * sigma * sigma)
          : Double.NEGATIVE_INFINITY;
    }

    @Override
    public double[] sample(RandomGenerator random) {
      return new double[] {sigma * Math.sqrt(-2 * Math.log(1 - random.nextDouble()))};
    }

    @Override
    public Encoding encoding() {
      return Positive.INSTANCE;
    }
  }

  /** Positive numbers as they are. */
  enum Positive implements Encoding {
    INSTANCE;

    @Override
    public int columns(int dimension) {
      return dimension;
    }

    @Override
    public double[][] encode(double[][] columns, int rows) {
      return columns;
    }

    @Override
    public BadValue check(double[][] columns, int rows) {
      for (int i = 0; i < rows; i++) {
        if (!(columns[0][i] > 0)) {
          return new BadValue(i, 0, "positive numbers");
        }
      }
      return null;
    }
  }

  static final class RayleighFamily implements Family<Rayleigh> {
    @Override
    public String name() {
      return "rayleigh";
    }

    @Override
    public Class<Rayleigh> law() {
      return Rayleigh.class;
    }

    @Override
    public Encoding encoding() {
      return Positive.INSTANCE;
    }

    @Override
    public Layout layout(int dimension, int components) {
      return new Layout(3);
    }

    @Override
    public int parameterCount(int dimension, int components) {
      return components;
    }

    @Override
    public List<Rayleigh> initial(double[][] centres, DataSummary summary) {
      return Arrays.stream(centres).map(centre -> new Rayleigh(centre[0])).toList();
    }

    @Override
    public Accumulator accumulator(List<Rayleigh> current, Kernels kernels, Stage stage) {
      double[][] zeros = new double[current.size()][1];
      return (batch, workspace, into) ->
          kernels.moments(
              batch, zeros, Kernels.Order.DIAGONAL, workspace, into.values(), 0, into.stride());
    }

    @Override
    public List<Rayleigh> maximize(
        Statistics sums, List<Rayleigh> current, Stage stage, BooleanSupplier hurry) {
      return IntStream.range(0, current.size())
          .mapToObj(
              k ->
                  new Rayleigh(Math.sqrt(sums.values()[sums.offset(k) + 2] / (2 * sums.weight(k)))))
          .toList();
    }
  }

  /** Found as a service. */
  public static final class RayleighEntry implements LawEntry<Rayleigh> {
    @Override
    public String name() {
      return "rayleigh";
    }

    @Override
    public Class<Rayleigh> law() {
      return Rayleigh.class;
    }

    @Override
    public void write(Rayleigh component, ObjectNode into) {
      into.put("sigma", component.sigma());
    }

    @Override
    public Rayleigh read(Cursor from, int dimension, boolean diagonal) {
      return new Rayleigh(from.get("sigma").number(Double.MIN_VALUE, Double.MAX_VALUE));
    }

    @Override
    public Description describe(Rayleigh component) {
      double[] mode = {component.sigma()};
      return new Description(List.of(), List.of(new PerColumn("mode", mode, false)), null, null);
    }
  }

  private static Observations rows() {
    SplittableRandom random = new SplittableRandom(2);
    double[] x = new double[2000];
    for (int i = 0; i < x.length; i++) {
      x[i] = new Rayleigh(i % 3 == 0 ? 1 : 10).sample(random)[0];
    }
    return Observations.of(x);
  }

  @Test
  void itGoesAllTheWay(@TempDir Path folder) throws Exception {
    Observations rows = rows();
    Selection selection =
        ModelSelection.over(List.of(new RayleighFamily()), 1, 2, 3)
            .options(EmOptions.defaults().withTolerance(1e-10))
            .select(rows);
    MixtureFit<?> fit = selection.best().orElseThrow().fit();
    assertEquals(2, fit.mixture().componentCount());
    Rayleigh wide = (Rayleigh) fit.mixture().component(0);
    assertEquals(10, wide.sigma(), 0.3);
    assertEquals(2.0 / 3, fit.mixture().weight(0), 0.03);

    Path file = folder.resolve("rayleigh.json");
    SavedModel saved =
        new SavedModel("rayleigh", null, OptionalDouble.empty(), List.of("x"), fit.mixture());
    saved.write(file);
    assertEquals(fit.mixture(), SavedModel.read(file).mixture());
    Files.writeString(file, Files.readString(file).replace("\"sigma\"", "\"sigmas\""));
    String message =
        assertThrows(DataFormatException.class, () -> SavedModel.read(file)).getMessage();
    assertTrue(message.endsWith("$.components[0].sigma is missing"), message);

    String text = FitText.report(fit, rows, Angles.RADIANS, AngleRange.ofModels(Angles.RADIANS));
    assertTrue(text.contains("rayleigh, 2 components"), text);
    assertTrue(text.contains("mode"), text);
    Path picture = folder.resolve("rayleigh.png");
    Plots.mixture(fit, rows).save(picture);
    assertTrue(Files.size(picture) > 1000);
  }

  @Test
  void valuesOutsideItsSupportAreNamed() {
    double[] x = {1, 2, -3, 4};
    String message =
        assertThrows(
                UnusableDataException.class,
                () -> MixtureFitter.of(new RayleighFamily(), 1).fit(Observations.of(x)))
            .getMessage();
    assertTrue(message.contains("row 3") && message.contains("positive numbers"), message);
  }
}
