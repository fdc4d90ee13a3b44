package io.github.mixtura.distribution;

/**
 * A law whose marginals and conditionals are of the same kind.
 *
 * @param <C> the kind
 */
public interface Conditional<C extends Component> {
  /**
   * The law of some columns.
   *
   * @param columns distinct indices from 0, in the order wanted, at least one
   * @return their joint law
   */
  C marginal(int... columns);

  /**
   * The law of the other columns when some are known.
   *
   * @param given distinct indices from 0 of the known columns, not all
   * @param values their values (read)
   * @return law of the remaining columns, in their order
   */
  C conditional(int[] given, double[] values);
}
