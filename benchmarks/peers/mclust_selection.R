# Selects among all structures with 1 to MOST components by mclust with its default control.
#
# usage: Rscript mclust_selection.R FILE COLUMNS MOST REPEATS
# Prints one JSON line: the seconds of each repeat, and per cell the log-likelihood and the smallest
# eigenvalue of a component's covariance relative to the data's (a spike if below 1e-6).

suppressPackageStartupMessages(library(mclust))
options(warn = -1)
arguments <- commandArgs(TRUE)
x <- as.matrix(read.csv(arguments[1])[, strsplit(arguments[2], ",")[[1]]])
most <- as.integer(arguments[3])

seconds <- sapply(seq_len(as.integer(arguments[4])), function(i) {
  set.seed(1)
  system.time(Mclust(x, G = 1:most, verbose = FALSE))[["elapsed"]]
})

set.seed(1)
bic <- mclustBIC(x, G = 1:most, verbose = FALSE)
root <- solve(chol(cov(x) * (nrow(x) - 1) / nrow(x)))

smallest <- function(G, model) {
  sigma <- summary(bic, x, G = G, modelNames = model)$parameters$variance$sigma
  if (is.null(sigma)) return(NA)
  sigma <- array(sigma, c(ncol(x), ncol(x), G))
  min(apply(sigma, 3, function(s) {
    min(eigen(t(root) %*% s %*% root, symmetric = TRUE, only.values = TRUE)$values)
  }))
}

number <- function(value) if (is.finite(value)) sprintf("%.17g", value) else "null"
cells <- character()
for (G in 1:most) {
  for (model in mclust.options("emModelNames")) {
    value <- bic[as.character(G), model]
    loglik <- (value + nMclustParams(model, ncol(x), G) * log(nrow(x))) / 2
    spread <- if (is.na(value)) NA else tryCatch(smallest(G, model), error = function(e) NA)
    cells <- c(cells, sprintf(
      '{"structure": "%s", "K": %d, "logLikelihood": %s, "smallest": %s}',
      model, G, number(loglik), number(spread)))
  }
}
best <- which(bic == max(bic, na.rm = TRUE), arr.ind = TRUE)[1, ]
cat(sprintf('{"version": "mclust %s, R %s", "seconds": [%s], "best": "%s,%s", "cells": [%s]}\n',
            packageVersion("mclust"), getRversion(), paste(seconds, collapse = ", "),
            colnames(bic)[best[2]], rownames(bic)[best[1]], paste(cells, collapse = ", ")))
