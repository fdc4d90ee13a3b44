/** Minimisation of smooth functions, for estimates that have no closed form. */
package io.github.mixtura.optimisation;
