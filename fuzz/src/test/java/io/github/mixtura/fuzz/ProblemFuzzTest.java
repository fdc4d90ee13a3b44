package io.github.mixtura.fuzz;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.AfterAll;

/** Fuzzes problem files; without JAZZER_FUZZ the inputs that are kept are tried. */
class ProblemFuzzTest {
  @DictionaryEntries({
    "expression",
    "callable",
    "file",
    "advection",
    "allen-cahn",
    "poisson",
    "evaluate",
    "advectionSpeed",
    "1e308",
    "1e-308",
    "[[0,1],[0,1]]",
    "99999",
    "input"
  })
  @FuzzTest(maxDuration = "1m")
  void fuzz(byte[] input) {
    Targets.PROBLEM.run(input);
  }

  @AfterAll
  static void counts() {
    System.out.println(Targets.PROBLEM.counts());
  }
}
