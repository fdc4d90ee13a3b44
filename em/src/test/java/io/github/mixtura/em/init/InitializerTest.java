package io.github.mixtura.em.init;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.compute.Backends;
import io.github.mixtura.compute.Encoding;
import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.Covariance;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.distribution.VonMises;
import io.github.mixtura.em.EmOptions;
import io.github.mixtura.em.InMemoryRows;
import io.github.mixtura.em.MixtureFit;
import io.github.mixtura.em.MixtureFitter;
import io.github.mixtura.em.Reference;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.GaussianFamily;
import io.github.mixtura.mixture.Mixture;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class InitializerTest {

  static Stream<Initializer> own() {
    return Stream.of(
        Initializer.kMeans(),
        Initializer.random(),
        Initializer.hierarchical(),
        Initializer.modelBased());
  }

  private static Initializer.Data data(Observations rows, Encoding encoding) {
    return new Initializer.Data(
        rows,
        encoding,
        InMemoryRows.of(rows, encoding, Backends.open("java"), 1).summary(false),
        IntStream.range(0, rows.rows()).toArray(),
        rows.rows());
  }

  private static int[] labels(Initializer initializer, Observations rows, int count, long seed) {
    return ((Start.Partition)
            initializer.start(data(rows, Encoding.IDENTITY), count, new SplittableRandom(seed)))
        .labels();
  }

  /** Three clouds in columns of very unlike units. */
  private static double[][] clouds(int rows) {
    SplittableRandom random = new SplittableRandom(51);
    double[][] x = new double[rows][];
    for (int i = 0; i < rows; i++) {
      x[i] =
          new double[] {
            1e6 * (10 * (i % 3) + random.nextGaussian()),
            1e-6 * (20 * (i % 3 % 2) + random.nextGaussian())
          };
    }
    return x;
  }

  /** The same partition, whatever the numbers of its parts. */
  private static void assertSamePartition(int[] expected, int[] found) {
    assertEquals(partition(expected), partition(found));
  }

  private static List<List<Integer>> partition(int[] labels) {
    Map<Integer, List<Integer>> parts =
        IntStream.range(0, labels.length).boxed().collect(Collectors.groupingBy(i -> labels[i]));
    return parts.values().stream().sorted((a, b) -> Integer.compare(a.get(0), b.get(0))).toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {90, 1999, 2500, 25_000})
  void clearGroupsAreFound(int rows) {
    Observations x = Observations.of(clouds(rows));
    int[] truth = IntStream.range(0, rows).map(i -> i % 3).toArray();
    assertSamePartition(truth, labels(Initializer.hierarchical(), x, 3, 1));
    assertSamePartition(truth, labels(Initializer.modelBased(), x, 3, 1));
    boolean found = false;
    for (int seed = 1; seed <= 5 && !found; seed++) {
      found = partition(truth).equals(partition(labels(Initializer.kMeans(), x, 3, seed)));
    }
    assertTrue(found, "k-means, best of five starts");
  }

  @ParameterizedTest
  @MethodSource("own")
  void everyPartIsUsedAndTheSeedReproduces(Initializer initializer) {
    Observations x = Reference.data("iris.csv", List.of());
    for (int count : new int[] {1, 2, 5, 20}) {
      int[] labels = labels(initializer, x, count, 3);
      assertEquals(x.rows(), labels.length);
      assertEquals(count, Arrays.stream(labels).distinct().count());
      assertTrue(Arrays.stream(labels).allMatch(label -> label >= 0 && label < count));
      assertArrayEquals(labels, labels(initializer, x, count, 3));
    }
  }

  @Test
  void kMeansEndsWhereEveryRowIsNearestToItsMean() {
    Observations x = Reference.data("faithful.csv", List.of());
    int count = 4;
    int[] labels = labels(Initializer.kMeans(), x, count, 9);
    double[] scale = {variance(x.column(0)), variance(x.column(1))};
    double[][] mean = new double[count][2];
    int[] size = new int[count];
    for (int i = 0; i < labels.length; i++) {
      size[labels[i]]++;
    }
    for (int i = 0; i < labels.length; i++) {
      for (int j = 0; j < 2; j++) {
        mean[labels[i]][j] += x.get(i, j) / size[labels[i]];
      }
    }
    for (int i = 0; i < labels.length; i++) {
      double[] distance = new double[count];
      for (int k = 0; k < count; k++) {
        for (int j = 0; j < 2; j++) {
          double z = x.get(i, j) - mean[k][j];
          distance[k] += z * z / scale[j];
        }
      }
      double least = Arrays.stream(distance).min().orElseThrow();
      assertEquals(least, distance[labels[i]], 1e-9, "row " + i);
    }
  }

  private static double variance(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / values.length;
  }

  @Test
  void wardsTreeIsThatOfPlainAgglomeration() {
    SplittableRandom random = new SplittableRandom(52);
    for (int trial = 0; trial < 10; trial++) {
      double[][] points = new double[40][3];
      double[] weights = new double[points.length];
      for (int i = 0; i < points.length; i++) {
        weights[i] = trial % 2 == 0 ? 1 : 0.5 + random.nextDouble();
        for (int j = 0; j < 3; j++) {
          points[i][j] = random.nextGaussian();
        }
      }
      Tree tree = Ward.tree(points, weights);
      for (int groups = 1; groups <= points.length; groups++) {
        assertSamePartition(agglomerated(points, weights, groups), tree.cut(groups));
      }
    }
  }

  /** Joins, again and again, the two groups whose union raises the sum of squares least. */
  private static int[] agglomerated(double[][] points, double[] weights, int groups) {
    int n = points.length;
    int[] label = IntStream.range(0, n).toArray();
    for (int left = n; left > groups; left--) {
      double least = Double.POSITIVE_INFINITY;
      int first = -1;
      int second = -1;
      for (int a = 0; a < n; a++) {
        for (int b = 0; b < a; b++) {
          double cost = label[a] == a && label[b] == b ? cost(points, weights, label, a, b) : 1e99;
          if (cost < least) {
            least = cost;
            first = a;
            second = b;
          }
        }
      }
      for (int i = 0; i < n; i++) {
        label[i] = label[i] == first ? second : label[i];
      }
    }
    return label;
  }

  private static double cost(double[][] points, double[] weights, int[] label, int a, int b) {
    double[] total = new double[2];
    double[][] mean = new double[2][points[0].length];
    for (int pass = 0; pass < 2; pass++) {
      for (int i = 0; i < points.length; i++) {
        int part = label[i] == a ? 0 : label[i] == b ? 1 : -1;
        if (part >= 0 && pass == 0) {
          total[part] += weights[i];
        } else if (part >= 0) {
          for (int j = 0; j < mean[part].length; j++) {
            mean[part][j] += weights[i] * points[i][j] / total[part];
          }
        }
      }
    }
    return total[0] * total[1] / (total[0] + total[1]) * Features.squaredDistance(mean[0], mean[1]);
  }

  @Test
  void anglesAreComparedAroundTheCircle() {
    double[][] x = new double[40][1];
    for (int i = 0; i < x.length; i++) {
      x[i][0] = (i % 2 == 0 ? Math.PI : 0) + 0.01 * (i % 5 - 2);
      x[i][0] = Math.IEEEremainder(x[i][0], 2 * Math.PI);
    }
    Observations rows = Observations.of(x);
    for (Initializer initializer : List.of(Initializer.kMeans(), Initializer.hierarchical())) {
      Start.Partition start =
          (Start.Partition)
              initializer.start(data(rows, Encoding.ANGLES), 2, new SplittableRandom(1));
      assertSamePartition(IntStream.range(0, x.length).map(i -> i % 2).toArray(), start.labels());
    }
  }

  @ParameterizedTest
  @MethodSource("own")
  void asManyComponentsAsRowsIsAStart(Initializer initializer) {
    Observations x = Observations.of(clouds(6));
    assertEquals(6, Arrays.stream(labels(initializer, x, 6, 1)).distinct().count());
  }

  private static final Observations ROWS = Observations.of(new double[] {1, 2, 3, 7, 8, 9.5});

  private static MixtureFitter<Gaussian> fitter(int components) {
    return MixtureFitter.of(GaussianFamily.of(CovarianceStructure.VVV), components)
        .options(EmOptions.defaults().withThreads(1).withMaxIterations(0));
  }

  private static void assertRefused(Initializer initializer, String... parts) {
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> fitter(2).initializer(initializer).fit(ROWS))
            .getMessage();
    for (String part : parts) {
      assertTrue(message.contains(part), () -> "'" + part + "' is not in: " + message);
    }
  }

  @Test
  void labelsGiveTheMomentsOfTheirRows() {
    MixtureFit<Gaussian> fit =
        fitter(2).initializer(Initializer.labels(1, 1, 1, 0, 0, 0)).fit(ROWS);
    assertEquals(8 + 1 / 6.0, fit.mixture().component(0).mean()[0], 1e-14);
    assertEquals(2, fit.mixture().component(1).mean()[0], 1e-14);
    assertEquals(2 / 3.0, fit.mixture().component(1).covariance().get(0, 0), 1e-14);
    assertEquals(0.5, fit.mixture().weight(0));
  }

  @Test
  void labelsMustFitTheRows() {
    assertRefused(Initializer.labels(0, 1, 0), "3 labels", "6");
    assertRefused(Initializer.labels(0, 1, 0, 2, 1, 0), "row 4", "number 3");
    assertRefused(Initializer.labels(0, 1, 0, -1, 1, 0), "row 4", "number 0");
    assertRefused(Initializer.labels(0, 0, 0, 0, 0, 0), "number 2", "not used");
  }

  @Test
  void labelsOfRowsLeftOutDoNotCount() {
    Observations weighted = ROWS.withWeights(1, 1, 1, 1, 1, 0);
    MixtureFit<Gaussian> fit =
        fitter(2).initializer(Initializer.labels(0, 0, 0, 1, 1, 9)).fit(weighted);
    assertEquals(7.5, fit.mixture().component(1).mean()[0], 1e-14);
    assertThrows(
        IllegalArgumentException.class,
        () -> fitter(2).initializer(Initializer.labels(0, 0, 0, 0, 0, 1)).fit(weighted));
  }

  @Test
  void responsibilitiesAreScaledAndGiveWeightedMoments() {
    double[][] r = {{2, 0}, {1, 1}, {1, 3}, {0, 5}, {0, 0.1}, {0, 1}};
    MixtureFit<Gaussian> fit = fitter(2).initializer(Initializer.responsibilities(r)).fit(ROWS);
    double n = 1 + 0.5 + 0.25;
    assertEquals(n / 6, fit.mixture().weight(0), 1e-14);
    assertEquals((1 + 0.5 * 2 + 0.25 * 3) / n, fit.mixture().component(0).mean()[0], 1e-14);
  }

  @Test
  void responsibilitiesMustFitTheRows() {
    double[][] r = new double[6][2];
    for (double[] row : r) {
      Arrays.fill(row, 0.5);
    }
    assertRefused(Initializer.responsibilities(Arrays.copyOf(r, 4)), "4 rows", "6");
    for (double[] bad :
        List.of(
            new double[] {0, 0},
            new double[] {-1, 2},
            new double[] {Double.NaN, 1},
            new double[] {Double.POSITIVE_INFINITY, 1},
            new double[] {1})) {
      double[][] changed = r.clone();
      changed[2] = bad;
      assertRefused(Initializer.responsibilities(changed), "row 3", Arrays.toString(bad));
    }
  }

  @Test
  void aModelMustFitTheDataAndTheFamily() {
    Gaussian line = Gaussian.of(0, 1);
    assertRefused(Initializer.model(Mixture.of(List.of(line), 1)), "1 components", "2");
    Gaussian plane = Gaussian.of(new double[2], Covariance.diagonal(1, 1));
    assertRefused(
        Initializer.model(Mixture.of(List.of(plane, plane), 0.5, 0.5)), "2 columns", "in 1");
    VonMises angle = VonMises.of(0, 1);
    assertRefused(
        Initializer.model(Mixture.of(List.of(angle, angle), 0.5, 0.5)), "VonMises", "Gaussian");
  }

  @Test
  void onlyGivenStartsKeepTheirOrder() {
    assertTrue(Initializer.labels(0).keepsOrder());
    assertTrue(Initializer.labels(0).isDeterministic());
    assertTrue(Initializer.hierarchical().isDeterministic());
    assertFalse(Initializer.hierarchical().keepsOrder());
    assertFalse(Initializer.kMeans().isDeterministic());
    assertFalse(Initializer.random().isDeterministic());
  }

  /**
   * The groups that mclust 6.0.0's hc(modelName = "VVV", use = "SVD") finds in the diabetes data,
   * by their sizes.
   */
  @Test
  void modelBasedGroupsOfTheDiabetesData() {
    Observations rows = Reference.data("diabetes.csv", List.of("glucose", "insulin", "sspg"));
    assertArrayEquals(new int[] {32, 113}, sizes(labels(Initializer.modelBased(), rows, 2, 1), 2));
    assertArrayEquals(
        new int[] {32, 56, 57}, sizes(labels(Initializer.modelBased(), rows, 3, 1), 3));
    assertArrayEquals(
        new int[] {10, 10, 12, 22, 35, 56}, sizes(labels(Initializer.modelBased(), rows, 6, 1), 6));
  }

  private static int[] sizes(int[] labels, int groups) {
    int[] sizes = new int[groups];
    for (int label : labels) {
      sizes[label]++;
    }
    Arrays.sort(sizes);
    return sizes;
  }
}
