"""Golden values for ModelTests: Case V, Bradley-Terry and Davidson fitted by SciPy and choix.

Run from the package root: python3 Scripts/golden/scaling.py
It writes Tests/ScalingTests/Fixtures/models.json. The fits are independent of Vernier's: SciPy's general minimizer
on the log-likelihood with log_ndtr, Hessians by finite differences of the analytic gradient, choix for Bradley-Terry.
"""

import json
import pathlib

import choix
import numpy as np
from scipy.optimize import minimize, root
from scipy.special import log_ndtr
from scipy.stats import norm

SIGMA = 1.4826
LOGIT = np.log(3)
rng = np.random.default_rng(11)


def centred(q):
    return q - q.mean()


def case_v(i, j, k, l, n, ridge):
    def gradient(q):
        x = (q[i] - q[j]) / SIGMA
        up = np.exp(norm.logpdf(x) - log_ndtr(x))
        down = np.exp(norm.logpdf(x) - log_ndtr(-x))
        s = (k * up - l * down) / SIGMA
        g = np.zeros(n)
        np.add.at(g, i, s)
        np.add.at(g, j, -s)
        return -g + ridge * q + (q.mean() if ridge == 0 else 0)

    def value(q):
        x = (q[i] - q[j]) / SIGMA
        gauge = n * q.mean() ** 2 / 2 if ridge == 0 else ridge * q @ q / 2
        return -(k * log_ndtr(x) + l * log_ndtr(-x)).sum() + gauge

    start = minimize(value, np.zeros(n), jac=gradient, method="BFGS", options=dict(gtol=1e-8)).x
    q = root(gradient, start, tol=1e-13).x
    h = 1e-5
    hessian = np.array([(gradient(q + h * e) - gradient(q - h * e)) / (2 * h) for e in np.eye(n)])
    centre = np.eye(n) - 1 / n
    return centred(q), centre @ np.linalg.inv((hessian + hessian.T) / 2) @ centre


def davidson(i, j, k, l, t, n):
    def value(p):
        x = (p[i] - p[j]) * LOGIT
        nu = p[n]
        total = np.logaddexp(np.logaddexp(x / 2, -x / 2), nu)
        return -((k - l) * x / 2 + t * nu - (k + l + t) * total).sum() + p[:n].mean() ** 2

    def gradient(p):
        x = (p[i] - p[j]) * LOGIT
        total = np.logaddexp(np.logaddexp(x / 2, -x / 2), p[n])
        win, loss, tie = np.exp(x / 2 - total), np.exp(-x / 2 - total), np.exp(p[n] - total)
        s = ((k - l) / 2 - (k + l + t) * (win - loss) / 2) * LOGIT
        g = np.zeros(n + 1)
        np.add.at(g, i, s)
        np.add.at(g, j, -s)
        g[n] = (t - (k + l + t) * tie).sum()
        return -g + np.append(np.full(n, 2 * p[:n].mean() / n), 0)

    start = minimize(value, np.zeros(n + 1), jac=gradient, method="BFGS").x
    p = root(gradient, start, tol=1e-13).x
    return centred(p[:n]), float(np.exp(p[n]))


cases = []
for n, votes in ((4, 60), (9, 400), (16, 900)):
    truth = rng.normal(0, 1.3, n)
    pairs = np.array([(a, b) for a in range(n) for b in range(a + 1, n)])
    counts = rng.multinomial(votes, np.full(len(pairs), 1 / len(pairs)))
    i, j = pairs.T
    t = rng.binomial(counts, 0.15)
    k = rng.binomial(counts - t, norm.cdf((truth[i] - truth[j]) / SIGMA))
    l = counts - t - k
    half = t / 2
    mle, cov = case_v(i, j, k + half, l + half, n, 0)
    mapped, map_cov = case_v(i, j, k + half, l + half, n, 1 / 25)
    games = [(a, b) for a, b, w in zip(i, j, k) for _ in range(w)]
    games += [(b, a) for a, b, w in zip(i, j, l) for _ in range(w)]
    bt = choix.opt_pairwise(n, games, alpha=0, method="Newton-CG", tol=1e-12)
    dav, nu = davidson(i, j, k, l, t, n)
    cases.append(dict(
        photos=n, first=i.tolist(), second=j.tolist(), wins=k.tolist(), losses=l.tolist(),
        ties=t.tolist(), caseV=mle.tolist(), caseVCovariance=cov.ravel().tolist(),
        gaussian=mapped.tolist(), gaussianCovariance=map_cov.ravel().tolist(),
        bradleyTerryWithoutTies=centred(bt / LOGIT).tolist(), davidson=dav.tolist(), nu=nu))

path = pathlib.Path("Tests/ScalingTests/Fixtures/models.json")
path.write_text(json.dumps(cases) + "\n")
