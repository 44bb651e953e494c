"""Makes Tests/ComparisonTests/Fixtures/asap-gains.json: information gains of ASAP's public code.

    git clone https://github.com/gfxdisp/asap && python linking-asap-gains.py asap/python OUT.json

Needs numpy, scipy and networkx. Nothing of ASAP is kept but the numbers that it computes. Per case:
  counts        counts[i][j] = how often i was chosen over j
  means, variances   ASAP's scale of these votes (6 iterations), in units of the deciding noise
  approximate   gains of its approximate mode from that scale
  public        gains of its exact mode as published: 4 to 6 iterations, messages kept between candidates
  converged     the same computation with a fresh solver per candidate and 800 iterations
Gains are ASAP's sums turned into nats: (sum - number of photos)/2. Lower triangle, row by row.
"""

import json
import sys

import numpy as np
from scipy.special import log_ndtr

sys.path.insert(0, sys.argv[1])
import asap_cpu  # noqa: E402


def votes(photos, count, seed):
    """Counts of random pairs of photos with evenly spaced qualities, range 4 units of deciding noise."""
    generator = np.random.default_rng(seed)
    quality = np.linspace(0, 4, photos)
    counts = np.zeros((photos, photos), dtype=int)
    order = generator.permutation(photos)
    pairs = [(order[k], order[generator.integers(k)]) for k in range(1, photos)]
    while len(pairs) < count:
        pairs.append(tuple(generator.choice(photos, 2, replace=False)))
    for i, j in pairs:
        if quality[i] - quality[j] + generator.normal() > 0:
            counts[i, j] += 1
        else:
            counts[j, i] += 1
    return counts


def lower(matrix, photos, size):
    return [(matrix[i][j] - size) / 2 for i in range(photos) for j in range(i)]


def gains(counts, approx):
    photos = len(counts)
    sampler = asap_cpu.ASAP(photos, approx=approx)
    games = sampler.unroll_mat(counts.copy())
    matrix, _ = sampler.compute_information_gain_mat(photos, games)
    means, deviations = sampler.get_scores()
    return lower(matrix, photos, 2 if approx else photos), means, deviations**2


def converged(counts, iterations=800):
    photos = len(counts)
    sampler = asap_cpu.ASAP(photos)
    games = sampler.unroll_mat(counts.copy())

    def solve(games):
        solver = asap_cpu.TrueSkillSolver(photos)
        # The same ratio of density and distribution, without scipy.stats' cost of building an object.
        solver.psi = lambda x: np.exp(-0.5 * (x * x + np.log(2 * np.pi)) - log_ndtr(x))
        return solver.solve(games, num_iters=iterations)

    means, variances = solve(games)
    sampler.ts_solver.Ms, sampler.ts_solver.Vs = means, variances
    chance, _ = sampler.compute_prob_cmps()
    matrix = np.zeros((photos, photos))
    for i in range(photos):
        for j in range(i):
            for winner, loser in ((i, j), (j, i)):
                then = solve(np.vstack((games, [winner, loser])))
                matrix[i, j] += chance[loser][winner] * sampler.kl_divergence_approx(
                    *then, means, variances
                )
    return lower(matrix, photos, photos), means, variances


cases = []
for photos, count, seed in ((6, 20, 1), (8, 48, 2), (9, 70, 3)):
    counts = votes(photos, count, seed)
    approximate, means, variances = gains(counts, True)
    public, _, _ = gains(counts, False)
    exact, exact_means, exact_variances = converged(counts)
    cases.append(
        {
            "photos": photos,
            "counts": counts.tolist(),
            "means": list(means),
            "variances": list(variances),
            "approximate": approximate,
            "public": public,
            "converged": exact,
            "convergedMeans": list(exact_means),
            "convergedVariances": list(exact_variances),
        }
    )
with open(sys.argv[2], "w") as file:
    json.dump(cases, file, separators=(",", ":"))
    file.write("\n")
