package io.github.mixtura.gp.pde;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.data.DataFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PdeProblemFileTest {
  @TempDir private Path folder;

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private void refused(String part, String json) throws IOException {
    Path file = write("bad.json", json);
    String message =
        assertThrows(DataFormatException.class, () -> PdeProblemFile.read(file)).getMessage();
    assertTrue(message.contains(part), message);
  }

  @Test
  void readsFilesOnAnInterval() throws IOException {
    StringBuilder f = new StringBuilder("x,f\n");
    for (int i = 0; i < 60; i++) {
      double x = i / 59.0;
      f.append(x).append(',').append(-900 * Math.sin(30 * x)).append('\n');
    }
    write("f.csv", f.toString());
    write("g.csv", "place,value\n1," + Math.sin(30) + "\n0,0\n");
    write("points.csv", "x\n0.25\n0.5\n");
    Path file =
        write(
            "p.json",
            "{\"equation\":\"poisson\",\"domain\":[[0,1]],\"grid\":[60],"
                + "\"source\":{\"file\":\"f.csv\"},\"boundary\":{\"file\":\"g.csv\"},"
                + "\"evaluate\":{\"file\":\"points.csv\"}}");
    PdeProblemFile.Contents contents = PdeProblemFile.read(file);
    assertTrue(contents.problem().sourceField().isEmpty());
    PdeSolution found = PdeSolver.of(contents.problem()).solve();
    assertArrayEquals(
        new double[] {Math.sin(7.5), Math.sin(15)}, found.values(contents.points()), 1e-9);
  }

  @Test
  void readsExpressionsOnARectangle() throws IOException {
    Path file =
        write(
            "q.json",
            "{\"equation\":\"allen-cahn\",\"domain\":[[0,1],[0,2]],\"grid\":[20,30],"
                + "\"source\":{\"expression\":\"x*y*((x*y)^2-1)\",\"callable\":true},"
                + "\"boundary\":{\"expression\":\"x*y\"}}");
    PdeProblemFile.Contents contents = PdeProblemFile.read(file);
    assertTrue(contents.problem().sourceField().isPresent());
    assertEquals(600, contents.points().length);
    assertArrayEquals(new double[] {0, 2 / 29.0}, contents.points()[1], 1e-15);
    assertEquals(0.35, PdeSolver.of(contents.problem()).solve().value(0.5, 0.7), 1e-8);
  }

  @Test
  void readsAdvectionWithTheInflowAtTheRight() throws IOException {
    StringBuilder g = new StringBuilder("x,t,u\n");
    for (int i = 0; i < 40; i++) {
      double at = i / 39.0;
      g.append("1,").append(at).append(',').append(Math.sin(1 + 30 * at)).append('\n');
      g.append(at).append(",0,").append(Math.sin(at)).append('\n');
    }
    write("g.csv", g.toString());
    Path file =
        write(
            "v.json",
            "{\"equation\":\"advection\",\"domain\":[[0,1],[0,1]],\"grid\":[40,40],"
                + "\"boundary\":{\"file\":\"g.csv\"},\"advectionSpeed\":-30}");
    PdeSolution found = PdeSolver.of(PdeProblemFile.read(file).problem()).solve();
    assertEquals(Math.sin(0.3 + 30 * 0.8), found.value(0.3, 0.8), 1e-8);
  }

  private static final String HEAD = "{'equation':'poisson','domain':[[0,1]],'grid':[5],";
  private static final String EASY = "'source':{'expression':'1'},'boundary':{'expression':'0'}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "[1] | one JSON object",
        "{ | is not valid JSON",
        "{} | $.domain is missing",
        "{'equation':'heat','domain':[[0,1]],'grid':[5]} | must be poisson, allen-cahn or advection",
        "{'equation':'poisson','domain':[[0,1]],'grid':[3]} | 3 grid points",
        "{'equation':'poisson','domain':[[1,1]],'grid':[5]} | positive length",
        "{'equation':'poisson','domain':[[0,1]],'grid':[5,5]} | one number of points for each axis",
        "{'equation':'poisson','domain':[[0]],'grid':[5]} | two numbers",
        "{'equation':'poisson','domain':[[0,1]],'grid':[5.5]} | whole number",
        "{'equation':'poisson','domain':[[0,1]],'grid':[5],'oops':1} | $.oops is not known",
        "{'equation':'advection','domain':[[0,1]],'grid':[5],'advectionSpeed':1} | one axis",
        "{'equation':'advection','domain':[[0,1],[0,1]],'grid':[5,5],'advectionSpeed':0} | speed is 0",
        "{'equation':'advection','domain':[[0,1],[0,1]],'grid':[5,5]} | advectionSpeed is missing",
      })
  void refusesBadFiles(String json, String part) throws IOException {
    refused(part, json.replace('\'', '"'));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'boundary':{'expression':'0'}} | $.source is missing",
        "'source':{'expression':'1'}} | $.boundary is missing",
        "'source':{'expression':'1+'},'boundary':{'expression':'0'}} | at character 3",
        "'source':{'expression':'1/x'},'boundary':{'expression':'0'}} | source is Infinity",
        "'source':{},'boundary':{'expression':'0'}} | either \"\"file\"\" or \"\"expression\"\"",
        "'source':{'file':'none.csv'},'boundary':{'expression':'0'}} | none.csv: no such file",
        "'source':{'expression':'1'},'boundary':{'expression':'log(-1)'}} | boundary value NaN",
        "'source':{'expression':'1'},'boundary':{'expression':'0'},'advectionSpeed':2} | must be absent",
      })
  void refusesBadParts(String json, String part) throws IOException {
    refused(part.replace("\"\"", "\""), (HEAD + json).replace('\'', '"'));
  }

  @Test
  void refusesBadTables() throws IOException {
    String source = HEAD + "'source':{'file':'f.csv'},'boundary':{'expression':'0'}}";
    write("f.csv", "x,f\n0,1\n0.25,1\n0.5,1\n1,1\n");
    refused("4 rows, must have 5", source.replace('\'', '"'));
    write("f.csv", "x,f\n0,1\n0.25,1\n0.6,1\n0.75,1\n1,1\n");
    refused("uniform grid", source.replace('\'', '"'));
    write("f.csv", "x,f\n0,1\n0.25,1\n0.5,\n0.75,1\n1,1\n");
    refused("row 3: column 2 is missing", source.replace('\'', '"'));
    write("f.csv", "f\n1\n1\n1\n1\n1\n");
    refused("1 columns, must have 2", source.replace('\'', '"'));

    String boundary = HEAD + "'source':{'expression':'1'},'boundary':{'file':'g.csv'}}";
    write("g.csv", "x,u\n0,1\n");
    refused("no value at x = 1.0", boundary.replace('\'', '"'));
    write("g.csv", "x,u\n0,1\n1,2\n0,1.1\n");
    refused("contradicts", boundary.replace('\'', '"'));
    write("g.csv", "x,u\n0,1\n1,2\n0.5,1.1\n");
    refused("inside the domain", boundary.replace('\'', '"'));
    write("g.csv", "x,u\n0,1\n1.5,2\n");
    refused("must be a coordinate of the grid", boundary.replace('\'', '"'));

    write("e.csv", "x\n0.5\n1.5\n");
    refused(
        "row 2: column 1 is 1.5",
        (HEAD + EASY + ",'evaluate':{'file':'e.csv'}}").replace('\'', '"'));
  }

  /** 140 bytes that ask for gigabytes: refused before anything is allocated, with the figure. */
  @Test
  void refusesWhatDoesNotFitIntoMemory() throws IOException {
    long most = Runtime.getRuntime().maxMemory();
    int points = (int) Math.min(10_000, Math.sqrt(most / 100.0) + 2);
    long begin = System.nanoTime();
    refused(
        "GB of memory",
        "{\"equation\":\"poisson\",\"domain\":[[0,1],[0,1]],\"grid\":["
            + points
            + ","
            + points
            + "],\"source\":{\"expression\":\"1\"},\"boundary\":{\"expression\":\"0\"}}");
    assertTrue(System.nanoTime() - begin < 1_000_000_000L);
  }

  /** The words of the JSON parser about its own parts stay out of messages. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{\"a\":1,\"a\":2}",
        "{} {}",
        "{\"a\":NaN}",
        "{\"a\":+1}",
        "{\"a\":tru}",
        "{\"a\u0001\":1}",
        "{\"\\u001b[31m\":1}",
        "{\"a\":\"x\ny\"}",
        "{\"a\":1",
        "{\"a\":01}",
        "\u0000",
        "{\"domain\":[[0,1e999]],\"grid\":[5]}",
        "{\"domain\":[[0,1]],\"grid\":[5],\"equation\":\"poisson\",\"source\":{\"file\":\"\\u0000\"}}"
      })
  void messagesAreOnePlainLine(String json) throws IOException {
    Path file = write("bad.json", json);
    String message =
        assertThrows(DataFormatException.class, () -> PdeProblemFile.read(file)).getMessage();
    assertTrue(message.startsWith(file.toString()), message);
    assertTrue(message.chars().noneMatch(Character::isISOControl), message);
    assertFalse(message.matches(".*(Feature|Source:|com\\.fasterxml|Node|Exception).*"), message);
    String deep = "[".repeat(100_000);
    refused("nested too deeply", deep);
    refused("is not known", "{\"" + "a".repeat(40_000) + "\":1}");
  }
}
