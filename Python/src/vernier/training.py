"""Training a model on a scale."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas

from .errors import VernierError
from .program import PathLike, failure, find_program
from .scale_file import AnyScale, scale_file
from .tables import read_table
from .workspace import Table, Workspace, options


@dataclass(frozen=True, repr=False)
class Run:
    """A finished training run; `Scorer(run.folder)` scores with its model.

    Attributes:
        folder: the run's folder; docs/training.md says what it holds.
        log: a row for each epoch.
        predictions: a row for each photo of every part.
        record: `run.json`.
    """

    folder: Path
    log: pandas.DataFrame
    predictions: pandas.DataFrame
    record: dict[str, Any]

    def __repr__(self) -> str:
        return f"Run({self.folder}, {len(self.log)} epochs)"


def train(
    scores: AnyScale,
    images: PathLike,
    split: Table,
    out: PathLike,
    *,
    architecture: str | None = None,
    progress: bool | None = None,
    program: PathLike | None = None,
    **more: Any,
) -> Run:
    """Trains a quality model; a stopped run resumes with the same call, bit for bit.

    Args:
        scores: a unified scale, or the scales of scenes.
        images: the folder of the regions that IMAGE names.
        split: SCENE or IMAGE, and SPLIT: which photos are Train, Valid and Test.
        out: the run's folder.
        architecture: lite0-stages (without it), hyperiqa, …: `vernier train --help` lists them.
        progress: show the program's lines as they come; without it, on a terminal.
        program: the program's path; see `vernier.find_program`.
        more: any other option of `vernier train`, with underscores for hyphens, such as `epochs=10`.

    Raises:
        VernierError: the input can't be used, or libtorch is missing (`pip install 'vernier[models]'`).
    """
    shown = sys.stderr.isatty() if progress is None else progress
    folder = Path(os.path.abspath(out))
    with Workspace(program) as workspace:
        words = options(
            scores=scale_file(workspace, scores, "scores"),
            images=Path(images),
            split=workspace.table(split, "split.csv"),
            out=folder,
            architecture=architecture,
            **more,
        )
        messages: list[str] = []
        command = [find_program(program), "train", *words]
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8",
            errors="replace",
        ) as process:  # fmt: skip
            try:
                assert process.stderr is not None
                for line in process.stderr:
                    messages.append(workspace.clean(line))
                    if shown:
                        print(messages[-1], end="", file=sys.stderr, flush=True)
            except KeyboardInterrupt:
                # The terminal's Ctrl-C reached the program too: it writes a checkpoint and ends.
                process.wait()
                raise
        if process.returncode != 0:
            raise failure("train", "".join(messages), process.returncode)
    if not (folder / "run.json").is_file():
        raise VernierError(f"{out}: holds several runs; read the run.json of its subfolders")
    return Run(
        folder,
        read_table((folder / "log.csv").read_bytes()) if (folder / "log.csv").is_file() else pandas.DataFrame(),
        read_table((folder / "predictions.csv").read_bytes()),
        json.loads((folder / "run.json").read_text("utf-8")),
    )
