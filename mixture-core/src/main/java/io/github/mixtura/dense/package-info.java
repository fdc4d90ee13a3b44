/**
 * Products and factorisations of dense matrices, the one place that chooses how they are computed.
 *
 * <p>{@link io.github.mixtura.dense.Dense} takes and returns matrices of EJML; small ones go to
 * EJML, larger ones through loops that the compiler vectorises.
 */
package io.github.mixtura.dense;
