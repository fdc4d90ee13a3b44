"""Runs EM iterations of scikit-learn on request: a line `folder iterations` in, a JSON line out.

The folder holds x.bin (n × d doubles, row by row) and cell.json with the start. Only the E and M
steps are timed, the same calls that GaussianMixture.fit makes in its loop. The line `version` is
answered with versions and the BLAS kernel in use. With the argument `blas` it answers only with the
speed of that kernel and ends.
"""

import json
import sys
import time
import warnings

import numpy as np
import scipy
import sklearn
from sklearn.mixture import GaussianMixture
from sklearn.mixture._gaussian_mixture import _compute_precision_cholesky
from threadpoolctl import threadpool_info

warnings.filterwarnings("ignore")


def blas():
    for library in threadpool_info():
        if library["user_api"] == "blas":
            return library
    return {}


def version():
    return {
        "version": "scikit-learn %s, NumPy %s, SciPy %s" % (
            sklearn.__version__, np.__version__, scipy.__version__),
        "blas": "%s %s" % (blas().get("internal_api"), blas().get("version")),
        "core": blas().get("architecture"),
    }


def fastest(product, flop):
    best = float("inf")
    for _ in range(20):
        begin = time.perf_counter()
        product()
        best = min(best, time.perf_counter() - begin)
    return round(flop / best * 1e-9, 1)


def speed():
    rng = np.random.default_rng(1)
    square, tall, small = (rng.random(shape) for shape in ((512, 512), (100000, 16), (16, 16)))
    return {
        "core": blas().get("architecture"),
        "square_gflops": fastest(lambda: square @ square, 2 * 512**3),
        "tall_gflops": fastest(lambda: tall @ small, 2 * 100000 * 16 * 16),
    }


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


def main():
    if sys.argv[1:] == ["blas"]:
        print(json.dumps(speed()))
        return
    for line in sys.stdin:
        words = line.split()
        answer = version() if words[0] == "version" else run(words[0], int(words[1]))
        print(json.dumps(answer), flush=True)


main()
