package io.github.mixtura.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvReaderTest {
  @TempDir private Path folder;

  private Path file(String text) {
    return file(text.getBytes(StandardCharsets.UTF_8));
  }

  private Path file(byte[] bytes) {
    try {
      return Files.write(folder.resolve("data.csv"), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Observations read(String text) {
    return Observations.ofCsv(file(text));
  }

  private static void assertRows(Observations actual, double[]... expected) {
    assertTrue(
        Arrays.deepEquals(expected, actual.toArray()), () -> Arrays.deepToString(actual.toArray()));
  }

  private void assertRefused(String text, String... parts) {
    assertRefused(CsvReader.of(file(text)), parts);
  }

  private void assertRefused(CsvReader reader, String... parts) {
    DataFormatException e = assertThrows(DataFormatException.class, reader::read);
    assertTrue(e.getMessage().contains("data.csv"), e.getMessage());
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), "'" + part + "' in: " + e.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a,b\n1,2\n3,4.5\n",
        "a,b\n1,2\n3,4.5",
        "a,b\r\n1,2\r\n3,4.5\r\n",
        "a,b\r\n1,2\r\n3,4.5",
        "\uFEFFa,b\n1,2\n3,4.5\n",
        "\n\na,b\n\n1,2\n\n\n3,4.5\n\n",
        "a;b\n1;2\n3;4.5\n",
        "a\tb\n1\t2\n3\t4.5\n",
        "\"a\",\"b\"\n\"1\",2\n3,\"4.5\"\n",
        " a , b \n 1 , 2 \n 3 , 4.5 \n",
        "a,b\n1e0,+2\n.3e1,4.50\n"
      })
  void formsOfTheSameTable(String text) {
    Observations observations = read(text);
    assertEquals(List.of("a", "b"), observations.columnNames());
    assertRows(observations, new double[] {1, 2}, new double[] {3, 4.5});
    assertFalse(observations.isWeighted());
  }

  @Test
  void withoutHeaderTheFirstLineIsData() {
    Observations observations = read("\uFEFF1,2\n3,4\n");
    assertEquals(List.of("x1", "x2"), observations.columnNames());
    assertRows(observations, new double[] {1, 2}, new double[] {3, 4});
    assertEquals(3, read("NA,1\n2,3\n4,5\n").rows());
    assertEquals(List.of("7", "b"), read("7,b\n1,2\n").columnNames());
    assertRows(read("5"), new double[] {5});
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5.1,3.5,setosa\n4.9,3,setosa\n4.7,3.2,virginica\n",
        "5.1,NA,setosa\n4.9,3,setosa\n4.7,3.2,virginica\n",
        "5.1,3.5,setosa\nNA,NA,setosa\n4.7,3.2,virginica\n"
      })
  void aFirstLineOfNumbersAndTextIsData(String text) {
    Observations observations = read(text);
    assertEquals(List.of("x1", "x2"), observations.columnNames());
    assertEquals(3, observations.rows());
    assertEquals(5.1, observations.get(0, 0));
    assertEquals(3.2, observations.get(2, 1));
  }

  @Test
  void aFirstLineOfNumbersWithATypingErrorIsRefused() {
    assertRefused("1_0,2\n3,4\n5,6\n", "line 1", "'x1'", "'1_0'", "a number");
    assertRefused("1,5;2\n1,6;3\n", "line 1", "'x1'", "'1,5'", "decimal comma");
    assertRefused("2;1,5;1,5;1,5\n3;1,6;2,5;3,5\n", "line 1", "'x2'", "'1,5'", "decimal comma");
    assertRefused("2\t1,5\t1,5\n3\t1,6\t2,5\n", "line 1", "'x2'", "'1,5'", "decimal comma");
  }

  @Test
  void columnsThatAreNumbersInTheMainAreNotTakenForText() {
    assertRefused("a;b\n1,5;2\n2,5;3\n", "line 2", "'a'", "'1,5'", "decimal comma");
    assertRefused("a;b\n1;2\n2,5;3\n", "line 3", "'a'", "'2,5'", "decimal comma");
    assertRefused("a,b\n1_0,2\n11,3\n12,4\n", "line 2", "'a'", "'1_0'", "a number");
    assertRefused("a,b\n,1\nx,2\n11,3\n", "line 3", "'a'", "'x'");
    assertEquals(List.of("b"), read("a,b\nx,2\ny,3\n12,4\n").columnNames());
    DataFormatException e =
        assertThrows(DataFormatException.class, () -> read("a,b\n1_0,2\n11,3\n"));
    assertFalse(e.getMessage().contains("decimal"), e.getMessage());
  }

  @Test
  void leftOutColumnsOfTextAreTold() {
    List<List<String>> told = new ArrayList<>();
    Path path = file("id,a,name,b\nr1,1,x,2\nr2,3,y,4\n");
    CsvReader.of(path).onLeftOut(told::add).columns(List.of("a")).read();
    assertEquals(List.of(), told);
    CsvReader.of(path).onLeftOut(told::add).weightsColumn("b").read();
    assertEquals(List.of(List.of("id", "name")), told);
    CsvReader.of(file("a,b\n1,2\n")).onLeftOut(told::add).read();
    assertEquals(1, told.size());
  }

  @Test
  void columnsOfOneNameAreRefused() {
    assertRefused("a,b,a\n1,2,3\n4,5,6\n", "1 and 3", "'a'");
    Path path = file("a,b,a\n1,2,3\n4,5,6\n");
    assertRefused(CsvReader.of(path).columns(List.of("a")), "'a'");
    assertEquals(2, CsvReader.of(path).columns(List.of("b")).read().rows());
    assertEquals(List.of("b"), read("t,b,t\nx,2,y\nx,4,z\n").columnNames());
  }

  @Test
  void delimitersAtTheEndsOfLinesMakeNoColumn() {
    assertEquals(List.of("a", "b"), read("a,b,\n1,2,\n3,4,\n").columnNames());
    assertEquals(List.of("x1", "x2"), read("1;2;\n3;4;\n").columnNames());
    assertEquals(List.of("a", ""), read("a,\n1,2\n3,\n").columnNames());
    assertRefused("a,\n" + "1,\n".repeat(1500) + "2,7\n", "line 1502", "'7'", "empty");
  }

  @Test
  void inOneColumnBlankLinesAreMissingValues() {
    double n = Double.NaN;
    assertArrayEquals(new double[] {1, n, n, 2}, read("a\n1\n\n \n2\n").column(0));
    assertArrayEquals(new double[] {1, n, 2}, read("1\r\n\r\n2\r\n\r\n\r\n").column(0));
    assertArrayEquals(new double[] {1, 2}, read("\n\na\n1\n2\n\n \n").column(0));
    Observations late = read("a\n" + "1\n".repeat(1500) + "\n2\n\n");
    assertEquals(1502, late.rows());
    assertTrue(Double.isNaN(late.get(1500, 0)));
    assertRefused("a\n1\n\n\nx\n", "line 5", "'x'");
  }

  @Test
  @Timeout(20)
  @DisabledOnOs(OS.WINDOWS)
  void pipesAreReadOnce() throws Exception {
    Path pipe = folder.resolve("data.csv");
    assertEquals(
        0, new ProcessBuilder("mkfifo", pipe.toString()).inheritIO().start().waitFor(), "mkfifo");
    StringBuilder text = new StringBuilder("\n\"a\nb\";c\n");
    for (int i = 0; i < 50_000; i++) {
      text.append(i).append(';').append(i % 7).append('\n');
    }
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> {
              try {
                Files.writeString(pipe, text, StandardOpenOption.WRITE);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    Observations observations = CsvReader.of(pipe).read();
    writer.get(10, TimeUnit.SECONDS);
    assertEquals(List.of("a\nb", "c"), observations.columnNames());
    assertEquals(50_000, observations.rows());
    assertEquals(49_999, observations.get(49_999, 0));
    assertEquals(0, observations.get(0, 0));
  }

  @Test
  void quotesHideDelimitersAndLineEnds() {
    Observations observations = read("\"width; of it; all; in cm\",\"say \"\"b\"\"\"\n1,2\n");
    assertEquals(List.of("width; of it; all; in cm", "say \"b\""), observations.columnNames());
    Observations lines = read("\"two\nlines\",b\n1,2\n");
    assertEquals(List.of("two\nlines", "b"), lines.columnNames());
    assertRefused("a,b\n\"1\",2\n3,x\n", "line 3", "'b'", "'x'");
  }

  @Test
  void missingValues() {
    Observations observations = read("a,b\n,1\nNA,2\nnan,3\nNull,4\n?,5\n6,\"\"\n7,8\n");
    assertTrue(observations.hasMissing());
    double n = Double.NaN;
    assertArrayEquals(new double[] {n, n, n, n, n, 6, 7}, observations.column(0));
    assertArrayEquals(new double[] {1, 2, 3, 4, 5, n, 8}, observations.column(1));
    assertRows(read("a\tb\n\t2\n3\t\n"), new double[] {n, 2}, new double[] {3, n});
  }

  @Test
  void textColumnsAreLeftOutUnlessAskedFor() {
    String text = "id,a,name,b\nr1,1,x,2\nr2,3,y,4\n";
    Observations observations = read(text);
    assertEquals(List.of("a", "b"), observations.columnNames());
    assertRows(observations, new double[] {1, 2}, new double[] {3, 4});
    assertRefused(
        CsvReader.of(file(text)).columns(List.of("name")), "line 2", "'name'", "'x'", "a number");
    assertRefused("a,b\nx,y\n", "numeric column");
    assertRefused(CsvReader.of(file("a,b\nx,1\n")).weightsColumn("b"), "numeric column");
  }

  @Test
  void columnsByNameAndNumber() {
    Path path = file("a,b,2\n1,2,3\n4,5,6\n");
    assertRows(
        CsvReader.of(path).columns(List.of("b", "1")).read(),
        new double[] {2, 1},
        new double[] {5, 4});
    Observations named = CsvReader.of(path).columns(List.of("2")).read();
    assertEquals(List.of("2"), named.columnNames());
    assertRows(named, new double[] {3}, new double[] {6});
    for (String unknown : new String[] {"c", "0", "4", "-1", "A", "99999999999"}) {
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class,
              () -> CsvReader.of(path).columns(List.of(unknown)).read());
      assertTrue(e.getMessage().contains("'" + unknown + "'"), e.getMessage());
      assertTrue(e.getMessage().contains("a, b, 2"), e.getMessage());
    }
    assertThrows(
        IllegalArgumentException.class, () -> CsvReader.of(path).columns(List.of("a", "1")).read());
  }

  @Test
  void weightsColumn() {
    Path path = file("a,w,b\n1,0.5,2\n3,0,4\n5,2,6\n");
    Observations observations = CsvReader.of(path).weightsColumn("w").read();
    assertEquals(List.of("a", "b"), observations.columnNames());
    assertTrue(observations.isWeighted());
    assertEquals(0.5, observations.weight(0));
    assertEquals(0, observations.weight(1));
    assertEquals(2.5, observations.totalWeight());
    assertEquals(2, CsvReader.of(path).weightsColumn("2").read().weight(2));
    assertEquals(3, CsvReader.of(path).weightsColumn("w").weightsColumn(null).read().columns());
    for (String weight : new String[] {"-1", "NA", "", "x", "inf"}) {
      assertRefused(
          CsvReader.of(file("a,w\n1,1\n\n2," + weight + "\n")).weightsColumn("w"),
          "line 4",
          "'w'",
          "'" + weight + "'");
    }
    assertRefused(CsvReader.of(file("a,w\n1,0\n2,0\n")).weightsColumn("w"), "weights", "positive");
    assertThrows(
        IllegalArgumentException.class,
        () -> CsvReader.of(file("a,w\n1,1\n")).weightsColumn("v").read());
  }

  @Test
  void manyWeights() {
    StringBuilder text = new StringBuilder("a,w\n");
    for (int i = 0; i < 3000; i++) {
      text.append(i).append(',').append(i % 5).append('\n');
    }
    Observations observations = CsvReader.of(file(text.toString())).weightsColumn("w").read();
    assertEquals(3000, observations.rows());
    assertEquals(6000, observations.totalWeight());
    assertEquals(4, observations.weight(2999));
  }

  @Test
  void nothingToRead() {
    assertRefused("", "empty");
    assertRefused("\n\n \n", "empty");
    assertRefused("a,b\n", "header", "at least one row");
    assertRefused(CsvReader.of(folder.resolve("nodata.csv")), "no such file");
    Path directory = folder.resolve("data.csv.d");
    assertTrue(directory.toFile().mkdir());
    assertRefused(CsvReader.of(directory), "directory");
  }

  @Test
  void notText() {
    byte[] bytes = "a,b\n1,2\n3,4\n".getBytes(StandardCharsets.UTF_8);
    bytes[8] = (byte) 0xff;
    assertRefused(CsvReader.of(file(bytes)), "UTF-8");
    byte[] late = "1,2\n".repeat(50_000).getBytes(StandardCharsets.UTF_8);
    late[150_000] = (byte) 0xe9;
    assertRefused(CsvReader.of(file(late)), "UTF-8");
    byte[] cut = "a\n1\né".getBytes(StandardCharsets.UTF_8);
    assertRefused(CsvReader.of(file(Arrays.copyOf(cut, cut.length - 1))), "UTF-8");
  }

  @Test
  void raggedLinesAreNamed() {
    assertRefused("a,b\n1,2\n\n3\n", "line 4", "1 fields", "2");
    assertRefused("a,b\r\n1,2\r\n3,4,5", "line 3", "3 fields", "2");
    assertRefused("1,2\n3\n", "line 2");
    assertRefused("a\n" + "1\n".repeat(1500) + "1,2\n", "line 1502");
  }

  @Test
  void textAmongNumbersIsNamed() {
    assertRefused("a,b\n1,2\n3,oops\n", "line 3", "'b'", "'oops'", "a number");
    assertRefused("a,b\n1,2\n" + "3,4\n".repeat(1500) + "5,six\n", "line 1503", "'b'", "'six'");
    assertRefused("1,2\n3,4\n5,1.2.3\n", "line 3", "'x2'", "'1.2.3'");
    for (String text :
        new String[] {"1d", "2f", "0x10", "0x1p3", "-0x1p3", "1,5 ", "--1", "1_000"}) {
      String quoted = '"' + text + '"';
      assertRefused("a;b\n1;2\n3;" + quoted + "\n", "line 3", "'b'", "'" + text.strip());
    }
  }

  @Test
  void infiniteValuesAreNamed() {
    for (String text : new String[] {"inf", "-Inf", "+Infinity", "1e400", "-1e400"}) {
      assertRefused("a,b\n1,2\n3," + text + "\n", "line 3", "'b'", "'" + text + "'", "finite");
    }
    assertRefused("1,inf\n3,4\n", "line 1", "'x2'", "finite");
    assertRows(
        read("a\n1e308\n-1e-308\n1e-400\n"),
        new double[] {1e308},
        new double[] {-1e-308},
        new double[] {0});
  }

  @Test
  void brokenQuotesEndWithAMessage() {
    assertRefused("a,b\n1,\"2\n3,4\n", "cannot be read");
    assertRefused("a,b\n1,\"2\"x\n3,4\n", "cannot be read");
  }

  @Test
  void valuesAreReadToTheLastBit() {
    double[] values = {0.1, 1 / 3.0, Math.PI * 1e-200, Double.MIN_VALUE, Double.MAX_VALUE, -0.0};
    StringBuilder text = new StringBuilder("v\n");
    Arrays.stream(values).forEach(v -> text.append(v).append('\n'));
    assertArrayEquals(values, read(text.toString()).column(0));
  }

  @Test
  void lineNumbersCountLinesInsideQuotes() {
    assertRefused("n,a\n\"x\ny\",1\nz,bad\n", "line 4", "'a'", "'bad'");
  }
}
