package io.github.mixtura.em;

import io.github.mixtura.compute.Encoding;
import io.github.mixtura.data.AngleUnits;
import io.github.mixtura.data.Observations;
import java.util.ArrayList;
import java.util.List;

/** What was noted about data before a fit, as warnings of it. */
final class DataNotes {
  private DataNotes() {}

  /** The notes about the rows and about the unit of angles. */
  static List<FitWarning> of(Observations rows, Family<?> family) {
    List<FitWarning> all = new ArrayList<>();
    for (String note : rows.notes()) {
      all.add(warning(note));
    }
    if (family.encoding() == Encoding.ANGLES) {
      AngleUnits.suspicion(rows, 2 * Math.PI).ifPresent(note -> all.add(warning(note)));
    }
    return all;
  }

  private static FitWarning warning(String note) {
    return new FitWarning(-1, 0, FitWarning.Kind.DATA, note);
  }
}
