package io.github.mixtura.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.data.DataFormatException;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.distribution.Covariance;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.distribution.StudentT;
import io.github.mixtura.distribution.VonMises;
import io.github.mixtura.mixture.Mixture;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelCodecTest {
  private static final OptionalDouble NONE = OptionalDouble.empty();

  @TempDir private Path folder;

  private static String golden(String name) throws IOException {
    try (InputStream in =
        ModelCodecTest.class.getResourceAsStream("/reference/codec/" + name + ".json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private SavedModel read(String text) throws IOException {
    return SavedModel.read(Files.writeString(folder.resolve("model.json"), text));
  }

  /** What the golden files hold, written down a second time. */
  private static SavedModel expected(String name) {
    return switch (name) {
      case "gaussian-full" ->
          new SavedModel(
              "gaussian",
              "VVV",
              NONE,
              List.of("eruptions", "waiting"),
              Mixture.of(
                  List.of(
                      Gaussian.of(
                          new double[] {4.289, 79.968},
                          new DMatrixRMaj(new double[][] {{0.17, 0.9405}, {0.9405, 36.045}})),
                      Gaussian.of(
                          new double[] {2.036, 54.479},
                          new DMatrixRMaj(new double[][] {{0.0692, 0.4352}, {0.4352, 33.698}}))),
                  0.625,
                  0.375));
      case "gaussian-diagonal" ->
          new SavedModel(
              "gaussian",
              "VVI",
              NONE,
              List.of("x1", "x2"),
              Mixture.of(
                  List.of(
                      Gaussian.of(new double[] {-1, 0.1}, Covariance.diagonal(2, 1e-10)),
                      Gaussian.of(new double[] {1e8, 3}, Covariance.diagonal(1.0 / 3, 5e20))),
                  0.1,
                  0.9));
      case "student-t" ->
          new SavedModel(
              "student-t",
              "V",
              NONE,
              List.of("velocity \"km/s\", µ"),
              Mixture.of(List.of(StudentT.of(20.83, 4, 2.5)), 1));
      default ->
          new SavedModel(
              "von-mises",
              null,
              OptionalDouble.of(360),
              List.of("phi_deg", "psi_deg"),
              Mixture.of(
                  List.of(
                      VonMises.of(new double[] {-1.125, 3}, new double[] {12.5, 0}),
                      VonMises.of(new double[] {0.5, -2.25}, new double[] {1e6, 3.75})),
                  0.75,
                  0.25));
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"gaussian-full", "gaussian-diagonal", "student-t", "von-mises"})
  void goldenFilesAreReadAndWrittenAsTheyAre(String name) throws IOException {
    assertEquals(expected(name), read(golden(name)));
    Path written = folder.resolve("written.json");
    expected(name).write(written);
    assertEquals(golden(name), Files.readString(written));
  }

  @Test
  void diagonalMatricesStayDiagonal() throws IOException {
    Mixture<?> mixture = read(golden("gaussian-diagonal")).mixture();
    assertTrue(((Gaussian) mixture.component(1)).covariance().isDiagonal());
    assertFalse(
        ((Gaussian) read(golden("gaussian-full")).mixture().component(1))
            .covariance()
            .isDiagonal());
    String unnamed = golden("gaussian-diagonal").replaceFirst(".*covarianceStructure.*\n", "");
    assertTrue(((Gaussian) read(unnamed).mixture().component(0)).covariance().isDiagonal());
  }

  @ParameterizedTest
  @CsvSource({
    "gaussian, 1",
    "gaussian, 2",
    "gaussian, 7",
    "student-t, 1",
    "student-t, 3",
    "von-mises, 1",
    "von-mises, 4"
  })
  void roundTripsAreExact(String family, int dimension) {
    SplittableRandom random = new SplittableRandom(20);
    for (int repeat = 0; repeat < 50; repeat++) {
      int count = 1 + random.nextInt(6);
      boolean diagonal = dimension == 1 || random.nextBoolean();
      List<Component> components = new ArrayList<>();
      double[] weights = new double[count];
      for (int k = 0; k < count; k++) {
        components.add(component(family, dimension, diagonal, random));
        weights[k] = Math.exp(10 * random.nextDouble());
      }
      double total = Arrays.stream(weights).sum();
      Mixture<Component> mixture =
          Mixture.of(components, Arrays.stream(weights).map(w -> w / total).toArray());
      List<String> names =
          IntStream.range(0, dimension).mapToObj(j -> "column, \"" + j + "\"\n").toList();
      SavedModel model = new SavedModel(family, null, NONE, names, mixture);
      Path file = folder.resolve("round.json");
      model.write(file);
      SavedModel back = SavedModel.read(file);
      assertEquals(model, back, () -> "repeat with seed 20: " + mixture);
      double[] x = mixture.sample(random);
      assertEquals(mixture.logDensity(x), back.mixture().logDensity(x));
      assertArrayEquals(mixture.responsibilities(x), back.mixture().responsibilities(x));
    }
  }

  private static Component component(
      String family, int dimension, boolean diagonal, SplittableRandom random) {
    double[] mean = random.doubles(dimension).map(v -> 1e3 * (v - 0.5)).toArray();
    if (family.equals("von-mises")) {
      return VonMises.of(
          random.doubles(dimension, -3, 3).toArray(),
          random.doubles(dimension).map(v -> Math.exp(20 * v - 5)).toArray());
    }
    Covariance matrix =
        diagonal
            ? Covariance.diagonal(random.doubles(dimension).map(v -> 1e-6 + v).toArray())
            : full(dimension, random);
    return family.equals("gaussian")
        ? Gaussian.of(mean, matrix)
        : StudentT.of(mean, matrix, 0.5 + 100 * random.nextDouble());
  }

  private static Covariance full(int d, SplittableRandom random) {
    double[][] a =
        Stream.generate(() -> random.doubles(d).toArray()).limit(d).toArray(double[][]::new);
    DMatrixRMaj product = new DMatrixRMaj(d, d);
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < d; j++) {
        double sum = i == j ? 0.1 : 0;
        for (int m = 0; m < d; m++) {
          sum += a[i][m] * a[j][m];
        }
        product.set(i, j, sum);
      }
    }
    return Covariance.full(product);
  }

  @Test
  void unknownFieldsAreIgnored() throws IOException {
    String more = golden("student-t").replaceFirst("\\{", "{\"note\" : {\"by\" : [1, null]}, ");
    assertEquals(expected("student-t"), read(more));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mixtura/model/1 | mixtura/model/2 | $.schema | later version",
        "mixtura/model/1 | mixtura/fit/1 | $.schema | must be mixtura/model/1",
        "\"gaussian\" | \"poisson\" | $.family | must be one of gaussian, student-t, von-mises",
        "\"VVV\" | \"VVX\" | $.covarianceStructure | must be one of the 14 names",
        "\"VVV\" | \"VVI\" | $.components | must have diagonal matrices",
        "\"dimension\" : 2 | \"dimension\" : 3 | $.columns | length 3",
        "\"dimension\" : 2 | \"dimension\" : 2.5 | $.dimension | must be a whole number from 1",
        "\"dimension\" : 2 | \"dimension\" : 0 | $.dimension | must be a whole number from 1",
        "\"waiting\" | 3 | $.columns[1] | must be a string",
        "0.625 | 0.7 | $.components | weights sum to 1.07",
        "0.625 | -0.625 | $.components[0].weight | must be in [0, 1]",
        "4.289 | \"4.289\" | $.components[0].mean[0] | must be a finite number",
        "4.289 | 1e999 | $.components[0].mean[0] | must be a finite number",
        "4.289 | null | $.components[0].mean[0] | must be a finite number",
        "4.289, 79.968 | 4.289 | $.components[0].mean | must be an array of length 2",
        "0.17, 0.9405 | 0.17 | $.components[0].covariance[0] | must be an array of length 2",
        "[ 0.9405, 36 | [ 0.9406, 36 | $.components[0].covariance[1][0] | must equal its mirror",
        "33.698 | 0.001 | $.components[1].covariance | must be positive definite",
        "\"mean\" : [ 2.036, 54.479 ], | '' | $.components[1].mean | is missing",
        "\"weight\" : 0.375, | '' | $.components[1].weight | is missing",
        "\"components\" | \"parts\" | $.components | is missing"
      })
  void faultsAreNamedWithTheirPlace(String from, String to, String place, String requirement)
      throws IOException {
    String changed = golden("gaussian-full").replace(from, to);
    String message = assertThrows(DataFormatException.class, () -> read(changed)).getMessage();
    assertTrue(message.contains("model.json"), message);
    assertTrue(message.contains(place + " ") || message.contains(place + ":"), message);
    assertTrue(message.contains(requirement), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "student-t | : 2.5 | : 0 | $.components[0].degreesOfFreedom is 0",
        "student-t | : 2.5 | : 5e-324 | $.components[0].degreesOfFreedom is 4.9E-324",
        "student-t | : 2.5 | : 1e309 | $.components[0].degreesOfFreedom",
        "student-t | \"V\" | \"VVV\" | $.covarianceStructure",
        "von-mises | 12.5, 0.0 | -12.5, 0.0 | $.components[0].concentration[0] is -12.5",
        "von-mises | 12.5, 0.0 | 12.5, 1e16 | $.components[0].concentration[1] is 1.0E16",
        "von-mises | 1000000.0, 3 | 1e308, 3 | $.components[1].concentration[0] is 1.0E308",
        "von-mises | : 360.0 | : 0 | $.period is 0",
        "von-mises | : 360.0 | : 1e300 | $.period is 1.0E300",
        "von-mises | : 360.0 | : 1e-308 | $.period is 1.0E-308",
        "student-t | \"dimension\" : 1 | \"period\" : 360, \"dimension\" : 1 | $.period is 360"
      })
  void faultsOfOtherFamilies(String name, String from, String to, String place) throws IOException {
    String changed = golden(name).replace(from, to);
    String message = assertThrows(DataFormatException.class, () -> read(changed)).getMessage();
    assertTrue(message.contains(place), message);
    assertTrue(message.contains("model.json"), message);
  }

  /** Sizes are checked before anything of that size is made. */
  @ParameterizedTest
  @ValueSource(ints = {65536, 92682, 1 << 30, Integer.MAX_VALUE})
  void sizesThatTheFileDoesNotHoldAreRefused(int dimension) throws IOException {
    for (String name : List.of("gaussian-full", "student-t", "von-mises")) {
      String changed =
          golden(name).replaceFirst("\"dimension\" : \\d", "\"dimension\" : " + dimension);
      String message = assertThrows(DataFormatException.class, () -> read(changed)).getMessage();
      assertTrue(message.contains("$.columns") && message.contains("" + dimension), message);
    }
  }

  @Test
  void deepFilesAreRefused() {
    for (int depth : new int[] {900, 5_000, 1_000_000}) {
      for (String around : List.of("%s", "{\"schema\": \"mixtura/model/1\", \"family\": %s}")) {
        String text = String.format(around, "[".repeat(depth) + "]".repeat(depth));
        assertThrows(DataFormatException.class, () -> read(text));
        String open = String.format(around, "{\"a\":".repeat(depth) + "1" + "}".repeat(depth));
        assertThrows(DataFormatException.class, () -> read(open));
      }
    }
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    String whole = golden("gaussian-full").stripTrailing();
    for (int length = 0; length < whole.length(); length += 7) {
      String part = whole.substring(0, length);
      DataFormatException e = assertThrows(DataFormatException.class, () -> read(part));
      assertTrue(e.getMessage().contains("model.json"), e.getMessage());
    }
  }

  @Test
  void whatIsNoModelFileIsRefused() {
    assertThrows(DataFormatException.class, () -> read("[1, 2]"));
    assertThrows(DataFormatException.class, () -> read("3"));
    assertThrows(DataFormatException.class, () -> read("a,b\n1,2\n"));
    assertThrows(DataFormatException.class, () -> read(golden("student-t") + "{}"));
    assertThrows(DataFormatException.class, () -> SavedModel.read(folder));
    assertThrows(DataFormatException.class, () -> SavedModel.read(folder.resolve("none.json")));
  }

  @Test
  void nothingIsLeftBesideTheFile() throws IOException {
    expected("student-t").write(folder.resolve("a.json"));
    expected("von-mises").write(folder.resolve("a.json"));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(folder.resolve("a.json")), files.toList());
    }
    assertEquals(expected("von-mises"), SavedModel.read(folder.resolve("a.json")));
  }

  @Test
  void partsThatDoNotBelongTogetherAreRefused() {
    Mixture<?> mixture = expected("student-t").mixture();
    assertThrows(
        IllegalArgumentException.class,
        () -> new SavedModel("student-t", null, NONE, List.of("a", "b"), mixture));
    assertThrows(
        IllegalArgumentException.class,
        () -> ModelCodec.toJson(new SavedModel("gaussian", null, NONE, List.of("a"), mixture)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e400", "-1e400", "NaN", "Infinity", "+1"})
  void numbersThatAreNotFiniteAreSaidToBe(String number) throws IOException {
    String text = golden("gaussian-full").replaceFirst("4\\.289", number);
    assertTrue(text.contains(number));
    DataFormatException e = assertThrows(DataFormatException.class, () -> read(text));
    assertTrue(e.getMessage().contains("must be a finite number"), e.getMessage());
    assertTrue(e.getMessage().contains("model.json"), e.getMessage());
    assertFalse(e.getMessage().contains("Feature"), e.getMessage());
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void linksStayAndTheirTargetsAreWritten() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("target.json"));
    expected("gaussian-full").write(link);
    expected("student-t").write(link);
    assertTrue(Files.isSymbolicLink(link));
    assertEquals(expected("student-t"), SavedModel.read(folder.resolve("target.json")));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(2, files.count());
    }
  }

  @Test
  void placesThatCannotBeWrittenAreNamed() {
    Path file = folder.resolve("none").resolve("model.json");
    UncheckedIOException e =
        assertThrows(UncheckedIOException.class, () -> expected("student-t").write(file));
    assertTrue(e.getMessage().startsWith(file + ": cannot be written: "), e.getMessage());
  }
}
