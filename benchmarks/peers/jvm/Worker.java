import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Serves one peer, whose class is the argument: a line {@code folder iterations} in, a JSON line of
 * seconds per iteration and log-likelihood out; the line {@code version} is answered with the
 * version.
 */
final class Worker {
  private Worker() {}

  public static void main(String[] arguments) throws Exception {
    PrintStream out = System.out;
    System.setOut(System.err);
    Peer peer = (Peer) Class.forName(arguments[0]).getDeclaredConstructor().newInstance();
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    String folder = "";
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      if (words[0].equals("version")) {
        out.printf("{\"version\": \"%s\"}%n", peer.version());
        out.flush();
        continue;
      }
      try {
        if (!words[0].equals(folder)) {
          peer.load(Cell.read(Path.of(words[0])));
          folder = words[0];
        }
        int iterations = Integer.parseInt(words[1]);
        Clock clock = new Clock();
        double logLikelihood = peer.run(iterations, clock);
        out.printf(
            Locale.ROOT,
            "{\"wall\": %.9f, \"cpu\": %.9f, \"logLikelihood\": %s}%n",
            clock.wall() / iterations,
            clock.cpu() / iterations,
            Double.isNaN(logLikelihood) ? "null" : Double.toString(logLikelihood));
      } catch (RuntimeException e) {
        out.printf("{\"error\": \"%s\"}%n", e.toString().replaceAll("[\"\\\\\\s]+", " "));
      }
      out.flush();
    }
  }
}
