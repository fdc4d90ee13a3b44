"""Compares every cell of default selections with mclust's, on data sets of R packages.

A cell is compared where mclust has a fit that is no spike and Mixtura's is OK; it is lower if its
BIC is worse by more than 0.01. Data of a group "fresh" were looked at only after the search was
settled; the others were at hand while it was made.

Writes NAME.md (tables), NAME.csv (every cell) and NAME.json (the machine) to benchmarks/results.
The data and mclust's answers are kept in benchmarks/peers/target/selection.

usage: python3 benchmarks/peers/selection_quality.py [options]; --help lists them
"""

import argparse
import csv
import datetime
import json
import os
import subprocess
import sys

import programs

FOLDER = os.path.join(programs.TARGET, "selection")
MOST = 9
SPIKE = 1e-6
LOWER = 0.01

# group, name, package, numeric columns as an R expression
DATA = [
    ("first", "thyroid", "mclust", "thyroid[, -1]"),
    ("first", "cross", "mclust", "cross[, -1]"),
    ("first", "chevron", "mclust", "chevron[, -1]"),
    ("first", "ex4.1", "mclust", "{data(Baudry_etal_2010_JCGS_examples); ex4.1}"),
    ("first", "xclara", "cluster", "xclara"),
    ("first", "rock", "datasets", "rock[, 1:3]"),
    ("first", "swiss", "datasets", "swiss[, c(2, 3, 5, 6)]"),
    ("first", "quakes", "datasets", "quakes[, 1:3]"),
    ("first", "hbk", "robustbase", "hbk"),
    ("first", "penguins", "palmerpenguins", "penguins[, 3:6]"),
    ("first", "synth", "MASS", "synth.tr[, 1:2]"),
    ("first", "fish", "rrcov", "fish[, 1:6]"),
    ("second", "wreath", "mclust", "wreath"),
    ("second", "EuroUnemployment", "mclust", "EuroUnemployment"),
    ("second", "ex4.2", "mclust", "{data(Baudry_etal_2010_JCGS_examples); ex4.2}"),
    ("second", "ex4.3", "mclust", "{data(Baudry_etal_2010_JCGS_examples); ex4.3}"),
    ("second", "ex4.4.2", "mclust", "{data(Baudry_etal_2010_JCGS_examples); ex4.4.2}"),
    ("second", "USArrests", "datasets", "USArrests"),
    ("second", "airquality", "datasets", "airquality[, 1:4]"),
    ("second", "iris", "datasets", "iris[, 3:4]"),
    ("second", "stackloss", "datasets", "stackloss"),
    ("second", "women", "datasets", "women"),
    ("second", "Pima.tr", "MASS", "Pima.tr[, c(2, 3, 5)]"),
    ("second", "Boston", "MASS", "Boston[, c('rm', 'lstat', 'medv')]"),
    ("second", "cats", "MASS", "cats[, 2:3]"),
    ("second", "geyser", "MASS", "geyser"),
    ("second", "Cars93", "MASS", "Cars93[, c('Price', 'MPG.city', 'Horsepower', 'Weight')]"),
    ("second", "bushfire", "robustbase", "bushfire"),
    ("second", "milk", "robustbase", "milk[, 1:4]"),
    ("second", "pluton", "cluster", "pluton"),
    ("second", "ozone", "gclus", "ozone[, 1:5]"),
    ("second", "salmon", "rrcov", "salmon"),
    ("second", "smiley", "mlbench", "mlbench.smiley(400)$x"),
    ("second", "spirals", "mlbench", "mlbench.spirals(300, 1.5, 0.05)$x"),
    ("third", "attitude", "datasets", "attitude[, 1:4]"),
    ("third", "mtcars", "datasets", "mtcars[, c('mpg', 'disp', 'hp', 'wt')]"),
    ("third", "LifeCycleSavings", "datasets", "LifeCycleSavings"),
    ("third", "state.x77", "datasets", "state.x77[, c(2, 3, 5, 6)]"),
    ("third", "trees", "datasets", "trees"),
    ("third", "beaver1", "datasets", "beaver1[, c('time', 'temp')]"),
    ("third", "whiteside", "MASS", "whiteside[, 2:3]"),
    ("third", "hills", "MASS", "hills"),
    ("third", "heart", "robustbase", "heart"),
    ("third", "starsCYG", "robustbase", "starsCYG"),
    ("third", "delivery", "robustbase", "delivery"),
    ("third", "phosphor", "robustbase", "phosphor"),
    ("third", "planets", "HSAUR3", "log(planets)"),
    ("third", "doubs", "ade4", "doubs$env[, c(2, 4, 5, 11)]"),
    ("third", "body", "gclus", "body[, c(5, 13, 23)]"),
    ("third", "PimaIndiansDiabetes2", "mlbench", "PimaIndiansDiabetes2[, c(2, 3, 6)]"),
    ("third", "Ionosphere", "mlbench", "Ionosphere[, c(3, 5, 7)]"),
    ("third", "cassini", "mlbench", "mlbench.cassini(500)$x"),
    ("third", "agriculture", "cluster", "agriculture"),
    ("third", "chorSub", "cluster", "chorSub[, 1:4]"),
    ("third", "olitos", "rrcov", "olitos[, 1:4]"),
    ("fresh", "banknote", "mclust", "banknote[, c(2, 5, 6, 7)]"),
    ("fresh", "acidity", "mclust", "cbind(acidity[-1], acidity[-155])"),
    ("fresh", "crabs", "MASS", "crabs[, 4:7]"),
    ("fresh", "fgl", "MASS", "fgl[, c('RI', 'Na', 'Al')]"),
    ("fresh", "Skye", "MASS", "Skye[, 1:2]"),
    ("fresh", "UScereal", "MASS", "UScereal[, c('calories', 'protein', 'carbo')]"),
    ("fresh", "aircraft", "robustbase", "aircraft"),
    ("fresh", "CrohnD", "robustbase", "CrohnD[, c('BMI', 'height', 'age')]"),
    ("fresh", "wood", "robustbase", "wood[, 1:3]"),
    ("fresh", "bus", "rrcov", "bus[, c(1, 4, 9)]"),
    ("fresh", "hemophilia", "rrcov", "hemophilia[, 1:2]"),
    ("fresh", "pottery", "HSAUR3", "pottery[, 1:3]"),
    ("fresh", "USairpollution", "HSAUR3", "USairpollution[, c(1, 2, 4, 5)]"),
    ("fresh", "meuse", "sp", "log(meuse[, c('cadmium', 'copper', 'zinc')])"),
    ("fresh", "msleep", "ggplot2", "log(msleep[, c('sleep_total', 'bodywt')])"),
    ("fresh", "faithful-lagged", "datasets", "cbind(faithful[-1, 1], faithful[-272, 2])"),
    ("fresh", "attenu", "datasets", "attenu[, c('mag', 'dist', 'accel')]"),
    ("fresh", "Glass", "mlbench", "Glass[, c(1, 2, 4)]"),
    ("fresh", "Vowel", "mlbench", "Vowel[, 2:4]"),
    ("fresh", "sat.act", "psych", "sat.act[, c('age', 'SATV', 'SATQ')]"),
    ("fresh", "channing", "boot", "channing[, c('entry', 'exit')]"),
]

