package io.github.mixtura.em.gaussian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CovarianceStructureTest {

  /** Totals of mclust 6.0.0 for faithful (d = 2), iris (d = 4): K = 1, 2, 3, 5. */
  @ParameterizedTest
  @CsvSource({
    "EII, 2, 3, 6, 9, 15",
    "VII, 2, 3, 7, 11, 19",
    "EEI, 2, 4, 7, 10, 16",
    "VEI, 2, 4, 8, 12, 20",
    "EVI, 2, 4, 8, 12, 20",
    "VVI, 2, 4, 9, 14, 24",
    "EEE, 2, 5, 8, 11, 17",
    "VEE, 2, 5, 9, 13, 21",
    "EVE, 2, 5, 9, 13, 21",
    "VVE, 2, 5, 10, 15, 25",
    "EEV, 2, 5, 9, 13, 21",
    "VEV, 2, 5, 10, 15, 25",
    "EVV, 2, 5, 10, 15, 25",
    "VVV, 2, 5, 11, 17, 29",
    "EII, 4, 5, 10, 15, 25",
    "VII, 4, 5, 11, 17, 29",
    "EEI, 4, 8, 13, 18, 28",
    "VEI, 4, 8, 14, 20, 32",
    "EVI, 4, 8, 16, 24, 40",
    "VVI, 4, 8, 17, 26, 44",
    "EEE, 4, 14, 19, 24, 34",
    "VEE, 4, 14, 20, 26, 38",
    "EVE, 4, 14, 22, 30, 46",
    "VVE, 4, 14, 23, 32, 50",
    "EEV, 4, 14, 25, 36, 58",
    "VEV, 4, 14, 26, 38, 62",
    "EVV, 4, 14, 28, 42, 70",
    "VVV, 4, 14, 29, 44, 74"
  })
  void countsParametersAsThePeerDoes(
      CovarianceStructure structure, int d, int one, int two, int three, int five) {
    assertEquals(one, total(structure, d, 1));
    assertEquals(two, total(structure, d, 2));
    assertEquals(three, total(structure, d, 3));
    assertEquals(five, total(structure, d, 5));
  }

  private static int total(CovarianceStructure structure, int d, int components) {
    return components - 1 + components * d + structure.parameterCount(d, components);
  }

  @ParameterizedTest
  @EnumSource
  void inOneDimensionOnlyTheVolumeCounts(CovarianceStructure structure) {
    boolean equal = structure.volume() == CovarianceStructure.Attribute.EQUAL;
    assertEquals(equal ? 1 : 7, structure.parameterCount(1, 7));
    assertEquals(equal ? "E" : "V", structure.label(1));
    assertEquals(structure.name(), structure.label(2));
  }

  @Test
  void knowsDiagonalAndIterativeStructures() {
    EnumSet<CovarianceStructure> diagonal = EnumSet.noneOf(CovarianceStructure.class);
    EnumSet<CovarianceStructure> iterative = EnumSet.noneOf(CovarianceStructure.class);
    for (CovarianceStructure structure : CovarianceStructure.values()) {
      if (structure.isDiagonal()) {
        diagonal.add(structure);
      }
      if (structure.isIterative()) {
        iterative.add(structure);
      }
    }
    assertEquals(EnumSet.range(CovarianceStructure.EII, CovarianceStructure.VVI), diagonal);
    assertEquals(
        EnumSet.of(
            CovarianceStructure.VEI,
            CovarianceStructure.VEE,
            CovarianceStructure.VEV,
            CovarianceStructure.EVE,
            CovarianceStructure.VVE),
        iterative);
  }

  @ParameterizedTest
  @EnumSource
  void parsesItsOwnLabel(CovarianceStructure structure) {
    assertEquals(structure, CovarianceStructure.parse(structure.name(), 3));
    CovarianceStructure inOneDimension = CovarianceStructure.parse(structure.label(1), 1);
    assertEquals(structure.volume(), inOneDimension.volume());
    assertEquals(CovarianceStructure.VII, CovarianceStructure.parse("VVV", 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"EII", "VVI", "EEE", "VVE", "e", ""})
  void refusesThreeLettersOnOneColumn(String name) {
    assertMessage(
        "covariance structure '" + name + "' on one column must be E or V (VVV means V)",
        () -> CovarianceStructure.parse(name, 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"E", "V", "vvv", "VVVV", "", "XYZ"})
  void refusesUnknownNamesOnSeveralColumns(String name) {
    assertMessage(
        "covariance structure '" + name + "' on 4 columns must be one of EII, VII, EEI, VEI",
        () -> CovarianceStructure.parse(name, 4));
  }

  @Test
  void refusesSizesBelowOne() {
    assertMessage("dimension is 0", () -> CovarianceStructure.EEE.parameterCount(0, 1));
    assertMessage("components is 0", () -> CovarianceStructure.EEE.parameterCount(1, 0));
    assertMessage("dimension is -1", () -> CovarianceStructure.EEE.label(-1));
    assertMessage("dimension is 0", () -> CovarianceStructure.parse("E", 0));
    assertMessage("covariance structure 'null'", () -> CovarianceStructure.parse(null, 2));
  }

  private static void assertMessage(String start, Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.startsWith(start), message);
  }
}
