#!/usr/bin/env python3
"""Statistics of random results, worked out again without the program's code: Python's statistics module, Student's
quantiles by integrating the density, binomial sums in whole numbers, Fieller's limits by bisection.

    statistics_of.py write DIR SEED     makes DIR/handovers.csv
    statistics_of.py check DIR PROGRAM  holds what the program prints against what follows from that file
"""
# SPDX-License-Identifier: GPL-2.0-or-later
import csv
import functools
import json
import math
import random
import statistics
import subprocess
import sys
from fractions import Fraction

MEASURES = ["outage", "binding_latency", "packets_lost"]
METHOD = "peers mn cn / authorization"
DELAY = "point-to-point a-b / delay"
UNSAFE = "scenario / title"  # goes along with the method
QUANTILES = [("p5", 5), ("p25", 25), ("median", 50), ("p75", 75), ("p90", 90), ("p95", 95), ("p99", 99)]


def write(directory, seed):
    draw = random.Random(seed)
    with open(directory + "/handovers.csv", "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["point", "replication", METHOD, UNSAFE, DELAY, "node", "handover", "correspondent",
                       "authorization", "from_link", "to_link", "link_down", "link_up"] + MEASURES)
        point = 0
        for method, title in (("return-routability", "a"), ("static-key", "b")):
            for delay in ("1ms", "10ms", "1s"):
                for replication in range(draw.choice([7, 30, 31]) if delay != "1s" else 400):
                    if draw.random() < 0.05:
                        continue  # a run that is missing
                    luck = random.Random("%d %d" % (seed, replication)).gauss(0, 0.02)
                    for handover in range(draw.choice([1, 3])):
                        outage = 0.3 + luck + draw.expovariate(20) + (0.1 if method[0] == "r" else 0)
                        latency = "" if draw.random() < 0.1 else "%.9f" % (luck + draw.gauss(0.2, 0.05))
                        down = "" if draw.random() < 0.1 else "%.9f" % draw.uniform(0, 10)
                        rows.writerow([point, replication, method, title, delay, "mn", handover + 1, "cn", method,
                                       "here", "there", down, "5.000000000", "%.9f" % outage, latency,
                                       draw.choice([0, 0, 1, 5])])
                point += 1


# -- what follows from the file --

@functools.lru_cache(maxsize=None)
def t_quantile(probability, freedom):
    scale = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / math.sqrt(freedom * math.pi)

    def half(angle):  # integral of the density from 0 to sqrt(freedom) * tan(angle), by Simpson's rule
        steps = 2000
        width = angle / steps
        total = 0
        for i in range(steps + 1):
            weight = 1 if i in (0, steps) else 4 if i % 2 else 2
            total += weight * math.cos(i * width) ** (freedom - 1)
        return scale * math.sqrt(freedom) * total * width / 3
    low, high = 0.0, math.pi / 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if half(middle) < probability - 0.5 else (low, middle)
    return math.sqrt(freedom) * math.tan(low)


@functools.lru_cache(maxsize=None)
def ranks(count, percent, tail):
    p = Fraction(percent, 100)
    total, low, high = Fraction(0), 0, None
    for k in range(count + 1):  # total is P(B < k)
        if total <= tail:
            low = k
        if high is None and 1 - total <= tail and k > 0:
            high = k
        total += math.comb(count, k) * p ** k * (1 - p) ** (count - k)
    return low, high


def quantile(values, percent):
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def describe(values, confidence):
    values = sorted(values)
    n = len(values)
    result = {"n": n, "mean": statistics.fmean(values), "minimum": values[0], "maximum": values[-1]}
    if n > 1:
        result["deviation"] = statistics.stdev(values)
        half = t_quantile(0.5 + confidence / 2, n - 1) * result["deviation"] / math.sqrt(n)
        result["mean_low"], result["mean_high"] = result["mean"] - half, result["mean"] + half
    tail = (1 - Fraction(str(confidence))) / 2
    for name, percent in QUANTILES:
        low, high = ranks(n, percent, tail)
        result[name] = quantile(values, percent)
        if low > 0:
            result[name + "_low"] = values[low - 1]
        if high is not None:
            result[name + "_high"] = values[high - 1]
    return result


