"""Coverage of the scales of whole studies that ran through the annotation application over HTTP.

    swift build -c release --product vernier && swift build -c release --product annotation-harness
    python3 Research/Coverage/application.py [--studies 20] [--observers 10] [--photos 24] [--votes 1500] [--range 8]
        [--opinions 0] [--setting NAME=VALUE ...]

Each study serves generated pictures with the application's default choice of pairs; simulated observers with a known
truth judge through HTTP in turns; `vernier scale` reads the exported votes with its defaults. A row for each study:
the slope of the scores against the truth, their RMSE, the share of 95 % intervals that hold, the same of the outer 40 %.
"""

import argparse
import csv
import hashlib
import json
import math
import random
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests/Support/AnnotationHarness"))
from client import Observer  # noqa: E402

SIGMA = 1.4826


def picture(number):
    """A PNG of 8 x 8 pixels that no other number gives."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes((number * 7 + 3 * y) % 256 for _ in range(24)) for y in range(8))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0))
            + chunk(b"tEXt", b"number\0%d" % number) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def study(options, seed, folder):
    """One study; returns slope, RMSE and the shares of intervals that hold."""
    generator = random.Random(seed)
    scene = folder / "pictures" / "Scene"
    scene.mkdir(parents=True)
    qualities = [options.range * (k / (options.photos - 1) - 0.5) for k in range(options.photos)]
    generator.shuffle(qualities)
    hashes = {}
    for number, quality in enumerate(qualities):
        data = picture(number)
        (scene / f"p{number:03d}.png").write_bytes(data)
        hashes[f"/img/{hashlib.sha256(data).hexdigest()}"] = number
    opinions = [[generator.gauss(0, options.opinions) for _ in qualities] for _ in range(options.observers)]
    noise = math.sqrt(SIGMA ** 2 - 2 * options.opinions ** 2)
    harness = subprocess.Popen(
        [options.harness, folder / "study", folder / "pictures", "0", f"observers={options.observers}",
         "block=100000", "training=0", "burst=1000000", f"target={options.votes}", *options.setting],
        stdout=subprocess.PIPE, text=True)
    try:
        line = json.loads(harness.stdout.readline())
        port = int(line["port"])
        observers = [Observer(port, token) for token in line["observers"].split()]
        owner = Observer(port, line["owner"], page="/owner")
        count, idle = 0, 0
        while count < options.votes and idle < 200:
            before = count
            for place, observer in enumerate(observers):
                batch = observer.leases()
                if not batch or not batch.get("leases"):
                    continue
                lease = batch["leases"][0]
                left, right = (hashes[lease[side]["src"]] for side in ("left", "right"))
                difference = (qualities[left] + opinions[place][left]
                              - qualities[right] - opinions[place][right])
                chance = 0.5 * math.erfc(-difference / noise / math.sqrt(2))
                observer.vote(lease["id"], "left" if generator.random() < chance else "right")
                count += 1
                if count >= options.votes:
                    break
            idle = idle + 1 if count == before else 0
            if count == before:
                time.sleep(0.05)
        votes = owner.request("GET", f"/api/v1/studies/{line['study']}/export.csv?table=votes", raw=True)[2]
    finally:
        harness.terminate()
        harness.wait()
    (folder / "votes.csv").write_bytes(votes)
    subprocess.run([options.vernier, "scale", "--votes", folder / "votes.csv", "--out", folder / "scale"],
                   check=True, capture_output=True)
    truth, scores, low, high = [], [], [], []
    with open(folder / "scale" / "Scores_Details.csv", newline="") as file:
        for row in csv.DictReader(file):
            truth.append(qualities[int(row["IMAGE"].rsplit("/", 1)[-1][1:4])])
            scores.append(float(row["JOD"]))
            low.append(float(row["CI LOW"]))
            high.append(float(row["CI HIGH"]))
    mean = sum(truth) / len(truth)
    truth = [value - mean for value in truth]
    slope = sum(a * b for a, b in zip(truth, scores)) / sum(a * a for a in truth)
    error = math.sqrt(sum((a - b) ** 2 for a, b in zip(truth, scores)) / len(truth))
    holds = [a <= t <= b for a, b, t in zip(low, high, truth)]
    outer = [hold for hold, t in zip(holds, truth) if abs(t) > 0.3 * options.range]
    return count, slope, error, sum(holds) / len(holds), sum(outer) / len(outer)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--studies", type=int, default=20)
    parser.add_argument("--observers", type=int, default=10)
    parser.add_argument("--photos", type=int, default=24)
    parser.add_argument("--votes", type=int, default=1500)
    parser.add_argument("--range", type=float, default=8)
    parser.add_argument("--opinions", type=float, default=0)
    parser.add_argument("--setting", action="append", default=[], help="an option of the harness")
    parser.add_argument("--vernier", default=ROOT / ".build/release/vernier")
    parser.add_argument("--harness", default=ROOT / ".build/release/annotation-harness")
    options = parser.parse_args()
    rows = []
    print("study votes slope rmse holds outer", flush=True)
    for seed in range(1, options.studies + 1):
        with tempfile.TemporaryDirectory() as folder:
            rows.append(study(options, seed, Path(folder)))
        print(seed, *(f"{value:.3f}" for value in rows[-1]), flush=True)
    print("mean", *(f"{sum(column) / len(column):.3f}" for column in zip(*rows)))


if __name__ == "__main__":
    main()
