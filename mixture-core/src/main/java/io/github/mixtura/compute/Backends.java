package io.github.mixtura.compute;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Finds and chooses backends.
 *
 * <p>Order of choice: the name given; the system property {@code mixtura.backend}; the usable
 * backend with the highest non-negative preference, for large work. {@code java} is always usable.
 */
public final class Backends {
  private static final Map<String, String> KNOWN =
      Map.of(
          "vector", "the module mixtura-backend-vector is not on the class path",
          "cuda", "the module mixtura-backend-jcuda is not on the class path");

  private static final long SMALL_WORK = 1_000_000;

  private static final System.Logger LOG = System.getLogger(Backends.class.getName());

  private Backends() {}

  /**
   * What there is, and why a backend is not usable.
   *
   * @return name → probe, best first, the known but absent ones last
   */
  public static Map<String, Backend.Probe> probeAll() {
    Map<String, Backend.Probe> result = new LinkedHashMap<>();
    for (Backend backend : providers()) {
      result.put(backend.name(), backend.probe());
    }
    KNOWN.keySet().stream()
        .sorted(Comparator.reverseOrder())
        .forEach(name -> result.putIfAbsent(name, Backend.Probe.unusable(KNOWN.get(name))));
    return result;
  }

  /**
   * Opens a backend. The caller closes its kernels.
   *
   * @param name its name, {@code auto}, or {@code null} for automatic choice
   * @param work numbers to be worked on, rows × columns × components; an automatic choice leaves
   *     less than {@value #SMALL_WORK} to plain Java, which is compiled sooner
   * @return its kernels
   * @throws BackendUnavailableException if one was named and cannot be used
   * @throws IllegalArgumentException if no backend of that name is known
   */
  public static Kernels open(String name, long work) {
    String wanted =
        name == null || name.equals("auto") ? System.getProperty("mixtura.backend") : name;
    if (wanted == null || wanted.isEmpty() || wanted.equals("auto")) {
      return work < SMALL_WORK
          ? JavaBackend.INSTANCE.open()
          : providers().stream()
              .filter(b -> b.preference() >= 0 && b.probe().usable())
              .findFirst()
              .orElse(JavaBackend.INSTANCE)
              .open();
    }
    if (wanted.equals(JavaBackend.INSTANCE.name())) {
      return JavaBackend.INSTANCE.open();
    }
    for (Backend backend : providers()) {
      if (backend.name().equals(wanted) && backend.probe().usable()) {
        return backend.open();
      }
    }
    Map<String, Backend.Probe> all = probeAll();
    if (!all.containsKey(wanted)) {
      throw new IllegalArgumentException(
          "backend is '" + wanted + "', must be auto or one of " + String.join(", ", all.keySet()));
    }
    StringBuilder message = new StringBuilder("backend '" + wanted + "' is not available here:");
    all.forEach(
        (key, probe) ->
            message
                .append("\n  ")
                .append(key)
                .append(": ")
                .append(probe.usable() ? "usable" : probe.reason()));
    throw new BackendUnavailableException(message.toString());
  }

  private static List<Backend> providers() {
    List<Backend> found = new ArrayList<>();
    found.add(JavaBackend.INSTANCE);
    var providers = ServiceLoader.load(Backend.class).iterator();
    for (Backend backend = next(providers); backend != null; backend = next(providers)) {
      if (!backend.name().equals("java")) {
        found.add(backend);
      }
    }
    found.sort(Comparator.comparingInt(Backend::preference).reversed());
    return found;
  }

  /**
   * Opens a backend for large work.
   *
   * @param name its name, {@code auto}, or {@code null} for automatic choice
   * @return its kernels
   * @throws BackendUnavailableException if one was named and cannot be used
   * @throws IllegalArgumentException if no backend of that name is known
   */
  public static Kernels open(String name) {
    return open(name, Long.MAX_VALUE);
  }

  /** The next provider that can be loaded; one that cannot is the same as one that is absent. */
  private static Backend next(Iterator<Backend> providers) {
    while (true) {
      try {
        return providers.hasNext() ? providers.next() : null;
      } catch (ServiceConfigurationError | LinkageError e) {
        LOG.log(System.Logger.Level.DEBUG, "backend cannot be loaded", e);
      }
    }
  }
}
