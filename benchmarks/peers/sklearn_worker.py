"""Runs EM iterations of scikit-learn on request: a line `folder iterations` in, a JSON line out.

The folder holds x.bin (n × d doubles, row by row) and cell.json with the start. Only the E and M
steps are timed, the same calls that GaussianMixture.fit makes in its loop.
"""

import json
import sys
import time
import warnings

import numpy as np
from sklearn.mixture import GaussianMixture
from sklearn.mixture._gaussian_mixture import _compute_precision_cholesky

warnings.filterwarnings("ignore")


def prepare(folder):
    cell = json.load(open(folder + "/cell.json"))
    x = np.fromfile(folder + "/x.bin").reshape(cell["n"], cell["d"])
    kind = cell["covariance"]
    gm = GaussianMixture(cell["K"], covariance_type=kind, reg_covar=0.0)
    gm.weights_ = np.array(cell["weights"])
    gm.means_ = np.array(cell["means"])
    variances = np.array(cell["variances"])
    gm.covariances_ = (
        variances if kind == "diag" else np.array([np.diag(v) for v in variances])
    )
    gm.precisions_cholesky_ = _compute_precision_cholesky(gm.covariances_, kind)
    return x, gm


def run(folder, iterations):
    x, gm = prepare(folder)
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(iterations):
        _, log_resp = gm._e_step(x)
        gm._m_step(x, log_resp)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    log_likelihood = gm._e_step(x)[0] * len(x)
    return {"wall": wall / iterations, "cpu": cpu / iterations, "logLikelihood": log_likelihood}


for line in sys.stdin:
    folder, iterations = line.split()
    print(json.dumps(run(folder, int(iterations))), flush=True)
