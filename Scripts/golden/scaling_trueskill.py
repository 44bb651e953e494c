"""Golden values for TrueSkillTests: ASAP's public solver, run to convergence.

Get asap_cpu.py from github.com/gfxdisp/asap (commit 90082a3, python/asap_cpu.py) and run from the package root:
python3 Scripts/golden/scaling_trueskill.py path/to/asap_cpu.py
It writes Tests/ScalingTests/Fixtures/trueskill.json. The public code runs 4 to 6 iterations; here it runs until
doubling their number changes no mean by more than 1e-9.
"""

import importlib.util
import json
import pathlib
import sys

import numpy as np

spec = importlib.util.spec_from_file_location("asap_cpu", sys.argv[1])
asap = importlib.util.module_from_spec(spec)
spec.loader.exec_module(asap)

rng = np.random.default_rng(4)
cases = []
for n, votes, spread in ((2, 5, 0.5), (5, 60, 1.0), (12, 200, 1.5), (20, 400, 2.5)):
    truth = rng.normal(0, spread, n)
    wins = np.zeros((n, n), int)
    for _ in range(votes):
        i, j = rng.choice(n, 2, replace=False)
        if truth[i] - truth[j] + rng.normal() < 0:
            i, j = j, i
        wins[i, j] += 1
    games = np.array([(i, j) for i in range(n) for j in range(n) for _ in range(wins[i, j])])
    previous, iterations = None, 100
    while True:
        solver = asap.TrueSkillSolver(n)
        solver.add_cmps(len(games))
        means, variances = solver.solve(games, num_iters=iterations, save=False)
        if previous is not None and np.abs(means - previous).max() < 1e-9:
            break
        previous, iterations = np.array(means), iterations * 2
    cases.append(dict(
        photos=n, wins=wins.tolist(), iterations=iterations, means=np.asarray(means).tolist(),
        variances=np.asarray(variances).tolist()))

path = pathlib.Path("Tests/ScalingTests/Fixtures/trueskill.json")
path.write_text(json.dumps(cases) + "\n")
