"""The programs that are compared, how they are started, and the machine they run on."""

import datetime
import json
import math
import os
import platform
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TARGET = os.path.join(HERE, "target")
RESULTS = os.path.normpath(os.path.join(HERE, "..", "results"))
JAR = os.path.normpath(os.path.join(HERE, "..", "target", "benchmarks.jar"))
BLAS_CORES = ["", "HASWELL", "ZEN", "SKYLAKEX"]
OPENS = ["java.lang", "java.lang.invoke", "java.lang.reflect", "java.io", "java.net", "java.nio",
         "java.util", "java.util.concurrent", "java.util.concurrent.atomic", "sun.nio.ch",
         "sun.nio.cs", "sun.security.action", "sun.util.calendar"]


def digits(value):
    """Three significant digits, no exponent."""
    if not value:
        return "0"
    return "%.*f" % (max(0, 2 - math.floor(math.log10(abs(value)))), value)


def spread(values):
    """Median and range."""
    return "%s [%s..%s]" % (
        digits(statistics.median(values)), digits(min(values)), digits(max(values)))


class Worker:
    """A program that answers lines; started on the first question, and again after it has died."""

    def __init__(self, label, command, environment):
        self.label = label
        self.command = command
        self.environment = environment
        self.process = None

    def ask(self, line):
        if self.process is None:
            os.makedirs(TARGET, exist_ok=True)
            with open(os.path.join(TARGET, self.label + ".log"), "w") as log:
                self.process = subprocess.Popen(
                    self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                    text=True, env={**os.environ, **self.environment},
                )
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            self.close()
            return {"error": "ended without an answer: " + self.complaint()}
        return json.loads(answer)

    def complaint(self):
        """What it last said before it ended, without stack frames."""
        with open(os.path.join(TARGET, self.label + ".log")) as log:
            lines = [line.strip() for line in log if not line.startswith("\tat ")]
        return " ".join(filter(None, lines))[-300:] or "it said nothing"

    def close(self):
        if self.process is not None:
            try:
                self.process.stdin.close()
            except BrokenPipeError:
                pass
            self.process.wait()
            self.process = None


