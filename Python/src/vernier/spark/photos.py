"""Scores and regions of many photos, kept in Parquet; a stopped job resumes."""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import pandas
import pyarrow
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import from_arrow_schema

from ..errors import VernierError
from ..program import PathLike
from ..progress import shown
from ..worker import Worker
from ..workspace import options
from .partition import Answering
from .session import one_line, session

Photos: TypeAlias = DataFrame | pandas.DataFrame | PathLike | Iterable[PathLike]

_FAULT = [("error_kind", pyarrow.string()), ("error", pyarrow.string())]
_KEY = [("path", pyarrow.string()), ("model_sha256", pyarrow.string()), ("settings", pyarrow.string())]
_SCORES = pyarrow.schema([
    *_KEY, ("scene", pyarrow.string()), ("model", pyarrow.string()), ("attribute", pyarrow.string()),
    ("score", pyarrow.float64()), ("low", pyarrow.float64()), ("high", pyarrow.float64()), ("unit", pyarrow.string()),
    ("outside", pyarrow.bool_()), ("remark", pyarrow.string()), *_FAULT,
])  # fmt: skip
_REGIONS = pyarrow.schema([
    *_KEY, ("attribute", pyarrow.string()), ("region", pyarrow.string()), ("record", pyarrow.string()), *_FAULT,
])  # fmt: skip


def score(
    photos: Photos,
    model: PathLike,
    out: PathLike,
    *,
    region: str | None = None,
    threads: int = 1,
    photos_per_shard: int = 10_000,
    spark: SparkSession | None = None,
    program: PathLike | None = None,
    progress: bool | None = None,
    **more: Any,
) -> DataFrame:
    """Scores every photo once, and adds the rows to a folder of Parquet files.

    The photos are parted by pmod(xxhash64(path), n); each part is written when it is done. The same call again scores
    what has no row of this model and these options yet, so that a stopped job resumes.

    Args:
        photos: a frame of Spark or pandas with a column path, and scene if the model has scenes; a Parquet folder with
            these columns; or paths. Every executor has to see the paths.
        model: as for `vernier.Scorer`; a folder has to be seen by every executor.
        out: the folder of the result, in a file system that Spark writes to.
        region: face or full instead of the attribute's rule.
        threads: the number of processors that each worker uses; Spark already uses all cores.
        photos_per_shard: about how many photos a stopped job loses at most.
        spark: the session; without it `vernier.spark.session()`.
        program: the program's path on every machine; see `vernier.find_program`.
        progress: a bar over parts; without it, on a terminal.
        more: any other option of `vernier worker`, with underscores for hyphens.

    Returns:
        The rows of `photos` from `out`: path, model_sha256, settings, scene, model, attribute, score, low, high (95 %),
        unit, outside, remark, error_kind, error. A broken photo is a row with its error_kind; one that ended its worker
        three times has the kind crash.
    """
    words = tuple(options(model=model, threads=threads, **more))
    ready = _ready(words, program)
    facts = {
        "model": str(model),
        "attribute": ready["attribute"],
        "unit": ready["unit"],
        "model_sha256": _digest(ready),
        "settings": _settings(more, region=region),
    }
    request, row = _ScoreRequest(region), _ScoreRow(facts)
    answering = Answering(words, _text(program), ready.get("model"), request, row, _SCORES)
    return _complete(photos, out, answering, facts, photos_per_shard, spark or session(), progress)


def prepare(
    photos: Photos,
    attribute: str,
    folder: PathLike,
    out: PathLike,
    *,
    region: str | None = None,
    photos_per_shard: int = 10_000,
    spark: SparkSession | None = None,
    program: PathLike | None = None,
    progress: bool | None = None,
    **more: Any,
) -> DataFrame:
    """Cuts the region of interest of every photo; resumes as `score` does.

    Args:
        photos: as for `score`.
        attribute: details, exposure, overall or colour.
        folder: the folder that the regions are written to, one below it for each folder of photos; every executor has
            to see it.
        out: the folder of the result's rows.
        region: face or full instead of the attribute's rule.
        photos_per_shard: about how many photos a stopped job loses at most.
        spark: the session; without it `vernier.spark.session()`.
        program: the program's path on every machine; see `vernier.find_program`.
        progress: a bar over parts; without it, on a terminal.
        more: any other option of `vernier worker`, with underscores for hyphens.

    Returns:
        A row for each photo: path, attribute, region (the file), record (crop, face, size in pixels, as JSON),
        error_kind, error.
    """
    words = tuple(options(prepare=attribute, **more))
    ready = _ready(words, program)
    target = os.path.abspath(folder)
    facts = {
        "attribute": attribute,
        "model_sha256": _digest(ready),
        "settings": _settings(more, region=region, attribute=attribute, out=target),
    }
    request, row = _RegionRequest(region, target), _RegionRow(facts)
    answering = Answering(words, _text(program), ready.get("model"), request, row, _REGIONS)
    return _complete(photos, out, answering, facts, photos_per_shard, spark or session(), progress)


@dataclass(frozen=True)
class _ScoreRequest:
    region: str | None

    def __call__(self, row: Mapping[str, Any]) -> dict[str, Any]:
        fields = {"path": row["path"], "scene": row.get("scene"), "region": self.region}
        return {name: value for name, value in fields.items() if value is not None}


