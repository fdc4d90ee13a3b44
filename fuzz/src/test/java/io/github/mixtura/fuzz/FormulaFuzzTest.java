package io.github.mixtura.fuzz;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.AfterAll;

/** Fuzzes formulas; without JAZZER_FUZZ the inputs that are kept are tried. */
class FormulaFuzzTest {
  @DictionaryEntries({
    "sin(",
    "cos(",
    "tan(",
    "exp(",
    "log(",
    "sqrt(",
    "tanh(",
    "abs(",
    "pi",
    "1e308",
    "4.9e-324",
    "^",
    "x",
    "y",
    "t"
  })
  @FuzzTest(maxDuration = "1m")
  void fuzz(byte[] input) {
    Targets.FORMULA.run(input);
  }

  @AfterAll
  static void counts() {
    System.out.println(Targets.FORMULA.counts());
  }
}