class Program:
    """One program.

    threads: numbers of threads it can run with. warm: requests before the first that counts.
    comparable: whether its log-likelihood must agree with Mixtura's; not if it takes no start or
    may maximise something else. fewer: per cell, the number its rows are divided by to keep a
    round short, or the reason why it is left out.
    """

    def __init__(self, name, command, threads, warm, comparable, fewer=None, missing=None):
        self.name = name
        self.command = command
        self.threads = threads
        self.warm = warm
        self.comparable = comparable
        self.fewer = fewer or {}
        self.missing = missing or (lambda: None)

    def worker(self, threads, environment):
        return Worker("%s-%d" % (self.name, threads), self.command(threads),
                      {**environment, "OPENBLAS_NUM_THREADS": str(threads),
                       "OMP_NUM_THREADS": str(threads)})

    def share(self, cell_name, n, least):
        """Rows used in a cell of n rows, at least so many; or the reason why none."""
        fewer = self.fewer.get(cell_name, 1)
        return fewer if isinstance(fewer, str) else min(n, max(n // fewer, least))


def mixtura(java, backend, jar, main):
    """The command of a class of benchmarks.jar, with the vector module where it is needed."""
    modules = ["--add-modules", "jdk.incubator.vector"] if backend in ("vector", "auto") else []
    return [java, *modules, "-Xmx6g", "-Dmixtura.backend=" + backend, "-cp", jar,
            "io.github.mixtura.benchmarks." + main]


def needs(path, how):
    return lambda: None if os.path.exists(path) else "%s is not there: run %s" % (
        os.path.relpath(path, os.path.join(HERE, "..", "..")), how)


def jvm(java, peer, main, options):
    classes = os.path.join(TARGET, peer + "-classes")
    path = os.pathsep.join([classes, os.path.join(TARGET, peer, "*")])
    return lambda threads: [java, "-Xmx6g", *options(threads), "-cp", path, "Worker", main]


def no_options(threads):
    return []


def spark_options(threads):
    opens = ["--add-opens=java.base/%s=ALL-UNNAMED" % package for package in OPENS]
    return ["-Dthreads=%d" % threads, *opens]


def missing_module():
    try:
        import sklearn  # noqa: F401
        import threadpoolctl  # noqa: F401
    except ImportError as e:
        return "%s: on Debian run this with /usr/bin/python3" % e
    return None


def missing_mclust():
    try:
        subprocess.run(["Rscript", "-e", "library(mclust)"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return "R or its package mclust is not installed"
    return None


def peers(java):
    one, two = "full-1000000-1-5", "full-1000000-2-3"
    eight, sixteen = "full-200000-8-8", "full-100000-16-16"
    thirty, hundred = "full-50000-32-10", "full-20000-128-8"
    diagonal = "diag-1000000-16-32"
    prepare = "benchmarks/peers/prepare.sh"
    return [
        Program("sklearn", lambda t: [sys.executable, os.path.join(HERE, "sklearn_worker.py")],
                (1, 2), 1, True, missing=missing_module),
        Program("mclust", lambda t: ["Rscript", os.path.join(HERE, "mclust_worker.R")],
                (1,), 1, True, {hundred: 8, diagonal: 4}, missing_mclust),
        Program("armadillo", lambda t: [os.path.join(TARGET, "armadillo")],
                (1, 2), 1, True, {hundred: 8},
                needs(os.path.join(TARGET, "armadillo"), prepare + " armadillo")),
        Program("elki", jvm(java, "elki", "Elki", no_options),
                (1,), 2, True, {hundred: 2, diagonal: 4},
                needs(os.path.join(TARGET, "elki-classes"), prepare + " elki")),
        Program("commons", jvm(java, "commons", "CommonsMath", no_options),
                (1,), 2, False,
                {one: "refuses one column", two: 20, eight: 10, sixteen: 40, thirty: 20,
                 hundred: 8, diagonal: "has no diagonal covariance"},
                needs(os.path.join(TARGET, "commons-classes"), prepare + " commons")),
        Program("smile", jvm(java, "smile", "Smile", lambda t: [
                    "-Djava.util.concurrent.ForkJoinPool.common.parallelism=%d" % (t - 1)]),
                (1, 2), 2, False,
                {one: 10, two: 5, eight: 5, sixteen: 5, thirty: 5, hundred: 8, diagonal: 20},
                needs(os.path.join(TARGET, "smile-classes"), prepare + " smile")),
        Program("spark", jvm(java, "spark", "Spark", spark_options),
                (2,), 1, False,
                {one: 10, two: 5, eight: 10, sixteen: 4, diagonal: "has no diagonal covariance"},
                needs(os.path.join(TARGET, "spark-classes"), prepare + " spark")),
    ]


def output(*command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=HERE)
    except (OSError, subprocess.CalledProcessError):
        return None
    return (done.stdout or done.stderr).strip()


def fastest_blas():
    """The environment under which OpenBLAS is fastest, and what was measured to know it.

    OpenBLAS chooses its kernel by the processor, and old releases take a slow one on processors
    that they do not know; OPENBLAS_CORETYPE overrides the choice, and an empty value leaves it. A
    value from outside is not trusted: it may be there for other reasons than speed.
    """
    measured = []
    for core in BLAS_CORES:
        done = subprocess.run(
            [sys.executable, os.path.join(HERE, "sklearn_worker.py"), "blas"],
            capture_output=True, text=True,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OPENBLAS_CORETYPE": core})
        if done.returncode == 0:
            measured.append({"OPENBLAS_CORETYPE": core, **json.loads(done.stdout)})
    if not measured:
        return {}, []
    best = max(measured, key=lambda m: m["square_gflops"])
    if best["square_gflops"] <= 1.1 * measured[0]["square_gflops"]:
        best = measured[0]
    return {"OPENBLAS_CORETYPE": best["OPENBLAS_CORETYPE"]}, measured


def peak():
    """FMA rate of one core in GFLOP/s and vector lanes, or None."""
    text = output(os.path.join(TARGET, "peak"))
    return json.loads(text) if text else None


def machine(java):
    """What the numbers were measured on."""
    cpu = dict(
        line.split(":", 1) for line in (output("lscpu") or "").splitlines() if ":" in line)
    wanted = ["Model name", "CPU family", "Model", "Stepping", "CPU(s)", "Thread(s) per core",
              "L1d cache", "L2 cache", "L3 cache", "Hypervisor vendor"]
    flags = cpu.get("Flags", "").split()
    java_version = subprocess.run([java, "-version"], capture_output=True, text=True).stderr
    return {
        "date": datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
        "commit": output("git", "rev-parse", "HEAD"),
        "uncommitted_changes": bool(output("git", "status", "--porcelain")),
        "processor": {key: cpu[key].strip() for key in wanted if key in cpu},
        "vector_extensions": [f for f in ("avx2", "fma", "avx512f") if f in flags],
        "system": platform.platform(),
        "jdk": java_version.splitlines(),
        "load_average": os.getloadavg(),
    }


def settings(options):
    """The options of a run without those that name files."""
    return {k: v for k, v in vars(options).items() if k not in ("java", "jar", "launcher", "out")}


def summary(description):
    """The machine in one line."""
    cpu = description["processor"]
    return "%s (family %s, model %s), %s cores, %s, %s" % (
        cpu.get("Model name"), cpu.get("CPU family"), cpu.get("Model"), cpu.get("CPU(s)"),
        description["system"], description["jdk"][0] if description["jdk"] else "no JDK")
