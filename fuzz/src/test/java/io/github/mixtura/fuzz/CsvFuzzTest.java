package io.github.mixtura.fuzz;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.AfterAll;

/** Fuzzes tables; without JAZZER_FUZZ the inputs that are kept are tried. */
class CsvFuzzTest {
  @DictionaryEntries({
    "NA",
    "NaN",
    "null",
    "inf",
    "1e308",
    "1e-400",
    "\\\"",
    ";",
    "\\x09",
    "\\x0d\\x0a",
    "1,5",
    "\\xef\\xbb\\xbf",
    "#N/A",
    "x,y"
  })
  @FuzzTest(maxDuration = "1m")
  void fuzz(byte[] input) {
    Targets.CSV.run(input);
  }

  @AfterAll
  static void counts() {
    System.out.println(Targets.CSV.counts());
  }
}
