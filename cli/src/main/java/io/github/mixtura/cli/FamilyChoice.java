package io.github.mixtura.cli;

import io.github.mixtura.data.AngleUnits;
import io.github.mixtura.data.Observations;
import io.github.mixtura.em.Family;
import io.github.mixtura.em.directional.VonMisesFamily;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.GaussianFamily;
import io.github.mixtura.em.student.DegreesOfFreedom;
import io.github.mixtura.em.student.StudentTFamily;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Which families to fit, and what only some of them have. */
final class FamilyChoice {
  private static final String GAUSSIAN = "gaussian";
  private static final String STUDENT_T = "student-t";
  static final String VON_MISES = "von-mises";
  private static final List<String> BUILT = List.of(GAUSSIAN, STUDENT_T, VON_MISES);
  private static final Set<String> STRUCTURES =
      Arrays.stream(CovarianceStructure.values())
          .map(Enum::name)
          .collect(Collectors.toCollection(LinkedHashSet::new));

  @Option(
      names = "--family",
      paramLabel = "NAME",
      split = ",",
      description = "gaussian, student-t or von-mises (gaussian).")
  private List<String> families = new ArrayList<>(List.of(GAUSSIAN));

  @Option(
      names = "--covariance",
      paramLabel = "NAME",
      split = ",",
      description =
          "Covariance structure, EII to VVV; E or V for one column (VVV). select takes a list, "
              + "or all.")
  private List<String> covariances = new ArrayList<>();

  @Option(
      names = "--degrees-of-freedom",
      paramLabel = "NU",
      description = "For student-t: free[:START], shared[:START] or a value (free:10).")
  private String degreesOfFreedom;

  @Option(
      names = "--angle-unit",
      paramLabel = "UNIT",
      description = "For von-mises: radians, degrees or hours, 24 a turn (radians).")
  private String angleUnit;

  @Option(
      names = "--period",
      paramLabel = "P",
      description = "For von-mises: a full turn in the unit of the data, such as 7 for weekdays.")
  private Double period;

  /** Refuses what is wrong whatever the data are. */
  void check(boolean several) {
    for (String family : families) {
      if (!BUILT.contains(family)) {
        throw new UsageException(
            "family '" + family + "' is not built; built are " + String.join(", ", BUILT));
      }
    }
    if (!several && (families.size() != 1 || covariances.size() > 1)) {
      throw new UsageException("--family and --covariance must name one each; select takes lists");
    }
    for (String name : covariances) {
      boolean all = several && name.equals("all");
      if (!all && !name.equals("E") && !name.equals("V") && !STRUCTURES.contains(name)) {
        throw new UsageException(
            "covariance structure '"
                + name
                + "' is unknown; there are "
                + String.join(", ", STRUCTURES)
                + ", and E and V for one column");
      }
    }
    only(!covariances.isEmpty(), "--covariance", GAUSSIAN, STUDENT_T);
    only(degreesOfFreedom != null, "--degrees-of-freedom", STUDENT_T);
    only(angleUnit != null, "--angle-unit", VON_MISES);
    only(period != null, "--period", VON_MISES);
    treatment();
    if (hasSeveralFamilies() && families.contains(VON_MISES)) {
      throw new UsageException(
          "--family von-mises must stand alone: densities on a circle and on a line cannot be "
              + "compared");
    }
    angles();
  }

  boolean hasSeveralFamilies() {
    return Set.copyOf(families).size() > 1;
  }

  private void only(boolean given, String option, String... owners) {
    if (given && Arrays.stream(owners).noneMatch(families::contains)) {
      throw new UsageException(
          option + " applies to the family " + String.join(" or ", owners) + " only");
    }
  }

  private DegreesOfFreedom treatment() {
    return degreesOfFreedom == null
        ? DegreesOfFreedom.free()
        : DegreesOfFreedom.parse(degreesOfFreedom);
  }

  Angles angles() {
    if (period != null && angleUnit != null) {
      throw new UsageException("--angle-unit and --period exclude each other");
    }
    if (period != null) {
      return Angles.ofPeriod(period);
    }
    return switch (angleUnit == null ? "radians" : angleUnit.toLowerCase(Locale.ROOT)) {
      case "radians" -> Angles.RADIANS;
      case "degrees" -> Angles.ofPeriod(360);
      case "hours" -> Angles.ofPeriod(24);
      default ->
          throw new UsageException(
              "angle unit is '"
                  + angleUnit
                  + "', must be radians, degrees or hours; or use --period");
    };
  }

  /** The rows in radians; tells where they seem to be in another unit than asked for. */
  Observations toRadians(Observations observations, Terminal terminal, boolean quiet) {
    if (!families.contains(VON_MISES)) {
      return observations;
    }
    if (!quiet) {
      AngleUnits.suspicion(observations, angles().turn())
          .ifPresent(text -> terminal.tell("warning", text + " See --angle-unit and --period."));
    }
    return angles().toRadians(observations);
  }

  /** The families in the order asked for, those with structures once per structure. */
  List<Family<?>> families(int dimension) {
    List<Family<?>> list = new ArrayList<>();
    for (String family : new LinkedHashSet<>(families)) {
      if (family.equals(VON_MISES)) {
        list.add(VonMisesFamily.of());
        continue;
      }
      for (CovarianceStructure structure : structures(dimension)) {
        list.add(
            family.equals(GAUSSIAN)
                ? GaussianFamily.of(structure)
                : StudentTFamily.of(structure, treatment()));
      }
    }
    return list;
  }

  private Set<CovarianceStructure> structures(int dimension) {
    Set<CovarianceStructure> set = new LinkedHashSet<>();
    for (String name : covariances.isEmpty() ? List.of("VVV") : covariances) {
      if (name.equals("all")) {
        set.addAll(CovarianceStructure.all(dimension));
      } else {
        set.add(CovarianceStructure.parse(name, dimension));
      }
    }
    return set;
  }
}
