"""The temporary folder of one call."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import pandas

from .errors import VernierError
from .program import Finished, PathLike, run

Table = pandas.DataFrame | PathLike


class Workspace:
    """A folder for the files that go to and come from one run of the program; it is gone when the call ends."""

    def __init__(self, program: PathLike | None = None) -> None:
        self._program = program
        self._folder = tempfile.TemporaryDirectory(prefix="vernier-")

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def path(self, *parts: str) -> Path:
        """A path in the folder."""
        return Path(self._folder.name, *parts)

    def table(self, table: Table, name: str) -> str:
        """The path of a table: that of a file which is there, or of one that a frame is written to.

        Args:
            table: a frame, or a file's path.
            name: the written file's name, which stands in messages.
        """
        if not isinstance(table, pandas.DataFrame):
            if not isinstance(table, (str, os.PathLike)):
                raise VernierError(f"{name}: is a {type(table).__name__}; give a pandas frame or a file's path")
            return os.path.abspath(os.fspath(table))
        # The program writes truth as yes and no.
        plain = table.copy(deep=False)
        for column in plain.columns:
            if pandas.api.types.is_bool_dtype(plain[column].dtype):
                plain[column] = plain[column].map({True: "yes", False: "no"})
        target = self.path(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        plain.to_csv(target, index=False)
        return str(target)

    def run(self, arguments: Sequence[str], accepts: Collection[int] = (0,)) -> Finished:
        """Runs the program; messages name the folder's files without the folder."""
        try:
            done = run(arguments, program=self._program, accepts=accepts)
        except VernierError as error:
            raise VernierError(self.clean(str(error)), kind=error.kind, code=error.code) from None
        return Finished(done.output, tuple(map(self.clean, done.messages)), done.code)

    def clean(self, text: str) -> str:
        """A text without the folder's path."""
        return text.replace(self._folder.name + os.sep, "")

    def read(self, *parts: str) -> bytes:
        """A file of the folder, without the folder's path in it."""
        return self.clean(self.path(*parts).read_text("utf-8")).encode()

    def files(self, folder: str) -> dict[str, bytes]:
        """The files of a folder of the workspace, by name."""
        return {path.name: self.read(folder, path.name) for path in sorted(self.path(folder).iterdir())}


def options(**values: Any) -> list[str]:
    """Options for the command line.

    `learning_rate=1e-4` is `--learning-rate 0.0001`; True is the flag alone; None and False are left out; the items of
    a list are joined by commas. Paths that are objects, not texts, are made absolute.
    """
    words: list[str] = []
    for name, value in values.items():
        if value is None or value is False:
            continue
        words.append("--" + name.strip("_").replace("_", "-"))
        if value is True:
            continue
        if isinstance(value, (list, tuple)):
            value = ",".join(map(str, value))
        elif isinstance(value, os.PathLike):
            value = os.path.abspath(value)
        # A value that begins with a hyphen would be taken for an option.
        if str(value).startswith("-"):
            words[-1] += f"={value}"
        else:
            words.append(str(value))
    return words
