package io.github.mixtura.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
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
import org.junit.jupiter.params.provider.CsvSource;
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
    assertRefused("a,b\n1,2\n\n3\n", "line 4", "1 field,", "must have 2");
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

  /** The same two columns in other hands; none may lose a column or a row. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b\n1 1122.0\n2 1124.7\n3 1089.3\n",
        "  a   b\n  1   1122.0 \n 2  1124.7\n\n3\t1089.3\n",
        "\"a\" \"b\"\r\n\"1\" 1122.0\r\n\"2\" 1124.7\r\n\"3\" 1089.3\r\n",
        "\"a\" \"b\"\n\"7\" 1 1122.0\n\"3\" 2 1124.7\n\"9\" 3 1089.3\n",
        "a|b\n1|1122.0\n2|1124.7\n3|1089.3\n",
        "sep=;\na;b\n1;1122.0\n2;1124.7\n3;1089.3\n",
        "# exported 2024-05-01\na,b\n1,1122.0\n2,1124.7\n3,1089.3\n",
        "# by, hand\n#\n\n# a,b\n1,1122.0\n2,1124.7\n3,1089.3\n",
        "\"\",\"a\",\"b\"\n\"1\",1,1122.0\n\"2\",2,1124.7\n\"3\",3,1089.3\n",
        ",a,b\n0,1,1122.0\n1,2,1124.7\n2,3,1089.3\n",
        "Unnamed: 0,a,b\n12,1,1122.0\n5,2,1124.7\n8,3,1089.3\n",
        "Unnamed: 0.1,Unnamed: 0,a,b\n0,0,1,1122.0\n1,1,2,1124.7\n2,2,3,1089.3\n",
        "\"\",\"a\",\"b\"\n\"Mazda\",1,1122.0\n\"Fiat\",2,1124.7\n\"VW\",3,1089.3\n",
        "a,b\n\u00a01,1122.0\n2\u202f,1124.7\n+3,1.0893e3\n",
        "a,when,b\n1,2024-01-02,1122\n2,2024-01-03,1124.7\n3,2024-01-04,1089.3\n",
        "a,b,ok\n1,1122,TRUE\n2,1124.7,FALSE\n3,1089.3,TRUE\n",
      })
  void tablesAsProgramsWriteThem(String text) {
    Observations found = read(text);
    assertEquals(List.of("a", "b"), found.columnNames());
    assertRows(found, new double[] {1, 1122}, new double[] {2, 1124.7}, new double[] {3, 1089.3});
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE", "UTF-8"})
  void encodingsWithAByteOrderMark(String name) {
    Charset charset = Charset.forName(name);
    String text = "gr\u00f6\u00dfe\tb\r\n1\t2\r\n3\t4\r\n";
    Observations marked = CsvReader.of(file(("\uFEFF" + text).getBytes(charset))).read();
    assertEquals(List.of("gr\u00f6\u00dfe", "b"), marked.columnNames());
    assertRows(marked, new double[] {1, 2}, new double[] {3, 4});
    if (!name.startsWith("UTF-32")) {
      assertEquals(
          marked.columnNames(), CsvReader.of(file(text.getBytes(charset))).read().columnNames());
    }
  }

  @Test
  void filesThatAreNoTextAreNamed() {
    assertRefused(CsvReader.of(file(new byte[] {'P', 'K', 3, 4, 0, 0})), "Excel");
    assertRefused(CsvReader.of(file(new byte[] {0x1F, (byte) 0x8B, 8, 0})), "gzip");
    assertRefused(
        CsvReader.of(file("a,b\n1,2\ncaf\u00e9,3\n".getBytes(StandardCharsets.ISO_8859_1))),
        "line 3",
        "E9",
        "UTF-8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1,122.0|separator of thousands ','",
        "1.122,5|decimal comma",
        "1.122.000|separator of thousands '.'",
        "1 122.0|separator of thousands ' '",
        "1\u00a0122|separator of thousands",
        "1\u2019122.5|separator of thousands",
        "1,00,122.0|separator of thousands ','",
        "1,122|decimal comma, and without separators of thousands",
        "12.5%|'%'",
        "12,5 %|'%' and with a decimal point",
        "$12.5|'$'",
        "12.5 \u20ac|'\u20ac'",
        "EUR 1,122.0|'EUR' and without the separator of thousands ','",
        "(12.5)|'('",
        "12.5 kg|'kg'",
        "62.5\u00b0|'\u00b0'",
        "12.5*|'*'",
        "12.5-|'-'",
        "1.5M|'M'",
      })
  void numbersInOtherNotationsAreRefusedWithTheirSign(String field, String sign) {
    String text = field.replace("\\u00a0", "\u00a0");
    assertRefused(
        "a;b\n1;\"" + text + "\"\n2;\"" + text + "\"\n", "line 2", "column 'b'", text, sign);
    assertRefused("a;b\n1;5\n2;\"" + text + "\"\n", "line 3", "column 'b'", text, sign);
  }

  @Test
  void textsWithDigitsAreNoNumbers() {
    for (String texts :
        new String[] {
          "1st,2nd,3rd", "10-20,20-30,30-40", "A1,B2,C3", "192.168.1.1,10.0.0.1,127.0.0.1",
          "<18,>65,18-65", "3D,2D,4C", "2024-05-01,2024-05-02,2024-05-03", "0x1F,0x20,0xA0"
        }) {
      String[] all = texts.split(",");
      Observations found = read("a;t\n1;" + all[0] + "\n2;" + all[1] + "\n3;" + all[2] + "\n");
      assertEquals(List.of("a"), found.columnNames(), texts);
      assertEquals(List.of("left out, because they hold text: t"), found.notes());
    }
  }

  @Test
  void missingValuesOfOtherPrograms() {
    String[] spellings = {
      "n/a", "N/A", "#N/A", "None", ".", "-", "NULL", "nan", "?", "<NA>", "-nan", "--", "1.#QNAN",
      "\u2014", "\\N"
    };
    StringBuilder text = new StringBuilder("a,b\n1,2\n");
    for (String spelling : spellings) {
      text.append("3,").append(spelling).append('\n');
    }
    Observations found = read(text.toString());
    assertEquals(1 + spellings.length, found.rows());
    for (int i = 1; i < found.rows(); i++) {
      assertTrue(Double.isNaN(found.get(i, 1)), spellings[i - 1]);
    }
  }

  @Test
  void minusSignsOfUnicode() {
    assertArrayEquals(new double[] {-1.5, 2}, read("a\n\u22121.5\n2\n").column(0));
  }

  @Test
  void whatTheReaderDidIsNoted() {
    assertEquals(List.of(), read("a,b\n1,2\n3,4\n").notes());
    assertNoted("\"\",a\n\"1\",4\n\"2\",5\n", "column 1", "row names");
    assertNoted("a,\n1,2\n3,\n", "column 2 has no name");
    assertNoted("# x\na,b\n1,2\n3,4\n", "1 line before the table", "#");
    assertNoted("zip,b\n00123,2\n10234,4\n", "leading zeros", "'zip'", "'00123' in line 2");
    assertNoted("date,b\n20240102,2\n20240103,4\n", "dates", "'date'");
    assertNoted("a,b\n1.134,2\n987,4\n", "point", "'a'", "'1.134' in line 2", "thousands");
    assertNoted("id,b\n1,2\n2,4\n3,1\n4,2\n5,8\n", "'id'", "counts the rows");
    assertEquals(
        List.of(),
        CsvReader.of(file("zip,b\n01,2\n02,3\n")).columns(List.of("zip")).read().notes());
    assertEquals(List.of(), read("id\n1\n2\n3\n4\n5\n").notes());
    Observations found = read("t,a\nx,1\ny,2\n");
    assertEquals(found.notes(), found.select(1).withWeights(2).withoutWeights().notes());
    assertEquals(found.notes(), found.withValues((column, value) -> -value).notes());
    assertEquals(
        "2 rows \u00d7 1 column [a]; left out, because they hold text: t", found.toString());
  }

  private void assertNoted(String text, String... parts) {
    List<String> notes = read(text).notes();
    assertEquals(1, notes.size(), notes.toString());
    for (String part : parts) {
      assertTrue(notes.get(0).contains(part), "'" + part + "' in: " + notes);
    }
  }

  @Test
  void rowsKnowTheirLines() {
    Observations found = read("\n\"a\nb\",c\n1,2\n\n3,4\r\n\"\n5\",6\n7,8\n");
    assertArrayEquals(new double[] {1, 3, 5, 7}, found.column(0));
    long[] lines = {4, 6, 7, 9};
    for (int i = 0; i < lines.length; i++) {
      assertEquals(lines[i], found.line(i).orElseThrow());
      assertEquals(lines[i], found.select(0, i).line(1).orElseThrow());
    }
    assertTrue(Observations.of(new double[] {1, 2}).line(1).isEmpty());
    assertRefused("a,b\n\"1\",\"x\ny\"\n1,2\n", "line 2");
  }

  @Test
  void linesAboveTheHeaderAreNamed() {
    assertRefused("Export of May\na,b\n1,2\n3,4\n", "line 1", "1 field", "2 columns", "line 2");
    assertRefused("Export\n\nby hand\n\na;b\n1;2\n3;4\n", "line 1", "2 columns", "line 5");
    assertRefused("Title, of\nsome, words\na,b,c\n1,2,3\n3,4,5\n", "line 1", "line 3");
    assertRefused("a b c\n1 2\n3 4\nx\n", "one column was found", "semicolon");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2024-01-03|2024-01-04|2024-01-05",
        "31.1.2024|1.2.2024|2.3.2024",
        "01/31/2024|02/01/2024|03/02/2024",
        "31-Jan-24|1-Feb-24|2-Mar-24",
        "Jan 31, 2024|Feb 1, 2024|March 2, 2024",
        "20240131|20240201|20240302",
        "2024-01-03 09:30|2024-01-03 16:00:00|2024-01-04T09:30:00Z",
        "1/3/2024 9:30 AM|1/3/2024 4:00 PM|1/4/2024 9:30 AM",
        "1|2|3"
      })
  void rowsInTheOrderOfTime(String first, String second, String third) {
    String head = "Date;p\n";
    String[] rows = {first + ";1\n", second + ";2\n", third + ";3\n"};
    CsvReader rising = CsvReader.of(file(head + rows[0] + rows[1] + rows[1] + rows[2]));
    assertEquals(4, rising.columns(List.of("p")).timeOrdered().read().rows());
    CsvReader falling = CsvReader.of(file(head + rows[2] + rows[1] + rows[0]));
    assertEquals(3, falling.columns(List.of("p")).read().rows());
    assertRefused(
        falling.columns(List.of("p")).timeOrdered(),
        "'Date'",
        "'" + third + "' in line 2",
        "'" + first + "' in line 4",
        "newest first");
    if (first.length() > 1) {
      assertRefused(
          CsvReader.of(file(head + rows[0] + rows[2] + rows[1])).timeOrdered(),
          "'" + third + "' in line 3",
          "'" + second + "' in line 4");
    }
  }
}
