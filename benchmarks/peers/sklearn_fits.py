"""scikit-learn's side of the comparisons of whole jobs: a request in, a JSON line out.

fit FOLDER SEED TOLERANCE: full covariances, one k-means start, no regularisation; the tolerance is
scikit-learn's own, on the mean log-likelihood. score FOLDER: score_samples under the cell's start.
"""

import json
import sys
import time
import warnings

import numpy as np
from sklearn.mixture import GaussianMixture
from sklearn.mixture._gaussian_mixture import _compute_precision_cholesky

warnings.filterwarnings("ignore")


class Traced(GaussianMixture):
    """Notes when each log-likelihood was known."""

    def _e_step(self, x):
        result = super()._e_step(x)
        self.trace.append([time.perf_counter() - self.begin, result[0] * len(x)])
        return result


def load(folder, kept={}):
    if kept.get("folder") != folder:
        cell = json.load(open(folder + "/cell.json"))
        x = np.fromfile(folder + "/x.bin").reshape(cell["n"], cell["d"])
        kept.update(folder=folder, cell=cell, x=x)
    return kept["cell"], kept["x"]


def fit(folder, seed, tolerance):
    cell, x = load(folder)
    gm = Traced(cell["K"], tol=tolerance, reg_covar=0, max_iter=1000, n_init=1,
                init_params="kmeans", random_state=seed)
    gm.trace = []
    cpu, gm.begin = time.process_time(), time.perf_counter()
    gm.fit(x)
    wall, cpu = time.perf_counter() - gm.begin, time.process_time() - cpu
    return {"wall": wall, "cpu": cpu, "logLikelihood": gm.trace[-1][1], "iterations": gm.n_iter_,
            "stop": "TOLERANCE" if gm.converged_ else "MAX_ITERATIONS", "trace": gm.trace}


def score(folder):
    cell, x = load(folder)
    gm = GaussianMixture(cell["K"])
    gm.weights_, gm.means_ = np.array(cell["weights"]), np.array(cell["means"])
    gm.covariances_ = np.array([np.diag(v) for v in cell["variances"]])
    gm.precisions_cholesky_ = _compute_precision_cholesky(gm.covariances_, "full")
    wall = time.perf_counter()
    values = gm.score_samples(x)
    wall = time.perf_counter() - wall
    return {"wall": wall, "logLikelihood": values.sum()}


for line in sys.stdin:
    words = line.split()
    answer = (fit(words[1], int(words[2]), float(words[3])) if words[0] == "fit"
              else score(words[1]))
    print(json.dumps(answer), flush=True)
