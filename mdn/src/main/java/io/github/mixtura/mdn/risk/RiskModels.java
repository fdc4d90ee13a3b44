package io.github.mixtura.mdn.risk;

import java.util.List;

/** The models that are known by name. */
public final class RiskModels {
  private RiskModels() {}

  /**
   * Names of the models.
   *
   * @return {@code historical}, {@code ewma}, {@code garch}, {@code garch-t}, {@code mixture},
   *     {@code regime}, {@code lstm-mdn}, {@code lstm-mdn-2}, {@code lstm-mdn-3}
   */
  public static List<String> names() {
    return List.of(
        "historical",
        "ewma",
        "garch",
        "garch-t",
        "mixture",
        "regime",
        "lstm-mdn",
        "lstm-mdn-2",
        "lstm-mdn-3");
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
      case "lstm-mdn" -> LstmMixture.regularised(seed);
      case "lstm-mdn-2" -> LstmMixture.plain(2, seed);
      case "lstm-mdn-3" -> LstmMixture.plain(3, seed);
      default ->
          throw new IllegalArgumentException(
              "model is '" + name + "', must be one of " + String.join(", ", names()));
    };
  }
}
