"""Runs `vernier scale` on judgements."""

import re
import subprocess
from pathlib import Path

from studies import round_size, rows, write_votes


class Failed(Exception):
    """`vernier scale` refused; carries its first line."""


class Scaler:
    """`vernier scale` with its defaults, but for the bootstrap and the replays; keeps its files in a folder."""

    def __init__(self, program, folder):
        self.program, self.folder = program, Path(folder)

    def scale(self, judgements, bootstrap=0, criterion=None, stated=False, replays=None):
        """Item -> (position, error) in JOD, and what the program said.

        A criterion is written into the votes, or stated by --pairs-chosen-by.
        """
        votes, out = self.folder / "votes.csv", self.folder / "scale"
        size = round_size(judgements)
        write_votes(votes, judgements, None if stated else criterion, size)
        command = ["nice", "-n", "10", self.program, "scale", "--votes", str(votes), "--out", str(out)]
        command += ["--bootstrap", str(bootstrap)]
        if replays:
            command += ["--replay", str(replays)]
        if stated:
            command += ["--pairs-chosen-by", criterion, "--batch-size", str(size)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        if run.returncode:
            raise Failed((run.stderr.strip().splitlines() or [f"status {run.returncode}"])[0])
        scale = {
            row["IMAGE"]: (float(row["JOD"]), float(row["JOD STD"])) for row in rows(out / "Scores_Quality.csv")
        }
        return scale, run.stdout + run.stderr


def stretch(said):
    """The factor by which the program says that the choice of pairs stretched the scale."""
    found = re.search(r"stretched the scale by (-?[\d.]+) %", said)
    return 1 + float(found.group(1)) / 100 if found else None


def closeness(said):
    """By how many percent pairs are closer than random ones, where the program says that they look adaptive."""
    found = re.search(r"look chosen by earlier answers \((\d+) %", said)
    return float(found.group(1)) if found else None
