package io.github.mixtura.cli;

import io.github.mixtura.codec.LawEntry.Description;
import io.github.mixtura.codec.LawEntry.Named;
import io.github.mixtura.codec.LawEntry.PerColumn;
import io.github.mixtura.codec.Laws;
import io.github.mixtura.data.Observations;
import io.github.mixtura.data.Printable;
import io.github.mixtura.distribution.Component;
import io.github.mixtura.distribution.Covariance;
import io.github.mixtura.em.Diagnostics;
import io.github.mixtura.em.FitWarning;
import io.github.mixtura.em.MixtureFit;
import io.github.mixtura.mixture.Mixture;
import java.util.List;
import java.util.Locale;

/** Fits in words and tables, for people. */
final class FitText {
  /** Before what was noted about the data. */
  static final String DATA = "data: ";

  private static final int MOST_MATRIX_COLUMNS = 8;
  private static final double CERTAIN = 0.9;

  private final MixtureFit<?> fit;
  private final Mixture<?> mixture;
  private final List<String> names;
  private final StringBuilder text = new StringBuilder();

  private final Observations observations;
  private final Angles angles;
  private final AngleRange range;
  private final int[] sizes;
  private int unsure;

  private FitText(MixtureFit<?> fit, Observations observations, Angles angles, AngleRange range) {
    this.range = range;
    this.fit = fit;
    this.mixture = fit.mixture();
    this.names = fit.columnNames().stream().map(Printable::of).toList();
    this.observations = observations;
    this.angles = angles;
    this.sizes = new int[mixture.componentCount()];
    Memberships.visit(
        mixture,
        observations,
        (label, responsibilities) -> {
          sizes[label]++;
          unsure += responsibilities[label] < CERTAIN ? 1 : 0;
          return true;
        });
  }

  /** Everything about a fit. */
  static String report(
      MixtureFit<?> fit, Observations observations, Angles angles, AngleRange range) {
    FitText writer = new FitText(fit, observations, angles, range);
    writer.heading();
    writer.quality();
    writer.components();
    writer.certainty();
    writer.warnings();
    return writer.text.toString();
  }

  /** The parameters, and how sure the labels are. */
  static String components(MixtureFit<?> fit, Observations observations, Angles angles) {
    FitText writer = new FitText(fit, observations, angles, AngleRange.ofModels(angles));
    writer.components();
    writer.certainty();
    return writer.text.toString();
  }

  /** What was fitted, in a few words. */
  static String name(MixtureFit<?> fit) {
    int count = fit.mixture().componentCount();
    String structure = fit.family().structure(fit.mixture().dimension());
    return fit.family().name()
        + (structure == null ? "" : " " + structure)
        + ", "
        + count
        + (count == 1 ? " component" : " components");
  }

  static String warning(FitWarning warning) {
    if (warning.kind() == FitWarning.Kind.DATA) {
      return DATA + warning.remedy();
    }
    return (warning.component() < 0 ? "mixture" : "component " + (warning.component() + 1))
        + ", iteration "
        + warning.iteration()
        + ": "
        + warning.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ')
        + ": "
        + warning.remedy();
  }

