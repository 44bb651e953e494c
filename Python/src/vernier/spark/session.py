"""The Spark session, and what goes wrong in it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import VernierError

try:
    from pyspark.sql import SparkSession
except ImportError:
    raise VernierError("vernier.spark: pyspark is not installed; run pip install 'vernier[spark]'") from None


def session(master: str | None = None) -> SparkSession:
    """The running session, else a new one.

    Args:
        master: a cluster's URL such as spark://host:7077; without it all processors of this machine, where a task is
            tried four times (`local[*,4]`; plain `local[*]` never tries again).
    """
    active = SparkSession.getActiveSession()
    if active is not None and master is None:
        return active
    # Executors must not take another Python than the one that has this package.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    master = master or "local[*,4]"
    builder = SparkSession.builder.appName("vernier").config("spark.ui.enabled", "false").master(master)
    if master.startswith("local"):
        # Spark's 200 are for clusters.
        builder = builder.config("spark.sql.shuffle.partitions", str(2 * (os.cpu_count() or 1)))
    return builder.getOrCreate()


@contextmanager
def one_line() -> Iterator[None]:
    """Turns a job's failure into the line of the `VernierError` behind it, where there is one."""
    try:
        yield
    except VernierError:
        raise
    except Exception as error:
        marks = [line for line in str(error).splitlines() if "VernierError: " in line]
        if not marks:
            raise
        raise VernierError(marks[-1].split("VernierError: ", 1)[1].strip()) from error
