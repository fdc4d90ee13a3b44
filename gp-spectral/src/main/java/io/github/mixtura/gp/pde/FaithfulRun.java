package io.github.mixtura.gp.pde;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;

/** The clock, the time limit and the phases of one call of the faithful solver. */
final class FaithfulRun {
  private final FaithfulSolver.Options options;
  private final long start = System.nanoTime();
  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private String phase;
  private long phaseStart;

  FaithfulRun(FaithfulSolver.Options options) {
    this.options = options;
  }

  void begin(String name) {
    end();
    phase = name;
    phaseStart = System.nanoTime();
    options.progress().accept(name);
  }

  private void end() {
    if (phase != null) {
      seconds.merge(phase, (System.nanoTime() - phaseStart) * 1e-9, Double::sum);
      phase = null;
    }
  }

  Map<String, Double> seconds() {
    end();
    return Collections.unmodifiableMap(new LinkedHashMap<>(seconds));
  }

  boolean isLate() {
    return options.timeLimit() != null && System.nanoTime() - start > options.timeLimit().toNanos();
  }

  boolean isOver() {
    return isLate() || options.cancelled().getAsBoolean();
  }

  void requireGoingOn() {
    if (options.cancelled().getAsBoolean()) {
      throw new CancellationException("cancelled");
    }
  }
}
