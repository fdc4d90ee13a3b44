"""Writes reference.txt: GP regression with 50 digits on small cases. Needs mpmath (1.2.1 was used).

    python3 reference.py > reference.txt

Each case: a line "case NAME", then lines "KEY v v v ..." with 17 significant digits.
"""
import random
import mpmath as mp

mp.mp.dps = 50


def squared_exponential(l):
    return lambda d: mp.exp(-d * d / (2 * l * l))


def matern(nu, l):
    def k(d):
        z = mp.sqrt(2 * nu) * abs(d) / l
        if nu == mp.mpf(1) / 2:
            return mp.exp(-z)
        if nu == mp.mpf(3) / 2:
            return (1 + z) * mp.exp(-z)
        return (1 + z + z * z / 3) * mp.exp(-z)
    return k


def periodic(p, l):
    return lambda d: mp.exp(-2 * mp.sin(mp.pi * d / p) ** 2 / (l * l))


def mixture(envelope, components):
    return lambda d: sum(
        w * envelope(l)(d) * mp.cos(2 * mp.pi * f * d) for w, l, f in components)


def f(v):
    """The double nearest to v, exactly."""
    return mp.mpf(float(v))


def case(name, columns, x, y, points, noise):
    n = len(x)

    def k(a, b):
        r = mp.mpf(1)
        for c, q in zip(columns, range(len(columns))):
            r *= c(a[q] - b[q])
        return r

    m = mp.matrix(n, n)
    for i in range(n):
        for j in range(n):
            m[i, j] = k(x[i], x[j]) + (noise if i == j else 0)
    inverse = m ** -1
    yy = mp.matrix(y)
    alpha = inverse * yy
    determinant = mp.det(m)
    lml = -(yy.T * alpha)[0] / 2 - mp.log(determinant) / 2 - mp.mpf(n) / 2 * mp.log(2 * mp.pi)
    means, variances = [], []
    for p in points:
        c = mp.matrix([k(p, x[i]) for i in range(n)])
        means.append((c.T * alpha)[0])
        variances.append(k(p, p) - (c.T * (inverse * c))[0])
    flat = lambda rows: [v for r in rows for v in r]
    print("case", name)
    for key, values in (
            ("x", flat(x)), ("y", y), ("points", flat(points)), ("noise", [noise]),
            ("mean", means), ("variance", variances), ("likelihood", [lml])):
        print(key, *[mp.nstr(v, 17) for v in values])


random.seed(5)
half, three, five = (mp.mpf(v) / 2 for v in (1, 3, 5))


def series(n, step):
    return [[f(i * step)] for i in range(n)]


def scattered(n, d):
    return [[f(round(random.random(), 6)) for _ in range(d)] for _ in range(n)]


def noisy(n):
    return [f(round(random.gauss(0, 1), 6)) for _ in range(n)]


points = [[f(v)] for v in (-0.25, 0.3125, 1.0, 2.75)]
for name, k in (
        ("squared exponential", squared_exponential(f(0.4))),
        ("matern 1/2", matern(half, f(0.4))),
        ("matern 3/2", matern(three, f(0.4))),
        ("matern 5/2", matern(five, f(0.4))),
        ("periodic", periodic(f(0.75), f(1.5))),
        ("gaussian mixture", mixture(
            squared_exponential, [(f(0.7), f(0.5), f(0)), (f(0.3), f(2), f(1.3))])),
        ("student mixture", mixture(
            lambda l: matern(five, l), [(f(0.7), f(0.5), f(0)), (f(0.3), f(2), f(1.3))]))):
    case(name, [k], series(24, 0.125), noisy(24), points, f(1e-4))
case("columns", [squared_exponential(f(0.4)), matern(five, f(0.7))], scattered(20, 2), noisy(20),
     scattered(4, 2), f(1e-4))
case("constant column", [squared_exponential(f(0.4)), matern(five, f(0.7))],
     [[a[0], f(3)] for a in series(16, 0.125)], noisy(16),
     [[f(0.3), f(3)], [f(0.3), f(3.5)]], f(1e-4))
grid = [[f(a), f(b)] for a in (0, 0.25, 0.75, 1) for b in (0, 0.5, 0.625, 1, 1.25)]
case("grid", [squared_exponential(f(0.4)), matern(five, f(0.7))], grid, noisy(20),
     scattered(4, 2), f(1e-4))
