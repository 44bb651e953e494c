"""The next batch of pairs against ASAP's public code, in the same run and on the same votes.

ASAP plans n - 1 pairs from the votes in its approximate mode (scale, gains, spanning tree); ours does the same from a fit
(`vernier next-pairs`). ASAP is on GitHub only (MIT licence), so name a copy of it:

    git clone https://github.com/gfxdisp/asap
    VERNIER_ASAP=asap/python python3 Benchmarks/Sampling/sampling.py [--quick]

It needs NumPy, SciPy and networkx, and `swift build -c release`. Without VERNIER_ASAP only our times are printed.
"""

import json
import os
import subprocess
import sys
import tempfile
import time

import networkx
import numpy as np
from scipy.special import ndtr


def simulate(n, votes, seed=1, span=8.0):
    """Rows (winner, loser) of an ideal observer; every photo is in a first chain of pairs."""
    rng = np.random.default_rng(seed)
    quality = span * rng.uniform(size=n) / 1.4826
    a = np.concatenate([np.arange(n - 1), rng.integers(n, size=votes - n + 1)])
    b = np.concatenate([np.arange(1, n), (a[n - 1:] + 1 + rng.integers(n - 1, size=votes - n + 1)) % n])
    won = rng.uniform(size=votes) < ndtr(quality[a] - quality[b])
    return np.where(won, a, b), np.where(won, b, a)


def ours(winners, losers):
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        file.writelines(f"{w},{l}\n" for w, l in zip(winners, losers))
        file.flush()
        return json.loads(subprocess.run(
            [".build/release/sampling-benchmark", file.name], check=True, capture_output=True).stdout)


def asap(folder, n, winners, losers):
    sys.path.insert(0, folder)
    if not hasattr(networkx, "from_numpy_matrix"):  # renamed in networkx 3; the code was written for 2.5
        networkx.from_numpy_matrix = networkx.from_numpy_array
    import asap_cpu
    matrix = np.zeros((n, n), dtype=int)
    np.add.at(matrix, (winners, losers), 1)
    np.random.seed(1)
    sampler = asap_cpu.ASAP(n, approx=True)
    start = time.perf_counter()
    pairs = sampler.run_asap(matrix, mst_mode=True)
    seconds = time.perf_counter() - start
    assert len(pairs) == n - 1
    return seconds


def main():
    peer = os.environ.get("VERNIER_ASAP")
    if not peer:
        print("ASAP: skipped, VERNIER_ASAP does not name a copy of github.com/gfxdisp/asap's folder python")
    for n in (50, 100) if "--quick" in sys.argv else (50, 100, 200):
        winners, losers = simulate(n, 20 * n)
        seconds = ours(winners, losers)
        whole = seconds["fit"] + seconds["information gain"]
        line = (f"n = {n}: fit {1e3 * seconds['fit']:.1f} ms, next {n - 1} pairs {1e3 * seconds['information gain']:.1f} ms "
                f"(error reduction {1e3 * seconds['error reduction']:.1f} ms)")
        if peer:
            theirs = asap(peer, n, winners, losers)
            line += f"; ASAP, approximate, {theirs:.1f} s: {theirs / whole:,.0f} x ours with the fit"
        print(line, flush=True)


if __name__ == "__main__":
    main()
