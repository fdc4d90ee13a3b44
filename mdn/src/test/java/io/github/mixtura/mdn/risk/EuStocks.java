package io.github.mixtura.mdn.risk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Daily closes of four stock indices and reference forecasts for two of them. */
final class EuStocks {
  private EuStocks() {}

  static double[] prices(String index) {
    String[] lines =
        new String(bytes("/data/eustockmarkets.csv"), StandardCharsets.UTF_8).split("\n");
    int column = Arrays.asList(lines[0].trim().split(",")).indexOf(index);
    return Arrays.stream(lines)
        .skip(1)
        .mapToDouble(line -> Double.parseDouble(line.trim().split(",")[column]))
        .toArray();
  }

  static double[] returns(String index) {
    return Returns.percent(prices(index));
  }

  static JsonNode reference(String index) {
    try {
      return new ObjectMapper()
          .readTree(bytes("/reference/var_eustock.json"))
          .get("indices")
          .get(index);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(String resource) {
    try (InputStream in = EuStocks.class.getResourceAsStream(resource)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
