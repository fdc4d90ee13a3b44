package io.github.mixtura.cli;

import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.em.EmOptions;
import io.github.mixtura.em.Family;
import io.github.mixtura.em.FitWarning;
import io.github.mixtura.em.MixtureFit;
import io.github.mixtura.em.MixtureFitter;
import io.github.mixtura.execution.StopReason;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Fits one mixture. */
@Command(
    name = "fit",
    description = "Fits one mixture to a table. Defaults are in parentheses.",
    sortOptions = false)
final class FitCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--components",
      paramLabel = "K",
      required = true,
      description = "Number of components.")
  private int components;

  @Mixin private DataInput input;
  @Mixin private FamilyChoice choice;
  @Mixin private EmArguments arguments;
  @Mixin private Outputs outputs;

  FitCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (components < 1) {
      throw new UsageException("components is " + components + ", must be at least 1");
    }
    choice.check(false);
    outputs.check(input.file(), arguments.startFile());
    EmOptions options = arguments.options(terminal);
    return input.using(
        terminal,
        arguments.quiet(),
        observations ->
            fit(
                options,
                choice.toRadians(observations, terminal, arguments.quiet()),
                AngleRange.of(observations, choice.angles())));
  }

  private int fit(EmOptions options, Observations observations, AngleRange range) {
    Family<?> family = choice.families(observations.columns()).get(0);
    MixtureFit<?> fit;
    try (ProgressLine progress = new ProgressLine(terminal, arguments.quiet())) {
      fit = fit(family, options.withListener(progress::show), observations);
    }
    outputs.save(fit, observations, choice.angles());
    if (outputs.format() == Format.JSON) {
      FitDocument.print(FitDocument.of(fit, choice.angles()), terminal.out());
      warn(terminal, arguments.quiet(), fit);
    } else {
      terminal.out().print(FitText.report(fit, observations, choice.angles(), range));
    }
    return fit.diagnostics().stopReason() == StopReason.CANCELLED
        ? ExitCode.CANCELLED
        : ExitCode.DONE;
  }

  private <C extends Component> MixtureFit<C> fit(
      Family<C> family, EmOptions options, Observations observations) {
    return MixtureFitter.of(family, components)
        .options(options)
        .initializer(
            arguments.initializer(family.name(), choice.angles(), components, observations))
        .fit(observations);
  }

  static void warn(Terminal terminal, boolean quiet, MixtureFit<?> fit) {
    if (!quiet) {
      for (FitWarning warning : fit.diagnostics().warnings()) {
        if (warning.kind() != FitWarning.Kind.DATA) {
          terminal.tell("warning", FitText.warning(warning));
        }
      }
    }
  }
}
