/**
 * How long work is run, whatever it computes: its options, its clock, its threads, its sums, why it
 * stopped and how far it is.
 */
package io.github.mixtura.execution;
