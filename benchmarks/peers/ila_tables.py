#!/usr/bin/python3
"""scikit-learn's EM on the files of IlaStudy: FOLDER RESULT.csv, to which its errors are added.

sklearn-k-means, sklearn-random: begun at the partitions of FOLDER/*-starts.csv (ten of each), of
which the fit of the highest likelihood counts; sklearn-own: its own ten K-means starts. Full
covariances, reg_covar 1e-6, tolerance 1e-8 per row, at most 1000 iterations.
"""
import csv
import os
import sys
import time
import warnings

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.mixture import GaussianMixture

FLOOR = 1e-6
OPTIONS = dict(covariance_type="full", reg_covar=FLOOR, tol=1e-8, max_iter=1000)


def error(truth, labels, components):
    table = np.zeros((components, components), int)
    np.add.at(table, (truth, labels), 1)
    rows, columns = linear_sum_assignment(-table)
    return 1 - table[rows, columns].sum() / len(truth)


def from_labels(x, labels, components):
    """EM whose first mixture is the M-step of these labels."""
    weights, means, precisions = [], [], []
    for k in range(components):
        rows = x[labels == k]
        weights.append(len(rows) / len(x))
        means.append(rows.mean(axis=0))
        centred = rows - means[-1]
        covariance = centred.T @ centred / len(rows) + FLOOR * np.eye(x.shape[1])
        precisions.append(np.linalg.inv(covariance))
    precisions = [(p + p.T) / 2 for p in precisions]
    return GaussianMixture(
        components, init_params="random", weights_init=weights, means_init=means,
        precisions_init=precisions, random_state=0, **OPTIONS).fit(x)


def likeliest(x, starts, components):
    fits = [from_labels(x, labels, components) for labels in starts]
    return max(fits, key=lambda fit: fit.score(x)).predict(x)


def main(folder, result):
    warnings.filterwarnings("ignore")
    with open(result, newline="") as file:
        lines = [line for line in csv.reader(file) if not line[2].startswith("sklearn")]
    wanted = sorted({(line[0], int(line[1])) for line in lines[1:]})
    for name, seed in wanted:
        data = np.loadtxt(f"{folder}/{name}-{seed}.csv", delimiter=",")
        starts = np.loadtxt(f"{folder}/{name}-{seed}-starts.csv", delimiter=",", dtype=int).T
        truth, x = data[:, 0].astype(int), data[:, 1:]
        components = truth.max() + 1
        half = len(starts) // 2
        methods = {
            "sklearn-k-means": lambda: likeliest(x, starts[:half], components),
            "sklearn-own": lambda: GaussianMixture(
                components, n_init=10, random_state=seed, **OPTIONS).fit_predict(x),
            "sklearn-random": lambda: likeliest(x, starts[half:], components),
        }
        for method, labels in methods.items():
            begin = time.perf_counter()
            found = labels()
            seconds = time.perf_counter() - begin
            lines.append([name, seed, method, f"{error(truth, found, components):.6f}",
                          f"{seconds:.4f}", "", ""])
    with open(result, "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)


if __name__ == "__main__":
    main(*sys.argv[1:])
