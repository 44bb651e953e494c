"""Many requests to one worker, which is replaced when it ends."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .program import PathLike
from .worker import Worker, WorkerEnded

# A photo that ends its worker this often, alone, is given up.
DEATHS = 3
# Requests in flight: the worker always has the next photo at hand.
WINDOW = 8


@dataclass
class _Job:
    number: int
    request: Mapping[str, Any]
    deaths: int = 0


class Client:
    """Keeps one worker, and every request is answered exactly once.

    When the worker ends in the middle, a new one is started and the requests in flight are sent again one by one; one
    that ends its worker three times gets an answer with the error kind `crash`.
    """

    def __init__(self, arguments: Sequence[str] = (), *, program: PathLike | None = None, window: int = WINDOW) -> None:
        """Starts nothing yet.

        Args:
            arguments: options of `vernier worker`.
            program: the program's path; see `vernier.find_program`.
            window: requests in flight.
        """
        self._arguments, self._program, self._window = list(arguments), program, window
        self._worker: Worker | None = None
        self._owner = 0

    @property
    def worker(self) -> Worker:
        """The worker; started here if there is none in this process (a fork's child gets its own)."""
        if self._worker is None or self._owner != os.getpid():
            self._worker, self._owner = Worker(self._arguments, program=self._program), os.getpid()
        return self._worker

    def answers(self, requests: Iterable[tuple[int, Mapping[str, Any]]]) -> Iterator[tuple[int, dict[str, Any]]]:
        """Answers numbered requests as they come; requests need no id, and their numbers are different.

        Requests are drawn as they are sent. Leaving the iterator early ends the worker.
        """
        waiting = iter(requests)
        # Jobs whose worker ended go alone, so that each death has one cause.
        suspects: deque[_Job] = deque()
        flight: dict[int, _Job] = {}
        try:
            while True:
                try:
                    while suspects or len(flight) < self._window:
                        job = suspects[0] if suspects else _next(waiting)
                        if job is None:
                            break
                        flight[job.number] = job
                        self.worker.send({**job.request, "id": job.number})
                        if suspects:
                            break
                    if not flight:
                        return
                    answer = self.worker.receive()
                except WorkerEnded:
                    self._drop()
                    if len(flight) == 1:
                        next(iter(flight.values())).deaths += 1
                    if not suspects:
                        suspects.extend(flight.values())
                    flight.clear()
                    if suspects[0].deaths >= DEATHS:
                        job = suspects.popleft()
                        yield job.number, crash(job.request)
                    continue
                job = flight.pop(answer["id"])
                if suspects:
                    suspects.popleft()
                yield job.number, answer
        finally:
            if flight:
                self._drop()

    def close(self) -> None:
        """Ends the worker; a later request starts another one."""
        if self._worker is not None and self._owner == os.getpid():
            self._worker.close()
        self._worker = None

    def _drop(self) -> None:
        if self._worker is not None and self._owner == os.getpid():
            self._worker.kill()
        self._worker = None


def _next(waiting: Iterator[tuple[int, Mapping[str, Any]]]) -> _Job | None:
    drawn = next(waiting, None)
    return None if drawn is None else _Job(*drawn)


def crash(request: Mapping[str, Any]) -> dict[str, Any]:
    """The answer for a photo that ends its worker."""
    message = f"{request.get('path')}: ended the program {DEATHS} times; report the photo's format, and leave it out"
    return {"error": {"kind": "crash", "message": message}}
