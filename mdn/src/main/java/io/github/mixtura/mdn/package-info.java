/**
 * Mixture-density networks: the law of targets given inputs as a mixture.
 *
 * <p>{@link io.github.mixtura.mdn.MixtureDensityNetwork} trains, {@link
 * io.github.mixtura.mdn.ConditionalMixture} forecasts, {@link io.github.mixtura.mdn.Calibration}
 * judges. Inside, every layer works on rows of numbers, one entry per sample ({@code Lanes}); the
 * gradients are written out by hand, layer by layer.
 */
package io.github.mixtura.mdn;
