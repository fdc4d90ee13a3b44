/**
 * Special functions of one real argument or two, accurate over the whole range of doubles.
 *
 * <p>Every class here is a set of pure functions: no state, no allocation of shared data, safe from
 * any thread. The functions are grouped by the distribution or the function family they serve.
 */
package io.github.mixtura.special;
