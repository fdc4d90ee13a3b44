/** One library that is compared. */
interface Peer {
  /** Name and version. */
  String version();

  /** Takes over the data and the start of a cell; not timed. */
  void load(Cell cell);

  /**
   * Runs EM iterations from the start of the loaded cell.
   *
   * @param clock started and stopped around the iterations by the peer
   * @return the log-likelihood reached, NaN if the peer does not tell
   */
  double run(int iterations, Clock clock);
}
