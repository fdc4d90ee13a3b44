// Runs EM iterations of Armadillo on request: a line `folder iterations` in, a JSON line out.
// No k-means, the smallest variance floor that is allowed, the given start.

#include <armadillo>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iostream>
#include <limits>
#include <sstream>
#include <string>

struct Cell {
  std::string kind;
  arma::mat rows;  // d × n
  arma::rowvec weights;
  arma::mat means;      // d × K
  arma::mat variances;  // d × K
};

static Cell read(const std::string& folder) {
  Cell cell;
  std::ifstream start(folder + "/start.txt");
  arma::uword n, d, count;
  start >> cell.kind >> n >> d >> count;
  cell.weights.set_size(count);
  cell.means.set_size(d, count);
  cell.variances.set_size(d, count);
  for (double& value : cell.weights) start >> value;
  for (double& value : cell.means) start >> value;
  for (double& value : cell.variances) start >> value;
  cell.rows.set_size(d, n);
  std::ifstream data(folder + "/x.bin", std::ios::binary);
  data.read(reinterpret_cast<char*>(cell.rows.memptr()), 8 * d * n);
  return cell;
}

template <typename Model>
static void run(Model& model, const Cell& cell, arma::uword iterations) {
  const auto wall = std::chrono::steady_clock::now();
  const std::clock_t cpu = std::clock();
  const bool done = model.learn(cell.rows, cell.means.n_cols, arma::eucl_dist, arma::keep_existing,
                                0, iterations, std::numeric_limits<double>::min(), false);
  const double cpu_seconds = double(std::clock() - cpu) / CLOCKS_PER_SEC;
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - wall;
  if (!done) {
    std::printf("{\"error\": \"learn failed\"}\n");
    return;
  }
  std::printf("{\"wall\": %.9f, \"cpu\": %.9f, \"logLikelihood\": %.17g}\n",
              seconds.count() / iterations, cpu_seconds / iterations,
              model.sum_log_p(cell.rows));
}

int main() {
  std::string line, loaded;
  Cell cell;
  while (std::getline(std::cin, line)) {
    std::istringstream words(line);
    std::string folder;
    words >> folder;
    if (folder == "version") {
      std::printf("{\"version\": \"Armadillo %d.%d.%d\"}\n", ARMA_VERSION_MAJOR,
                  ARMA_VERSION_MINOR, ARMA_VERSION_PATCH);
      std::fflush(stdout);
      continue;
    }
    arma::uword iterations;
    words >> iterations;
    if (folder != loaded) {
      cell = read(folder);
      loaded = folder;
    }
    if (cell.kind == "diag") {
      arma::gmm_diag model;
      model.set_params(cell.means, cell.variances, cell.weights);
      run(model, cell, iterations);
    } else {
      arma::cube covariances(cell.means.n_rows, cell.means.n_rows, cell.means.n_cols);
      for (arma::uword k = 0; k < cell.means.n_cols; k++) {
        covariances.slice(k) = arma::diagmat(cell.variances.col(k));
      }
      arma::gmm_full model;
      model.set_params(cell.means, covariances, cell.weights);
      run(model, cell, iterations);
    }
    std::fflush(stdout);
  }
}
