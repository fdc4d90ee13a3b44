package io.github.mixtura.em.selection;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The fits of a grid of models.
 *
 * @param criterion what they are compared by
 * @param table one cell per family and number of components, in the order asked for
 */
public record Selection(Criterion criterion, List<Cell> table) {
  /**
   * Copies the table.
   *
   * @param criterion see the record
   * @param table see the record
   */
  public Selection {
    table = List.copyOf(table);
  }

  /**
   * The chosen model.
   *
   * @return the cell of the lowest criterion among those that are OK
   */
  public Optional<Cell> best() {
    return table.stream()
        .filter(cell -> cell.status() == CellStatus.OK)
        .min(Comparator.comparingDouble(cell -> criterion.of(cell.fit())));
  }
}
