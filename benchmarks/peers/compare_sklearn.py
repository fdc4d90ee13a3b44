"""Compares one EM iteration of Mixtura with scikit-learn's in alternating rounds of one run.

Same data, same start, same number of iterations, no convergence stop. Prints a Markdown table and
writes every round to benchmarks/results. Needs python3-sklearn and libopenblas0-pthread (Debian) and
benchmarks/target/benchmarks.jar. OPENBLAS_CORETYPE is set so that OpenBLAS uses its AVX-512 kernels
where the processor has them; without it some processors get an SSE3 kernel and look bad.

usage: python3 benchmarks/peers/compare_sklearn.py [--rounds 5] [--threads 1,2] [--backend java]
           [--cells full-1000000-2-3,…] [--java java] [--out FILE.csv]
"""

import argparse
import csv
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile

import numpy as np

CELLS = [
    ("full", 1000000, 1, 5, 10),
    ("full", 1000000, 2, 3, 10),
    ("full", 200000, 8, 8, 10),
    ("full", 100000, 16, 16, 8),
    ("full", 50000, 32, 10, 8),
    ("full", 20000, 128, 8, 6),
    ("diag", 1000000, 16, 32, 4),
]
HERE = os.path.dirname(os.path.abspath(__file__))


def make_cell(folder, kind, n, d, k):
    """Seeded Gaussian clusters; the start is near the truth with diagonal covariances."""
    rng = np.random.default_rng(1000 * d + k)
    means = rng.normal(0, 4 if d < 8 else 2, (k, d))
    x = np.empty((n, d))
    labels = rng.integers(0, k, n)
    for j in range(k):
        rows = labels == j
        a = rng.normal(0, 1, (d, d)) / np.sqrt(d) + np.eye(d)
        z = rng.normal(0, 1, (rows.sum(), d))
        x[rows] = means[j] + (z if kind == "diag" else z @ a.T)
    x.tofile(folder + "/x.bin")
    start = means + rng.normal(0, 0.2, (k, d))
    cell = dict(
        covariance=kind, n=n, d=d, K=k, weights=[1 / k] * k,
        means=start.tolist(), variances=[[1.5] * d] * k,
    )
    json.dump(cell, open(folder + "/cell.json", "w"))


class Worker:
    def __init__(self, command, environment):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, **environment},
        )

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit("a worker ended without an answer")
        return json.loads(answer)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def processor():
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return platform.processor()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--backend", default="java")
    parser.add_argument("--cells", default="")
    parser.add_argument("--java", default="java")
    parser.add_argument("--out", default=None)
    options = parser.parse_args()
    out = options.out or os.path.join(
        HERE, "..", "results",
        "sklearn-iteration-%s-%s.csv" % (options.backend, datetime.date.today().isoformat()),
    )
    wanted = set(filter(None, options.cells.split(",")))
    rows = []
    print("machine: %s, %d cores; ratio = scikit-learn / Mixtura, ns per row and component"
          % (processor(), os.cpu_count()))
    print("| cell | threads | clock | scikit-learn | Mixtura (%s) | ratio median [min..max] |"
          % options.backend)
    print("|---|---|---|---|---|---|")
    for threads in map(int, options.threads.split(",")):
        blas = {
            "OPENBLAS_CORETYPE": os.environ.get("OPENBLAS_CORETYPE", "SKYLAKEX"),
            "OPENBLAS_NUM_THREADS": str(threads), "OMP_NUM_THREADS": str(threads),
        }
        peer = Worker([sys.executable, HERE + "/sklearn_worker.py"], blas)
        ours = Worker(
            [options.java, "-Xmx4g", "-cp", HERE + "/../target/benchmarks.jar",
             "io.github.mixtura.benchmarks.IterationWorker"], {},
        )
        for kind, n, d, k, iterations in CELLS:
            name = "%s-%d-%d-%d" % (kind, n, d, k)
            if wanted and name not in wanted:
                continue
            with tempfile.TemporaryDirectory() as folder:
                make_cell(folder, kind, n, d, k)
                ask_ours = "%s %d %d %s" % (folder, iterations, threads, options.backend)
                ask_peer = "%s %d" % (folder, iterations)
                for _ in range(2):
                    ours.ask(ask_ours)
                clock = "cpu" if threads == 1 else "wall"
                ratios, mine, theirs = [], [], []
                for number in range(options.rounds):
                    a, b = peer.ask(ask_peer), ours.ask(ask_ours)
                    gap = abs(a["logLikelihood"] / b["logLikelihood"] - 1)
                    if gap > 1e-9:
                        sys.exit("%s: log-likelihoods differ by %g" % (name, gap))
                    ratios.append(a[clock] / b[clock])
                    theirs.append(a[clock] * 1e9 / n / k)
                    mine.append(b[clock] * 1e9 / n / k)
                    rows.append([name, threads, number, a["wall"], a["cpu"], b["wall"], b["cpu"]])
                print("| %s | %d | %s | %.1f | %.2f | %.1f [%.1f..%.1f] |" % (
                    name, threads, clock, statistics.median(theirs), statistics.median(mine),
                    statistics.median(ratios), min(ratios), max(ratios)), flush=True)
        peer.close()
        ours.close()
    with open(out, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["cell", "threads", "round", "sklearn_wall_s", "sklearn_cpu_s",
                         "mixtura_wall_s", "mixtura_cpu_s"])
        writer.writerows(rows)


main()
