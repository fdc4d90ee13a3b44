package io.github.mixtura.em;

/**
 * Where a fit stands.
 *
 * @param start index of the start, from 0
 * @param starts number of starts
 * @param iteration M-steps made in this start
 * @param maxIterations greatest number of them
 * @param logLikelihood at the current mixture
 */
public record Progress(
    int start, int starts, int iteration, int maxIterations, double logLikelihood) {}
