"""Writes extremes.json: values at the ends of the range of doubles, by mpmath at 60 digits.

Every argument is a double and taken exactly. Run: python3 extremes.py > extremes.json
"""
import json
import sys

import mpmath as mp
from mpmath import mpf

mp.mp.dps = 60


def normal_tail(z):
    if abs(z) > 1000:
        # Below every double; only its sign and that it falls are used.
        return mp.exp(-min(z, mpf(10) ** 6) ** 2 / 2) if z > 0 else mpf(1)
    return mp.erfc(z / mp.sqrt(2)) / 2


def student_tail(t, nu):
    """P(T > t), t any real."""
    if t < 0:
        return 1 - student_tail(-t, nu)
    if t == 0:
        return mpf(1) / 2
    x = nu / (nu + t * t)
    if x < 1e-10:
        # The hypergeometric series, of which 2F1(a, 1/2; a + 1; x) has few terms here.
        a = nu / 2
        term = total = mpf(1)
        for k in range(8):
            term *= (k + mpf(1) / 2) / (k + 1) * x
            total += term * a / (a + k + 1)
        return total * x ** a / a / mp.beta(a, mpf(1) / 2) / 2
    return mp.betainc(nu / 2, mpf(1) / 2, 0, x, regularized=True) / 2


def gaussian_log(x, mean, variance):
    return -(mp.log(2 * mp.pi * variance) + (x - mean) ** 2 / variance) / 2


def student_log(x, mean, scale, nu):
    with mp.workdps(60 + 2 * max(0, int(mp.log10(nu)))):
        return (mp.loggamma((nu + 1) / 2) - mp.loggamma(nu / 2) - mp.log(nu * mp.pi * scale) / 2
                - (nu + 1) / 2 * mp.log1p((x - mean) ** 2 / scale / nu))


def von_mises_log(x, mean, kappa):
    with mp.workdps(420):
        z = mpf(x) - mean
        s = mp.sin(z / 2)
    if kappa < 1000:
        log_i0 = mp.log(mp.besseli(0, kappa)) - kappa
    else:
        term = total = mpf(1)
        for k in range(1, 40):
            term *= mpf((2 * k - 1) ** 2) / (8 * k * kappa)
            total += term
        log_i0 = mp.log(total) - mp.log(2 * mp.pi * kappa) / 2
    return -2 * kappa * s * s - mp.log(2 * mp.pi) - log_i0


def von_mises_tail(x, mean, kappa):
    """P(X > x) counted to pi, by quadrature in units of the spread."""
    def density(t):
        return mp.exp(-2 * kappa * mp.sin(t / 2) ** 2)
    spread = 1 / mp.sqrt(kappa) if kappa > 1 else mpf(1)
    end = mp.pi - mean
    def integral(a, b):
        points = [a]
        step = spread
        if a < 0 < b:
            return integral(a, mpf(0)) + integral(mpf(0), b)
        if b <= 0:
            return integral(-b, -a)
        while points[-1] + step < b and points[-1] < 40 * spread + a:
            points.append(points[-1] + step)
        points.append(min(b, points[-1] + 60 * spread))
        return mp.quad(density, points)
    return integral(mpf(x) - mean, end) / integral(-mp.pi, mp.pi)


def root(tail, p, low, high):
    """Where the decreasing tail is p: bisection of log x in few digits, then secants in all."""
    def function(log_x):
        return mp.log(tail(mp.exp(log_x))) - mp.log(mpf(p))
    with mp.workdps(20):
        for _ in range(50):
            middle = (low + high) / 2
            if function(middle) > 0:
                low = middle
            else:
                high = middle
    a, b = low, high
    fa, fb = function(a), function(b)
    for _ in range(12):
        if fa == fb:
            break
        a, b, fa = b, b - fb * (b - a) / (fb - fa), fb
        fb = function(b)
    assert abs(fb) < mpf("1e-45"), (p, fb)
    return mp.exp(b)


def show(v):
    return mp.nstr(v, 25)


def kept(v):
    return v == 0 or mpf("1e-300") < abs(v) < mpf("1.7e308")


def floats(*values):
    return [float(v) for v in values]



functions = {}


