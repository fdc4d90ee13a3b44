package io.github.mixtura.fuzz;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.AfterAll;

/** Fuzzes network files; without JAZZER_FUZZ the inputs that are kept are tried. */
class NetworkFuzzTest {
  @DictionaryEntries({
    "parameters",
    "window",
    "widths",
    "GAUSSIAN_FULL",
    "STUDENT_T",
    "VON_MISES",
    "lstm",
    "mlp",
    "layers",
    "1e308",
    "2147483648",
    "RELU",
    "floor"
  })
  @FuzzTest(maxDuration = "1m")
  void fuzz(byte[] input) {
    Targets.NETWORK.run(input);
  }

  @AfterAll
  static void counts() {
    System.out.println(Targets.NETWORK.counts());
  }
}
