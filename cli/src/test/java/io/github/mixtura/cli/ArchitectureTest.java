package io.github.mixtura.cli;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameStartingWith;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.github.mixtura.compute.Kernels;
import io.github.mixtura.data.Observations;
import io.github.mixtura.em.ExpectationStep;
import io.github.mixtura.em.Rows;
import io.github.mixtura.mixture.MixtureScores;

/** The modules and packages depend on each other as ARCHITECTURE.md says. */
@AnalyzeClasses(packages = "io.github.mixtura", importOptions = ArchitectureTest.MainClasses.class)
class ArchitectureTest {
  /** Leaves out tests, which other modules share as jars. */
  static final class MainClasses implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/test-classes/") && !location.contains("-tests.jar");
    }
  }

  private static final String ROOT = "io.github.mixtura.";

  @ArchTest
  static final ArchRule LAYERS =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .withOptionalLayers(true)
          .layer("special")
          .definedBy(ROOT + "special..")
          .layer("dense")
          .definedBy(ROOT + "dense..")
          .layer("optimisation")
          .definedBy(ROOT + "optimisation..")
          .layer("execution")
          .definedBy(ROOT + "execution..")
          .layer("compute")
          .definedBy(ROOT + "compute..")
          .layer("data")
          .definedBy(ROOT + "data..")
          .layer("distribution")
          .definedBy(ROOT + "distribution..")
          .layer("mixture")
          .definedBy(ROOT + "mixture..")
          .layer("codec")
          .definedBy(ROOT + "codec..")
          .layer("em")
          .definedBy(ROOT + "em..")
          .layer("sdp")
          .definedBy(ROOT + "sdp..")
          .layer("gp")
          .definedBy(ROOT + "gp..")
          .layer("mdn")
          .definedBy(ROOT + "mdn..")
          .layer("cli")
          .definedBy(ROOT + "cli..")
          .layer("backend")
          .definedBy(ROOT + "backend..")
          .whereLayer("special")
          .mayNotAccessAnyLayer()
          .whereLayer("dense")
          .mayNotAccessAnyLayer()
          .whereLayer("optimisation")
          .mayNotAccessAnyLayer()
          .whereLayer("execution")
          .mayNotAccessAnyLayer()
          .whereLayer("compute")
          .mayOnlyAccessLayers("special")
          .whereLayer("data")
          .mayOnlyAccessLayers("special", "compute")
          .whereLayer("distribution")
          .mayOnlyAccessLayers("special", "compute")
          .whereLayer("mixture")
          .mayOnlyAccessLayers("special", "execution", "compute", "data", "distribution")
          .whereLayer("codec")
          .mayOnlyAccessLayers("special", "data", "distribution", "mixture")
          .whereLayer("em")
          .mayOnlyAccessLayers(
              "special", "dense", "execution", "compute", "data", "distribution", "mixture")
          .whereLayer("sdp")
          .mayOnlyAccessLayers(
              "special",
              "dense",
              "optimisation",
              "execution",
              "compute",
              "data",
              "distribution",
              "mixture",
              "em")
          .whereLayer("gp")
          .mayOnlyAccessLayers(
              "special",
              "dense",
              "optimisation",
              "execution",
              "compute",
              "data",
              "distribution",
              "mixture",
              "em")
          .whereLayer("mdn")
          .mayOnlyAccessLayers(
              "special",
              "dense",
              "optimisation",
              "execution",
              "compute",
              "data",
              "distribution",
              "mixture",
              "codec",
              "em")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("backend")
          .mayOnlyAccessLayers("special", "compute")
          .whereLayer("backend")
          .mayNotBeAccessedByAnyLayer();

  @ArchTest
  static final ArchRule EVERY_CLASS_HAS_A_LAYER =
      classes()
          .should()
          .resideInAnyPackage(
              ROOT + "special..",
              ROOT + "dense..",
              ROOT + "optimisation..",
              ROOT + "execution..",
              ROOT + "compute..",
              ROOT + "data..",
              ROOT + "distribution..",
              ROOT + "mixture..",
              ROOT + "codec..",
              ROOT + "em..",
              ROOT + "sdp..",
              ROOT + "gp..",
              ROOT + "mdn..",
              ROOT + "cli..",
              ROOT + "backend..");

  @ArchTest
  static final ArchRule BATCHES_ARE_WALKED_IN_ROWS_AND_SCORES_ONLY =
      noClasses()
          .that(not(assignableTo(Rows.class)).and(not(type(MixtureScores.class))))
          .should()
          .callMethodWhere(calls(Observations.class, "stage"));

  @ArchTest
  static final ArchRule THE_E_STEP_STANDS_ONCE =
      noClasses()
          .that(
              resideInAPackage(ROOT + "em..")
                  .and(not(type(ExpectationStep.class)))
                  .and(not(assignableTo(Rows.class))))
          .should()
          .callMethodWhere(calls(Kernels.class, "normalise"));

  /** Calls of a method from outside its class. */
  private static DescribedPredicate<JavaMethodCall> calls(Class<?> owner, String method) {
    return describe(
        owner.getSimpleName() + "." + method + " is called",
        call ->
            call.getTarget().getName().equals(method)
                && call.getTargetOwner().isAssignableTo(owner)
                && !call.getOriginOwner().isAssignableTo(owner));
  }

  @ArchTest
  static final ArchRule NO_CYCLES =
      slices().matching("io.github.mixtura.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule FAMILIES_DO_NOT_KNOW_EACH_OTHER_BUT_FOR_THE_COVARIANCE_ESTIMATOR =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "em.gaussian..")
          .or()
          .resideInAPackage(ROOT + "em.directional..")
          .should()
          .dependOnClassesThat(resideInAnyPackage(ROOT + "em.student..", ROOT + "em.selection.."));

  @ArchTest
  static final ArchRule JSON_IS_FOR_THE_CODEC_AND_THE_COMMAND_LINE =
      noClasses()
          .that(
              resideInAPackage("io.github.mixtura..")
                  .and(not(resideInAnyPackage(ROOT + "codec..", ROOT + "cli..")))
                  .and(not(simpleNameStartingWith("PdeProblemFile"))))
          .should()
          .dependOnClassesThat(resideInAPackage("com.fasterxml.jackson.."));

  @ArchTest
  static final ArchRule BACKENDS_DO_NOT_KNOW_EACH_OTHER =
      slices().matching("io.github.mixtura.backend.(*)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule NO_BACKEND_AND_NO_SIBLING_AT_COMPILE_TIME =
      noClasses()
          .that()
          .resideOutsideOfPackages(ROOT + "backend..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  ROOT + "backend..",
                  ROOT + "vector..",
                  ROOT + "jcuda..",
                  "jcuda..",
                  "jdk.incubator.."));
}
