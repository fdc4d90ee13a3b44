package io.github.mixtura.optimisation;

/**
 * What is known of an answer's distance from the best one.
 *
 * <p>Let F be the objective of a labelling into K groups, some of which may be empty, in exact
 * arithmetic for the rows as they were given and, where the groups have covariances of their own,
 * for these as they are returned; F* the largest of them, and F(labels) that of the partition. The
 * scale of a gap is the objective for K-means and n·p for the likelihood. Nothing is promised of
 * other covariances, other K, or of how well groups describe the data.
 */
public enum Certification {
  /**
   * {@code F(labels) ≤ F* ≤ F(labels) + 1e-9·scale}, proved; {@code upperBound ≥ F*}. It may be one
   * of several labellings that are as good. For one group there is nothing to compare with, and the
   * promise is that the value is right.
   */
  CERTIFIED,
  /**
   * {@code upperBound ≥ F*}, proved, and larger than the objective by more than 1e-9 of the scale.
   * The partition may be the best one or not: it can be exceeded by the gap at most. How large the
   * gap is depends on the steps that were made for it.
   */
  GAP,
  /**
   * Nothing is proved: the method has no bound, or time, steps or memory ended before there was
   * one. The labels are a search's, with every group used.
   */
  UNCERTIFIED
}
