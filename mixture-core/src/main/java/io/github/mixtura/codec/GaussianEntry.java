package io.github.mixtura.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.mixtura.distribution.Gaussian;
import java.util.Arrays;
import java.util.List;

/** Gaussian components. */
final class GaussianEntry implements LawEntry<Gaussian> {
  @Override
  public String name() {
    return "gaussian";
  }

  @Override
  public Class<Gaussian> law() {
    return Gaussian.class;
  }

  @Override
  public void write(Gaussian component, ObjectNode into) {
    Laws.putArray(into, "mean", component.mean());
    Laws.putMatrix(into, "covariance", component.covariance());
  }

  @Override
  public Gaussian read(Cursor from, int dimension, boolean diagonal) {
    return Gaussian.of(
        from.get("mean").numbers(dimension),
        Laws.matrix(from.get("covariance"), dimension, diagonal));
  }

  @Override
  public String matrixField() {
    return "covariance";
  }

  @Override
  public Description describe(Gaussian component) {
    double[] deviations =
        Arrays.stream(component.covariance().variances()).map(Math::sqrt).toArray();
    return new Description(
        List.of(),
        List.of(
            new PerColumn("mean", component.mean(), false), new PerColumn("sd", deviations, false)),
        "covariance",
        component.covariance());
  }
}
