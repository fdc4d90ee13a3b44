/** Optimisation shared by the packages of this module; not part of the API. */
package io.github.mixtura.gp.internal;
