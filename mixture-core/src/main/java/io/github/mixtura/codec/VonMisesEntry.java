package io.github.mixtura.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.mixtura.distribution.VonMises;
import java.util.List;

/** Von Mises components, on the circle and on the torus. */
final class VonMisesEntry implements LawEntry<VonMises> {
  @Override
  public String name() {
    return "von-mises";
  }

  @Override
  public Class<VonMises> law() {
    return VonMises.class;
  }

  @Override
  public void write(VonMises component, ObjectNode into) {
    Laws.putArray(into, "meanDirection", component.meanDirection());
    Laws.putArray(into, "concentration", component.concentration());
  }

  @Override
  public VonMises read(Cursor from, int dimension, boolean diagonal) {
    return VonMises.of(
        from.get("meanDirection").numbers(dimension),
        from.get("concentration").elements(dimension).stream()
            .mapToDouble(kappa -> kappa.number(0, VonMises.LARGEST_CONCENTRATION))
            .toArray());
  }

  @Override
  public boolean hasAngles() {
    return true;
  }

  @Override
  public Description describe(VonMises component) {
    return new Description(
        List.of(),
        List.of(
            new PerColumn("direction", component.meanDirection(), true),
            new PerColumn("concentration", component.concentration(), false)),
        null,
        null);
  }
}
