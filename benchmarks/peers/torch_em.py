"""One EM iteration of a Gaussian mixture, full covariances, in PyTorch float64.

The same rows, start and operations as CudaBenchmark of backend-jcuda: whitening by triangular
matrices, squared distances, log-sum-exp, weighted scatter about the means. Prints milliseconds per
iteration and the mean log-likelihood, which must agree with CudaBenchmark's to 1e-9.

    python3 torch_em.py [n,d,K ...]     on the GPU if there is one
"""

import math
import statistics
import sys
import time

import torch

CELLS = [(10_000_000, 2, 3), (10_000_000, 16, 16), (1_000_000, 64, 32), (100_000, 30, 30),
         (100_000, 128, 16)]
ITERATIONS = 10
DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")


def signed(value):
    return value - (1 << 64) if value >= 1 << 63 else value


def shifted(z, count):
    """z >>> count of 64-bit integers."""
    return (z >> count) & ((1 << (64 - count)) - 1)


def uniform(index):
    """Numbers in (0, 1) at places of SplitMix64's sequence."""
    z = index * signed(0x9E3779B97F4A7C15)
    z = (z ^ shifted(z, 30)) * signed(0xBF58476D1CE4E5B9)
    z = (z ^ shifted(z, 27)) * signed(0x94D049BB133111EB)
    z = z ^ shifted(z, 31)
    return (shifted(z, 12).to(torch.float64) + 0.5) * 2.0**-52


def normal(index):
    radius = torch.sqrt(-2 * torch.log(uniform(2 * index + 1)))
    return radius * torch.cos(2 * math.pi * uniform(2 * index + 2))


def centres(d, k):
    places = 1000 * torch.arange(k, device=DEVICE)[:, None] + torch.arange(d, device=DEVICE)
    return 6 * uniform(-1 - places) - 3


def rows(n, d, k):
    x = torch.empty(n, d, dtype=torch.float64, device=DEVICE)
    centre = centres(d, k)
    step = 1 << 18
    for begin in range(0, n, step):
        i = torch.arange(begin, min(n, begin + step), device=DEVICE)
        x[i] = centre[i % k] + normal(i[:, None] * d + torch.arange(d, device=DEVICE))
    return x


def expectation(x, weights, means, covariances):
    n, d = x.shape
    k = len(means)
    values = torch.empty(k, n, dtype=torch.float64, device=DEVICE)
    factors = torch.linalg.cholesky(covariances)
    identity = torch.eye(d, dtype=torch.float64, device=DEVICE)
    for c in range(k):
        whitening = torch.linalg.solve_triangular(factors[c], identity, upper=False)
        y = (x - means[c]) @ whitening.T
        constant = math.log(weights[c]) - 0.5 * d * math.log(2 * math.pi)
        values[c] = (constant + torch.log(torch.diagonal(whitening)).sum()
                     - 0.5 * (y * y).sum(dim=1))
    log_sums = torch.logsumexp(values, dim=0)
    return values.sub_(log_sums).exp_(), log_sums.sum().item()


def maximization(x, responsibilities, means):
    n = len(x)
    new_means = torch.empty_like(means)
    covariances = torch.empty(len(means), x.shape[1], x.shape[1], dtype=torch.float64,
                              device=DEVICE)
    totals = responsibilities.sum(dim=1)
    for c, r in enumerate(responsibilities):
        z = x - means[c]
        rz = r[:, None] * z
        shift = rz.sum(dim=0) / totals[c]
        new_means[c] = means[c] + shift
        covariances[c] = rz.T @ z / totals[c] - torch.outer(shift, shift)
    return (totals / n).tolist(), new_means, covariances


def synchronize():
    if DEVICE.type == "cuda":
        torch.cuda.synchronize()


def measure(n, d, k):
    x = rows(n, d, k)
    weights = [1 / k] * k
    means = centres(d, k) + 0.5
    covariances = torch.eye(d, dtype=torch.float64, device=DEVICE).repeat(k, 1, 1)
    responsibilities, total = expectation(x, weights, means, covariances)
    times = []
    for _ in range(ITERATIONS):
        synchronize()
        begin = time.perf_counter()
        weights, means, covariances = maximization(x, responsibilities, means)
        responsibilities, total = expectation(x, weights, means, covariances)
        synchronize()
        times.append(time.perf_counter() - begin)
    seconds = statistics.median(times[1:])
    print(f"{n:10d} {d:5d} {k:4d} {seconds * 1e3:14.3f} {seconds * 1e9 / n / k:18.5f}"
          f"  {total / n:.12f}", flush=True)


def main():
    cells = [tuple(map(int, text.split(","))) for text in sys.argv[1:]] or CELLS
    name = torch.cuda.get_device_name() if DEVICE.type == "cuda" else "CPU"
    print(f"PyTorch {torch.__version__} on {name}")
    print(f"{'n':>10} {'d':>5} {'K':>4} {'ms/iteration':>14} {'ns/(row component)':>18}  mean log-likelihood")
    for n, d, k in cells:
        measure(n, d, k)


main()
