"""How far the published levels and clusters of PIQ23 follow from its published scores.

Run from the package root after `swift build -c release --product vernier`:
    python3 Scripts/golden/piq23-levels.py SCORES
SCORES is the folder `Scores` of github.com/DXOMARK-Research/PIQ2023 with Scores_Details.csv, Scores_Exposure.csv and
Scores_Overall.csv. It prints, over the 150 scales (50 scenes, three attributes): in how many each reading of «the total JOD
range by the median size of the CIs» gives the published number of levels; how many of the published level labels are a
fixed point of Lloyd's k-means on (CI LOW, CI HIGH); and what `vernier levels --keep-levels` makes of the clusters.
"""

import collections
import csv
import math
import pathlib
import subprocess
import sys
import tempfile

READINGS = {
    "ceil((max CI HIGH - min JOD) / median CI)": lambda jod, high, width: math.ceil((max(high) - min(jod)) / width),
    "ceil(JOD range / median CI), the paper's words": lambda jod, high, width: math.ceil((max(jod) - min(jod)) / width),
    "round(JOD range / median CI) + 1": lambda jod, high, width: round((max(jod) - min(jod)) / width) + 1,
    "round(JOD range / median CI)": lambda jod, high, width: round((max(jod) - min(jod)) / width),
}


def scales(path):
    groups = collections.defaultdict(list)
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            groups[row["SCENE"]].append(row)
    return groups


def median(values):
    values = sorted(values)
    return (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2


def column(rows, name):
    return [float(row[name]) for row in rows]


def is_fixed_point(rows):
    """Whether every photo lies nearest to the mean of its own level."""
    points = list(zip(column(rows, "CI LOW"), column(rows, "CI HIGH")))
    levels = [row["QUALITY LEVEL"] for row in rows]
    means = {}
    for level in set(levels):
        own = [point for point, label in zip(points, levels) if label == level]
        means[level] = (sum(x for x, _ in own) / len(own), sum(y for _, y in own) / len(own))
    return all(min(means, key=lambda level: math.dist(point, means[level])) == label
               for point, label in zip(points, levels))


def pairs(labels):
    return sum(count * (count - 1) / 2 for count in collections.Counter(labels).values())


def adjusted_rand_index(first, second):
    first = [label if label >= 0 else ("alone", place) for place, label in enumerate(first)]
    second = [label if label >= 0 else ("alone", place) for place, label in enumerate(second)]
    together, own, other = pairs(zip(first, second)), pairs(first), pairs(second)
    expected = own * other / (len(first) * (len(first) - 1) / 2)
    return (together - expected) / ((own + other) / 2 - expected)


folder = pathlib.Path(sys.argv[1])
equal, near, fixed, total = collections.Counter(), collections.Counter(), 0, 0
alone, photos, indices = 0, 0, []
for attribute in ("Details", "Exposure", "Overall"):
    path = folder / f"Scores_{attribute}.csv"
    for rows in scales(path).values():
        published = len({row["QUALITY LEVEL"] for row in rows})
        width = median(column(rows, "CI RANGE"))
        total += 1
        fixed += is_fixed_point(rows)
        for name, reading in READINGS.items():
            count = reading(column(rows, "JOD"), column(rows, "CI HIGH"), width)
            equal[name] += count == published
            near[name] += abs(count - published) <= 1
    with tempfile.TemporaryDirectory() as scratch:
        out = pathlib.Path(scratch) / "levels.csv"
        subprocess.run([".build/release/vernier", "levels", "--scores", str(path), "--keep-levels", "--out", str(out)],
                       check=True, stderr=subprocess.DEVNULL)
        found = scales(out)
    for scene, rows in scales(path).items():
        ours = {row["IMAGE"]: int(row["CLUSTER"]) for row in found[scene]}
        mine = [ours[row["IMAGE"]] for row in rows]
        theirs = [int(float(row["CLUSTER"])) for row in rows]
        photos += len(rows)
        alone += sum((a < 0) == (b < 0) for a, b in zip(mine, theirs))
        indices.append(adjusted_rand_index(mine, theirs))

print(f"{total} scales; published levels that are a fixed point of k-means: {fixed}")
for name in READINGS:
    print(f"{name}: equal in {equal[name]}, within 1 in {near[name]}")
print(f"clusters inside the published levels: {100 * alone / photos:.1f} % of the photos rightly alone or not, "
      f"adjusted Rand index {sum(indices) / len(indices):.3f} on average")