# Columns are renamed: some names hold spaces, which requests are cut at.
EXPORT = """
arguments <- commandArgs(TRUE)
suppressPackageStartupMessages(library(arguments[1], character.only = TRUE))
items <- sub(" .*", "", data(package = arguments[1])$results[, "Item"])
suppressWarnings(data(list = items, package = arguments[1]))
set.seed(1)
x <- as.data.frame(eval(parse(text = arguments[2])))
x <- x[sapply(x, is.numeric)]
x <- x[apply(x, 1, function(row) all(is.finite(row))), , drop = FALSE]
names(x) <- paste0("x", seq_along(x))
write.csv(x, arguments[3], row.names = FALSE)
"""


def arguments():
    parser = argparse.ArgumentParser(description="cells of selections against mclust's")
    parser.add_argument("--groups", default="first,second,third,fresh")
    parser.add_argument("--data", default="", help="names; all of the groups if empty")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--backend", default="java", help="java, vector or auto")
    parser.add_argument("--java", default="java")
    parser.add_argument("--jar", default=programs.JAR)
    parser.add_argument("--out", default="selection-quality-" + datetime.date.today().isoformat())
    return parser.parse_args()


def export(name, package, expression):
    """The file of a data set and its columns; or the reason why there is none."""
    path = os.path.join(FOLDER, name + ".csv")
    if not os.path.exists(path):
        done = subprocess.run(["Rscript", "-e", EXPORT, package, expression, path],
                              capture_output=True, text=True)
        if done.returncode != 0:
            return None, done.stderr.strip().splitlines()[-1]
    with open(path) as file:
        header = next(csv.reader(file))
        return path, (header, sum(1 for _ in file))


def of_mclust(name, path, columns):
    """mclust's cells, made once."""
    kept = os.path.join(FOLDER, name + ".json")
    if not os.path.exists(kept):
        done = subprocess.run(
            ["Rscript", os.path.join(programs.HERE, "mclust_selection.R"), path,
             ",".join(columns), str(MOST), "0"], capture_output=True, text=True)
        if done.returncode != 0:
            return None, done.stderr.strip().splitlines()[-1]
        with open(kept, "w") as file:
            file.write(done.stdout)
    with open(kept) as file:
        return json.load(file), None


