"""Scaling against its peers, in the same run: one fit and 1,000 observer bootstraps.

Peers: a NumPy/SciPy warm Newton written for speed (dense Cholesky through LAPACK, scipy.special.log_ndtr, warm starts
from the full fit, merged pairs), and choix's Newton-CG (opt_pairwise). All fit one position for each photo; the peers
use the same weak Gaussian prior, so that no replicate is infinite.

Run from the package root after `swift build -c release`:
    python3 Benchmarks/Scaling/scaling.py [--quick]
It needs NumPy, SciPy and choix. Times are wall times, the best of several runs, with the processor time of all threads
beside them, because wall times mislead on a busy machine.
"""

import json
import os
import subprocess
import sys
import tempfile
import time

import choix
import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.special import log_ndtr, ndtr

SIGMA = 1.4826
RIDGE = 1 / 25
PHI0 = 1 / np.sqrt(2 * np.pi)


def simulate(n, votes, observers, seed=1, span=8.0):
    rng = np.random.default_rng(seed)
    q = np.linspace(-span / 2, span / 2, n)
    a = rng.integers(n, size=votes)
    b = (a + 1 + rng.integers(n - 1, size=votes)) % n
    won = rng.uniform(size=votes) < ndtr((q[a] - q[b]) / SIGMA)
    return np.arange(votes) % observers, a, b, won


def newton(i, j, k, l, n, start):
    """Newton's method on the merged pairs; quadratic from a warm start."""
    q = start.copy()
    diagonal = np.arange(n)
    for _ in range(50):
        x = (q[i] - q[j]) / SIGMA
        density = PHI0 * np.exp(-0.5 * x * x)
        up = density / ndtr(x)
        down = density / ndtr(-x)
        tail = np.abs(x) > 30
        if tail.any():
            t = x[tail]
            up[tail] = np.exp(-0.5 * t * t - np.log(1 / PHI0) - log_ndtr(t))
            down[tail] = np.exp(-0.5 * t * t - np.log(1 / PHI0) - log_ndtr(-t))
        slope = (k * up - l * down) / SIGMA
        weight = (k * up * (up + x) + l * down * (down - x)) / SIGMA**2
        gradient = np.bincount(i, slope, n) - np.bincount(j, slope, n) - RIDGE * q
        hessian = np.zeros((n, n))
        hessian[i, j] = -weight
        hessian += hessian.T
        hessian[diagonal, diagonal] = np.bincount(i, weight, n) + np.bincount(j, weight, n) + RIDGE
        step = cho_solve(cho_factor(hessian, lower=True, overwrite_a=True, check_finite=False),
                         gradient, check_finite=False)
        q += step
        if np.abs(step).max() < 3e-4:
            return q - q.mean()
    raise RuntimeError("no convergence")


def numpy_peer(votes, n, replicates):
    observer, a, b, won = votes
    first, second = np.minimum(a, b), np.maximum(a, b)
    first_won = won == (a < b)
    keys, pair = np.unique(first * n + second, return_inverse=True)
    i, j = keys // n, keys % n
    count = observer.max() + 1
    wins = np.zeros((count, len(keys)))
    losses = np.zeros((count, len(keys)))
    np.add.at(wins, (observer, pair), first_won)
    np.add.at(losses, (observer, pair), ~first_won)
    full = newton(i, j, wins.sum(0), losses.sum(0), n, np.zeros(n))
    rng = np.random.default_rng(3)
    rows = np.empty((replicates, n))
    for r in range(replicates):
        multiplicity = np.bincount(rng.integers(count, size=count), minlength=count)
        k, l = multiplicity @ wins, multiplicity @ losses
        kept = k + l > 0
        rows[r] = newton(i[kept], j[kept], k[kept], l[kept], n, full)
    return full, rows


def choix_peer(votes, n, replicates):
    observer, a, b, won = votes
    games = np.stack([np.where(won, a, b), np.where(won, b, a)], 1)
    count = observer.max() + 1
    blocks = [games[observer == o] for o in range(count)]
    full = choix.opt_pairwise(n, games.tolist(), alpha=0.05, method="Newton-CG")
    rng = np.random.default_rng(3)
    for _ in range(replicates):
        sample = np.concatenate([blocks[o] for o in rng.integers(count, size=count)])
        choix.opt_pairwise(n, sample.tolist(), alpha=0.05, method="Newton-CG", initial_params=full)
    return full


def write(votes, folder):
    """The votes in our columns; the path of the file."""
    path = os.path.join(folder, "votes.csv")
    with open(path, "w") as file:
        file.write("observer,scene,attribute,image_a,image_b,choice\n")
        for o, x, y, w in zip(*votes):
            file.write(f"o{o:02},S,details,i{x:03},i{y:03},{'a' if w else 'b'}\n")
    return path


def vernier(votes):
    with tempfile.TemporaryDirectory() as folder:
        path = write(votes, folder)
        return json.loads(subprocess.run(
            [".build/release/scaling-benchmark", path], check=True, capture_output=True).stdout)


def growth(votes):
    """Wall time and peak memory of `vernier scale` itself, process start and all files included, against replicates."""
    with tempfile.TemporaryDirectory() as folder:
        path = write(votes, folder)
        for replicates in (0, 1000, 2000, 4000, 8000):
            start = time.perf_counter()
            process = subprocess.Popen(
                [".build/release/vernier", "scale", "--votes", path, "--out", os.path.join(folder, "out"),
                 "--bootstrap", str(replicates)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
            assert status == 0, "vernier scale failed"
            yield replicates, time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def timed(work):
    wall, processor = time.perf_counter(), time.process_time()
    result = work()
    return result, time.perf_counter() - wall, time.process_time() - processor


def main():
    quick = "--quick" in sys.argv
    few = 10 if quick else 30
    print(f"{'n':>4} {'what':34} {'wall s':>8} {'cpu s':>8} {'wall ratio':>10} {'cpu ratio':>10}")
    for n in (100, 200):
        votes = simulate(n, 4000, 30)
        ours = vernier(votes)
        seconds = ours["seconds"]
        wall = seconds["fit and 1000 bootstraps"]
        processor = seconds["fit and 1000 bootstraps, processor"]

        def row(name, w, c):
            print(f"{n:4} {name:34} {w:8.3f} {c:8.3f} {w / wall:10.1f} {c / processor:10.1f}")

        row("Vernier, 1,000 bootstraps", wall, processor)
        row("Vernier, one thread", seconds["one thread"], seconds["one thread, processor"])
        (full, _), w, c = min(
            (timed(lambda: numpy_peer(votes, n, 1000)) for _ in range(1 if quick else 3)),
            key=lambda run: run[1])
        # Names ascend like indices, so the order of photos is the same.
        difference = np.abs(full - np.array(ours["jod"])).max()
        assert difference < 1e-3, f"the peers disagree by {difference} JOD"
        row("NumPy warm Newton, 1,000", w, c)
        _, w, c = timed(lambda: choix_peer(votes, n, few))
        row(f"choix Newton-CG, {few} scaled to 1,000", w * 1000 / few, c * 1000 / few)
        for name in ("fit alone", "levels and clusters", "levels and clusters piq23"):
            print(f"{n:4} {name:34} {seconds[name]:8.3f} {seconds[name + ', processor']:8.3f}")
        for replicates, w, c, megabytes in growth(votes):
            print(f"{n:4} {f'vernier scale --bootstrap {replicates}':34} {w:8.3f} {c:8.3f} {megabytes:7.0f} MB")


if __name__ == "__main__":
    main()
