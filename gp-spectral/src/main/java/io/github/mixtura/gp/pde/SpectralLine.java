package io.github.mixtura.gp.pde;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A component of the spectral prior of a solution.
 *
 * @param axis 0 for x, 1 for y
 * @param frequency cycles per unit of the coordinate, 0 for the smooth part
 * @param weight prior variance of the component; the greatest along an axis is 1
 */
public record SpectralLine(int axis, double frequency, double weight) {
  /** Components by frequency, from angular frequencies on [0, 1] and standard deviations. */
  static List<SpectralLine> of(int axis, double length, double[] omegas, double[] scales) {
    double largest = 0;
    for (double scale : scales) {
      largest = Math.max(largest, scale);
    }
    List<SpectralLine> lines = new ArrayList<>();
    for (int q = 0; q < omegas.length; q++) {
      double ratio = scales[q] / largest;
      lines.add(new SpectralLine(axis, omegas[q] / (2 * Math.PI * length), ratio * ratio));
    }
    lines.sort(Comparator.comparingDouble(SpectralLine::frequency));
    return lines;
  }
}
