"""Reads the comparative-judgement studies of georgekinnear/cj-meta-analysis and writes them as Vernier's votes.

A judgement is (judge, winner, loser). The repository's files name the winner first, so sides are given by the order of
the names here: which image stood left is not known.
"""

import csv
import random
from pathlib import Path

MISSING = {"", "-", "NA"}
KINDS = {"TRUE": "adaptive", "FALSE": "not adaptive", "unknown": "unknown"}


class Study:
    """One judging session: judgements in the order of judging, as far as the file tells it."""

    def __init__(self, name, kind, published, split_half, judgements, dropped):
        self.name, self.kind = name, kind
        self.published, self.split_half = published, split_half
        self.dropped = dropped
        self.judges = sorted({judge for judge, _, _ in judgements})
        self.items = sorted({item for _, *pair in judgements for item in pair})
        runs = 1 + sum(a[0] != b[0] for a, b in zip(judgements, judgements[1:]))
        self.file_is_in_order = runs >= 3 * len(self.judges)
        self.judgements = judgements if self.file_is_in_order else interleaved(judgements)

    @property
    def round_size(self):
        return round_size(self.judgements)

    @property
    def swiss_rounds(self):
        """The rounds at the file's beginning in which (nearly, 95 %) every item is judged exactly once."""
        count = 0
        while (count + 1) * self.round_size <= len(self.judgements):
            part = self.judgements[count * self.round_size : (count + 1) * self.round_size]
            if len({item for _, *pair in part for item in pair}) < 0.95 * 2 * self.round_size:
                break
            count += 1
        return count

    def folds(self, count=5):
        """Judges in groups of about equal numbers, drawn by a seed made of the study's name."""
        judges = list(self.judges)
        random.Random(self.name).shuffle(judges)
        count = min(count, len(judges))
        return [set(judges[k::count]) for k in range(count)]


def round_size(judgements):
    """The judgements of a round in which every item meets one other."""
    return max(1, len({item for _, *pair in judgements for item in pair}) // 2)


def interleaved(judgements):
    """Judgements of a file sorted by judge, as if all judges had begun and ended together."""
    totals, seen, keys = {}, {}, []
    for judge, _, _ in judgements:
        totals[judge] = totals.get(judge, 0) + 1
    for place, (judge, _, _) in enumerate(judgements):
        seen[judge] = seen.get(judge, 0) + 1
        keys.append(((seen[judge] - 0.5) / totals[judge], place))
    return [judgements[place] for _, place in sorted(keys)]


def read_studies(clone):
    """All sessions of the clone, by name; what could not be read is (name, reason)."""
    data = Path(clone) / "data"
    figures = {row["judging_session"]: row for row in rows(data / "01-meta-analysis-data.csv")}
    studies, skipped = [], []
    for session in sorted(rows(data / "00-judging_sessions_summary.csv"), key=lambda r: r["judging_session"]):
        name = session["judging_session"]
        file = data / f"{name}.csv"
        if not file.exists():
            skipped.append((name, "its file is not in the clone"))
            continue
        judgements, dropped = read_judgements(file)
        if not judgements:
            skipped.append((name, "no columns of judge, winner and loser"))
            continue
        figure = figures.get(name, {})
        studies.append(
            Study(
                name, KINDS.get(session["adaptivity"], "unknown"), number(figure.get("ssr")),
                number(figure.get("median_split_corr")), judgements, dropped,
            )
        )
    return studies, skipped


def read_judgements(file):
    judgements, dropped = [], 0
    for row in rows(file):
        judge = row.get("judge", "").strip()
        winner = row.get("candidate_chosen", row.get("won", "")).strip()
        loser = row.get("candidate_not_chosen", row.get("lost", "")).strip()
        if MISSING & {judge, winner, loser} or winner == loser:
            dropped += 1
        else:
            judgements.append((judge, winner, loser))
    return judgements, dropped


def write_votes(path, judgements, criterion=None, round_size=None):
    """Writes votes.csv; with a criterion also how pairs were chosen.

    The first round and an incomplete last one count as chosen beforehand, the rounds between by the criterion.
    """
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        header = ["observer", "scene", "attribute", "image_a", "image_b", "choice"]
        out.writerow(header + (["criterion", "batch"] if criterion else []))
        whole = len(judgements) // round_size if criterion else 0
        for place, (judge, winner, loser) in enumerate(judgements):
            a, b = sorted((winner, loser))
            row = [judge, "study", "quality", a, b, "A" if a == winner else "B"]
            if criterion:
                batch = place // round_size
                row += [criterion if 0 < batch < whole else "random", batch]
            out.writerow(row)


def rows(path):
    with open(path, newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def number(text):
    return float(text) if text and text not in MISSING else None
