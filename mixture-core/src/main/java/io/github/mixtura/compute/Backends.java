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
 * <p>They are looked for through the context class loader of the thread and through the library's
 * own. Order of choice: the name given; the system property {@code mixtura.backend}; the usable
 * backend with the highest non-negative preference, for large work. {@code java} is always usable.
 */
public final class Backends {
  private static final Map<String, String> KNOWN =
      Map.of(
          "vector", "the module mixtura-backend-vector is not on the class path",
          "cuda", "the module mixtura-backend-jcuda is not on the class path");

  /** Failures after which a class loader is asked no more: some fail for ever. */
  private static final int MOST_FAILURES = 16;

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
    Search search = Search.run();
    for (Backend backend : search.found) {
      result.put(backend.name(), backend.probe());
    }
    KNOWN.keySet().stream()
        .sorted(Comparator.reverseOrder())
        .forEach(
            name ->
                result.putIfAbsent(
                    name,
                    Backend.Probe.unusable(
                        search.failure == null
                            ? KNOWN.get(name)
                            : KNOWN.get(name) + ", or hidden: " + search.failure)));
    return result;
  }

  /**
   * What slows work down here or keeps backends from being found, in sentences for the user.
   *
   * @return the sentences; empty where all is well
   */
  public static List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (!FusedMultiplyAdd.inHardware()) {
      notes.add(FusedMultiplyAdd.NOTE);
    }
    Search search = Search.run();
    if (search.failure != null) {
      notes.add("a class loader could not be asked for backends: " + search.failure);
    }
    for (String name : search.hidden) {
      notes.add(
          "backend '"
              + name
              + "' is hidden by the context class loader of the thread; it was found through the"
              + " library's own");
    }
    return notes;
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
    return Search.run().found;
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

  /** The backends of the class loaders, and what went wrong on the way. */
  private static final class Search {
    /** Best first. */
    final List<Backend> found = new ArrayList<>();

    /** Names of those that only the library's own loader shows. */
    final List<String> hidden = new ArrayList<>();

    /** Why a loader could not be asked, or a provider not be loaded; {@code null} if all could. */
    String failure;

    static Search run() {
      Search search = new Search();
      search.found.add(JavaBackend.INSTANCE);
      ClassLoader context = Thread.currentThread().getContextClassLoader();
      ClassLoader own = Backends.class.getClassLoader();
      search.add(context);
      int seen = search.found.size();
      if (own != context) {
        search.add(own);
      }
      search.found.stream().skip(seen).map(Backend::name).forEach(search.hidden::add);
      search.found.sort(Comparator.comparingInt(Backend::preference).reversed());
      return search;
    }

    /** A provider that cannot be loaded is the same as one that is absent. */
    private void add(ClassLoader loader) {
      int failures = 0;
      Iterator<Backend> providers = ServiceLoader.load(Backend.class, loader).iterator();
      while (failures < MOST_FAILURES) {
        try {
          if (!providers.hasNext()) {
            return;
          }
          add(providers.next());
        } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
          failures++;
          failure = e.getCause() == null ? e.getMessage() : e.getMessage() + ", " + e.getCause();
          LOG.log(System.Logger.Level.DEBUG, "backend cannot be loaded", e);
        }
      }
    }

    private void add(Backend backend) {
      if (found.stream().noneMatch(other -> other.name().equals(backend.name()))) {
        found.add(backend);
      }
    }
  }
}
