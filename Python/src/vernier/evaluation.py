"""How well scores agree with a measured scale."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pandas

from .program import PathLike
from .scale_file import AnyScale, scale_file
from .tables import read_table
from .workspace import Table, Workspace, options


def evaluate(
    scores: Table | None = None,
    scale: AnyScale | None = None,
    *,
    run: PathLike | None = None,
    split: Table | None = None,
    part: str | None = None,
    name: str = "model",
    other_unit: bool = False,
    less_is_better: bool = False,
    bootstrap: int | None = None,
    seed: int = 1,
    out: PathLike | None = None,
    program: PathLike | None = None,
    **more: Any,
) -> pandas.DataFrame:
    """Evaluates one model's scores against measured ones, every metric with its 95 % interval.

    Args:
        scores: what a `Scorer` returned, or IMAGE, SCORE, or a file of `vernier score`.
        scale: the measured scores; a run has its own.
        run: the folder of a training run, instead of scores.
        split: IMAGE or SCENE, and SPLIT: which photos are Train, Valid and Test.
        part: train, valid or test (without it test).
        name: the model's name in the table.
        other_unit: the scores have another unit than the scale: they are compared by order, and after a fit.
        less_is_better: the scores decrease with quality.
        bootstrap: the number of replicates (1000 without it).
        seed: of the bootstrap.
        out: a folder to write every table to, as CSV, Markdown, LaTeX and HTML.
        program: the program's path; see `vernier.find_program`.
        more: any other option of `vernier evaluate`, with underscores for hyphens.

    Returns:
        A row for each attribute, model, statistic (mean and median over scenes; global on a unified scale) and metric:
        value, low, high, margin, scenes, photos, unit. «always 0» and «perfect model» stand beside the model.
    """
    with Workspace(program) as workspace:
        folder = workspace.path("tables") if out is None else Path(out)
        words = options(
            scores=None if scores is None else f"{name}={workspace.table(scores, 'scores.csv')}",
            run=None if run is None else f"{name}={os.path.abspath(run)}",
            scale=None if scale is None else scale_file(workspace, scale, "scale"),
            split=None if split is None else workspace.table(split, "split.csv"),
            part=part,
            other_unit=name if other_unit else None,
            less_is_better=name if less_is_better else None,
            bootstrap=bootstrap,
            seed=seed,
            format="csv",
            out=folder,
            **more,
        )
        workspace.run(["evaluate", *words])
        return read_table((folder / "metrics.csv").read_bytes())
