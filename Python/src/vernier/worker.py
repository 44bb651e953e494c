"""One `vernier worker` process: requests in, answers out, as docs/worker.md has them."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

from .errors import VernierError
from .program import PathLike, failure, find_program

PROTOCOL = 1
# Lines of standard error that are kept for an error's text.
_KEPT_LINES = 50


class WorkerEnded(Exception):
    """The process is gone; requests without an answer may be sent to another one."""


class Worker:
    """A running worker. Not for several threads at once.

    Attributes:
        ready: the first line: program, model (SHA-256), unit, attribute, task.
    """

    def __init__(self, arguments: Sequence[str] = (), *, program: PathLike | None = None) -> None:
        """Starts a process and waits until its model is loaded.

        Args:
            arguments: options of `vernier worker`.
            program: the program's path; see `vernier.find_program`.

        Raises:
            VernierError: it can't start; the text is the program's line.
        """
        path = find_program(program)
        try:
            self._process = subprocess.Popen(
                [path, "worker", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
        except OSError as error:
            raise VernierError(f"{path}: can't be run ({error.strerror}); check the program") from None
        self._messages: deque[str] = deque(maxlen=_KEPT_LINES)
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        # Both pipes are always drained, so that neither side ever waits for the other's.
        self._readers = [
            threading.Thread(target=self._read_answers, daemon=True),
            threading.Thread(target=self._read_messages, daemon=True),
        ]
        for reader in self._readers:
            reader.start()
        try:
            self.ready = self._first_line()
        except BaseException:
            self.kill()
            raise

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def send(self, request: Mapping[str, Any]) -> None:
        """Sends one request.

        Raises:
            WorkerEnded: the process is gone.
        """
        line = json.dumps(request, ensure_ascii=False).encode("utf-8", "surrogateescape") + b"\n"
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line)
            self._process.stdin.flush()
        except (BrokenPipeError, ValueError):
            raise WorkerEnded from None

    def receive(self) -> dict[str, Any]:
        """Waits for the next answer.

        Raises:
            WorkerEnded: the process is gone, and all its answers were received.
        """
        line = self._lines.get()
        if not line.endswith(b"\n"):
            # An empty line is the end; a broken one was being written when the process ended.
            self._lines.put(b"")
            raise WorkerEnded
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """Lets the process answer what it has and end. Does nothing the second time."""
        self._close_input()
        self._end()

    def kill(self) -> None:
        """Ends the process at once."""
        self._process.kill()
        self._close_input()
        self._end()

    def _close_input(self) -> None:
        if self._process.stdin is not None:
            try:
                self._process.stdin.close()
            except OSError:
                pass

    def _end(self) -> None:
        self._process.wait()
        for reader in self._readers:
            reader.join()

    def _first_line(self) -> dict[str, Any]:
        try:
            ready = self.receive()
        except WorkerEnded:
            self._close_input()
            self._end()
            raise failure("worker", "".join(self._messages), self._process.returncode) from None
        if ready.get("protocol") != PROTOCOL:
            raise VernierError(
                f"vernier worker: speaks protocol {ready.get('protocol')}, this package {PROTOCOL}; "
                "install the package and the program of one version"
            )
        return ready

    def _read_answers(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as stream:
            for line in stream:
                self._lines.put(line)
        self._lines.put(b"")

    def _read_messages(self) -> None:
        assert self._process.stderr is not None
        with self._process.stderr as stream:
            for line in stream:
                self._messages.append(line.decode("utf-8", "replace"))


def request_path(path: PathLike) -> str:
    """A photo's absolute path: a worker keeps the folder that it was started in."""
    return os.path.abspath(os.fspath(path))
