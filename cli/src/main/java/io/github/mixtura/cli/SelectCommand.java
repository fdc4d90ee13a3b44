package io.github.mixtura.cli;

import io.github.mixtura.data.DataFormatException;
import io.github.mixtura.data.Observations;
import io.github.mixtura.em.EmOptions;
import io.github.mixtura.em.Family;
import io.github.mixtura.em.MixtureFit;
import io.github.mixtura.em.selection.Cell;
import io.github.mixtura.em.selection.Criterion;
import io.github.mixtura.em.selection.ModelSelection;
import io.github.mixtura.em.selection.Selection;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Fits a grid of mixtures and keeps the best. */
@Command(
    name = "select",
    description =
        "Fits every family and structure with every number of components and keeps the best.",
    sortOptions = false)
final class SelectCommand implements Callable<Integer> {
  private static final int MOST_COMPONENTS = 1_000_000;

  private final Terminal terminal;

  @Option(
      names = "--components",
      paramLabel = "FROM:TO",
      required = true,
      description = "Numbers of components: 1:9, 3 or 1,2,5.")
  private String components;

  @Option(
      names = "--criterion",
      paramLabel = "NAME",
      description = "bic, aic or icl (bic); lower is better.")
  private Criterion criterion = Criterion.BIC;

  @Mixin private DataInput input;
  @Mixin private FamilyChoice choice;
  @Mixin private EmArguments arguments;
  @Mixin private Outputs outputs;

  SelectCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    int[] counts = counts(components);
    choice.check(true);
    outputs.check(input.file(), arguments.startFile());
    if (arguments.startsFromFile() && counts.length > 1) {
      throw new UsageException("--init with a file needs one number of components");
    }
    if (arguments.startsFromModel() && choice.hasSeveralFamilies()) {
      throw new UsageException("--init with a model needs one --family, that of the model");
    }
    EmOptions options = arguments.options(terminal);
    return input.using(
        terminal,
        arguments.quiet(),
        observations ->
            select(
                counts,
                options,
                choice.toRadians(observations, terminal, arguments.quiet()),
                AngleRange.of(observations, choice.angles())));
  }

  /** Numbers in {@code 1:9}, {@code 3} or {@code 1,2,5}, rising and each once. */
  static int[] counts(String text) {
    TreeSet<Integer> counts = new TreeSet<>();
    for (String part : text.split(",", -1)) {
      String[] ends = part.strip().split(":", -1);
      int from = count(text, ends[0]);
      int to = ends.length == 1 ? from : count(text, ends[ends.length - 1]);
      if (ends.length > 2 || to < from || to - from > 10_000) {
        throw wrong(text);
      }
      for (int k = from; k <= to; k++) {
        counts.add(k);
      }
    }
    return counts.stream().mapToInt(k -> k).toArray();
  }

  private static int count(String text, String number) {
    try {
      int count = Integer.parseInt(number.strip());
      if (count < 1 || count > MOST_COMPONENTS) {
        throw new UsageException(
            "components is '" + text + "', must be at least 1 and at most " + MOST_COMPONENTS);
      }
      return count;
    } catch (NumberFormatException e) {
      throw wrong(text);
    }
  }

  private static UsageException wrong(String text) {
    return new UsageException(
        "components is '" + text + "', must be such as 1:9, 3 or 1,2,5 with numbers from 1");
  }

  private int select(int[] counts, EmOptions options, Observations observations, AngleRange range) {
    List<Family<?>> families = choice.families(observations.columns());
    Selection selection;
    try (ProgressLine progress = new ProgressLine(terminal, arguments.quiet())) {
      int total = counts.length * families.size();
      int[] done = new int[1];
      ModelSelection models =
          ModelSelection.over(families, counts)
              .options(options.withListener(progress::show))
              .criterion(criterion)
              .listener(cell -> progress.models(++done[0], total));
      if (arguments.hasInitializer()) {
        models =
            models.initializer(
                arguments.initializer(
                    families.get(0).name(), choice.angles(), counts[0], observations));
      }
      progress.models(0, total);
      selection = models.select(observations);
    }
    return show(selection, observations, range);
  }

  private int show(Selection selection, Observations observations, AngleRange range) {
    MixtureFit<?> best = selection.best().map(Cell::fit).orElse(null);
    if (best != null) {
      outputs.save(best, observations, choice.angles());
    }
    if (outputs.format() == Format.JSON) {
      FitDocument.print(
          FitDocument.of(selection, observations.columns(), choice.angles()), terminal.out());
      if (best != null) {
        FitCommand.warn(terminal, arguments.quiet(), best);
      }
    } else if (best != null || terminal.cancelled().getAsBoolean()) {
      terminal.out().print(SelectionText.table(selection, observations.columns()));
      terminal.out().print(SelectionText.reasons(selection, observations.columns()));
      if (best != null) {
        terminal.out().print("\n" + FitText.report(best, observations, choice.angles(), range));
      }
    }
    if (terminal.cancelled().getAsBoolean()) {
      return ExitCode.CANCELLED;
    }
    if (best == null) {
      throw new DataFormatException(
          input.file()
              + ": no model could be fitted without repairs: "
              + SelectionText.mainReason(selection));
    }
    return ExitCode.DONE;
  }
}
