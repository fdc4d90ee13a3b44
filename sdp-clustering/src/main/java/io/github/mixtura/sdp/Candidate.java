package io.github.mixtura.sdp;

/**
 * A partition that a search found.
 *
 * @param labels n group numbers, 0 … K − 1, all used
 * @param objective what the search maximised, of these labels
 * @param iterations passes over the data
 * @param origin where the search began, such as {@code k-means++}
 */
record Candidate(int[] labels, double objective, int iterations, String origin) {
  /** The better one; the first of equals. */
  static Candidate better(Candidate first, Candidate second) {
    return first == null || second != null && second.objective > first.objective ? second : first;
  }

  Candidate from(String start) {
    return new Candidate(labels, objective, iterations, start);
  }
}