class Tally:
    """Cells of one data set, or of a group."""

    def __init__(self):
        self.compared = self.higher = self.equal = self.lower = 0
        self.absent = self.not_ok = self.spikes = 0

    def add(self, other):
        for key, value in vars(other).items():
            setattr(self, key, getattr(self, key) + value)

    def line(self, label):
        return "| %s | %d | %d | %d | %d | %d | %d | %d |" % (
            label, self.compared, self.higher, self.equal, self.lower, self.absent, self.not_ok,
            self.spikes)


HEAD = ("compared | higher | equal within %g | lower | mclust has none | Mixtura's is not OK | "
        "mclust's is a spike |" % LOWER)


def compare(name, theirs, ours, rows):
    """The tally of a data set, and what is lower."""
    mine = {(c["structure"], c["K"]): c for c in ours}
    tally, notes = Tally(), []
    for cell in theirs:
        own = mine[cell["structure"], cell["K"]]
        rows.append([name, cell["structure"], cell["K"], cell["logLikelihood"], cell["smallest"],
                     own["logLikelihood"], own["status"]])
        if cell["logLikelihood"] is None:
            tally.absent += 1
        elif own["status"] != "OK":
            tally.not_ok += 1
        elif cell["smallest"] is not None and cell["smallest"] < SPIKE:
            tally.spikes += 1
        else:
            gain = 2 * (own["logLikelihood"] - cell["logLikelihood"])
            tally.compared += 1
            tally.higher += gain > LOWER
            tally.equal += abs(gain) <= LOWER
            tally.lower += gain < -LOWER
            if gain < -LOWER:
                notes.append("- %s %s,%d: lower by %.3f BIC" % (
                    name, cell["structure"], cell["K"], -gain))
    return tally, notes


def main():
    options = arguments()
    if not os.path.exists(options.jar):
        sys.exit(options.jar + " is not there: run mvn -Dfast package")
    reason = programs.missing_mclust()
    if reason:
        sys.exit(reason)
    os.makedirs(FOLDER, exist_ok=True)
    groups, names = options.groups.split(","), list(filter(None, options.data.split(",")))
    worker = programs.Worker("mixtura-quality", programs.mixtura(
        options.java, options.backend, options.jar, "WholeFitWorker"), {})
    lines, notes, rows, left_out, versions = [], [], [], [], set()
    totals = {group: Tally() for group in groups}
    counts = dict.fromkeys(groups, 0)
    for group, name, package, expression in DATA:
        if group not in groups or (names and name not in names):
            continue
        path, shape = export(name, package, expression)
        theirs, trouble = of_mclust(name, path, shape[0]) if path else (None, shape)
        if theirs is None:
            left_out.append("- %s of %s is left out: %s" % (name, package, trouble))
            print(left_out[-1], flush=True)
            continue
        versions.add(theirs["version"])
        answer = worker.ask("select %s %s %d %d default 1e-8" % (
            path, ",".join(shape[0]), MOST, options.threads))
        if "error" in answer:
            sys.exit("%s: %s" % (name, answer["error"]))
        tally, lower = compare(name, theirs["cells"], answer["cells"], rows)
        totals[group].add(tally)
        counts[group] += 1
        notes += lower
        lines.append(tally.line("%s | %s (%s) | %d × %d" % (
            group, name, package, shape[1], len(shape[0]))))
        print("\n".join([lines[-1], *lower]), flush=True)
    worker.close()
    description = programs.machine(options.java)
    text = ["# Cells of default selections against mclust's, %s" % description["date"][:10], "",
            "%s. %s. Backend %s." % (programs.summary(description), ", ".join(sorted(versions)),
                                     options.backend), "",
            "| group | data sets | " + HEAD, "|---" * 9 + "|",
            *[totals[g].line("%s | %d" % (g, counts[g])) for g in groups], "",
            *(notes or ["No cell is lower."]), "",
            "| group | data | rows × columns | " + HEAD, "|---" * 10 + "|", *lines, "", *left_out]
    save(options, text, rows, description)
    print("\n".join(text[4:7 + len(groups) + len(notes)]))


def save(options, text, rows, description):
    path = os.path.join(programs.RESULTS, options.out)
    with open(path + ".md", "w") as file:
        file.write("\n".join(text).rstrip() + "\n")
    with open(path + ".csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["data", "structure", "K", "mclust", "mclust_smallest", "mixtura",
                         "status"])
        writer.writerows(rows)
    with open(path + ".json", "w") as file:
        json.dump({**description, "options": programs.settings(options)}, file, indent=2)
        file.write("\n")


main()
