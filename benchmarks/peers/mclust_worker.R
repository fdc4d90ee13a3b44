# Runs EM iterations of mclust on request: a line `folder iterations` in, a JSON line out.
#
# me() makes an M step and then an E step per iteration; the E step from the start is not timed.
# The line `version` is answered with the version.

suppressPackageStartupMessages(library(mclust))
options(warn = -1)

load_cell <- function(folder) {
  words <- scan(file.path(folder, "start.txt"), what = "", quiet = TRUE)
  n <- as.integer(words[2]); d <- as.integer(words[3]); K <- as.integer(words[4])
  numbers <- as.numeric(words[-(1:4)])
  x <- matrix(readBin(file.path(folder, "x.bin"), "double", n * d, endian = "little"),
              n, d, byrow = TRUE)
  pro <- numbers[1:K]
  mean <- matrix(numbers[K + seq_len(K * d)], d, K)
  variances <- matrix(numbers[K + K * d + seq_len(K * d)], d, K)
  if (d == 1) {
    model <- "V"
    x <- as.vector(x)
    mean <- as.vector(mean)
    variance <- list(modelName = model, d = 1, G = K, sigmasq = as.vector(variances))
  } else {
    model <- if (words[1] == "diag") "VVI" else "VVV"
    sigma <- array(0, c(d, d, K))
    cholesky <- sigma
    for (k in 1:K) {
      diag(sigma[, , k]) <- variances[, k]
      diag(cholesky[, , k]) <- sqrt(variances[, k])
    }
    scale <- apply(variances, 2, function(v) prod(v)^(1 / d))
    variance <- list(modelName = model, d = d, G = K, sigma = sigma, cholsigma = cholesky,
                     scale = scale, shape = sweep(variances, 2, scale, "/"))
  }
  z <- estep(modelName = model, data = x,
             parameters = list(pro = pro, mean = mean, variance = variance))$z
  list(folder = folder, x = x, z = z, model = model)
}

run <- function(cell, iterations) {
  control <- emControl(eps = 0, tol = c(0, 0), itmax = c(iterations, iterations))
  spent <- system.time(
    fit <- me(modelName = cell$model, data = cell$x, z = cell$z, control = control),
    gcFirst = TRUE)
  if (is.na(fit$loglik)) return('{"error": "no fit"}')
  sprintf('{"wall": %.9f, "cpu": %.9f, "logLikelihood": %.17g}',
          spent[["elapsed"]] / iterations,
          (spent[["user.self"]] + spent[["sys.self"]]) / iterations, fit$loglik)
}

input <- file("stdin")
open(input)
cell <- list(folder = "")
while (length(line <- readLines(input, 1)) > 0) {
  words <- strsplit(line, " ")[[1]]
  if (words[1] == "version") {
    answer <- sprintf('{"version": "mclust %s, R %s"}', packageVersion("mclust"),
                      getRversion())
  } else {
    if (cell$folder != words[1]) cell <- load_cell(words[1])
    answer <- run(cell, as.integer(words[2]))
  }
  cat(answer, "\n", sep = "")
  flush(stdout())
}
