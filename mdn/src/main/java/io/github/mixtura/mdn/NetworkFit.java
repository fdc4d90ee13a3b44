package io.github.mixtura.mdn;

/**
 * A trained network and how it was found.
 *
 * @param model the network
 * @param report how training went
 */
public record NetworkFit(ConditionalMixture model, TrainingReport report) {}
