"""Scales as pictures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas

from .errors import VernierError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Panels beyond this many are too small to read.
_PANEL_LIMIT = 60


def plot_scores(
    scores: pandas.DataFrame, *, unit: str, scene: str | None = None, shares_axis: bool = False, columns: int = 3
) -> Figure:
    """Draws photos by rising score, each with its 95 % interval, a panel for each scene and attribute.

    Args:
        scores: in the columns of `Scores_<Attribute>.csv`.
        unit: the label of the axis of scores.
        scene: only this one.
        shares_axis: whether all panels have one range, for scores that can be compared.
        columns: panels beside each other.

    Returns:
        A figure that no window shows yet; `figure.savefig(path)` writes it, notebooks show it.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise VernierError("plot: matplotlib is not installed; run pip install 'vernier[plot]'") from None
    if scene is not None:
        if scene not in set(scores["SCENE"]):
            raise VernierError(f"{scene}: is no scene of this scale; give one of its column SCENE")
        scores = scores[scores["SCENE"] == scene]
    panels = list(scores.groupby(["SCENE", "ATTRIBUTE"], sort=False))
    if len(panels) > _PANEL_LIMIT:
        raise VernierError(f"plot: {len(panels)} scenes are too many for one figure; name a scene")
    across = min(columns, len(panels))
    down = math.ceil(len(panels) / across)
    figure = Figure(figsize=(4.2 * across, 3.2 * down), layout="constrained")
    axes = figure.subplots(down, across, squeeze=False, sharey=shares_axis)
    for axis, ((name, attribute), rows) in zip(axes.flat, panels, strict=False):
        rows = rows.sort_values("JOD")
        below, above = rows["JOD"] - rows["CI LOW"], rows["CI HIGH"] - rows["JOD"]
        places = range(len(rows))
        # A percentile interval may lie beside its score.
        errors = [below.clip(lower=0), above.clip(lower=0)]
        axis.errorbar(places, rows["JOD"], yerr=errors, fmt="o", markersize=4, linewidth=1, capsize=2)
        axis.set_title(f"{name}, {attribute}", fontsize=10)
        axis.set_ylabel(unit)
        axis.grid(axis="y", linewidth=0.4, alpha=0.6)
        if len(rows) <= 30:
            axis.set_xticks(list(places), list(rows["IMAGE"]), rotation=90, fontsize=7)
        else:
            axis.set_xlabel("photos by rising score")
    for axis in axes.flat[len(panels) :]:
        axis.set_visible(False)
    return figure
