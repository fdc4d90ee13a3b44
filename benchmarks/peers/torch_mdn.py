"""Mixture-density networks in PyTorch beside Mixtura: training speed and test log-likelihood.

usage: /usr/bin/python3 benchmarks/peers/torch_mdn.py speed [--rounds 5] [--out NAME]
       /usr/bin/python3 benchmarks/peers/torch_mdn.py study FOLDER
       /usr/bin/python3 benchmarks/peers/torch_mdn.py worker FOLDER

speed   alternates Mixtura's MdnWorker and a worker of this script, with one and two threads each,
        and writes samples per second and the ratio of the best of both to
        benchmarks/results/NAME.md, .csv and .json
study   trains on the files that DensityStudy wrote to FOLDER and prints a line per case and seed
worker  reads lines `case threads epochs` and answers each with a JSON line; the data are those that
        MdnWorker wrote to FOLDER

Everything is float64. The networks have the sizes, batches, step sizes, schedule, weight decay and
early stopping of Mixtura's, PyTorch's own start and standardised inputs and targets. Debian 12:
apt-get install python3-torch.
"""

import argparse
import copy
import datetime
import json
import math
import os
import statistics
import sys
import tempfile
import time

import programs

EXAMPLES = 12800
FLOOR = 1e-3
NETWORKS = {"mlp": "MLP 8-64-64, tanh, K = 5, batches of 128",
            "lstm": "LSTM 16 units, window 20, K = 3, batches of 64"}
KINDS = {"A": ("gaussian", 5), "B": ("gaussian", 2), "C": ("gaussian", 2), "D": ("gaussian", 2),
         "E": ("vonmises", 2), "F": ("student", 1)}


def load():
    import torch
    torch.set_default_dtype(torch.float64)
    return torch


def network(torch, inputs, widths, outputs):
    layers, width = [], inputs
    for w in widths:
        layers += [torch.nn.Linear(width, w), torch.nn.Tanh()]
        width = w
    return torch.nn.Sequential(*layers, torch.nn.Linear(width, outputs))