  private void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
  }

  private void heading() {
    line("Mixture: %s", name(fit));
    line(
        "Data: %d row%s, %d column%s (%s)%s",
        observations.rows(),
        observations.rows() == 1 ? "" : "s",
        names.size(),
        names.size() == 1 ? "" : "s",
        shortened(String.join(", ", names)),
        observations.isWeighted() ? ", total weight " + number(fit.totalWeight()) : "");
  }

  private static String shortened(String list) {
    return list.length() <= 72 ? list : list.substring(0, 69) + "...";
  }

  private void quality() {
    Diagnostics diagnostics = fit.diagnostics();
    line(
        "Log-likelihood %s with %d parameter%s; BIC %.4f, AIC %.4f, ICL %.4f (lower is better)",
        logLikelihood(),
        fit.parameterCount(),
        fit.parameterCount() == 1 ? "" : "s",
        fit.bic(),
        fit.aic(),
        fit.icl());
    line("%s", ending(diagnostics));
  }

  /** Six decimals, or as many digits where weights make it small. */
  private String logLikelihood() {
    double value = fit.logLikelihood();
    boolean small = value != 0 && Math.abs(value) < 0.1;
    return String.format(Locale.ROOT, small ? "%.6e" : "%.6f", value);
  }

  static String ending(Diagnostics diagnostics) {
    int starts = diagnostics.startLogLikelihoods().size();
    return String.format(
        Locale.ROOT,
        "Stopped by %s after %d iteration%s%s; %.3f s on the %s backend",
        diagnostics.stopReason(),
        diagnostics.iterations(),
        diagnostics.iterations() == 1 ? "" : "s",
        starts == 1 ? "" : ", start " + (diagnostics.bestStart() + 1) + " of " + starts + " kept",
        diagnostics.seconds(),
        diagnostics.backend());
  }

  private void components() {
    for (int k = 0; k < mixture.componentCount(); k++) {
      Component component = mixture.component(k);
      Description description =
          Laws.of(component).map(entry -> entry.describe(component)).orElse(null);
      line("");
      StringBuilder head =
          new StringBuilder(
              String.format(
                  Locale.ROOT,
                  "Component %d: weight %.4f, %d row%s",
                  k + 1,
                  mixture.weight(k),
                  sizes[k],
                  sizes[k] == 1 ? "" : "s"));
      if (description == null) {
        line("%s", head);
        line("  %s", Printable.of(component.toString()));
        continue;
      }
      for (Named part : description.numbers()) {
        head.append(", ").append(part.name()).append(' ').append(number(part.value()));
      }
      line("%s", head);
      table(description);
    }
  }

  /** One row per column of the data: its parameters, the matrix, angles in the data's unit. */
  private void table(Description description) {
    int width = Math.max(12, names.stream().mapToInt(String::length).max().orElse(0) + 1);
    List<PerColumn> columns = description.columns();
    int wide = Math.max(12, columns.stream().mapToInt(c -> c.name().length() + 1).max().orElse(0));
    boolean converted =
        angles.period().isPresent() && columns.stream().anyMatch(PerColumn::isAngle);
    Covariance matrix = description.matrix();
    boolean whole =
        matrix != null
            && names.size() > 1
            && names.size() <= MOST_MATRIX_COLUMNS
            && !matrix.isDiagonal();
    StringBuilder head = new StringBuilder(String.format("  %-" + width + "s", ""));
    columns.forEach(c -> head.append(String.format(" %" + wide + "s", c.name())));
    head.append(converted ? String.format(" %" + wide + "s", "data's unit") : "");
    head.append(whole ? "   " + description.matrixName() : "");
    line("%s", head);
    for (int j = 0; j < names.size(); j++) {
      StringBuilder row = new StringBuilder(String.format("  %-" + width + "s", names.get(j)));
      String unit = "";
      for (PerColumn column : columns) {
        double value = column.values()[j];
        if (column.isAngle()) {
          double inUnit = range.bring(angles.fromRadians(column.values())[j], j);
          unit = converted ? String.format(" %" + wide + "s", number(inUnit)) : "";
          value = inUnit * (converted ? 2 * Math.PI / angles.turn() : 1);
        }
        row.append(String.format(" %" + wide + "s", number(value)));
      }
      row.append(unit).append(whole ? "  " : "");
      for (int i = 0; whole && i < names.size(); i++) {
        row.append(String.format(" %12s", number(matrix.get(j, i))));
      }
      line("%s", row);
    }
  }

  private void certainty() {
    if (mixture.componentCount() == 1) {
      return;
    }
    line("");
    line(
        "%d of %d rows have no component of probability %.1f or more.",
        unsure, observations.rows(), CERTAIN);
  }

  private void warnings() {
    List<FitWarning> warnings = fit.diagnostics().warnings();
    if (!warnings.isEmpty()) {
      line("");
      line("Warnings");
      warnings.forEach(w -> line("  %s", Printable.of(warning(w))));
    }
  }

  /** Six significant digits. */
  static String number(double value) {
    double size = Math.abs(value);
    if (value == 0) {
      return "0";
    }
    if (!(size >= 1e-4 && size < 1e7)) {
      return String.format(Locale.ROOT, "%.5e", value);
    }
    int decimals = (int) Math.max(0, 5 - Math.floor(Math.log10(size)));
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
