"""Compares EM iterations of Mixtura with those of other libraries, alternating inside one run.

Same data, same start, same number of iterations, no convergence stop. In each round every program
gets its turn, and ratios are taken inside a round. One thread is measured by the CPU time of the
computing threads, two by wall time. A program whose log-likelihood differs from Mixtura's by more
than 1e-9 of it gets no time; those that regularise, or take no start, show what they reached.

Writes NAME.md (tables), NAME.csv (every round) and NAME.json (the machine) to benchmarks/results.

usage: /usr/bin/python3 benchmarks/peers/compare.py [options]; --help lists them
"""

import argparse
import csv
import datetime
import json
import os
import statistics
import sys
import tempfile

import cells
import programs

EXPONENTIAL_NS = 0.5
AGREEMENT = 1e-9
CSV_COLUMNS = ["cell", "program", "threads", "round", "rows", "iterations", "wall_s", "cpu_s",
               "log_likelihood", "fit_cpu_s"]


def arguments():
    parser = argparse.ArgumentParser(description="EM iterations of Mixtura and of its peers")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--backend", default="java", help="java, vector, or both: java,vector")
    parser.add_argument("--peers", default="sklearn,mclust,armadillo,elki,commons,smile",
                        help="names, all (with spark), or none")
    parser.add_argument("--cells", default="", help="names such as full-1000000-2-3")
    parser.add_argument("--scale", type=float, default=1, help="factor on all rows, to try it out")
    parser.add_argument("--pairs", type=int, default=10,
                        help="pairs of one and two threads of Mixtura; 0 for none")
    parser.add_argument("--java", default="java")
    parser.add_argument("--jar", default=programs.JAR)
    parser.add_argument("--out", default="iterations-" + datetime.date.today().isoformat(),
                        help="name of the result files")
    return parser.parse_args()


def chosen_peers(options):
    known = programs.peers(options.java)
    names = [p.name for p in known]
    wanted = {"all": names, "none": []}.get(options.peers, options.peers.split(","))
    for name in wanted:
        if name not in names:
            sys.exit("peer is '%s', must be one of %s" % (name, ", ".join(names)))
    result, left_out = [], []
    for peer in known:
        if peer.name in wanted:
            reason = peer.missing()
            if reason:
                left_out.append("%s: %s" % (peer.name, reason))
            else:
                result.append(peer)
    return result, left_out


def backends(options):
    """Mixtura, once per backend that runs here, and why the others do not."""
    result, left_out = [], []
    for backend in options.backend.split(","):
        program = Mixtura(backend, programs.mixtura(
            options.java, backend, options.jar, "IterationWorker"))
        with tempfile.TemporaryDirectory() as folder:
            cells.write(folder, "full", 100, 1, 2)
            answer = program.process.ask("%s 1 1 %s" % (folder, backend))
        if "error" in answer:
            left_out.append("%s: %s" % (program.name, answer["error"]))
        else:
            result.append(program)
    if not result:
        sys.exit("\n".join(left_out))
    return result, left_out


class Mixtura:
    def __init__(self, backend, command):
        self.backend = backend
        self.name = "Mixtura " + backend
        self.process = programs.Worker("mixtura-" + backend, command, {})

    def ask(self, folder, iterations, threads):
        answer = self.process.ask("%s %d %d %s" % (folder, iterations, threads, self.backend))
        if "error" in answer:
            sys.exit("%s %s" % (self.name, answer["error"]))
        if answer["backend"] != self.backend:
            sys.exit("backend %s was asked for, %s ran" % (self.backend, answer["backend"]))
        return answer


def roofline(kind, d, gflops):
    """Nanoseconds per row and component at which one core is at its limit."""
    if kind == "diag":
        return 5 * d * 2 / gflops + EXPONENTIAL_NS
    return (2 * d * (d + 1) + 6 * d) / gflops + EXPONENTIAL_NS


class Entry:
    """One program in one cell."""

    def __init__(self, name, ask, folder, rows, comparable, expected):
        self.name = name
        self.ask = ask
        self.folder = folder
        self.rows = rows
        self.comparable = comparable
        self.expected = expected
        self.trouble = None
        self.log_likelihood = None
        self.times = []

    def measure(self, iterations):
        answer = self.ask(self.folder, iterations)
        if "error" in answer:
            self.trouble = answer["error"]
            return None
        self.log_likelihood = answer["logLikelihood"]
        gap = self.gap()
        if self.comparable and not gap <= AGREEMENT:
            self.trouble = "log-likelihood differs by %.1e" % gap
            return None
        return answer

    def gap(self):
        if self.log_likelihood is None:
            return float("nan")
        return abs(self.log_likelihood / self.expected - 1)

    def verdict(self):
        if self.log_likelihood is None:
            return "not told"
        if self.gap() <= AGREEMENT:
            return "%.0e" % self.gap()
        return "reached %.8g, Mixtura %.8g" % (self.log_likelihood, self.expected)


