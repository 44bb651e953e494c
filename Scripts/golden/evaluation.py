"""Golden values for the evaluation metrics from SciPy.

Run from the package root: python3 Scripts/golden/evaluation.py
It writes Tests/EvaluationTests/Fixtures/metrics.json and Tests/StatisticsTests/Fixtures/evaluation.json.
"""

import json
import pathlib
import warnings

import numpy as np
import scipy
from scipy import optimize, stats

warnings.simplefilter("ignore")
rng = np.random.default_rng(7)


def logistic(x, low, high, center, width):
    return low + (high - low) / (1 + np.exp(-(x - center) / width))


def best_fit(x, y):
    """The least squares of the curve over many starts, rising curves only."""
    best = None
    spread = np.std(x)
    for center in np.quantile(x, [0.05, 0.25, 0.5, 0.75, 0.95]):
        for width in (spread / 20, spread / 4, spread, 4 * spread):
            start = [y.min(), y.max(), center, width]
            try:
                p, _ = optimize.curve_fit(logistic, x, y, start, maxfev=50000, xtol=1e-12, ftol=1e-12)
            except RuntimeError:
                continue
            if p[3] < 0:
                p = [p[1], p[0], p[2], -p[3]]
            if p[1] <= p[0] or not np.all(np.isfinite(p)):
                continue
            rss = float(np.sum((y - logistic(x, *p)) ** 2))
            if best is None or rss < best[0]:
                best = (rss, p)
    return best


def case(name, measured, predicted, low=None, high=None):
    measured, predicted = np.asarray(measured, float), np.asarray(predicted, float)
    rss, p = best_fit(predicted, measured)
    fitted = logistic(predicted, *p)
    out = dict(
        name=name, measured=measured.tolist(), predicted=predicted.tolist(),
        srcc=float(stats.spearmanr(measured, predicted)[0]),
        plcc=float(stats.pearsonr(measured, predicted)[0]),
        krcc=float(stats.kendalltau(measured, predicted)[0]),
        mae=float(np.mean(np.abs(measured - predicted))),
        rmse=float(np.sqrt(np.mean((measured - predicted) ** 2))),
        fittedPLCC=float(stats.pearsonr(measured, fitted)[0]),
        fittedMAE=float(np.mean(np.abs(measured - fitted))),
        fittedRMSE=float(np.sqrt(rss / len(measured))))
    if low is not None:
        pairs, right = 0, 0.0
        for i in range(len(measured)):
            for j in range(len(measured)):
                if low[i] > high[j]:
                    pairs += 1
                    right += 1.0 if predicted[i] > predicted[j] else 0.5 if predicted[i] == predicted[j] else 0.0
        out.update(low=list(map(float, low)), high=list(map(float, high)), pairs=pairs, pairAccuracy=right / pairs)
    return out


def scene(n, noise, bend=lambda q: q):
    quality = np.sort(rng.normal(0, 1.5, n))
    half = rng.uniform(0.3, 0.9, n)
    measured = quality + rng.normal(0, 0.2, n)
    predicted = bend(quality) + rng.normal(0, noise, n)
    return np.round(measured, 4), np.round(predicted, 4), np.round(measured - half, 4), np.round(measured + half, 4)


cases = [
    case("linear", *scene(40, 0.6)),
    case("bent", *scene(60, 2.0, lambda q: 20 + 5 * q + 2 * q**3)),
    case("ties", *[np.round(v, 0) if i < 2 else v for i, v in enumerate(scene(50, 0.8))]),
    case("weak", *scene(25, 3.0)),
    case("saturated", *scene(80, 0.3, lambda q: np.maximum(q, -0.3) ** 3)),
]
root = pathlib.Path("Tests")
(root / "EvaluationTests/Fixtures").mkdir(parents=True, exist_ok=True)
(root / "EvaluationTests/Fixtures/metrics.json").write_text(
    json.dumps(dict(scipy=scipy.__version__, cases=cases), indent=1) + "\n")

wilcoxon = []
for n, kind in ((3, "plain"), (5, "plain"), (6, "plain"), (15, "plain"), (50, "plain"), (12, "ties"), (20, "zeros"), (60, "plain")):
    d = rng.normal(0.3, 1, n)
    if kind == "ties":
        d = np.round(d, 0) + 0.0
        d = d[d != 0]
    if kind == "zeros":
        d = np.round(d, 1)
        d[:3] = 0
    kept = d[d != 0]
    exact = len(kept) <= 50
    tied = len(np.unique(np.abs(kept))) < len(kept)
    method = "asymptotic" if not exact else stats.PermutationMethod(n_resamples=np.inf) if tied else "exact"
    result = stats.wilcoxon(kept, method=method, correction=False)
    ranks = stats.rankdata(np.abs(kept))
    wilcoxon.append(dict(differences=d.tolist(), positiveRanks=float(ranks[kept > 0].sum()),
                         isExact=exact, p=float(result.pvalue)))
(root / "StatisticsTests/Fixtures/evaluation.json").write_text(
    json.dumps(dict(scipy=scipy.__version__, wilcoxon=wilcoxon), indent=1) + "\n")
