"""Scales: what votes become."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas

from .errors import VernierError
from .program import PathLike
from .tables import read_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def _save(files: Mapping[str, bytes], folder: PathLike) -> Path:
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (target / name).write_bytes(data)
    return target


@dataclass(frozen=True, repr=False)
class Scales:
    """One quality scale for each scene and attribute, each with its own origin (mean 0).

    Scores of two scenes can't be compared before `unify`.

    Attributes:
        scores: a row for each photo, in the columns of `Scores_<Attribute>.csv`: `JOD` is the score, `JOD STD` its
            standard error, `CI LOW` and `CI HIGH` its 95 % interval (all in JOD; 1 JOD is seen by 75 % of observers),
            `QUALITY LEVEL`, `TOTAL COMPARISONS`, `IMAGE`, `SCENE`, `ATTRIBUTE`.
        messages: what the program remarked, a line each.
    """

    scores: pandas.DataFrame
    messages: tuple[str, ...] = ()
    # The program's files by name: covariances and provenance, which `unify` reads beside the scores.
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def attributes(self) -> list[str]:
        """The attributes, in their order."""
        return list(dict.fromkeys(self.scores["ATTRIBUTE"]))

    @property
    def scenes(self) -> list[str]:
        """The scenes, in their order."""
        return list(dict.fromkeys(self.scores["SCENE"]))

    def of(self, attribute: str) -> Scales:
        """The scales of one attribute, such as «details»."""
        rows = self.scores["ATTRIBUTE"].str.lower() == attribute.lower()
        if not rows.any():
            raise VernierError(f"{attribute}: is no attribute of these scales; give {' or '.join(self.attributes)}")
        kept = self.scores[rows].reset_index(drop=True)
        suffix = f"_{kept['ATTRIBUTE'].iloc[0]}."
        return Scales(kept, self.messages, {name: data for name, data in self.files.items() if suffix in name})

    def save(self, folder: PathLike) -> Path:
        """Writes the program's files to a folder, which is made, and returns it."""
        return _save(self.files, folder)

    @classmethod
    def load(cls, folder: PathLike) -> Scales:
        """Reads a folder that `save` or `vernier scale` wrote."""
        files = {path.name: path.read_bytes() for path in sorted(Path(folder).glob("*_*.*")) if path.is_file()}
        return cls.from_files(files, os.fspath(folder))

    @classmethod
    def from_files(cls, files: Mapping[str, bytes], origin: str, messages: tuple[str, ...] = ()) -> Scales:
        """Takes the program's files by their names."""
        tables = [data for name, data in files.items() if name.startswith("Scores_") and name.endswith(".csv")]
        if not tables:
            raise VernierError(f"{origin}: holds no Scores_<Attribute>.csv; give a folder that `vernier scale` wrote")
        return cls(pandas.concat([read_table(data) for data in tables], ignore_index=True), messages, dict(files))

    def plot(self, scene: str | None = None, **options: Any) -> Figure:
        """Draws scores with their 95 % intervals by matplotlib, a panel for each scene.

        Args:
            scene: only this one.
            options: see `vernier.plotting.plot_scores`.
        """
        from .plotting import plot_scores

        return plot_scores(self.scores, unit="JOD of each scene", scene=scene, **options)

    def __repr__(self) -> str:
        return f"Scales({len(self.scores)} photos, {len(self.scenes)} scenes, {', '.join(self.attributes)})"


@dataclass(frozen=True, repr=False)
class UnifiedScale:
    """One scale for the photos of all scenes, in JOD of its reference scene.

    Attributes:
        scores: a row for each photo, in the columns of `Scores_Unified.csv`; `SCENE JOD` is the scene's own score.
        coefficients: a row for each scene: y = a·x + b from its own scores to the cross-scene scores.
        messages: what the program remarked, a line each.
    """

    scores: pandas.DataFrame
    coefficients: pandas.DataFrame
    messages: tuple[str, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def reference(self) -> str:
        """The scene whose scale is the unit."""
        return str(self.scores["REFERENCE SCENE"].iloc[0])

    def save(self, folder: PathLike) -> Path:
        """Writes the program's files to a folder, which is made, and returns it."""
        return _save(self.files, folder)

    def plot(self, scene: str | None = None, **options: Any) -> Figure:
        """Draws scores with their 95 % intervals by matplotlib, a panel for each scene, on one axis."""
        from .plotting import plot_scores

        return plot_scores(self.scores, unit=f"JOD of {self.reference}", scene=scene, shares_axis=True, **options)

    def __repr__(self) -> str:
        return f"UnifiedScale({len(self.scores)} photos in JOD of {self.reference})"