class Run:
    def __init__(self, options, peers, ours, environment, peak):
        self.options = options
        self.peers = peers
        self.ours = ours
        self.environment = environment
        self.peak = peak
        self.peaks = {}
        self.csv = []
        self.lines = []
        self.troubles = []

    def say(self, line):
        self.lines.append(line)
        print(line, flush=True)

    def record(self, name, entry_name, threads, number, rows, iterations, answer):
        self.csv.append([name, entry_name, threads, number, rows, iterations, answer["wall"],
                         answer["cpu"], answer["logLikelihood"], answer.get("fitCpu", "")])

    def iterations(self, threads):
        self.say("")
        self.say("## %s" % ("One thread, CPU time" if threads == 1
                             else "%d threads, wall time" % threads))
        self.say("")
        self.say("| cell | program | rows | ns per row and component | "
                 + " | ".join("÷ " + m.name for m in self.ours)
                 + " | share of roofline, median | best round "
                 "| log-likelihood: relative difference, or reached |")
        self.say("|---|---|---|---|" + "---|" * len(self.ours) + "---|---|---|")
        workers = {p.name: p.worker(threads, self.environment)
                   for p in self.peers if threads in p.threads}
        for cell in cells.CELLS:
            if self.wanted(cell):
                with tempfile.TemporaryDirectory() as folder:
                    self.cell(cell, threads, folder, workers)
        for worker in workers.values():
            worker.close()

    def wanted(self, cell):
        names = self.options.cells.split(",") if self.options.cells else []
        return not names or cells.name(cell) in names

    def rows(self, whole, d, k):
        return min(whole, max(int(whole * self.options.scale), 6 * k * d))

    def cell(self, cell, threads, top, workers):
        kind, whole, d, k, iterations = cell
        name = cells.name(cell)
        n = self.rows(whole, d, k)
        folder = os.path.join(top, "whole")
        os.mkdir(folder)
        x = cells.write(folder, kind, n, d, k)
        expected = {n: self.ours[0].ask(folder, iterations, threads)["logLikelihood"]}
        entries = [
            Entry(m.name, lambda f, i, m=m: m.ask(f, i, threads), folder, n, True, expected[n])
            for m in self.ours
        ]
        left_out = []
        for peer in self.peers:
            if peer.name not in workers:
                continue
            rows = peer.share(name, n, 4 * k * d)
            if isinstance(rows, str):
                left_out.append((peer.name, rows))
                continue
            part = folder
            if rows != n:
                part = os.path.join(top, "rows%d" % rows)
                if not os.path.isdir(part):
                    os.mkdir(part)
                    cells.write_part(part, folder, x, rows)
                if rows not in expected:
                    expected[rows] = self.ours[0].ask(part, iterations, threads)["logLikelihood"]
            entry = Entry(
                peer.name,
                lambda f, i, w=workers[peer.name]: w.ask("%s %d" % (f, i)),
                part, rows, peer.comparable, expected[rows])
            for _ in range(peer.warm):
                if not entry.trouble:
                    entry.measure(iterations)
            entries.append(entry)
        for entry in entries[:len(self.ours)]:
            for _ in range(2):
                entry.measure(iterations)
        clock = "cpu" if threads == 1 else "wall"
        peaks = []
        for number in range(self.options.rounds):
            if self.peak:
                peaks.append(programs.peak())
            for entry in entries:
                if entry.trouble:
                    continue
                answer = entry.measure(iterations)
                if answer:
                    entry.times.append(answer[clock] * 1e9 / entry.rows / k)
                    self.record(name, entry.name, threads, number, entry.rows, iterations, answer)
        self.peaks["%s, %d threads" % (name, threads)] = peaks
        self.table(name, kind, n, d, threads, entries, left_out, peaks)

    def table(self, name, kind, n, d, threads, entries, left_out, peaks):
        mine = entries[:len(self.ours)]
        for entry in entries:
            if entry.trouble:
                self.troubles.append("%s, %s: %s" % (name, entry.name, entry.trouble))
                self.say("| %s | %s | %d | %s |%s" % (
                    name, entry.name, entry.rows, entry.trouble, " |" * (len(mine) + 3)))
                continue
            ratios = [
                "" if m is entry or m.trouble
                else programs.spread([a / b for a, b in zip(entry.times, m.times)])
                for m in mine
            ]
            shares = self.shares(kind, d, threads, entry.times, peaks)
            rows = str(entry.rows) if entry.rows == n else "%d of %d" % (entry.rows, n)
            self.say("| " + " | ".join(
                [name, entry.name, rows, programs.spread(entry.times), *ratios, *shares,
                 entry.verdict()]
            ) + " |")
        for program, reason in left_out:
            self.say("| %s | %s | | %s |%s" % (name, program, reason, " |" * (len(mine) + 3)))

    def shares(self, kind, d, threads, times, peaks):
        """Median with the peak of each round; and of the best round with the best peak of all."""
        if not peaks:
            return "", ""
        same = [roofline(kind, d, p["median"]) / threads / t for p, t in zip(peaks, times)]
        highest = max(p["best"] for p in [self.peak, *peaks])
        best = roofline(kind, d, highest) / threads / min(times)
        return "%.0f %%" % (100 * statistics.median(same)), "%.0f %%" % (100 * best)

    def scaling(self):
        """One and two threads of Mixtura in adjacent pairs."""
        self.say("")
        self.say("## Two threads of Mixtura against one, %d adjacent pairs" % self.options.pairs)
        self.say("")
        self.say("| cell | backend | total CPU time, 2 ÷ 1 | wall time, 1 ÷ 2 | best pair |")
        self.say("|---|---|---|---|---|")
        for cell in cells.CELLS:
            if not self.wanted(cell):
                continue
            kind, whole, d, k, iterations = cell
            n = self.rows(whole, d, k)
            with tempfile.TemporaryDirectory() as folder:
                cells.write(folder, kind, n, d, k)
                for program in self.ours:
                    self.pairs(cells.name(cell), program, folder, n, iterations)

    def pairs(self, name, program, folder, n, iterations):
        for threads in (1, 2, 1, 2):
            program.ask(folder, iterations, threads)
        cpu, wall = [], []
        for number in range(self.options.pairs):
            one, two = (program.ask(folder, iterations, t) for t in (1, 2))
            if one["logLikelihood"] != two["logLikelihood"]:
                self.troubles.append("%s, %s: bits differ between one and two threads"
                                     % (name, program.name))
            for threads, answer in ((1, one), (2, two)):
                self.record(name, program.name + " pair", threads, number, n, iterations, answer)
            cpu.append(two["fitCpu"] / one["fitCpu"])
            wall.append(one["wall"] / two["wall"])
        self.say("| %s | %s | %s | %s | %.2f |" % (
            name, program.backend, programs.spread(cpu), programs.spread(wall), max(wall)))


