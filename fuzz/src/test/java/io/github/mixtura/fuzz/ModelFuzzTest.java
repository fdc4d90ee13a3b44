package io.github.mixtura.fuzz;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.AfterAll;

/** Fuzzes model files; without JAZZER_FUZZ the inputs that are kept are tried. */
class ModelFuzzTest {
  @DictionaryEntries({
    "weight",
    "components",
    "columns",
    "covarianceStructure",
    "degreesOfFreedom",
    "meanDirection",
    "concentration",
    "covariance",
    "gaussian",
    "student-t",
    "von-mises",
    "period",
    "1e308",
    "5e-324",
    "VVV",
    "EII"
  })
  @FuzzTest(maxDuration = "1m")
  void fuzz(byte[] input) {
    Targets.MODEL.run(input);
  }

  @AfterAll
  static void counts() {
    System.out.println(Targets.MODEL.counts());
  }
}
