"""Votes to scales, scales to one scale, and the pairs to ask next."""

from __future__ import annotations

from typing import Any

import pandas

from .program import PathLike
from .scale_file import scale_file
from .scales import Scales, UnifiedScale
from .tables import read_table
from .workspace import Table, Workspace, options


def scale(
    votes: Table | None = None,
    *,
    ratings: Table | None = None,
    bootstrap: int | None = None,
    seed: int = 1,
    model: str | None = None,
    prior: str | None = None,
    ties: str | None = None,
    observers: str | None = None,
    convention: str | None = None,
    preset: str | None = None,
    program: PathLike | None = None,
    **more: Any,
) -> Scales:
    """Turns votes into a quality scale for each scene, in JOD, with 95 % intervals.

    Args:
        votes: a frame or a CSV with observer, scene, attribute, image_a, image_b, choice (a, b or tie).
        ratings: scene, attribute, image, rating, observer, alone or beside votes.
        bootstrap: the number of bootstrap replicates; 0 takes the observed information. Without it, the program's
            default (1000; 0 for very large scenes).
        seed: of the bootstrap; the same seed gives the same intervals.
        model: thurstone (Case V, the default), bradley-terry or trueskill.
        prior: gaussian, gaussian:SD in JOD, none, pwcmp or pwcmp-repaired.
        ties: half-votes or davidson.
        observers: alike, or model, which estimates biases, sensitivities and lapses too.
        convention: jod (1 = seen by 75 %), or piq23 (that data set's z-scores).
        preset: piq23, the data set's protocol.
        program: the program's path; see `vernier.find_program`.
        more: any other option of `vernier scale`, with underscores for hyphens, such as `batch_size=10`.

    Raises:
        VernierError: the votes can't be used; the text says which row and why.

    Example:
        >>> scales = vernier.scale("votes.csv", bootstrap=1000)
        >>> scales.scores[["SCENE", "IMAGE", "JOD", "CI LOW", "CI HIGH"]]
    """
    with Workspace(program) as workspace:
        words = options(
            votes=None if votes is None else workspace.table(votes, "votes.csv"),
            ratings=None if ratings is None else workspace.table(ratings, "ratings.csv"),
            out=workspace.path("scales"),
            bootstrap=bootstrap,
            seed=seed,
            model=model,
            prior=prior,
            ties=ties,
            observers=observers,
            convention=convention,
            preset=preset,
            **more,
        )
        done = workspace.run(["scale", *words])
        return Scales.from_files(workspace.files("scales"), "vernier scale", done.messages)


def unify(
    scales: Scales | Table,
    cross: Scales | Table,
    *,
    reference: str | None = None,
    method: str | None = None,
    errors: str | None = None,
    attribute: str | None = None,
    program: PathLike | None = None,
) -> UnifiedScale:
    """Brings scenes onto one scale through photos that were compared across scenes.

    Args:
        scales: the scenes' own scales.
        cross: the scale of the cross-scene comparisons, where photos are written scene/photo.
        reference: the scene whose scale is the unit; if not given, the program chooses it and says why.
        method: calibrated (where errors are known, the default), deming or ols (least squares).
        errors: scores, pooled or scene: where the lines' errors come from.
        attribute: which one, where the scales have several.
        program: the program's path; see `vernier.find_program`.

    Raises:
        VernierError: the scales can't be linked.
    """
    with Workspace(program) as workspace:
        words = options(
            scales=scale_file(workspace, scales, "scales", attribute),
            cross=scale_file(workspace, cross, "cross", attribute),
            reference=reference,
            method=method,
            errors=errors,
            out=workspace.path("unified"),
        )
        done = workspace.run(["unify", *words])
        files = workspace.files("unified")
        scores, coefficients = read_table(files["Scores_Unified.csv"]), read_table(files["coefficients.csv"])
        return UnifiedScale(scores, coefficients, done.messages, files)


def next_pairs(
    votes: Table,
    batch: int,
    *,
    criterion: str | None = None,
    random_share: float | None = None,
    observer: str | None = None,
    avoid: Table | None = None,
    scene: str | None = None,
    seed: int = 1,
    program: PathLike | None = None,
) -> pandas.DataFrame:
    """Chooses the most informative pairs.

    Args:
        votes: the votes so far, as for `scale`.
        batch: the number of pairs for each scene and attribute.
        criterion: error-reduction (the default), information-gain, asap, swiss, anchor or random.
        random_share: the share of pairs that are drawn at random instead, 0 to 1.
        observer: leave out pairs that this observer has judged.
        avoid: pairs to avoid: image_a, image_b.
        scene: only this one.
        seed: of choices between equal pairs, and of sides.
        program: the program's path; see `vernier.find_program`.

    Returns:
        A row for each pair: scene, attribute, image_a, image_b, gain, criterion, batch, batch_size, seed, random_share.
        Keep criterion and batch with the answers: `scale` corrects for the choice of pairs.
    """
    with Workspace(program) as workspace:
        words = options(
            votes=workspace.table(votes, "votes.csv"),
            batch=batch,
            criterion=criterion,
            random_share=random_share,
            observer=observer,
            avoid=None if avoid is None else workspace.table(avoid, "avoid.csv"),
            scene=scene,
            seed=seed,
        )
        return read_table(workspace.run(["next-pairs", *words]).output)
