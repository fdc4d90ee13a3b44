package io.github.mixtura.em;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.distribution.StudentT;
import io.github.mixtura.distribution.VonMises;
import io.github.mixtura.em.directional.VonMisesFamily;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.GaussianFamily;
import io.github.mixtura.em.init.Initializer;
import io.github.mixtura.em.student.DegreesOfFreedom;
import io.github.mixtura.em.student.StudentTFamily;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The bits of every log-likelihood and parameter of fits of all families, structures and starts, as
 * they were recorded. {@code -Dmixtura.record=FILE} writes them anew; they hold for processors
 * whose elementary functions round alike, and the test is skipped on others.
 */
public abstract class TraceRecord {
  private static final int ITERATIONS = 12;
  private static final int[] THREADS = {1, 2, 7};

  /** Name of the backend under test. */
  protected abstract String backend();

  /** What the bits depend on beside the elementary functions. */
  protected abstract int lanes();

  @Test
  @Tag("full")
  void bitsAreThoseOfTheRecord() throws IOException {
    Map<String, String> actual = new LinkedHashMap<>();
    actual.put("machine", machine());
    fits().forEach((name, bits) -> actual.put(name, bits));
    String target = System.getProperty("mixtura.record");
    if (target != null) {
      StringBuilder text = new StringBuilder();
      actual.forEach((name, bits) -> text.append(name).append(' ').append(bits).append('\n'));
      Files.writeString(Path.of(target), text);
    }
    Map<String, String> expected = recorded();
    assumeTrue(
        machine().equals(expected.get("machine")),
        "elementary functions round differently here: the record cannot be compared");
    assertEquals(String.join("\n", lines(expected)), String.join("\n", lines(actual)));
  }

