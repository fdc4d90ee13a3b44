package io.github.mixtura.sdp;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * iLA-SDP for several numbers of groups, compared by {@link Icl}.
 *
 * @param rows one per number of groups, in the order asked for; fewer if the run was over
 */
record ComponentChoice(List<Row> rows) {
  /**
   * One number of groups.
   *
   * @param components K
   * @param result the partition; {@code null} where there is none
   * @param icl lower is better; NaN where there is no partition
   * @param reason why there is no partition; {@code null} where there is one
   */
  record Row(int components, IlaSdp.Result result, double icl, String reason) {}

  static ComponentChoice of(Points points, int[] components, IlaSdp method, long seed, Run run) {
    List<Row> rows = new ArrayList<>();
    for (int k : components) {
      if (!rows.isEmpty() && run.isOver()) {
        break;
      }
      rows.add(row(points, k, method, seed, run));
    }
    return new ComponentChoice(List.copyOf(rows));
  }

  private static Row row(Points points, int components, IlaSdp method, long seed, Run run) {
    try {
      IlaSdp.Result result = method.solve(points, components, seed, run);
      CovarianceModel model = method.rule().model();
      double icl =
          Icl.of(result.objective(), result.labels(), points.dimension(), components, model);
      return new Row(components, result, icl, null);
    } catch (IllegalArgumentException e) {
      return new Row(components, null, Double.NaN, e.getMessage());
    }
  }

  /**
   * The row of the lowest ICL.
   *
   * @throws IllegalArgumentException if no number of groups led to a partition
   */
  Row best() {
    return rows.stream()
        .filter(row -> row.result() != null)
        .min(Comparator.comparingDouble(Row::icl))
        .orElseThrow(() -> new IllegalArgumentException(rows.get(0).reason()));
  }
}