@dataclass(frozen=True)
class _ScoreRow:
    facts: Mapping[str, Any]

    def __call__(self, row: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, Any]:
        values = {name: answer.get(name) for name in ("score", "low", "high", "outside", "remark")}
        scene = answer.get("scene") or row.get("scene")
        return {"path": row["path"], "scene": scene, **self.facts, **values, **_fault(answer)}


@dataclass(frozen=True)
class _RegionRequest:
    region: str | None
    folder: str

    def __call__(self, row: Mapping[str, Any]) -> dict[str, Any]:
        # Photos of several folders may have one name.
        part = hashlib.sha256(os.path.dirname(row["path"]).encode("utf-8", "surrogateescape")).hexdigest()[:16]
        return {**_ScoreRequest(self.region)({"path": row["path"]}), "out": os.path.join(self.folder, part)}


@dataclass(frozen=True)
class _RegionRow:
    facts: Mapping[str, Any]

    def __call__(self, row: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, Any]:
        rest = {name: value for name, value in answer.items() if name not in ("id", "region", "error")}
        record = None if "error" in answer else json.dumps(rest, sort_keys=True)
        return {"path": row["path"], **self.facts, "region": answer.get("region"), "record": record, **_fault(answer)}


def _fault(answer: Mapping[str, Any]) -> dict[str, Any]:
    error = answer.get("error") or {}
    return {"error_kind": error.get("kind"), "error": error.get("message")}


def _complete(
    photos: Photos,
    out: PathLike,
    answering: Answering,
    facts: Mapping[str, Any],
    photos_per_shard: int,
    spark: SparkSession,
    progress: bool | None,
) -> DataFrame:
    """Answers the photos that have no row yet, and returns the rows of all."""
    target = os.fspath(out)
    wanted = _frame(photos, spark).dropDuplicates(["path"])
    schema = from_arrow_schema(answering.schema)
    with one_line():
        done = _rows(spark, target, schema, facts)
        todo = wanted if done is None else wanted.join(done.select("path"), "path", "left_anti")
        todo = todo.persist()
        try:
            count = todo.count()
            shards = math.ceil(count / max(1, photos_per_shard))
            todo = todo.withColumn("shard", F.expr(f"pmod(xxhash64(path), {max(1, shards)})"))
            for shard in shown(range(shards), shards, progress):
                part = todo.where(F.col("shard") == shard).drop("shard")
                # By path, so that a task that is tried again has the same photos.
                part = part.repartition(spark.sparkContext.defaultParallelism * 2, "path")
                part.mapInArrow(answering, schema).write.mode("append").parquet(target)
        finally:
            todo.unpersist()
        done = _rows(spark, target, schema, facts)
        if done is None:
            return spark.createDataFrame([], schema)
        return done.join(wanted.select("path"), "path", "left_semi")


def _rows(spark: SparkSession, target: str, schema: Any, facts: Mapping[str, Any]) -> DataFrame | None:
    """The rows of a model and its settings; None where there is no folder yet."""
    from pyspark.errors import AnalysisException

    try:
        rows = spark.read.schema(schema).parquet(target)
    except AnalysisException as error:
        if "PATH_NOT_FOUND" in str(error):
            return None
        raise
    for name in ("model_sha256", "settings"):
        rows = rows.where(F.col(name).eqNullSafe(F.lit(facts[name])))
    # A model without a file has no SHA-256.
    return rows.where(F.col("model") == facts["model"]) if "model" in facts else rows


def _frame(photos: Photos, spark: SparkSession) -> DataFrame:
    """The photos' paths and scenes."""
    if isinstance(photos, (str, os.PathLike)):
        frame = spark.read.parquet(os.fspath(photos))
    elif isinstance(photos, DataFrame):
        frame = photos
    elif isinstance(photos, pandas.DataFrame):
        frame = spark.createDataFrame(photos.astype(object).where(photos.notna(), None), _types(photos))
    else:
        frame = spark.createDataFrame([(os.path.abspath(path),) for path in photos], "path string")
    if "path" not in frame.columns:
        raise VernierError(f"photos: has no column path (it has: {', '.join(frame.columns)}); name the paths so")
    return frame.select(*(name for name in ("path", "scene") if name in frame.columns))


def _types(photos: pandas.DataFrame) -> str:
    return ", ".join(f"`{name}` string" for name in photos.columns)


def _ready(arguments: Sequence[str], program: PathLike | None) -> dict[str, Any]:
    """What a worker on this machine says; faults of the options show here, before any job starts."""
    worker = Worker(arguments, program=program)
    worker.close()
    return worker.ready


def _digest(ready: Mapping[str, Any]) -> str | None:
    text = ready.get("model")
    return None if text is None else str(text).removeprefix("sha256:")


def _settings(more: Mapping[str, Any], **values: Any) -> str:
    """The options that change a result, in one spelling."""
    given = {name: str(value) for name, value in {**more, **values}.items() if value is not None}
    return json.dumps(given, sort_keys=True, ensure_ascii=False)


def _text(program: PathLike | None) -> str | None:
    return None if program is None else os.path.abspath(program)
