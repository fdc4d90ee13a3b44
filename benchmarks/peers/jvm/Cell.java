import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Data (x.bin, n × d doubles row by row) and start (start.txt) of one cell. */
record Cell(
    boolean diagonal, double[][] rows, double[] weights, double[][] means, double[][] variances) {

  static Cell read(Path folder) throws IOException {
    String[] words = Files.readString(folder.resolve("start.txt")).trim().split("\\s+");
    int n = Integer.parseInt(words[1]);
    int d = Integer.parseInt(words[2]);
    int count = Integer.parseInt(words[3]);
    double[] numbers =
        Arrays.stream(words, 4, words.length).mapToDouble(Double::parseDouble).toArray();
    double[][] means = new double[count][];
    double[][] variances = new double[count][];
    for (int k = 0; k < count; k++) {
      means[k] = Arrays.copyOfRange(numbers, count + k * d, count + (k + 1) * d);
      variances[k] =
          Arrays.copyOfRange(numbers, count + (count + k) * d, count + (count + k + 1) * d);
    }
    double[][] rows = new double[n][d];
    try (FileChannel file = FileChannel.open(folder.resolve("x.bin"))) {
      int chunk = Math.max(1, (1 << 24) / d);
      for (int from = 0; from < n; from += chunk) {
        int to = Math.min(n, from + chunk);
        DoubleBuffer buffer =
            file.map(FileChannel.MapMode.READ_ONLY, 8L * from * d, 8L * (to - from) * d)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asDoubleBuffer();
        for (int i = from; i < to; i++) {
          buffer.get(rows[i]);
        }
      }
    }
    return new Cell(
        words[0].equals("diag"), rows, Arrays.copyOf(numbers, count), means, variances);
  }

  int components() {
    return weights.length;
  }

  int dimension() {
    return means[0].length;
  }

  /** Diagonal start covariance of a component, as a matrix. */
  double[][] covariance(int k) {
    double[][] matrix = new double[dimension()][dimension()];
    for (int j = 0; j < matrix.length; j++) {
      matrix[j][j] = variances[k][j];
    }
    return matrix;
  }
}
