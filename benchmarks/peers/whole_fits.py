"""Compares whole jobs of Mixtura with those of scikit-learn and mclust, as a user feels them.

fit        n = 1e6, d = 8, K = 8 from scratch, k-means start included, seeds 1 to 3: scikit-learn
select     all structures with K = 1 to 9 on faithful and diabetes, 1 to 6 on gvhd_pos: mclust
score      log-densities of 1e7 rows, d = 2, K = 3: scikit-learn
start      cold start of the command line: --version, and a small fit

Writes NAME.md (tables), NAME.csv (every measurement) and NAME.json (the machine, and every cell of
the selections) to benchmarks/results.

usage: /usr/bin/python3 benchmarks/peers/whole_fits.py [options]; --help lists them
"""

import argparse
import csv
import datetime
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

import cells
import programs

ROOT = os.path.normpath(os.path.join(programs.HERE, "..", ".."))
DATA = os.path.join(ROOT, "benchmarks", "data")
SELECTIONS = [
    ("faithful", "eruptions,waiting", 9),
    ("diabetes", "glucose,insulin,sspg", 9),
    ("gvhd_pos", "CD4,CD8b,CD3,CD8", 6),
]
SPIKE = 1e-6


def arguments():
    parser = argparse.ArgumentParser(description="whole jobs of Mixtura and of its peers")
    parser.add_argument("--jobs", default="fit,select,score,start")
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--backend", default="java", help="java, vector or auto")
    parser.add_argument("--tolerance", type=float, default=1e-8, help="Mixtura's, of the fits")
    parser.add_argument("--data", default="faithful,diabetes,gvhd_pos")
    parser.add_argument("--rounds", type=int, default=5,
                        help="of select and score; start has 4 times as many")
    parser.add_argument("--warm-up", type=int, default=20, help="selections before the measured ones")
    parser.add_argument("--scale", type=float, default=1, help="factor on rows, to try it out")
    parser.add_argument("--java", default="java")
    parser.add_argument("--jar", default=programs.JAR)
    parser.add_argument("--launcher", default=os.path.join(ROOT, "mixtura"))
    parser.add_argument("--out", default="whole-fits-" + datetime.date.today().isoformat())
    return parser.parse_args()


def reached(trace, target):
    """Seconds until a log-likelihood was known to be reached."""
    return next(seconds for seconds, value in trace if value >= target)


