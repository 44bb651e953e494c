"""Golden values for StatisticsTests from mpmath, SciPy, statsmodels, scikit-learn and networkx.

Run from the package root: python3 Scripts/golden/statistics.py
It writes Tests/StatisticsTests/Fixtures/statistics.json. Versions used are written into the file.
"""

import json
import pathlib

import mpmath as mp
import networkx as nx
import numpy as np
import pandas as pd
import scipy
import sklearn
import statsmodels
from scipy import stats
from sklearn.cluster import KMeans
from statsmodels.stats.anova import AnovaRM
from statsmodels.stats.multitest import multipletests

mp.mp.dps = 150
rng = np.random.default_rng(20)
out = {
    "versions": {
        "mpmath": mp.__version__, "scipy": scipy.__version__, "sklearn": sklearn.__version__,
        "networkx": nx.__version__, "statsmodels": statsmodels.__version__,
    }
}


def normal(x):
    x = mp.mpf(x)
    upper = mp.erfc(-x / mp.sqrt(2)) / 2
    density = mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)
    psi = density / upper
    lam = psi * (psi + x)
    return dict(x=float(x), cdf=float(upper), logCdf=float(mp.log(upper)),
                inverseMills=float(psi), complement=float(1 - lam), **{"lambda": float(lam)})


xs = [-10000, -1000, -100, -40, -38, -20, -12.5, -8, -5.5, -5, -4.5, -3, -1, -0.1, 0, 0.3, 1, 2, 5, 8, 9, 20]
# Far out, Φ needs thousands of digits of headroom only in its exponent, which mpmath has.
out["normal"] = [normal(x) for x in xs]

ps = [1e-300, 1e-20, 1e-6, 0.001, 0.025, 0.3, 0.5, 0.75, 0.975, 0.999999]
out["quantile"] = [dict(p=p, x=float(stats.norm.ppf(p))) for p in ps]

out["studentT"] = [
    dict(df=df, t=t, cdf=stats.t.cdf(t, df), survival=stats.t.sf(t, df), quantile=stats.t.ppf(0.975, df))
    for df in (1, 4, 29, 299.5) for t in (-3.0, 0.0, 1.5, 12.0)]
out["fisherF"] = [
    dict(d1=a, d2=b, f=f, cdf=stats.f.cdf(f, a, b), survival=stats.f.sf(f, a, b))
    for a, b in ((1, 5), (7, 2093), (3.5, 40.25)) for f in (0.2, 1.0, 5.0, 60.0)]
out["chiSquared"] = [
    dict(df=df, x=x, cdf=stats.chi2.cdf(x, df), survival=stats.chi2.sf(x, df),
         quantile=stats.chi2.ppf(0.95, df))
    for df in (1, 6, 40) for x in (0.1, 5.0, 80.0)]

x = np.round(rng.normal(size=60), 1)
y = np.round(0.6 * x + 0.7 * rng.normal(size=60), 1)
out["correlation"] = dict(
    x=x.tolist(), y=y.tolist(), pearson=stats.pearsonr(x, y)[0], spearman=stats.spearmanr(x, y)[0],
    kendall=stats.kendalltau(x, y)[0])
out["quantiles"] = [dict(p=p, value=float(np.quantile(x, p))) for p in (0, 0.025, 0.33, 0.5, 0.975, 1)]

scores = rng.normal(size=(40, 5)) + np.array([0, 0.1, 0.2, 0.1, 0.45]) + rng.normal(size=(40, 1))
scores[:, 4] *= 1.7
table = pd.DataFrame([dict(s=s, c=c, v=scores[s, c]) for s in range(40) for c in range(5)])
anova = AnovaRM(table, "v", "s", within=["c"]).fit().anova_table.iloc[0]
cov = np.cov(scores.T)
centre = np.eye(5) - 1 / 5
double = centre @ cov @ centre
epsilon = np.trace(double) ** 2 / (4 * np.sum(double ** 2))
out["anova"] = dict(
    scores=scores.tolist(), f=anova["F Value"], p=anova["Pr > F"], d1=anova["Num DF"],
    d2=anova["Den DF"], epsilon=epsilon,
    correctedP=stats.f.sf(anova["F Value"], 4 * epsilon, 4 * 39 * epsilon))
t = stats.ttest_rel(scores[:, 0], scores[:, 4])
out["pairedT"] = dict(t=t.statistic, p=t.pvalue)

p = np.sort(rng.uniform(size=12) ** 3)
rng.shuffle(p)
out["multiple"] = dict(
    p=p.tolist(), holm=multipletests(p, method="holm")[1].tolist(),
    fdr=multipletests(p, method="fdr_bh")[1].tolist())

points = np.concatenate([rng.normal(c, 0.35, size=(14, 2)) for c in range(9)])
points = np.stack([points[:, 0], points[:, 0] + 0.5 + 0.3 * rng.uniform(size=len(points))], 1)
out["kMeans"] = dict(
    points=points.tolist(),
    runs=[dict(k=k, inertia=float(KMeans(k, n_init=300, tol=0, max_iter=1000, random_state=0).fit(points).inertia_))
          for k in (2, 5, 9, 14)])

graph = nx.les_miserables_graph()
graphs = []
for name, g, weight in (("karate", nx.karate_club_graph(), "weight"), ("miserables", graph, "weight")):
    nodes = list(g)
    index = {node: i for i, node in enumerate(nodes)}
    best = max(
        (nx.community.louvain_communities(g, weight=weight, seed=s) for s in range(200)),
        key=lambda c: nx.community.modularity(g, c, weight=weight))
    graphs.append(dict(
        name=name, nodes=len(nodes),
        edges=[[index[a], index[b], d.get(weight, 1)] for a, b, d in g.edges(data=True)],
        labels=[next(i for i, c in enumerate(best) if node in c) for node in nodes],
        modularity=nx.community.modularity(g, best, weight=weight)))
out["louvain"] = graphs

path = pathlib.Path("Tests/StatisticsTests/Fixtures/statistics.json")
path.parent.mkdir(parents=True, exist_ok=True)
path.write_text(json.dumps(out, indent=1, default=float) + "\n")