def add(name, arguments, value):
    if kept(value):
        functions.setdefault(name, []).append(floats(*arguments) + [show(value)])


for mean, variance in ((0, 1), (3, 1e-300), (-1e10, 1e4), (1e150, 1e300), (0, 1e-20)):
    deviation = mp.sqrt(mpf(variance))
    for z in (-36, -9, -1e-3, 0, 0.5, 3, 8, 20, 30, 36.5):
        x = float(mean + z * deviation)
        true = (mpf(x) - mean) / deviation
        add("gaussianSurvival", (mean, variance, x), normal_tail(true))
        add("gaussianCdf", (mean, variance, x), normal_tail(-true))
for p in (0.4, 1e-3, 1e-17, 1e-100, 1e-200, 1e-300):
    z = root(normal_tail, p, mpf(-5), mpf(5))
    for mean, variance in ((0, 1), (0, 1e300), (0, 1e-300), (5, 4)):
        add("gaussianUpperQuantile", (mean, variance, p), mean + mp.sqrt(mpf(variance)) * z)

for nu in (1e-3, 0.05, 0.5, 1, 2.5, 30, 1000):
    for scale in (1, 1e-300, 1e300):
        for e in (-200, -168, -20, 0, 1, 20, 84, 168, 240, 300):
            x = float("1e%d" % e) if e else 3.5
            t = mpf(x) / mp.sqrt(mpf(scale))
            add("studentSurvival", (0, scale, nu, x), student_tail(t, mpf(nu)))
            add("studentCdf", (0, scale, nu, -x), student_tail(t, mpf(nu)))
    for scale in (1, 1e-300, 1e300):
        for p in (0.4, 0.01, 1e-12, 1e-40, 1e-200, 1e-300):
            t = root(lambda t: student_tail(t, mpf(nu)), p, mpf(-20), 800 - mp.log(mpf(p)) / nu)
            add("studentUpperQuantile", (0, scale, nu, p), mp.sqrt(mpf(scale)) * t)
for nu in (1e-3, 0.01, 0.1, 1, 30, 1e4, 1e8, 1e15, 1e100, 1e300):
    for scale in (1, 1e-300, 1e300):
        for x in (0, 1e-168, 1e-3, 1, 20, 1e8, 1e84, 1e168, 1e300):
            add("studentLogDensity", (0, scale, nu, x), student_log(mpf(x), 0, mpf(scale), mpf(nu)))

for kappa in (0, 0.5, 100, 1e4, 10001, 1e6, 1e8, 1e12, 1e15):
    for mean in (0, 1, 2, -3.1, 3.14159, 3.141592653589793):
        spread = 1 / (kappa + 1) ** 0.5
        for z in (0, 1e-3, 0.7, 3, -8, 100):
            add("vonMisesLogDensity", (mean, kappa, mean + z * spread),
                von_mises_log(mean + z * spread, mpf(mean), mpf(kappa)))
    for x in (-3.1415926, 3.14159265358979, 6.283185307179586, -6.283185, 100, 1e6, 1e15, -1e15, 1e22, 1e300):
        for mean in (-3.1415926, 3.0, 0.5):
            add("vonMisesLogDensity", (mean, kappa, x), von_mises_log(x, mpf(mean), mpf(kappa)))
for x in (7, 1e3, 1e9, 1e15, 12345678901234568, -1e22, 1e100, 1.7976931348623157e308):
    for mean in (0, 1, -3.1415926, 3.141592653589793):
        with mp.workdps(420):
            z = mpf(x) - mpf(mean)
            z = z - 2 * mp.pi * mp.nint(z / (2 * mp.pi))
        add("angleDifference", (x, mean), z)
for turn in (6.283185307179586, 12.566370614359172, -6.283185307179586):
    with mp.workdps(420):
        z = mpf(turn) - 2 * mp.pi * mp.nint(mpf(turn) / (2 * mp.pi))
    add("angleDifference", (turn, 0), z)
for mean, kappa in ((0, 2), (1, 80), (-3, 80), (3.1, 1e3), (-1, 1e8), (2, 1e15)):
    for z in (-20, -3, 0, 0.5, 4, 8, 15, 25):
        x = mean + z / (kappa + 1) ** 0.5
        if abs(x) < 3.1415:
            add("vonMisesSurvival", (mean, kappa, x), von_mises_tail(x, mpf(mean), mpf(kappa)))