class Run:
    def __init__(self, options, environment):
        self.options = options
        self.environment = environment
        self.lines = []
        self.csv = []
        self.details = {}
        self.troubles = []

    def say(self, line=""):
        self.lines.append(line)
        print(line, flush=True)

    def record(self, job, case, program, threads, wall, cpu=None, log_likelihood=None):
        self.csv.append([job, case, program, threads, wall, cpu, log_likelihood])

    def ours(self):
        return programs.Worker("mixtura-whole", programs.mixtura(
            self.options.java, self.options.backend, self.options.jar, "WholeFitWorker"), {})

    def sklearn(self, threads):
        return programs.Worker(
            "sklearn-whole", [sys.executable, os.path.join(programs.HERE, "sklearn_fits.py")],
            {**self.environment, "OPENBLAS_NUM_THREADS": str(threads),
             "OMP_NUM_THREADS": str(threads)})

    def ask(self, worker, line):
        answer = worker.ask(line)
        if "error" in answer:
            sys.exit("%s %s" % (worker.label, answer["error"]))
        return answer

    def fit(self):
        n, d, k = int(1000000 * self.options.scale), 8, 8
        self.say("## Fit from scratch, n = %d, d = %d, K = %d, full covariances, one k-means start"
                 % (n, d, k))
        self.say()
        self.say("Seconds from the data in memory to the fit, at matched tolerances (%g of the "
                 "log-likelihood). To the lower: until the lower of both final log-likelihoods was "
                 "reached. Cold: the first fit of a JVM." % self.options.tolerance)
        self.say()
        self.say("| seed | threads | clock | scikit-learn s (iterations) | Mixtura cold s | "
                 "Mixtura s (iterations) | ratio | wall ratio to the lower | log-likelihood "
                 "scikit-learn | Mixtura |")
        self.say("|---|---|---|---|---|---|---|---|---|---|")
        with tempfile.TemporaryDirectory() as folder:
            cells.write(folder, "full", n, d, k)
            for threads in map(int, self.options.threads.split(",")):
                peer = self.sklearn(threads)
                for seed in map(int, self.options.seeds.split(",")):
                    self.one_fit(folder, n, seed, threads, peer)
                peer.close()
        self.say()

    def one_fit(self, folder, n, seed, threads, peer):
        ours = self.ours()
        line = "fit %s %d %r %d" % (folder, seed, self.options.tolerance, threads)
        cold = self.ask(ours, line)
        scale = (1 + abs(cold["logLikelihood"])) / n
        theirs = self.ask(peer, "fit %s %d %r" % (folder, seed, self.options.tolerance * scale))
        warm = self.ask(ours, line)
        ours.close()
        clock = "cpu" if threads == 1 else "wall"
        lower = min(theirs["logLikelihood"], warm["logLikelihood"])
        lower -= 1e-9 * abs(lower)
        seconds = [reached(a["trace"], lower) for a in (theirs, warm)]
        for name, answer in (("mixtura cold", cold), ("sklearn", theirs), ("mixtura", warm)):
            self.record("fit", "seed %d" % seed, name, threads, answer["wall"], answer["cpu"],
                        answer["logLikelihood"])
        gain = warm["logLikelihood"] - theirs["logLikelihood"]
        if gain < -1e-9 * abs(theirs["logLikelihood"]):
            self.troubles.append(
                "fit, seed %d: log-likelihood %.4f is lower than scikit-learn's %.4f" % (
                    seed, warm["logLikelihood"], theirs["logLikelihood"]))
        self.say("| %d | %d | %s | %.2f (%d) | %.2f | %.2f (%d) | %.1f | %.1f | %.4f | %.4f |" % (
            seed, threads, clock, theirs[clock], theirs["iterations"], cold[clock], warm[clock],
            warm["iterations"], theirs[clock] / warm[clock], seconds[0] / seconds[1],
            theirs["logLikelihood"], warm["logLikelihood"]))

    def select(self):
        self.say("## Model selection: 14 structures × numbers of components, wall time")
        self.say()
        self.say("Mixtura with its default starts and tolerance, and with mclust's kind of start "
                 "and tolerance (one model-based tree, 1e-5); mclust with its default control. "
                 "Cold: the first selection of a JVM; warm: after %d more." % self.options.warm_up)
        self.say()
        self.say("| data | K | threads | mclust s | starts | Mixtura cold s | Mixtura warm s | "
                 "mclust ÷ warm | chosen by mclust | by Mixtura |")
        self.say("|---|---|---|---|---|---|---|---|---|---|")
        compared = []
        for name, columns, most in SELECTIONS:
            if name in self.options.data.split(","):
                compared.append(self.one_selection(name, columns, most))
        self.say()
        self.say("Log-likelihood per cell against mclust's, Mixtura with its default starts. Left "
                 "out: mclust has no fit, or one of the two has a spike or a repaired fit. VVE is "
                 "counted apart, because mclust does not maximise its likelihood.")
        self.say()
        self.say("| data | cells | compared | higher by over 1e-3 | equal | lower by 1e-6 to 1e-3 "
                 "| lower by over 1e-3 | VVE lower, of | left out |")
        self.say("|---|---|---|---|---|---|---|---|---|")
        for line, _ in compared:
            self.say(line)
        self.say()
        for _, notes in compared:
            for note in notes:
                self.say(note)
        self.say()

    def one_selection(self, name, columns, most):
        file = os.path.join(DATA, name + ".csv")
        rounds = self.options.rounds
        peer = subprocess.run(
            ["Rscript", os.path.join(programs.HERE, "mclust_selection.R"), file, columns,
             str(most), str(rounds)],
            capture_output=True, text=True, check=True, env={**os.environ, **self.environment})
        theirs = json.loads(peer.stdout)
        for seconds in theirs["seconds"]:
            self.record("select", name, "mclust", 1, seconds)
        default = None
        for threads in map(int, self.options.threads.split(",")):
            for starts, tolerance in (("default", 1e-8), ("hierarchical", 1e-5)):
                worker = self.ours()
                line = "select %s %s %d %d %s %r" % (
                    file, columns, most, threads, starts, tolerance)
                answers = [self.ask(worker, line) for _ in range(1 + self.options.warm_up + rounds)]
                del answers[1:1 + self.options.warm_up]
                worker.close()
                for number, answer in enumerate(answers):
                    self.record("select", name, "mixtura %s%s" % (
                        starts, " cold" if number == 0 else ""), threads, answer["wall"])
                warm = [a["wall"] for a in answers[1:]]
                ratio = statistics.median(theirs["seconds"]) / statistics.median(warm)
                self.say("| %s | 1:%d | %d | %s | %s | %.2f | %s | %.2f | %s | %s |" % (
                    name, most, threads, programs.spread(theirs["seconds"]), starts, answers[0]["wall"],
                    programs.spread(warm), ratio, theirs["best"], answers[0]["best"] or "none"))
                if starts == "default":
                    default = answers[-1]
        return self.agreement(name, theirs["cells"], default["cells"])

    def agreement(self, name, theirs, ours):
        mine = {(c["structure"], c["K"]): c for c in ours}
        higher = equal = close = lower = vve = vve_lower = 0
        left_out, notes, details = [], [], []
        for cell in theirs:
            own = mine[cell["structure"], cell["K"]]
            label = "%s,%d" % (cell["structure"], cell["K"])
            details.append({**cell, "mixtura": own["logLikelihood"], "status": own["status"],
                            "reason": own["reason"]})
            if cell["logLikelihood"] is None:
                left_out.append(label + " NA")
                continue
            if own["status"] != "OK":
                left_out.append("%s %s" % (label, own["status"].lower()))
                continue
            if cell["smallest"] is not None and cell["smallest"] < SPIKE:
                left_out.append(label + " spike of mclust")
                continue
            gain = own["logLikelihood"] - cell["logLikelihood"]
            if cell["structure"] == "VVE":
                vve += 1
                vve_lower += gain < -1e-3
            elif gain > 1e-3:
                higher += 1
            elif gain >= -1e-6:
                equal += 1
            elif gain >= -1e-3:
                close += 1
            else:
                lower += 1
            if gain < -1e-6:
                notes.append("- %s %s: lower by %.3g (%.6f; mclust %.6f)" % (
                    name, label, -gain, own["logLikelihood"], cell["logLikelihood"]))
        self.details[name] = details
        if lower:
            self.troubles.append("%s: %d cells are lower than mclust's" % (name, lower))
        return "| %s | %d | %d | %d | %d | %d | %d | %d of %d | %s |" % (
            name, len(theirs), higher + equal + close + lower, higher, equal, close, lower,
            vve_lower, vve, ", ".join(left_out) or "none"), notes

    def score(self):
        n, d, k = int(10000000 * self.options.scale), 2, 3
        self.say("## Scoring %d rows, d = %d, K = %d, wall time in seconds" % (n, d, k))
        self.say()
        self.say("| threads given to scikit-learn | scikit-learn | Mixtura | ratio |")
        self.say("|---|---|---|---|")
        with tempfile.TemporaryDirectory() as folder:
            cells.write(folder, "full", n, d, k)
            for threads in map(int, self.options.threads.split(",")):
                ours, peer = self.ours(), self.sklearn(threads)
                line = "score " + folder
                for _ in range(2):
                    self.ask(ours, line)
                self.ask(peer, line)
                mine, theirs = [], []
                for _ in range(self.options.rounds):
                    a, b = self.ask(peer, line), self.ask(ours, line)
                    gap = abs(a["logLikelihood"] / b["logLikelihood"] - 1)
                    if gap > 1e-9:
                        sys.exit("score: sums of log-densities differ by %g" % gap)
                    theirs.append(a["wall"])
                    mine.append(b["wall"])
                    self.record("score", "", "sklearn", threads, a["wall"])
                    self.record("score", "", "mixtura", threads, b["wall"])
                ours.close()
                peer.close()
                self.say("| %d | %s | %s | %s |" % (
                    threads, programs.spread(theirs), programs.spread(mine),
                    programs.spread([x / y for x, y in zip(theirs, mine)])))
        self.say()

    def start(self):
        self.say("## Cold start, wall time in seconds")
        self.say()
        self.say("| command | seconds |")
        self.say("|---|---|")
        faithful = os.path.join(DATA, "faithful.csv")
        commands = [
            ("mixtura --version", [self.options.launcher, "--version"]),
            ("mixtura fit faithful.csv, K = 2",
             [self.options.launcher, "fit", faithful, "--components", "2"]),
            ("scikit-learn, the same fit with five starts", [sys.executable, "-c", (
                "import numpy as np\nfrom sklearn.mixture import GaussianMixture\n"
                "x = np.loadtxt(%r, delimiter=',', skiprows=1)\n"
                "print(GaussianMixture(2, tol=1e-7, n_init=5, max_iter=1000).fit(x).means_)")
                % faithful]),
            ("mclust, the same fit with one start", ["Rscript", "-e", (
                "suppressMessages(library(mclust)); x <- read.csv('%s'); "
                "print(Mclust(x, G = 2, modelNames = 'VVV', verbose = FALSE)$loglik)") % faithful]),
        ]
        for label, command in commands:
            self.timed(command)
        times = {label: [] for label, _ in commands}
        for _ in range(4 * self.options.rounds):
            for label, command in commands:
                times[label].append(self.timed(command))
                self.record("start", label, label.split()[0], "", times[label][-1])
        for label, seconds in times.items():
            self.say("| %s | %s |" % (label, programs.spread(seconds)))
        self.say()

    def timed(self, command):
        begin = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit("%s failed: %s" % (command[0], done.stderr[-500:]))
        return time.perf_counter() - begin


