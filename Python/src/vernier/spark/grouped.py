"""Large studies, scene by scene: each group is one run of the program."""

from __future__ import annotations

from typing import Any

import pandas
from pyspark.sql import DataFrame, SparkSession

from .. import evaluation, scaling
from ..errors import VernierError
from ..program import PathLike
from .session import session

_SCALE = (
    "`IMAGE` string, `SCENE` string, `ATTRIBUTE` string, `JOD` double, `JOD STD` double, `CI LOW` double, "
    "`CI HIGH` double, `QUALITY LEVEL` double, `TOTAL COMPARISONS` double"
)
_METRICS = (
    "scene string, attribute string, model string, statistic string, metric string, value double, low double, "
    "high double, photos long, unit string"
)


def scale(
    votes: DataFrame | pandas.DataFrame,
    *,
    bootstrap: int | None = None,
    seed: int = 1,
    spark: SparkSession | None = None,
    program: PathLike | None = None,
    **more: Any,
) -> DataFrame:
    """Scales a large study: as `vernier.scale`, the scenes beside each other.

    Args:
        votes: a frame of Spark or pandas, in the columns of votes.csv.
        bootstrap: the number of replicates.
        seed: of the bootstrap.
        spark: the session; without it `vernier.spark.session()`.
        program: the program's path on every machine; see `vernier.find_program`.
        more: any other option of `vernier scale`.

    Returns:
        A row for each photo: IMAGE, SCENE, ATTRIBUTE, JOD, JOD STD, CI LOW, CI HIGH (95 %), QUALITY LEVEL,
        TOTAL COMPARISONS.
    """
    columns = [part.split("`")[1] for part in _SCALE.split(", ")]

    def one(group: pandas.DataFrame) -> pandas.DataFrame:
        scores = scaling.scale(group, bootstrap=bootstrap, seed=seed, program=program, **more).scores
        numbers = {name: float for name in columns[3:]}
        return scores[columns].astype(numbers)

    frame = _given(votes, spark, ("observer", "scene", "attribute", "image_a", "image_b", "choice"), "votes")
    return frame.groupBy("scene", "attribute").applyInPandas(one, _SCALE)


def evaluate(
    photos: DataFrame | pandas.DataFrame,
    *,
    name: str = "model",
    bootstrap: int | None = None,
    seed: int = 1,
    spark: SparkSession | None = None,
    program: PathLike | None = None,
    **more: Any,
) -> DataFrame:
    """Evaluates scores against measured ones, a row for each scene and metric.

    Scenes with fewer than 3 photos have none.

    Args:
        photos: a frame with IMAGE, SCENE, ATTRIBUTE, JOD, JOD STD, CI LOW, CI HIGH (as `scale` returns), and SCORE.
        name: the model's name.
        bootstrap: the number of replicates.
        seed: of the bootstrap.
        spark: the session; without it `vernier.spark.session()`.
        program: the program's path on every machine; see `vernier.find_program`.
        more: any other option of `vernier.evaluate`, such as other_unit=True.

    Returns:
        scene, attribute, model, statistic, metric, value, low, high (95 %, over the scene's photos), photos, unit.
    """

    def one(group: pandas.DataFrame) -> pandas.DataFrame:
        columns = _METRICS.replace(" string", "").replace(" double", "").replace(" long", "").split(", ")
        if len(group) < 3:
            return pandas.DataFrame({column: [] for column in columns})
        table = evaluation.evaluate(
            group[["IMAGE", "SCORE"]], group.drop(columns="SCORE"), name=name, bootstrap=bootstrap, seed=seed,
            program=program, **more,
        )  # fmt: skip
        table = table[(table["model"] == name) & (table["statistic"] == "mean")]
        return table.assign(scene=group["SCENE"].iloc[0])[columns]

    needed = ("IMAGE", "SCENE", "ATTRIBUTE", "JOD", "JOD STD", "CI LOW", "CI HIGH", "SCORE")
    frame = _given(photos, spark, needed, "photos")
    return frame.groupBy("SCENE", "ATTRIBUTE").applyInPandas(one, _METRICS)


def _given(
    table: DataFrame | pandas.DataFrame, spark: SparkSession | None, needed: tuple[str, ...], name: str
) -> DataFrame:
    missing = [column for column in needed if column not in table.columns]
    if missing:
        raise VernierError(f"{name}: has no column {', '.join(missing)}; give a frame with {', '.join(needed)}")
    return table if isinstance(table, DataFrame) else (spark or session()).createDataFrame(table)
