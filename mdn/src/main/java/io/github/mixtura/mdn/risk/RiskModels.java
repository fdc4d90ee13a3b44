package io.github.mixtura.mdn.risk;

import java.util.List;

/** The models that are known by name and need no network. */
public final class RiskModels {
  private RiskModels() {}

  /**
   * Names of the models.
   *
   * @return {@code historical}, {@code ewma}, {@code garch}, {@code garch-t}, {@code mixture},
   *     {@code regime}
   */
  public static List<String> names() {
    return List.of("historical", "ewma", "garch", "garch-t", "mixture", "regime");
  }

  /**
   * A model by its name.
   *
   * @param name one of {@link #names}
   * @param seed of a model that draws random numbers
   * @return the model with its default settings
   * @throws IllegalArgumentException if there is no such model
   */
  public static RiskModel named(String name, long seed) {
    return switch (name) {
      case "historical" -> HistoricalSimulation.of();
      case "ewma" -> Ewma.of();
      case "garch" -> Garch.normal();
      case "garch-t" -> Garch.studentT();
      case "mixture" -> StaticMixture.of(2, seed);
      case "regime" -> RegimeSwitching.of();
      default ->
          throw new IllegalArgumentException(
              "model is '" + name + "', must be one of " + String.join(", ", names()));
    };
  }
}