  private static List<String> lines(Map<String, String> map) {
    return new TreeMap<>(map)
        .entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).toList();
  }

  private Map<String, String> recorded() throws IOException {
    Map<String, String> result = new LinkedHashMap<>();
    try (InputStream in = getClass().getResourceAsStream("traces-" + backend() + ".txt")) {
      if (in != null) {
        new String(in.readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .forEach(
                line -> {
                  int at = line.lastIndexOf(' ');
                  result.put(line.substring(0, at), line.substring(at + 1));
                });
      }
    }
    return result;
  }

  private String machine() {
    Bits bits = new Bits();
    bits.add(lanes());
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < 2000; i++) {
      double x = random.nextDouble(1e-3, 30);
      for (double y :
          new double[] {Math.log(x), Math.exp(x), Math.sin(x), Math.cos(x), Math.pow(x, 0.3)}) {
        bits.add(y);
      }
    }
    return bits.toString();
  }

  private Map<String, String> fits() {
    Map<String, String> result = new LinkedHashMap<>();
    int[] rows = {400, 350, 300};
    int[] columns = {1, 2, 4};
    for (int c = 0; c < rows.length; c++) {
      Observations data = rows(rows[c], columns[c], 3, c);
      for (CovarianceStructure structure : CovarianceStructure.all(columns[c])) {
        GaussianFamily gaussian = GaussianFamily.of(structure);
        for (var start : starts(data, 3).entrySet()) {
          result.put(
              gaussian.structure(columns[c]) + " " + data.columns() + " " + start.getKey(),
              bits(fitter(gaussian, 3, start.getValue()), data, 1));
        }
        for (DegreesOfFreedom degrees :
            List.of(
                DegreesOfFreedom.free(), DegreesOfFreedom.shared(), DegreesOfFreedom.fixed(5))) {
          StudentTFamily student = StudentTFamily.of(structure, degrees);
          result.put(
              "t " + student.structure(columns[c]) + " " + data.columns() + " " + degrees,
              bits(fitter(student, 2, Initializer.kMeans()), data, 1));
        }
      }
    }
    Observations angles = rows(300, 2, 3, 9);
    int number = 0;
    for (Initializer start :
        List.of(Initializer.kMeans(), Initializer.random(), Initializer.hierarchical())) {
      result.put(
          "von-mises start " + ++number, bits(fitter(VonMisesFamily.of(), 3, start), angles, 1));
    }
    double[] weights = new SplittableRandom(5).doubles(350, 0.1, 3).toArray();
    Observations weighted = rows(350, 2, 3, 1).withWeights(weights);
    result.put(
        "weighted",
        bits(
            fitter(GaussianFamily.of(CovarianceStructure.VVE), 3, Initializer.kMeans()),
            weighted,
            1));
    Observations many = rows(30_000, 2, 3, 7);
    for (int threads : THREADS) {
      for (CovarianceStructure structure :
          List.of(CovarianceStructure.VVV, CovarianceStructure.EEI)) {
        GaussianFamily gaussian = GaussianFamily.of(structure);
        result.put(
            "many " + structure + " " + threads,
            bits(fitter(gaussian, 3, Initializer.kMeans()), many, threads));
        StudentTFamily student = StudentTFamily.of(structure, DegreesOfFreedom.free());
        result.put(
            "many t " + structure + " " + threads,
            bits(fitter(student, 2, Initializer.kMeans()), many, threads));
      }
      result.put(
          "many von-mises " + threads,
          bits(fitter(VonMisesFamily.of(), 2, Initializer.kMeans()), many, threads));
    }
    return result;
  }

  private static Map<String, Initializer> starts(Observations data, int components) {
    SplittableRandom random = new SplittableRandom(8);
    int[] labels = random.ints(data.rows(), 0, components).toArray();
    double[][] soft = new double[data.rows()][];
    Arrays.setAll(soft, i -> random.doubles(components, 0.1, 1).toArray());
    Map<String, Initializer> result = new LinkedHashMap<>();
    result.put("k-means", Initializer.kMeans());
    result.put("random", Initializer.random());
    result.put("ward", Initializer.hierarchical());
    result.put("model-based", Initializer.modelBased());
    result.put("labels", Initializer.labels(labels));
    result.put("soft", Initializer.responsibilities(soft));
    return result;
  }

  private static <C extends Component> MixtureFitter<C> fitter(
      Family<C> family, int components, Initializer start) {
    return MixtureFitter.of(family, components).initializer(start);
  }

  private <C extends Component> String bits(
      MixtureFitter<C> fitter, Observations data, int threads) {
    Bits bits = new Bits();
    for (Acceleration acceleration : Acceleration.values()) {
      MixtureFit<C> fit =
          fitter
              .options(
                  EmOptions.defaults()
                      .withMaxIterations(ITERATIONS)
                      .withStarts(2)
                      .withSeed(3)
                      .withAcceleration(acceleration)
                      .withThreads(threads)
                      .withBackend(backend()))
              .fit(data);
      fit.diagnostics().logLikelihoodTrace().forEach(bits::add);
      bits.add(fit.bic());
      bits.add(fit.icl());
      for (int k = 0; k < fit.mixture().componentCount(); k++) {
        bits.add(fit.mixture().weight(k));
        add(fit.mixture().component(k), bits);
      }
    }
    return bits.toString();
  }

  private static void add(Component component, Bits bits) {
    if (component instanceof Gaussian law) {
      bits.add(law.mean());
      bits.add(law.covariance().toMatrix().getData());
    } else if (component instanceof StudentT law) {
      bits.add(law.mean());
      bits.add(law.scale().toMatrix().getData());
      bits.add(law.degreesOfFreedom());
    } else if (component instanceof VonMises law) {
      bits.add(law.meanDirection());
      bits.add(law.concentration());
    } else {
      throw new IllegalStateException("another law: " + component);
    }
  }

  private static Observations rows(int count, int columns, int groups, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] x = new double[count][columns];
    for (int i = 0; i < count; i++) {
      int group = random.nextInt(groups);
      double common = random.nextGaussian();
      for (int j = 0; j < columns; j++) {
        x[i][j] =
            2 * group * (j % 2 == 0 ? 1 : -1)
                + 0.5 * common
                + (0.4 + 0.2 * group) * random.nextGaussian();
      }
    }
    return Observations.of(x);
  }

  /** A running hash of bits (FNV-1a with 64 bits). */
  private static final class Bits {
    private long hash = 0xcbf29ce484222325L;

    void add(double value) {
      long bits = Double.doubleToLongBits(value);
      for (int i = 0; i < 8; i++) {
        hash = (hash ^ (bits & 0xff)) * 0x100000001b3L;
        bits >>>= 8;
      }
    }

    void add(double[] values) {
      Arrays.stream(values).forEach(this::add);
    }

    @Override
    public String toString() {
      return String.format("%016x", hash);
    }
  }
}
