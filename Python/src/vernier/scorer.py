"""Scores of photos by one model, which is loaded once."""

from __future__ import annotations

import tempfile
import threading
import weakref
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import pandas

from .client import Client
from .errors import VernierError
from .pictures import Photo, file_of, name_of, photos_of
from .program import PathLike
from .progress import shown
from .workspace import options

COLUMNS = (
    "photo", "model", "attribute", "score", "low", "high", "unit", "scene", "outside", "remark", "model_sha256",
    "error_kind", "error",
)  # fmt: skip


@dataclass(frozen=True)
class Score:
    """One photo's score.

    Attributes:
        score: in the model's unit (`Scorer.unit`).
        low, high: the 95 % interval, None for a model without one.
        outside: whether the photo lies outside what the model knows, None for a model that can't tell.
        scene: the scene that was given or predicted.
        remark: what the program remarked.
    """

    score: float
    low: float | None
    high: float | None
    outside: bool | None
    scene: str | None
    remark: str | None


class Scorer:
    """Scores photos over one long-lived process of the program.

    Example:
        >>> with vernier.Scorer("niqe") as scorer:
        ...     frame = scorer(["a.jpg", PIL.Image.open("b.png"), array])
        ...     best = frame.sort_values("score", ascending=scorer.less_is_better).photo.iloc[-1]

    Broken photos are rows with `error_kind` and `error`; `score_one` raises instead. Threads wait for each other; a
    process that was forked or a copy by pickle starts a process of its own.
    """

    def __init__(
        self,
        model: PathLike = "default",
        *,
        attribute: str | None = None,
        parameters: Sequence[PathLike] = (),
        region: str | None = None,
        crops: int | None = None,
        seed: int | None = None,
        precision: str | None = None,
        threads: int | None = None,
        program: PathLike | None = None,
        **more: Any,
    ) -> None:
        """Starts the program, which loads the model.

        Args:
            model: the folder of a run or of a model; default, photo-overall, portrait-details; niqe, ilniqe, brisque.
            attribute: what the default model scores: overall or details.
            parameters: files of a hand-crafted model.
            region: face or full, for all photos, instead of the attribute's rule.
            crops: average this number of random crops instead of a grid.
            seed: of random crops.
            precision: float32 or bfloat16.
            threads: the number of processors to use; all without it.
            program: the program's path; see `vernier.find_program`.
            more: any other option of `vernier worker`, with underscores for hyphens, such as `max_pixels`.

        Raises:
            VernierError: the model can't be loaded; neural models need `pip install 'vernier[models]'`.
        """
        self.model = str(model)
        words = options(
            model=model, attribute=attribute, crops=crops, seed=seed, precision=precision, threads=threads, **more
        )
        for file in parameters:
            words += options(parameters=Path(file))
        self._region = region
        self._arguments, self._program = words, program
        self._begin()
        self._ready = self._client.worker.ready

    @property
    def unit(self) -> str:
        """The unit of the scores, such as «JOD» or «NIQE (less is better)»."""
        return str(self._ready["unit"])

    @property
    def attribute(self) -> str:
        """The attribute that the model scores."""
        return str(self._ready["attribute"])

    @property
    def model_sha256(self) -> str | None:
        """The SHA-256 of the model's weights."""
        text = self._ready.get("model")
        return None if text is None else str(text).removeprefix("sha256:")

    @property
    def less_is_better(self) -> bool:
        """Whether scores fall with quality."""
        return self.unit.endswith("(less is better)")

    def __call__(
        self,
        photos: Photo | Iterable[Photo],
        *,
        scene: str | None = None,
        scenes: Sequence[str | None] | None = None,
        region: str | None = None,
        progress: bool | None = None,
    ) -> pandas.DataFrame:
        """Scores photos.

        Args:
            photos: one or several: paths; PIL images; arrays (height, width[, 3 or 4]) of uint8, RGB.
            scene: the scene that all show, for models that have scenes.
            scenes: the scene of each.
            region: face or full instead of the attribute's rule.
            progress: a bar; without it, on a terminal.

        Returns:
            A row for each photo, in their order: photo, model, attribute, score, low, high (95 %), unit, scene,
            outside, remark, model_sha256, error_kind, error. `vernier.verdict` and `evaluate` take it as it is.
        """
        given, _ = photos_of(photos)
        if scenes is not None and len(scenes) != len(given):
            raise VernierError(f"scenes: {len(scenes)} for {len(given)} photos; give one for each")
        known = list(scenes) if scenes is not None else [scene] * len(given)
        rows: list[dict[str, Any]] = [{} for _ in given]
        answers = self._answers(given, known, region or self._region)
        for number, answer in shown(answers, len(given), progress):
            rows[number] = self._row(name_of(given[number], number), answer)
        return _frame(rows)

    def score_one(self, photo: Photo, *, scene: str | None = None, region: str | None = None) -> Score:
        """Scores one photo.

        Raises:
            VernierError: it can't be scored; `kind` says why.
        """
        ((_, answer),) = self._answers([photo], [scene], region or self._region)
        if "error" in answer:
            raise VernierError(answer["error"]["message"], kind=answer["error"]["kind"])
        rest = (answer.get(name) for name in ("low", "high", "outside", "scene", "remark"))
        return Score(float(answer["score"]), *rest)

    def close(self) -> None:
        """Ends the process. A later call starts another one."""
        with self._lock:
            self._client.close()

    def __enter__(self) -> Scorer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name not in ("_lock", "_client", "_end")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._begin()

    def _begin(self) -> None:
        self._lock, self._client = threading.Lock(), Client(self._arguments, program=self._program)
        # A scorer that is forgotten takes its process along.
        self._end = weakref.finalize(self, self._client.close)

    def __repr__(self) -> str:
        return f"Scorer({self.model}, {self.attribute}, {self.unit})"

    def _answers(
        self, photos: Sequence[Photo], scenes: Sequence[str | None], region: str | None
    ) -> Iterator[tuple[int, dict[str, Any]]]:
        """The worker's answers; files that were written for it are gone when it has answered."""
        written: dict[int, Path] = {}
        failed: dict[int, VernierError] = {}

        def requests() -> Iterator[tuple[int, dict[str, Any]]]:
            for number, (photo, scene) in enumerate(zip(photos, scenes, strict=True)):
                try:
                    path, file = file_of(photo, number, Path(folder))
                except VernierError as error:
                    failed[number] = error
                    continue
                if file is not None:
                    written[number] = file
                request = {"path": path, "scene": scene, "region": region}
                yield number, {name: value for name, value in request.items() if value is not None}

        with self._lock, tempfile.TemporaryDirectory(prefix="vernier-") as folder:
            for number, answer in self._client.answers(requests()):
                file = written.pop(number, None)
                if file is not None:
                    file.unlink()
                    if "error" in answer:
                        # Nobody knows the temporary file's name.
                        text = answer["error"]["message"]
                        answer["error"]["message"] = text.replace(str(file), name_of(photos[number], number))
                yield number, answer
            for number, error in failed.items():
                yield number, {"error": {"kind": error.kind or "request", "message": str(error)}}

    def _row(self, photo: str, answer: dict[str, Any]) -> dict[str, Any]:
        error = answer.get("error", {})
        return {
            "photo": photo,
            "model": self.model,
            "attribute": self.attribute,
            **{name: answer.get(name) for name in ("score", "low", "high", "scene", "outside", "remark")},
            "unit": self.unit,
            "model_sha256": self.model_sha256,
            "error_kind": error.get("kind"),
            "error": error.get("message"),
        }


def _frame(rows: list[dict[str, Any]]) -> pandas.DataFrame:
    frame = pandas.DataFrame(rows, columns=list(COLUMNS), dtype=object)
    for name in ("score", "low", "high"):
        frame[name] = frame[name].astype(float)
    frame["outside"] = frame["outside"].astype("boolean")
    return frame