def compare(first, second, confidence):
    keys = [key for key in first if key in second]
    a, b = [first[key] for key in keys], [second[key] for key in keys]
    n = len(keys)
    t = t_quantile(0.5 + confidence / 2, n - 1)
    differences = [y - x for x, y in zip(a, b)]
    half = t * statistics.stdev(differences) / math.sqrt(n)
    mean = statistics.fmean(differences)
    result = {"pairs": n, "alone": len(first) + len(second) - 2 * n, "against_mean": statistics.fmean(a),
              "mean": statistics.fmean(b), "difference": mean, "difference_low": mean - half,
              "difference_high": mean + half, "ratio": statistics.fmean(b) / statistics.fmean(a)}

    def differs(r):
        rest = [y - r * x for x, y in zip(a, b)]
        return abs(statistics.fmean(rest)) > t * statistics.stdev(rest) / math.sqrt(n)
    for name, direction in (("ratio_low", -1), ("ratio_high", 1)):
        if differs(1e9):
            width = 1
            while not differs(result["ratio"] + direction * width):
                width *= 2
        else:
            continue  # the first mean does not differ from 0
        near, far = result["ratio"], result["ratio"] + direction * width
        for _ in range(100):
            middle = (near + far) / 2
            near, far = (near, middle) if differs(middle) else (middle, far)
        result[name] = near
    return result


class Results:
    def __init__(self, directory):
        with open(directory + "/handovers.csv", encoding="utf-8", newline="") as file:
            self.rows = list(csv.DictReader(file))

    def groups(self, by, warm_up=0.0):
        groups = {}
        for row in self.rows:
            if float(row["link_down"] or row["link_up"]) >= warm_up:
                groups.setdefault(tuple(row[name] for name in by), []).append(row)
        return groups

    @staticmethod
    def observations(rows, measure, each=False, over=False):
        by_key = {}
        for row in rows:
            if row[measure] != "":
                key = (row["replication"], row["handover"], over or row[DELAY]) if each else row["replication"]
                by_key.setdefault(key, []).append(float(row[measure]))
        return {key: statistics.fmean(values) for key, values in by_key.items()}


def matched(groups, delays, measure):
    """Rows of either method that the other has something like: a value in the same replication at the same delay,
    unless what the row is about is there and has none."""
    sides = [[row for delay in delays for row in groups.get((method, delay), [])]
             for method in ("return-routability", "static-key")]

    def about(row):
        return row["replication"], row[DELAY], row["handover"]

    def cell(row):
        return row["replication"], row[DELAY]
    there = [{cell(row) for row in side if row[measure] != ""} for side in sides]
    absent = [{about(row) for row in side if row[measure] == ""} for side in sides]
    return sides, [[row for row in side if cell(row) in there[1 - i] and about(row) not in absent[1 - i]]
                   for i, side in enumerate(sides)]


# -- what the program prints --

failures = 0


def fail(text):
    global failures
    failures += 1
    print("FAIL:", text)


def near(a, b):
    return abs(a - b) <= 1e-8 * max(abs(a), abs(b)) + 1e-11


def ask(program, *arguments):
    run = subprocess.run([program, "summarize", *arguments], capture_output=True, text=True, check=False)
    if run.returncode != 0:
        fail("%s: status %d: %s" % (arguments, run.returncode, run.stderr))
    return run.stdout


def same(where, printed, expected, names):
    for name in names:
        text = printed[name]
        if text in ("", None):
            if name in expected:
                fail("%s: %s is missing, expected %r" % (where, name, expected[name]))
        elif name not in expected:
            fail("%s: %s is %s, expected none" % (where, name, text))
        elif not near(float(text), float(expected[name])):
            fail("%s: %s is %s, expected %.15g" % (where, name, text, expected[name]))


STATISTICS = ["n", "absent", "mean", "mean_low", "mean_high", "deviation", "minimum", "maximum"] + [
    name + end for name, _ in QUANTILES for end in ("", "_low", "_high")]
COMPARED = ["pairs", "alone", "mean", "against_mean", "difference", "difference_low", "difference_high", "ratio",
            "ratio_low", "ratio_high"]


