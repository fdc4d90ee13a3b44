"""The cells that all programs are measured on: seeded data and a start near the truth."""

import json
import os

import numpy as np

# covariance, rows, columns, components, iterations per request
CELLS = [
    ("full", 1000000, 1, 5, 10),
    ("full", 1000000, 2, 3, 10),
    ("full", 200000, 8, 8, 10),
    ("full", 100000, 16, 16, 8),
    ("full", 50000, 32, 10, 8),
    ("full", 20000, 128, 8, 6),
    ("diag", 1000000, 16, 32, 4),
]


def name(cell):
    return "%s-%d-%d-%d" % cell[:4]


def draw(kind, n, d, k, spread=None):
    """Rows and true means of Gaussian clusters; the same numbers for the same arguments."""
    rng = np.random.default_rng(1000 * d + k)
    means = rng.normal(0, spread or (4 if d < 8 else 2), (k, d))
    x = np.empty((n, d))
    labels = rng.integers(0, k, n)
    for j in range(k):
        rows = labels == j
        a = rng.normal(0, 1, (d, d)) / np.sqrt(d) + np.eye(d)
        z = rng.normal(0, 1, (rows.sum(), d))
        x[rows] = means[j] + (z if kind == "diag" else z @ a.T)
    return x, means, rng


def write(folder, kind, n, d, k):
    """Writes a cell: x.bin, and the start as cell.json and as start.txt."""
    x, means, rng = draw(kind, n, d, k)
    x.tofile(os.path.join(folder, "x.bin"))
    start = means + rng.normal(0, 0.2, (k, d))
    write_start(folder, kind, n, d, k, [1 / k] * k, start.tolist(), [[1.5] * d] * k)
    return x


def write_start(folder, kind, n, d, k, weights, means, variances):
    cell = dict(covariance=kind, n=n, d=d, K=k, weights=weights, means=means, variances=variances)
    with open(os.path.join(folder, "cell.json"), "w") as file:
        json.dump(cell, file)
    with open(os.path.join(folder, "start.txt"), "w") as file:
        file.write("%s %d %d %d\n" % (kind, n, d, k))
        for row in [weights] + means + variances:
            file.write(" ".join(map(repr, row)) + "\n")


def write_part(folder, whole, x, n):
    """Writes a cell of the first n rows with the same start."""
    x[:n].tofile(os.path.join(folder, "x.bin"))
    cell = json.load(open(os.path.join(whole, "cell.json")))
    write_start(folder, cell["covariance"], n, cell["d"], cell["K"], cell["weights"],
                cell["means"], cell["variances"])
