package io.github.mixtura.compute;

/**
 * Whether {@link Math#fma} is an instruction of the processor. Where it is not, Java computes it in
 * decimal numbers of any length, some hundred times slower.
 */
final class FusedMultiplyAdd {
  static final String NOTE =
      "this processor (or this Java, see -XX:+UseFMA) has no fused multiply-add: results are the"
          + " same to the last bit, but take several times as long";

  /** Between the tenth of a microsecond of an instruction and the hundred of decimal numbers. */
  private static final long LONGEST_NANOSECONDS = 5_000;

  private static final int TRIALS = 5;
  private static final int CALLS = 4;

  /** Keeps the compiler from leaving the calls out. */
  static volatile double sink;

  private FusedMultiplyAdd() {}

  static boolean inHardware() {
    return Found.HARDWARE;
  }

  private static final class Found {
    static final boolean HARDWARE = shortest() < LONGEST_NANOSECONDS;

    /**
     * Nanoseconds of a call in the fastest of some trials: whatever else runs only adds to them.
     */
    private static long shortest() {
      long shortest = Long.MAX_VALUE;
      // Numbers far apart have hundreds of decimal digits between them.
      double x = 1e-200;
      for (int trial = 0; trial < TRIALS; trial++) {
        long start = System.nanoTime();
        for (int call = 0; call < CALLS; call++) {
          x = Math.fma(x, 0x1.123456789abcdp-2, 1e-200);
          sink = Math.fma(x, x, 1.5);
        }
        shortest = Math.min(shortest, (System.nanoTime() - start) / (2 * CALLS));
      }
      return shortest;
    }
  }
}
