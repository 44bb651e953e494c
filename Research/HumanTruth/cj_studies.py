#!/usr/bin/env python3
"""Human comparative-judgement studies, scaled again: reliabilities and the calibration of votes held out.

    git clone https://github.com/georgekinnear/cj-meta-analysis CLONE
    python3 Research/HumanTruth/cj_studies.py CLONE OUT [--vernier .build/release/vernier]

Reads every judging session of the clone, writes its votes.csv, runs `vernier scale --bootstrap 0` on all votes and on
each four fifths of the judges, and predicts the votes of the fifth that was left out. OUT gets `studies.csv` (a row a
study, written as it goes; studies that stand there are not run again) and `summary.md`, which also compares groups of
judges who judged the same items.

Studies that the clone's own summary calls adaptive are scaled twice: as they are, and corrected, with the columns
`criterion` and `batch` in the votes (`swiss`, rounds of half as many judgements as items; the first one and an
incomplete last one count as chosen beforehand). This is an approximation: engines choose among the nearest items by
rules of their own, judge by judge, and where a file is sorted by judge the order of judging is not known (judges are
taken to have worked side by side). Studies whose kind is unknown are treated likewise and counted on their own.

Needs Python 3 with NumPy. Takes 20 minutes of processor time for the 96 sessions of up to 804 items.
"""

import argparse
import csv
import os
import re
import resource
import sys
import tempfile
from pathlib import Path

from calibration import calibration_slope, predictions, separation_reliability, shrunk
from same_items import compare
from scaler import Failed, Scaler, closeness, stretch
from studies import read_studies, rows
from summary import summarize

COLUMNS = [
    "study", "kind", "items", "judges", "judgements", "rows_dropped", "file_in_order", "swiss_rounds", "looks_adaptive",
    "closer_percent", "published_reliability", "split_half", "deviation", "reliability", "reliability_observers",
    "stretch", "deviation_corrected", "reliability_corrected", "stretch_stated", "stretch_information_gain",
    "stretch_error_reduction", "folds", "held_out", "slope", "slope_error", "slope_shrunk", "slope_shrunk_observers",
    "slope_corrected", "slope_corrected_error", "slope_shrunk_corrected", "seconds", "fault",
]  # fmt: skip
# Up to this many items everything is run; above, two folds and half of the replicates, without the bootstrap.
MIDDLE = 200
# Above this, one fold and a quarter of the replicates: a factor common to so many items needs no more.
LARGE = 400


def deviation(scale):
    """The root mean square of the positions, whose mean is 0."""
    return (sum(x * x for x, _ in scale.values()) / (len(scale) - 1)) ** 0.5


def measure(study, scaler):
    """A row of the table."""
    row = {
        "study": study.name, "kind": study.kind, "items": len(study.items), "judges": len(study.judges),
        "judgements": len(study.judgements), "rows_dropped": study.dropped, "file_in_order": study.file_is_in_order,
        "swiss_rounds": study.swiss_rounds, "published_reliability": study.published, "split_half": study.split_half,
    }  # fmt: skip
    count = len(study.items)
    size = 0 if count <= MIDDLE else 1 if count <= LARGE else 2
    replays, folds = [(100, 5), (50, 2), (24, 1)][size]
    corrected = study.kind != "not adaptive"
    scale, said = scaler.scale(study.judgements)
    row["closer_percent"] = closeness(said)
    row["looks_adaptive"] = row["closer_percent"] is not None
    row["reliability"], row["deviation"] = separation_reliability(scale), deviation(scale)
    if size == 0:
        row["reliability_observers"] = separation_reliability(scaler.scale(study.judgements, bootstrap=200)[0])
    if corrected:
        scale, said = scaler.scale(study.judgements, criterion="swiss", replays=replays)
        row["stretch"] = stretch(said)
        row["reliability_corrected"], row["deviation_corrected"] = separation_reliability(scale), deviation(scale)
    if study.kind == "adaptive" and size == 0:
        said = scaler.scale(study.judgements, criterion="swiss", stated=True, replays=replays)[1]
        row["stretch_stated"] = stretch(said)
        for criterion in ("information-gain", "error-reduction"):
            said = scaler.scale(study.judgements, criterion=criterion, replays=replays)[1]
            row["stretch_" + criterion.replace("-", "_")] = stretch(said)
    folds = study.folds()[:folds]
    held = {}
    for fold in folds:
        known = [judgement for judgement in study.judgements if judgement[0] not in fold]
        unknown = [judgement for judgement in study.judgements if judgement[0] in fold]
        scale = scaler.scale(known)[0]
        predict(held, "slope", scale, unknown)
        predict(held, "slope_shrunk", shrunk(scale), unknown)
        if size == 0:
            predict(held, "slope_shrunk_observers", shrunk(scaler.scale(known, bootstrap=200)[0]), unknown)
        if corrected:
            scale = scaler.scale(known, criterion="swiss", replays=replays)[0]
            predict(held, "slope_corrected", scale, unknown)
            predict(held, "slope_shrunk_corrected", shrunk(scale), unknown)
    row["folds"], row["held_out"] = len(folds), len(held["slope"])
    for name, probits in held.items():
        row[name], error = calibration_slope(probits)
        if name + "_error" in COLUMNS:
            row[name + "_error"] = error
    return row


def predict(held, name, scale, judgements):
    """Adds the scale's predictions; a scale that shrinks to nothing predicts nothing."""
    held.setdefault(name, []).extend(predictions(scale, judgements) if scale else [])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clone", help="a clone of github.com/georgekinnear/cj-meta-analysis")
    parser.add_argument("out", type=Path, help="the folder to write to")
    parser.add_argument("--vernier", default=".build/release/vernier", help="the program")
    parser.add_argument("--most-items", type=int, default=1000, help="larger studies are skipped: they take minutes a scale")
    parser.add_argument("--only", default="", help="a regular expression of study names")
    arguments = parser.parse_args()
    program = os.path.abspath(arguments.vernier)
    arguments.out.mkdir(parents=True, exist_ok=True)
    table = arguments.out / "studies.csv"
    done = {row["study"] for row in rows(table)} if table.exists() else set()
    studies, skipped = read_studies(arguments.clone)
    with open(table, "a", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        if not done:
            out.writeheader()
        for study in sorted(studies, key=lambda study: (len(study.items), study.name)):
            if len(study.items) > arguments.most_items:
                skipped.append((study.name, f"{len(study.items)} items"))
                continue
            if study.name in done or not re.search(arguments.only, study.name):
                continue
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            with tempfile.TemporaryDirectory() as folder:
                try:
                    row = measure(study, Scaler(program, folder))
                except Failed as failure:
                    row = {"study": study.name, "kind": study.kind, "fault": str(failure)}
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            row["seconds"] = round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1)
            out.writerow(row)
            file.flush()
            print(len(study.items), study.name, row["seconds"], "s", row.get("fault", ""), file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        text = summarize(rows(table), skipped) + "\n" + compare(studies, Scaler(program, folder))
    (arguments.out / "summary.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
