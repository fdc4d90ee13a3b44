package io.github.mixtura.em;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.execution.RunOptions;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class EmOptionsTest {

  @Test
  void eachChangeChangesOneThing() throws ReflectiveOperationException {
    Map<String, UnaryOperator<EmOptions>> changes =
        Map.ofEntries(
            Map.entry("tolerance", o -> o.withTolerance(1e-3)),
            Map.entry("maxIterations", o -> o.withMaxIterations(17)),
            Map.entry("starts", o -> o.withStarts(3)),
            Map.entry("seed", o -> o.withSeed(99)),
            Map.entry("threads", o -> o.withThreads(77)),
            Map.entry("backend", o -> o.withBackend("java")),
            Map.entry("timeLimit", o -> o.withTimeLimit(Duration.ofSeconds(3))),
            Map.entry("onDegenerate", o -> o.withOnDegenerate(DegeneracyPolicy.drop())),
            Map.entry("acceleration", o -> o.withAcceleration(Acceleration.SQUAREM)),
            Map.entry("listener", o -> o.withListener(p -> {})),
            Map.entry("cancelled", o -> o.withCancelled(() -> true)));
    Map<String, Object> before = values(EmOptions.defaults());
    assertEquals(before.keySet(), changes.keySet());
    for (String changed : changes.keySet()) {
      Map<String, Object> after = values(changes.get(changed).apply(EmOptions.defaults()));
      before.forEach(
          (name, old) -> {
            if (name.equals(changed)) {
              assertNotEquals(old, after.get(name), name);
            } else {
              assertEquals(old, after.get(name), name + " after a change of " + changed);
            }
          });
    }
  }

  private static Map<String, Object> values(EmOptions options) throws ReflectiveOperationException {
    Map<String, Object> values = new HashMap<>();
    for (RecordComponent part : EmOptions.class.getRecordComponents()) {
      values.put(part.getName(), part.getAccessor().invoke(options));
    }
    values.remove("run");
    for (RecordComponent part : RunOptions.class.getRecordComponents()) {
      values.put(part.getName(), part.getAccessor().invoke(options.run()));
    }
    return values;
  }

  @Test
  void valuesOutOfRangeAreRefusedByName() {
    EmOptions options = EmOptions.defaults();
    assertRefused("tolerance", "-1.0", () -> options.withTolerance(-1));
    assertRefused("tolerance", "1.0", () -> options.withTolerance(1));
    assertRefused("tolerance", "NaN", () -> options.withTolerance(Double.NaN));
    assertRefused("maxIterations", "-1", () -> options.withMaxIterations(-1));
    assertRefused("starts", "0", () -> options.withStarts(0));
    assertRefused("threads", "0", () -> options.withThreads(0));
    assertRefused("threads", "1025", () -> options.withThreads(1025));
    assertRefused("timeLimit", "PT-1S", () -> options.withTimeLimit(Duration.ofSeconds(-1)));
  }

  @Test
  void limitsOfTheRangesAreTaken() {
    EmOptions options =
        EmOptions.defaults()
            .withTolerance(0)
            .withMaxIterations(0)
            .withStarts(1)
            .withThreads(1024)
            .withTimeLimit(Duration.ZERO)
            .withTimeLimit(null);
    assertEquals(0, options.tolerance());
    assertEquals(1024, options.run().threads());
  }

  private static void assertRefused(String name, String value, Executable change) {
    String message = assertThrows(IllegalArgumentException.class, change).getMessage();
    assertTrue(message.contains(name) && message.contains(value), message);
  }
}
