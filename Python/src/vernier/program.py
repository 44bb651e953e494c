"""Where the program `vernier` is, and one run of it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sysconfig
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from .errors import VernierError

PathLike = str | os.PathLike[str]

# The program inside the wheel.
BUNDLED = Path(__file__).resolve().parent / "bin" / "vernier"
# libvips in one file, named by its content, from the package pyvips-binary.
VIPS = "pyvips_binary.libs/libvips-*.so.42"


def find_program(program: PathLike | None = None) -> str:
    """The path of the program.

    The first one wins: the argument; `$VERNIER`; the one inside the package; `vernier` on the PATH.

    Raises:
        VernierError: there is none, or a named one is not there.
    """
    for origin, named in (("program", program), ("$VERNIER", os.environ.get("VERNIER"))):
        if named:
            path = os.path.abspath(os.fspath(named))
            if not os.path.isfile(path):
                raise VernierError(f"{named}: there is no such program; check {origin}")
            if not os.access(path, os.X_OK):
                raise VernierError(f"{named}: is not executable; check {origin}")
            return path
    if BUNDLED.is_file():
        for library in BUNDLED.parents[2].glob(VIPS):
            # The program opens it with the first photo; a library that the user named comes first.
            os.environ.setdefault("VERNIER_VIPS_LIBRARY", str(library))
        return str(BUNDLED)
    found = shutil.which("vernier", path=_path_without_own_script())
    if found is None:
        raise VernierError(
            "vernier: the program is neither in this package nor on the PATH; install the wheel that holds it, "
            "or name the program in $VERNIER"
        )
    return found


def _path_without_own_script() -> str:
    """The PATH without the folder where this package's own command lies, which would call itself."""
    own = os.path.realpath(sysconfig.get_path("scripts"))
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return os.pathsep.join(folder for folder in folders if os.path.realpath(folder) != own)


@dataclass(frozen=True)
class Finished:
    """A run that ended: what it printed, and its exit code."""

    output: str
    messages: tuple[str, ...]
    code: int


def run(arguments: Sequence[str], *, program: PathLike | None = None, accepts: Collection[int] = (0,)) -> Finished:
    """Runs the program to its end.

    Args:
        arguments: the verb and its options.
        program: the program's path; see `find_program`.
        accepts: exit codes that are no errors.

    Raises:
        VernierError: another exit code, with the program's own line.
    """
    command = [find_program(program), *arguments]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except OSError as error:
        raise VernierError(f"{command[0]}: can't be run ({error.strerror}); check the program") from None
    messages = done.stderr.decode("utf-8", "replace")
    if done.returncode not in accepts:
        raise failure(arguments[0], messages, done.returncode)
    lines = tuple(line for line in messages.splitlines() if line.strip())
    return Finished(done.stdout.decode("utf-8", "replace"), lines, done.returncode)


def failure(verb: str, messages: str, code: int) -> VernierError:
    """The error of a run that failed: its last line «Error: …», else its last line."""
    lines = [line.strip() for line in messages.splitlines() if line.strip()]
    errors = [line.removeprefix("Error: ") for line in lines if line.startswith("Error: ")]
    if code < 0:
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = f"signal {-code}"
        return VernierError(f"vernier {verb}: the program was ended by {name}; try again", code=code)
    text = errors[-1] if errors else lines[-1] if lines else f"vernier {verb}: ended with exit code {code}; try again"
    return VernierError(_with_remedy(text), code=code)


def _with_remedy(text: str) -> str:
    """A line about a library that the package's dependencies bring, with what to install."""
    if "cannot open shared object file" not in text:
        return text
    if "libtorch" in text or "libc10" in text:
        return "the model needs libtorch, which is not installed or not complete; run pip install 'vernier[models]'"
    if "libvips" in text:
        return "libvips is not beside the program; run pip install --force-reinstall vernier"
    return text
