"""Is build B better than build A?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas

from .program import PathLike, failure
from .scale_file import AnyScale, scale_file
from .workspace import Table, Workspace, options


@dataclass(frozen=True, repr=False)
class Verdict:
    """An answer with its reasons; docs/verdicts.md has the statistics.

    Attributes:
        outcome: better, equivalent, worse or inconclusive, of all attributes together.
        gate_result: pass, fail or inconclusive.
        sentence: the answer in words.
        attributes: a row for each attribute: outcome, difference_jod, low, high (95 %, in JOD), p, p_visible, …
        messages: notices and notes, a line each.
        record: everything, as the program's JSON has it.
    """

    outcome: str
    gate_result: str
    sentence: str
    attributes: pandas.DataFrame
    messages: tuple[str, ...] = ()
    record: dict[str, Any] = field(default_factory=dict)

    @property
    def passes(self) -> bool:
        """Whether the gate passes; False if it fails or nothing is decided."""
        return self.gate_result == "pass"

    def __repr__(self) -> str:
        return f"Verdict({self.outcome}: {self.sentence})"


def verdict(
    baseline: str,
    candidate: str,
    *,
    votes: Table | None = None,
    scores: Table | Sequence[Table] | None = None,
    scale: AnyScale | None = None,
    groups: Table | None = None,
    study: PathLike | None = None,
    attribute: str | Sequence[str] | None = None,
    margin: float | None = None,
    visible: float | None = None,
    gate: str | None = None,
    these_scenes_only: bool = False,
    slices: Sequence[str] | None = None,
    report: PathLike | None = None,
    program: PathLike | None = None,
    **more: Any,
) -> Verdict:
    """Judges a candidate against a baseline, from people's votes or from a model's scores.

    Args:
        baseline: a device, a build or a group.
        candidate: likewise.
        votes: as for `vernier.scale`.
        scores: what a `Scorer` returned, or files of `vernier score --csv`; all of one model.
        scale: with scores: measured scores, which the model's errors are calibrated on.
        groups: scene, image, group; more columns are facts for slices.
        study: a study's folder instead of groups.
        attribute: one or several; all without it.
        margin: the largest difference that makes none, in JOD (0.5 without it).
        visible: the difference that counts as visible, in JOD (1 without it).
        gate: no-worse (without it) or better.
        these_scenes_only: ask about these scenes alone.
        slices: parts of the photos to judge too, such as lighting.
        report: a file to write an HTML page to.
        program: the program's path; see `vernier.find_program`.
        more: any other option of `vernier verdict`, with underscores for hyphens.

    Raises:
        VernierError: the input can't be used. That the candidate is worse, or that nothing is decided, is an answer.

    Example:
        >>> answer = vernier.verdict("1.9", "2.0", votes=votes, groups=groups)
        >>> answer.outcome, answer.attributes[["attribute", "difference_jod", "low", "high"]]
    """
    with Workspace(program) as workspace:
        several = scores if isinstance(scores, (list, tuple)) else [] if scores is None else [scores]
        files = [workspace.table(table, f"scores-{number}.csv") for number, table in enumerate(several, 1)]
        target = workspace.path("verdict.json")
        words = options(
            baseline=baseline,
            candidate=candidate,
            votes=None if votes is None else workspace.table(votes, "votes.csv"),
            scores=files or None,
            scale=None if scale is None else scale_file(workspace, scale, "scale"),
            groups=None if groups is None else workspace.table(groups, "groups.csv"),
            study=None if study is None else Path(study),
            attribute=attribute,
            margin=margin,
            visible=visible,
            gate=gate,
            these_scenes_only=these_scenes_only,
            slices=slices,
            report=None if report is None else Path(report),
            json=target,
            **more,
        )
        done = workspace.run(["verdict", *words], accepts=(0, 1, 3))
        if not target.is_file():
            # Exit code 1 without a file: input that can't be used.
            raise failure("verdict", "\n".join(done.messages), done.code)
        record = json.loads(workspace.read("verdict.json"))
        rows = pandas.DataFrame([_flat(row) for row in record["attributes"]])
        messages = (*record.get("notices", ()), *record.get("notes", ()))
        return Verdict(record["outcome"], record["gate_result"], record["sentence"], rows, messages, record)


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """An attribute's plain values; nested ones stay in the record."""
    plain = {name: value for name, value in row.items() if not isinstance(value, (dict, list))}
    first = ["attribute", "outcome", "gate_result", "difference_jod", "low", "high"]
    return {name: plain[name] for name in [*first, *sorted(plain.keys() - set(first))] if name in plain}
