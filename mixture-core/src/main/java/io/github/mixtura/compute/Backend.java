package io.github.mixtura.compute;

/**
 * Something that can run {@link Kernels}: plain Java, SIMD vectors, a GPU. Found through {@link
 * java.util.ServiceLoader}.
 */
public interface Backend {
  /**
   * The name a user types.
   *
   * @return short lower-case name, such as {@code java}
   */
  String name();

  /**
   * Rank among usable backends in automatic choice.
   *
   * @return higher is preferred; negative: only when asked for by name
   */
  int preference();

  /**
   * Says whether the backend can run here; never throws.
   *
   * @return what was found
   */
  Probe probe();

  /**
   * Opens the kernels.
   *
   * @return thread-safe kernels, to be closed by the caller
   * @throws BackendUnavailableException if {@link #probe()} says it is not usable
   */
  Kernels open();

  /**
   * Result of a probe.
   *
   * @param usable whether {@link Backend#open()} will succeed
   * @param reason why not, in words for the user; {@code null} where usable
   */
  record Probe(boolean usable, String reason) {
    /** A usable backend. */
    public static final Probe USABLE = new Probe(true, null);

    /**
     * An unusable backend.
     *
     * @param reason why, in words for the user
     * @return the probe
     */
    public static Probe unusable(String reason) {
      return new Probe(false, reason);
    }
  }
}
