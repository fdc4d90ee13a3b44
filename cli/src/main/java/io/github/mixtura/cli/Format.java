package io.github.mixtura.cli;

/** How results are printed. */
enum Format {
  TEXT,
  JSON
}
