"""Large studies against their peers, in the same run: from a votes file to scores.

- 10 million votes on 129 items;
- 400,000 votes on 10,000 photos;
- 940,000 results of 34,000 players over 56 years: simulated careers, and the ATP's own results where VERNIER_TENNIS
  names a folder with the files `atp_matches*.csv` of github.com/JeffSackmann/tennis_atp (CC BY-NC-SA; not ours to keep).

Peers from PyPI: evalica's Bradley-Terry (scores alone), arena-rank's (scores with intervals). All read the same file;
each runs in a process of its own, start-up included, whose wall time, processor time and peak memory are the table.

Run from the package root after `swift build -c release`:
    python3 Benchmarks/Large/large.py [--quick]
"""

import csv
import glob
import json
import math
import os
import subprocess
import sys
import tempfile
import time

import numpy as np

HEADER = "observer,scene,attribute,image_a,image_b,choice\n"
PEER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peer.py")
LIMIT = 300


def normal(x):
    return 0.5 * (1 + np.vectorize(math.erf, otypes=[float])(np.linspace(-8, 8, 4001) / math.sqrt(2)))[
        np.clip(((x + 8) * 250).astype(int), 0, 4000)]


def write(path, scene, observer, a, b, won):
    with open(path, "w") as file:
        file.write(HEADER)
        for start in range(0, len(a), 1_000_000):
            part = slice(start, start + 1_000_000)
            file.writelines(
                f"o{o},{scene},quality,i{x:05},i{y:05},{'a' if w else 'b'}\n"
                for o, x, y, w in zip(observer[part], a[part], b[part], won[part]))


def random_pairs(path, items, votes, observers):
    rng = np.random.default_rng(1)
    quality = np.linspace(-4, 4, items)
    a = rng.integers(items, size=votes)
    b = (a + 1 + rng.integers(items - 1, size=votes)) % items
    won = rng.uniform(size=votes) < normal((quality[a] - quality[b]) / 1.4826)
    write(path, "Random", rng.integers(observers, size=votes), a, b, won)


def careers(path, players, results, observers):
    """Players who start in some year, last for some, and meet others of their years and about their strength."""
    rng = np.random.default_rng(2)
    start = 56 * rng.uniform(size=players) ** 0.6
    length = rng.exponential(3, size=players) + 0.5
    strength = rng.normal(size=players) * 1.5 + 0.4 * np.log(length)
    # A year of each match, by the players who are there; opponents are neighbors in strength, but for a wide error.
    a = rng.choice(players, size=results, p=length ** 1.7 / (length ** 1.7).sum())
    year = start[a] + rng.uniform(size=results) * length[a]
    order = np.argsort(start + length / 2)
    middle = (start + length / 2)[order]
    b = order[np.clip(np.searchsorted(middle, year + rng.normal(size=results)), 0, players - 1)]
    won = rng.uniform(size=results) < normal((strength[a] - strength[b]) / 1.4826)
    keep = a != b
    write(path, "Careers", rng.integers(observers, size=results)[keep], a[keep], b[keep], won[keep])


def tennis(path, folder):
    rng = np.random.default_rng(3)
    with open(path, "w") as file:
        file.write(HEADER)
        for name in sorted(glob.glob(os.path.join(folder, "atp_matches*.csv"))):
            if "doubles" in name:
                continue
            with open(name, encoding="utf-8", errors="replace", newline="") as matches:
                for row in csv.DictReader(matches):
                    winner, loser = row["winner_id"], row["loser_id"]
                    if not winner or not loser or winner == loser:
                        continue
                    if rng.uniform() < 0.5:
                        file.write(f"{row['tourney_id']},ATP,quality,{winner},{loser},a\n")
                    else:
                        file.write(f"{row['tourney_id']},ATP,quality,{loser},{winner},b\n")


def measure(command):
    """Wall time, processor time and peak memory in MB; None when it fails or takes too long."""
    start = time.perf_counter()
    # `timeout` bounds the peer; its own memory is nothing.
    process = subprocess.Popen(
        ["timeout", str(LIMIT)] + command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        return None
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def our_scores(folder):
    with open(os.path.join(folder, "Scores_Quality.csv"), newline="") as file:
        return {row["IMAGE"]: float(row["JOD"]) for row in csv.DictReader(file)}


def agreement(ours, theirs):
    """Spearman's correlation over the items that both have."""
    items = sorted(ours.keys() & theirs.keys())
    ranks = [np.argsort(np.argsort([scores[item] for item in items])) for scores in (ours, theirs)]
    return np.corrcoef(*ranks)[0, 1]


def compare(name, path, rounds, options):
    with tempfile.TemporaryDirectory() as folder:
        command = [".build/release/vernier", "scale", "--votes", path, "--out", folder] + options
        ours = min((measure(command) for _ in range(rounds)), key=lambda run: run[0])
        scores = our_scores(folder)
        print(f"{name:34} {'Vernier, with intervals':26} {ours[0]:8.2f} {ours[1]:8.2f} {ours[2]:8.0f}"
              f" {1:8.1f} {1:8.1f}", flush=True)
        for peer in ("evalica", "arena-rank"):
            out = os.path.join(folder, "peer.json")
            runs = [measure([sys.executable, PEER, peer, path, out]) for _ in range(rounds)]
            label = {"evalica": "evalica, scores alone", "arena-rank": "arena-rank, with intervals"}[peer]
            if None in runs:
                print(f"{name:34} {label:26} failed, or not within {LIMIT} s", flush=True)
                continue
            wall, cpu, memory = min(runs, key=lambda run: run[0])
            with open(out) as file:
                same = agreement(scores, json.load(file))
            print(f"{name:34} {label:26} {wall:8.2f} {cpu:8.2f} {memory:8.0f} {wall / ours[0]:8.1f}"
                  f" {cpu / ours[1]:8.1f}   rank correlation {same:.4f}", flush=True)


def main():
    quick = "--quick" in sys.argv
    rounds = 1 if quick else 3
    share = 10 if quick else 1
    print(f"{'study':34} {'what':26} {'wall s':>8} {'CPU s':>8} {'MB':>8} {'wall ÷':>8} {'CPU ÷':>8}")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "votes.csv")
        random_pairs(path, 129, 10_000_000 // share, 1000)
        compare("10 million votes, 129 items", path, rounds, [])
        random_pairs(path, 10_000, 400_000 // share, 100)
        compare("400,000 votes, 10,000 photos", path, rounds, ["--prior", "gaussian"])
        careers(path, 34_000 // share, 940_000 // share, 30_000 // share)
        compare("940,000 results, 34,000 players", path, rounds, ["--prior", "gaussian"])
        if os.environ.get("VERNIER_TENNIS"):
            tennis(path, os.environ["VERNIER_TENNIS"])
            compare("ATP tennis", path, rounds, ["--prior", "gaussian"])
        else:
            print("ATP tennis: skipped, VERNIER_TENNIS names no folder")


if __name__ == "__main__":
    main()