def check_statistics(results, program, directory, by, confidence, each=False, warm_up=None):
    arguments = [directory, "--measure", ",".join(MEASURES), "--csv", "--confidence", "%g%%" % (100 * confidence)]
    if by != [METHOD, UNSAFE, DELAY]:
        arguments += ["--by", ",".join(by)]
    if each:
        arguments.append("--each")
    if warm_up is not None:
        arguments += ["--warm-up", "%gs" % warm_up]
    printed = list(csv.DictReader(ask(program, *arguments).splitlines()))
    groups = results.groups(by, warm_up or 0.0)
    if len(printed) != len(groups) * len(MEASURES):
        fail("%d rows, expected %d" % (len(printed), len(groups) * len(MEASURES)))
    for row in printed:
        rows = groups[tuple(row[name] for name in by)]
        measure = row["measure"]
        if each:
            values = [float(r[measure]) for r in rows if r[measure] != ""]
        else:
            values = list(results.observations(rows, measure).values())
        expected = describe(values, confidence)
        expected["absent"] = sum(r[measure] == "" for r in rows)
        same((by, measure, confidence), row, expected, STATISTICS)


def check_comparisons(results, program, directory, confidence, each, over=False):
    arguments = [directory, "--measure", ",".join(MEASURES), "--confidence", "%g" % confidence, "--compare", METHOD]
    arguments += ["--each"] if each else []
    arguments += ["--by", METHOD] if over else []
    printed = list(csv.DictReader(ask(program, *arguments, "--csv").splitlines()))
    objects = json.loads(ask(program, *arguments, "--json"))["comparisons"]
    groups = results.groups([METHOD, DELAY])
    if len(printed) != (1 if over else 3) * len(MEASURES) or len(objects) != len(printed):
        fail("%d comparisons" % len(printed))
    for row, entry in zip(printed, objects):
        delay = None if over else row[DELAY]
        sides, rows = matched(groups, ["1ms", "10ms", "1s"] if over else [delay], row["measure"])
        sides = [results.observations(side, row["measure"], each, over) for side in sides]
        expected = compare(*[results.observations(side, row["measure"], each, over) for side in rows], confidence)
        expected["alone"] = sum(map(len, sides)) - 2 * expected["pairs"]
        same(("comparison", row["measure"], delay), row, expected, COMPARED)
        same(("JSON", row["measure"], delay), entry, expected, COMPARED)
        if row["against"] != "return-routability" or entry["where"].get(DELAY) != delay:
            fail("compared with %s" % row["against"])


def check_distribution(results, program, directory):
    printed = list(csv.DictReader(ask(program, directory, "--cdf", "packets_lost", "--by", "delay",
                                     "--confidence", "90%").splitlines()))
    expected = []
    for (delay,), rows in results.groups([DELAY]).items():
        values = sorted(results.observations(rows, "packets_lost").values())
        beside = math.sqrt(math.log(2 / 0.1) / (2 * len(values)))  # Dvoretzky, Kiefer, Wolfowitz; Massart
        for value in sorted(set(values)):
            share = sum(v <= value for v in values) / len(values)
            expected.append((delay, value, share, max(0, share - beside), min(1, share + beside)))
    if len(printed) != len(expected):
        fail("%d steps, expected %d" % (len(printed), len(expected)))
    for row, (delay, *numbers) in zip(printed, expected):
        told = [float(row[name]) for name in ("value", "share", "share_low", "share_high")]
        if row[DELAY] != delay or not all(near(*pair) for pair in zip(told, numbers)):
            fail("step %s, expected %s" % (row, (delay, *numbers)))


def check_bootstrap(results, program, directory):
    """Random numbers are its own, so the ends agree but for chance: 4,000 resamples of either."""
    arguments = [directory, "--measure", "outage", "--csv", "--bootstrap", "4000"]
    first, again = ask(program, *arguments), ask(program, *arguments)
    if first != again:
        fail("the bootstrap is not the same twice")
    draw = random.Random(3)
    groups = results.groups([METHOD, DELAY])
    for row in csv.DictReader(first.splitlines()):
        values = list(results.observations(groups[(row[METHOD], row[DELAY])], "outage").values())
        if len(values) < 20:
            continue
        for name, percent in (("median", 50), ("p75", 75)):
            found = sorted(quantile(sorted(draw.choices(values, k=len(values))), percent) for _ in range(2000))
            for end, at in (("_low", 50), ("_high", 1949)):
                if abs(float(row[name + end]) - found[at]) > 0.25 * statistics.stdev(values) * 5 / math.sqrt(len(values)):
                    fail("bootstrap %s%s of %d: %s, expected about %g" % (name, end, len(values), row[name + end], found[at]))


