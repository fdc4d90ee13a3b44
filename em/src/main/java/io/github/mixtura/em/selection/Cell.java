package io.github.mixtura.em.selection;

import io.github.mixtura.em.Family;
import io.github.mixtura.em.MixtureFit;

/**
 * One model of a selection.
 *
 * @param family what was fitted
 * @param components number of components asked for
 * @param fit the fit; {@code null} if it failed
 * @param status how it ended
 * @param reason why it is not OK; {@code null} if it is
 */
public record Cell(
    Family<?> family, int components, MixtureFit<?> fit, CellStatus status, String reason) {}