def memory(torch, units, outputs):
    class Memory(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm = torch.nn.LSTM(1, units, batch_first=True)
            self.last = torch.nn.Linear(units, outputs)

        def forward(self, x):
            return self.last(self.lstm(x)[0][:, -1])

    return Memory()


def loss(torch, kind, count, out, y):
    """-log f of each row; out has the logits and then, parameter by parameter, count columns."""
    parts = out.split(count, dim=1)
    weights = torch.log_softmax(parts[0], dim=1)
    if kind == "vonmises":
        a, b = parts[1], parts[2]
        kappa = torch.sqrt(a * a + b * b + 1e-300)
        scaled = torch.log(torch.special.i0e(kappa)) + kappa
        log = a * torch.cos(y) + b * torch.sin(y) - math.log(2 * math.pi) - scaled
    else:
        scale = torch.exp(parts[2]) + FLOOR
        z = (y - parts[1]) / scale
        if kind == "gaussian":
            log = -0.5 * z * z - torch.log(scale) - 0.5 * math.log(2 * math.pi)
        else:
            nu = 2 + torch.nn.functional.softplus(parts[3])
            log = (torch.lgamma(0.5 * (nu + 1)) - torch.lgamma(0.5 * nu)
                   - 0.5 * torch.log(math.pi * nu) - torch.log(scale)
                   - 0.5 * (nu + 1) * torch.log1p(z * z / nu))
    return -torch.logsumexp(weights + log, dim=1)


def parameters(kind):
    return {"gaussian": 3, "student": 4, "vonmises": 3}[kind]


def speed(torch, folder, case, threads, epochs):
    import numpy
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    mlp = case == "mlp"
    count, batch = (5, 128) if mlp else (3, 64)
    data = numpy.fromfile(os.path.join(folder, case + ".bin")).reshape(EXAMPLES, -1)
    data = torch.from_numpy(data)
    x, y = data[:, :-1].contiguous(), data[:, -1:].contiguous()
    x = x if mlp else x.unsqueeze(2)
    model = network(torch, 8, [64, 64], 3 * count) if mlp else memory(torch, 16, 3 * count)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    seconds, total = [], 0
    for _ in range(epochs):
        begin = time.perf_counter()
        total = 0
        order = torch.randperm(EXAMPLES)
        for i in range(0, EXAMPLES, batch):
            rows = order[i:i + batch]
            optimizer.zero_grad(set_to_none=True)
            value = loss(torch, "gaussian", count, model(x[rows]), y[rows]).mean()
            value.backward()
            optimizer.step()
            total += value.item() * len(rows)
        seconds.append(time.perf_counter() - begin)
    seconds = sorted(seconds[1:])
    return {"case": case, "threads": threads, "samplesPerSecond": EXAMPLES / statistics.median(seconds),
            "best": EXAMPLES / seconds[0], "loss": total / EXAMPLES, "torch": torch.__version__}


def worker(folder):
    torch = load()
    for line in sys.stdin:
        case, threads, epochs = line.split()
        print(json.dumps(speed(torch, folder, case, int(threads), int(epochs))), flush=True)


def compare(options, folder):
    environment, tried = programs.fastest_blas()
    workers = {
        "mixtura": programs.Worker("mixtura-mdn", programs.mixtura(
            options.java, "java", options.jar, "MdnWorker") + [folder], {}),
        "torch": programs.Worker(
            "torch-mdn", [sys.executable, os.path.abspath(__file__), "worker", folder], environment)}
    description = programs.machine(options.java)
    lines = ["# Training of mixture-density networks beside PyTorch", "", "", "",
             "Training examples per second, float64, the better of one and two threads in each of "
             "%d rounds. Median [min..max]." % options.rounds, "",
             "| network | Mixtura | PyTorch | Mixtura ÷ PyTorch |", "|---|---|---|---|"]
    rows = ["case,round,program,threads,samplesPerSecond,loss"]
    for case, epochs in (("mlp", 20), ("lstm", 6)):
        rates = {name: [] for name in workers}
        # The first round warms up.
        for number in range(options.rounds + 1):
            for name, worker in workers.items():
                best = 0
                for threads in (1, 2):
                    answer = worker.ask("%s %d %d" % (case, threads, epochs))
                    if "error" in answer:
                        sys.exit("%s: %s" % (name, answer["error"]))
                    description.setdefault("torch", answer.get("torch")) if name == "torch" else None
                    best = max(best, answer["samplesPerSecond"])
                    if number > 0:
                        rows.append("%s,%d,%s,%d,%.0f,%.6f" % (
                            case, number, name, threads, answer["samplesPerSecond"], answer["loss"]))
                        print(rows[-1], flush=True)
                if number > 0:
                    rates[name].append(best)
        ratios = [a / b for a, b in zip(rates["mixtura"], rates["torch"])]
        lines.append("| %s | %s | %s | %s |" % (
            NETWORKS[case], programs.spread(rates["mixtura"]), programs.spread(rates["torch"]),
            programs.spread(ratios)))
        print(lines[-1], flush=True)
    for worker in workers.values():
        worker.close()
    lines[2] = "%s, PyTorch %s. OPENBLAS_CORETYPE: %s." % (
        programs.summary(description), description["torch"],
        environment.get("OPENBLAS_CORETYPE") or "chosen by OpenBLAS")
    description.update(openblas_tried=tried, openblas_environment=environment,
                       options=programs.settings(options))
    out = os.path.join(programs.RESULTS, options.out)
    for ending, text in (("csv", "\n".join(rows) + "\n"), ("md", "\n".join(lines) + "\n"),
                         ("json", json.dumps(description, indent=1) + "\n")):
        with open(out + "." + ending, "w") as file:
            file.write(text)


def standardise(torch, part, angles=False):
    mean, deviation = part.mean(0), part.std(0, unbiased=False)
    return (torch.zeros_like(mean), torch.ones_like(mean)) if angles else (mean, deviation)


def study_one(torch, folder, case, seed):
    import numpy
    kind, count = KINDS[case]
    data = numpy.fromfile(os.path.join(folder, "%s-%d.bin" % (case, seed)))
    data = torch.from_numpy(data.reshape(20000, -1).copy())
    train, test = data[:10000], data[10000:]
    torch.manual_seed(seed)
    order = torch.randperm(10000)
    learn, check = train[order[:9000]], train[order[9000:]]
    shift, scale = standardise(torch, learn[:, :-1])
    y_shift, y_scale = standardise(torch, learn[:, -1:], kind == "vonmises")

    def ready(part):
        return (part[:, :-1] - shift) / scale, (part[:, -1:] - y_shift) / y_scale

    (x, y), (check_x, check_y), (test_x, test_y) = ready(learn), ready(check), ready(test)
    model = network(torch, x.shape[1], [32, 32], parameters(kind) * count)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    weights = [p for p in model.parameters() if p.dim() == 2]
    epochs, batch = 100, 128
    per_epoch = -(-len(x) // batch)
    best, kept, since, step = math.inf, copy.deepcopy(model.state_dict()), 0, 0
    begin = time.perf_counter()
    for epoch in range(epochs):
        order = torch.randperm(len(x))
        for i in range(0, len(x), batch):
            share = 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * step / (per_epoch * epochs)))
            optimizer.param_groups[0]["lr"] = 3e-3 * share
            rows = order[i:i + batch]
            optimizer.zero_grad(set_to_none=True)
            value = loss(torch, kind, count, model(x[rows]), y[rows]).mean()
            (value + 0.5 * 3e-4 * sum((w * w).sum() for w in weights)).backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 10)
            optimizer.step()
            step += 1
        with torch.no_grad():
            now = loss(torch, kind, count, model(check_x), check_y).mean().item()
        since += 1
        if now < best:
            best, kept, since = now, copy.deepcopy(model.state_dict()), 0
        if since >= 30:
            break
    model.load_state_dict(kept)
    with torch.no_grad():
        reached = -loss(torch, kind, count, model(test_x), test_y).mean().item()
    return reached - torch.log(y_scale).sum().item(), epoch + 1, time.perf_counter() - begin


def study(folder):
    torch = load()
    torch.set_num_threads(1)
    print("case,seed,torch,epochs,seconds")
    for case in KINDS:
        for seed in (1, 2, 3):
            print("%s,%d,%.5f,%d,%.2f" % ((case, seed) + study_one(torch, folder, case, seed)),
                  flush=True)


def main():
    parser = argparse.ArgumentParser(description="mixture-density networks in PyTorch")
    parser.add_argument("mode", choices=["speed", "study", "worker"])
    parser.add_argument("folder", nargs="?", default="")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--java", default="java")
    parser.add_argument("--jar", default=programs.JAR)
    parser.add_argument("--out", default="mdn-speed-" + datetime.date.today().isoformat())
    options = parser.parse_args()
    if options.mode == "worker":
        worker(options.folder)
    elif options.mode == "speed":
        with tempfile.TemporaryDirectory() as folder:
            compare(options, folder)
    elif not options.folder:
        sys.exit("study needs the FOLDER that DensityStudy wrote its data to")
    else:
        study(options.folder)


main()
