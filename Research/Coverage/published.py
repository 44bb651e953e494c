"""Coverage of published scales that are extended by new photos, with pairs chosen by answers or at random.

    swift build -c release --product vernier
    python3 Research/Coverage/published.py [--studies 40] [--votes 240] [--chosen | --random]

Each study: three scenes of 14 photos, whose votes are scaled and thrown away; four new photos a scene; six batches of
pairs by `vernier next-pairs --published` (or random pairs with a new photo), judged by 24 simulated observers with a
known truth; `vernier extend --published` places the new photos. Printed: the share of 95 % intervals of new photos that
hold, the slope of their scores against the truth, and their RMSE. The published scale's own origin is allowed for; its
errors are not, as they belong to the result.
"""

import argparse
import csv
import random
import subprocess
import tempfile
from pathlib import Path
from statistics import fmean

VERNIER = Path(__file__).resolve().parents[2] / ".build/release/vernier"
SIGMA = 1.4826
SCENES = ["A", "B", "C"]
BATCHES = 6


def vernier(folder, *arguments, out=None):
    """Runs the program in a folder; its standard output goes to a file of that folder."""
    with open(folder / (out or "printed"), "w") as target:
        subprocess.run([VERNIER, *arguments], cwd=folder, check=True, stdout=target, stderr=subprocess.PIPE)


def rows(path):
    with open(path) as file:
        return list(csv.DictReader(file))


def random_pairs(generator, quality, count):
    for _ in range(count):
        scene = generator.choice(SCENES)
        new = f"new{generator.randrange(4)}"
        yield scene, new, generator.choice([photo for own, photo in quality if own == scene and photo != new])


def study(seed, chosen, votes, folder):
    """One study: (truth, score, whether the interval holds) of every new photo."""
    generator = random.Random(seed)
    quality = {(scene, f"old{k}"): generator.gauss(0, 1.3) for scene in SCENES for k in range(14)}
    (folder / "truth.csv").write_text("scene,attribute,image,quality\n" + "".join(
        f"{scene},details,{photo},{value:.4f}\n" for (scene, photo), value in quality.items()))
    vernier(folder, "simulate", "--truth", "truth.csv", "--comparisons", "900", "--observers", "20",
            "--seed", str(seed), "--out", "old.csv")
    vernier(folder, "scale", "--votes", "old.csv", "--bootstrap", "0", "--out", "published")
    new = [(scene, f"new{k}") for scene in SCENES for k in range(4)]
    quality.update({place: generator.gauss(0.3, 1.5) for place in new})
    (folder / "new.csv").write_text("scene,image\n" + "".join(f"{scene},{photo}\n" for scene, photo in new))
    scores = ["--published", "published/Scores_Details.csv"]
    text, count = "observer,scene,attribute,image_a,image_b,choice\n", 0
    for batch in range(BATCHES):
        (folder / "votes.csv").write_text(text)
        pairs = random_pairs(generator, quality, votes // BATCHES)
        if chosen:
            known = ["--votes", "votes.csv"] if batch else []
            vernier(folder, "next-pairs", *scores, "--new-photos", "new.csv", *known,
                    "--batch", str(votes // BATCHES), "--seed", str(batch), out="pairs.csv")
            pairs = [(row["scene"], row["image_a"], row["image_b"]) for row in rows(folder / "pairs.csv")]
        for scene, a, b in pairs:
            apart = (quality[scene, a] - quality[scene, b]) / SIGMA
            text += f"O{count % 24},{scene},details,{a},{b},{'a' if apart + generator.gauss(0, 1) > 0 else 'b'}\n"
            count += 1
    (folder / "votes.csv").write_text(text)
    vernier(folder, "extend", *scores, "--new", "votes.csv", "--out", "extended", out="shifts.csv")
    found = rows(folder / "extended/Scores_Details.csv")
    result = []
    for scene in SCENES:
        own = [row for row in found if row["SCENE"] == scene]
        old = [row for row in own if row["IMAGE"].startswith("old")]
        origin = fmean(float(row["JOD"]) - quality[scene, row["IMAGE"]] for row in old)
        for row in own:
            if row["IMAGE"].startswith("new"):
                truth = quality[scene, row["IMAGE"]] + origin
                holds = float(row["CI LOW"]) <= truth <= float(row["CI HIGH"])
                result.append((truth, float(row["JOD"]), holds))
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--studies", type=int, default=40)
    parser.add_argument("--votes", type=int, default=240, help="new votes in each study")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--chosen", action="store_true", help="only pairs that follow the answers")
    kind.add_argument("--random", action="store_true", help="only random pairs")
    options = parser.parse_args()
    print("pairs,studies,photos,holds,slope,rmse")
    for name, chosen in [("chosen", True), ("random", False)]:
        if (options.random and chosen) or (options.chosen and not chosen):
            continue
        result = []
        for seed in range(1, options.studies + 1):
            with tempfile.TemporaryDirectory() as folder:
                result += study(seed, chosen, options.votes, Path(folder))
        truths, scores = [row[0] for row in result], [row[1] for row in result]
        middle, mean = fmean(truths), fmean(scores)
        slope = (sum((t - middle) * (s - mean) for t, s in zip(truths, scores))
                 / sum((t - middle) ** 2 for t in truths))
        rmse = fmean((t - s) ** 2 for t, s in zip(truths, scores)) ** 0.5
        holds = fmean(row[2] for row in result)
        print(f"{name},{options.studies},{len(result)},{holds:.3f},{slope:.3f},{rmse:.3f}", flush=True)


if __name__ == "__main__":
    main()
