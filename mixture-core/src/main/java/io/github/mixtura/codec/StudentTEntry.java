package io.github.mixtura.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.mixtura.distribution.StudentT;
import java.util.Arrays;
import java.util.List;

/** Student-t components. */
final class StudentTEntry implements LawEntry<StudentT> {
  @Override
  public String name() {
    return "student-t";
  }

  @Override
  public Class<StudentT> law() {
    return StudentT.class;
  }

  @Override
  public void write(StudentT component, ObjectNode into) {
    Laws.putArray(into, "mean", component.mean());
    Laws.putMatrix(into, "scale", component.scale());
    into.put("degreesOfFreedom", component.degreesOfFreedom());
  }

  @Override
  public StudentT read(Cursor from, int dimension, boolean diagonal) {
    return StudentT.of(
        from.get("mean").numbers(dimension),
        Laws.matrix(from.get("scale"), dimension, diagonal),
        from.get("degreesOfFreedom")
            .number(StudentT.SMALLEST_DEGREES_OF_FREEDOM, Double.MAX_VALUE));
  }

  @Override
  public String matrixField() {
    return "scale";
  }

  @Override
  public Description describe(StudentT component) {
    double[] scales = Arrays.stream(component.scale().variances()).map(Math::sqrt).toArray();
    return new Description(
        List.of(new Named("degrees of freedom", component.degreesOfFreedom())),
        List.of(
            new PerColumn("mean", component.mean(), false), new PerColumn("scale", scales, false)),
        "scale matrix",
        component.scale());
  }
}
