package io.github.mixtura.gp;

/**
 * The logarithm of a determinant and how far it can be trusted.
 *
 * @param value the logarithm, or its estimate
 * @param standardError of the estimate; 0 if it was computed exactly
 * @param probes number of random vectors; 0 if it was computed exactly
 */
public record LogDeterminant(double value, double standardError, int probes) {}