def corrected(values, percent, found):
    """Efron's BCa interval of 95 % (Efron, Tibshirani, 14.3) from the quantiles of the resamples, sorted."""
    normal = statistics.NormalDist()
    own = quantile(values, percent)
    z = normal.inv_cdf((sum(x < own for x in found) + sum(x <= own for x in found)) / (2 * len(found)))
    without = [quantile(values[:i] + values[i + 1:], percent) for i in range(len(values))]
    mean = statistics.fmean(without)
    squares = sum((mean - x) ** 2 for x in without)
    a = sum((mean - x) ** 3 for x in without) / (6 * squares ** 1.5) if squares else 0
    ends = []
    for at in (normal.inv_cdf(0.025), normal.inv_cdf(0.975)):
        share = normal.cdf(z + (z + at) / (1 - a * (z + at)))
        ends.append(found[min(len(found) - 1, int(share * len(found)))])
    return ends


def check_corrected(results, program, directory):
    """The same resamples in both ways, and other ones here: the ends agree but for chance."""
    arguments = [directory, "--measure", "outage", "--csv", "--bootstrap", "10000"]
    plain = list(csv.DictReader(ask(program, *arguments).splitlines()))
    draw = random.Random(4)
    groups = results.groups([METHOD, DELAY])
    differ = 0
    for row, other in zip(csv.DictReader(ask(program, *arguments, "--bca").splitlines()), plain):
        values = sorted(results.observations(groups[(row[METHOD], row[DELAY])], "outage").values())
        for name, percent in (("median", 50), ("p75", 75), ("p90", 90)) if 20 <= len(values) < 100 else ():
            found = sorted(quantile(sorted(draw.choices(values, k=len(values))), percent) for _ in range(5000))
            for end, expected in zip(("_low", "_high"), corrected(values, percent, found)):
                ends = (float(row[name + end]), expected)
                below = max(sum(x < v - 1e-12 for x in found) for v in ends)  # the same values come up often
                if below - min(sum(x <= v + 1e-12 for x in found) for v in ends) > 0.012 * len(found):
                    fail("BCa %s%s of %d: %s, expected about %g" % (name, end, len(values), row[name + end], expected))
                differ += row[name + end] != other[name + end]
    if not differ:
        fail("BCa intervals are those of the percentiles")


def check_text(results, program, directory):
    """The table for people: milliseconds."""
    text = ask(program, directory, "--measure", "outage", "--by", METHOD)
    for (method,), rows in results.groups([METHOD]).items():
        expected = describe(list(results.observations(rows, "outage").values()), 0.95)
        cells = "%d  %7d  %.2f [%.2f, %.2f]" % (expected["n"], 0, *(1000 * expected[name] for name in (
            "mean", "mean_low", "mean_high")))
        lines = [" ".join(line.split()) for line in text.splitlines() if line.startswith(method)]
        if not any(" ".join(cells.split()) in line for line in lines):
            fail("no '%s' in\n%s" % (cells, text))


def check(directory, program):
    results = Results(directory)
    everything = [METHOD, UNSAFE, DELAY]
    check_statistics(results, program, directory, everything, 0.95)
    check_statistics(results, program, directory, everything, 0.99)
    check_statistics(results, program, directory, [DELAY], 0.9, each=True)
    check_statistics(results, program, directory, [METHOD], 0.95, warm_up=4)
    check_comparisons(results, program, directory, 0.95, False)
    check_comparisons(results, program, directory, 0.9, True)
    check_comparisons(results, program, directory, 0.95, False, over=True)
    check_comparisons(results, program, directory, 0.95, True, over=True)
    check_distribution(results, program, directory)
    check_bootstrap(results, program, directory)
    check_corrected(results, program, directory)
    check_text(results, program, directory)
    return 1 if failures else 0


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(sys.argv[2], int(sys.argv[3]))
    else:
        sys.exit(check(sys.argv[2], sys.argv[3]))