mixtures = {
    "spread": ("gaussian", [(0.5, 0, 1e-300), (0.5, 0, 1e300)]),
    "three": ("gaussian", [(0.2, -1e100, 1e-10), (0.3, 5, 1), (0.5, 1e151, 1e300)]),
    "rare": ("gaussian", [(1 - 2 ** -40, 0, 1), (2 ** -40, 100, 1e6)]),
    "heavy": ("student", [(0.5, 0, 1, 0.5), (0.5, 0, 1e-200, 3)]),
}
for name, (law, parts) in mixtures.items():
    def tail(x, parts=parts, law=law):
        total = mpf(0)
        for part in parts:
            z = (x - mpf(part[1])) / mp.sqrt(mpf(part[2]))
            total += mpf(part[0]) * (normal_tail(z) if law == "gaussian" else student_tail(z, mpf(part[3])))
        return total
    for p in (0.2, 1e-3, 1e-13, 1e-60, 1e-250):
        x = root(tail, p, mpf(-800), mpf(1600))
        add("mixtureUpperQuantile." + name, (p,), x)
    for x in (1e-160, 1e-150, 1, 7, 30, 5000, 1e100, 1e150, 3e150, 1e200, 1e201):
        add("mixtureSurvival." + name, (x,), tail(mpf(x)))


def responsibilities(logs):
    top = max(logs)
    terms = [mp.exp(v - top) for v in logs]
    return [t / sum(terms) for t in terms]


far = {
    "wider": ("gaussian", [(0.7, 0, 1), (0.3, 10, 100)]),
    "equal": ("gaussian", [(0.3, 0, 4), (0.3, 1, 4), (0.4, -2, 4)]),
    "close": ("gaussian", [(0.5, 0, 1), (0.5, 1e-17, 1)]),
    "heavy": ("student", [(0.3, 0, 4, 5), (0.7, 1e3, 1, 5)]),
    "tails": ("student", [(0.3, 0, 4, 5), (0.7, 1, 1, 5.5)]),
    "nearly normal": ("student", [(0.3, 0, 4, 1e12), (0.7, 1, 4, 1e12)]),
    "angles": ("von-mises", [(0.3, 1, 1e15), (0.7, 1 + 1e-15, 1e15)]),
}
for name, (law, parts) in far.items():
    points = (1, -4, 1e9, 1e17, -1e17, 1e150, 1e155, -1e300) if law != "von-mises" else (1, 2, -3, 1e9)
    for x in points:
        with mp.workdps(900):
            if law == "gaussian":
                logs = [mp.log(mpf(p)) + gaussian_log(mpf(x), mpf(m), mpf(v)) for p, m, v in parts]
            elif law == "student":
                logs = [mp.log(mpf(p)) + student_log(mpf(x), mpf(m), mpf(v), mpf(nu)) for p, m, v, nu in parts]
            else:
                logs = [mp.log(mpf(p)) + von_mises_log(x, mpf(m), mpf(v)) for p, m, v in parts]
            values = responsibilities(logs)
        for k, v in enumerate(values):
            functions.setdefault("responsibility." + name, []).append(
                floats(x, k) + [show(v) if v > mpf("1e-300") else "0"])

result = {
    "made_by": "extremes.py with mpmath %s, Python %s, 60 digits" % (mp.__version__, sys.version.split()[0]),
    "columns": "the arguments of the function in its own order, then the value",
    "mixtures": {n: [list(map(float, p)) for p in parts] for n, (_, parts) in {**mixtures, **{"responsibility." + k: v for k, v in far.items()}}.items()},
    "functions": functions,
}
print("{")
print('"made_by": ' + json.dumps(result["made_by"]) + ",")
print('"columns": ' + json.dumps(result["columns"]) + ",")
print('"mixtures": ' + json.dumps(result["mixtures"]) + ",")
print('"functions": {')
print(",\n".join('%s: [\n%s\n]' % (json.dumps(n), ",\n".join(json.dumps(r) for r in rows)) for n, rows in functions.items()))
print("}\n}")
