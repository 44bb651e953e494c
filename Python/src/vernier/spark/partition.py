"""What runs in Spark's Python workers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow

from ..client import Client
from ..errors import VernierError

# Rows in a batch that goes back to Spark.
_BATCH_ROWS = 256

# This process's clients by their options: Spark uses a Python worker for many tasks, and the model stays loaded.
_clients: dict[tuple[str | None, tuple[str, ...]], Client] = {}

Request = Callable[[Mapping[str, Any]], dict[str, Any]]
Row = Callable[[Mapping[str, Any], Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class Answering:
    """Answers the rows of a partition over this process's worker: a function for `mapInArrow`.

    Attributes:
        arguments: options of `vernier worker`.
        program: the program's path on the executors; see `vernier.find_program`.
        model: the model's SHA-256 as the driver's worker told it; another one is refused.
        request: makes a row's request.
        row: makes a row of the result out of a row and its answer.
        schema: of the result.
    """

    arguments: tuple[str, ...]
    program: str | None
    model: str | None
    request: Request
    row: Row
    schema: pyarrow.Schema

    def __call__(self, batches: Iterable[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        """Streams: rows are read as they are sent, and given back as they are answered."""
        client = _clients.setdefault((self.program, self.arguments), Client(self.arguments, program=self.program))
        known = client.worker.ready.get("model")
        if known != self.model:
            raise VernierError(
                f"vernier worker: an executor has the model {known}, the driver {self.model}; install one version"
            )
        flight: dict[int, Mapping[str, Any]] = {}

        def requests() -> Iterator[tuple[int, dict[str, Any]]]:
            rows = (row for batch in batches for row in batch.to_pylist())
            for number, row in enumerate(rows):
                flight[number] = row
                yield number, self.request(row)

        answered: list[dict[str, Any]] = []
        for number, answer in client.answers(requests()):
            answered.append(self.row(flight.pop(number), answer))
            if len(answered) == _BATCH_ROWS:
                yield self._batch(answered)
                answered = []
        if answered:
            yield self._batch(answered)

    def _batch(self, rows: list[dict[str, Any]]) -> pyarrow.RecordBatch:
        return pyarrow.RecordBatch.from_pylist(rows, schema=self.schema)