def main():
    options = arguments()
    peers, left_out = chosen_peers(options)
    if not os.path.exists(options.jar):
        sys.exit(options.jar + " is not there: run mvn -Dfast package")
    description = programs.machine(options.java)
    environment, blas = programs.fastest_blas()
    peak = programs.peak()
    if not peak:
        left_out.append("share of the roofline: run benchmarks/peers/prepare.sh peak")
    ours, absent = backends(options)
    left_out += absent
    versions = {}
    for peer in peers:
        worker = peer.worker(peer.threads[0], environment)
        versions[peer.name] = worker.ask("version")
        worker.close()
    description.update(
        peak_gflops_one_core=peak, openblas_tried=blas, openblas_environment=environment,
        versions=versions, options=programs.settings(options))
    run = Run(options, peers, ours, environment, peak)
    run.say("# EM iterations, %s" % description["date"][:10])
    run.say("")
    run.say("%s. FMA peak of one core %s GFLOP/s. OpenBLAS kernel: %s. Median [min..max] of %d "
            "rounds." % (programs.summary(description), peak and peak["best"],
                         versions.get("sklearn", {}).get("core", "not asked"), options.rounds))
    run.say("")
    for name in versions:
        run.say("- %s: %s" % (name, versions[name].get("version", versions[name].get("error"))))
    for line in left_out:
        run.say("- left out: " + line)
    for threads in map(int, options.threads.split(",")):
        run.iterations(threads)
    if options.pairs:
        run.scaling()
    for program in ours:
        program.process.close()
    description["load_average_after"] = os.getloadavg()
    description["peak_gflops_by_round"] = run.peaks
    save(options.out, run, description)
    if run.troubles:
        sys.exit("\n".join(run.troubles))


def save(name, run, description):
    os.makedirs(programs.RESULTS, exist_ok=True)
    path = os.path.join(programs.RESULTS, name)
    with open(path + ".md", "w") as file:
        file.write("\n".join(run.lines) + "\n")
    with open(path + ".json", "w") as file:
        json.dump(description, file, indent=2)
        file.write("\n")
    with open(path + ".csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(CSV_COLUMNS)
        writer.writerows(run.csv)


main()