def main():
    options = arguments()
    jobs = options.jobs.split(",")
    for job in jobs:
        if job not in ("fit", "select", "score", "start"):
            sys.exit("job is '%s', must be fit, select, score or start" % job)
    if not os.path.exists(options.jar):
        sys.exit(options.jar + " is not there: run mvn -Dfast package")
    reason = programs.missing_module()
    if reason:
        sys.exit(reason)
    description = programs.machine(options.java)
    environment, blas = programs.fastest_blas()
    run = Run(options, environment)
    run.say("# Whole jobs, %s" % description["date"][:10])
    run.say()
    run.say("%s. Backend %s. OPENBLAS_CORETYPE: %s. Median [min..max]." % (
        programs.summary(description), options.backend,
        environment.get("OPENBLAS_CORETYPE") or "chosen by OpenBLAS"))
    run.say()
    for job in jobs:
        getattr(run, job)()
    description.update(openblas_tried=blas, openblas_environment=environment,
                       options=programs.settings(options), selections=run.details)
    save(options.out, run, description)
    if run.troubles:
        sys.exit("\n".join(run.troubles))


def save(name, run, description):
    os.makedirs(programs.RESULTS, exist_ok=True)
    path = os.path.join(programs.RESULTS, name)
    with open(path + ".md", "w") as file:
        file.write("\n".join(run.lines).rstrip() + "\n")
    with open(path + ".json", "w") as file:
        json.dump(description, file, indent=2)
        file.write("\n")
    with open(path + ".csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["job", "case", "program", "threads", "wall_s", "cpu_s", "log_likelihood"])
        writer.writerows(run.csv)


main()
