"""Which program is used, and what the wheel brings along."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import urllib.request
from pathlib import Path

import numpy
import pytest

import vernier
from vernier.program import BUNDLED, run


def test_the_program_of_the_wheel_is_used():
    assert vernier.find_program() == str(BUNDLED)
    assert run(["--version"]).output.strip()


def test_there_is_no_swift_here():
    assert shutil.which("swift") is None


def test_every_library_is_in_the_environment_or_the_system():
    home = str(Path(sysconfig.get_path("purelib")).resolve())
    listing = subprocess.run(["ldd", BUNDLED], capture_output=True, text=True, check=True).stdout
    for line in listing.splitlines():
        name, arrow, place = line.strip().partition(" => ")
        if arrow:
            path = str(Path(place.split(" ")[0]).resolve())
            # What manylinux promises, and no libvips, SQLite or Swift of the system.
            system = name.split(".")[0] in {
                "libc", "libm", "libdl", "libpthread", "libresolv", "librt", "libz", "libstdc++", "libgcc_s"
            }  # fmt: skip
            assert path.startswith("/usr/lib/" if system else home) or (system and path.startswith("/lib")), line


def test_libvips_comes_from_its_package_unless_named(monkeypatch):
    monkeypatch.delenv("VERNIER_VIPS_LIBRARY", raising=False)
    vernier.find_program()
    assert Path(os.environ["VERNIER_VIPS_LIBRARY"]).parent.name == "pyvips_binary.libs"
    monkeypatch.setenv("VERNIER_VIPS_LIBRARY", "libvips.so.42")
    vernier.find_program()
    assert os.environ["VERNIER_VIPS_LIBRARY"] == "libvips.so.42"


def test_the_service_decodes_in_locked_processes(tmp_path):
    from PIL import Image

    photo = tmp_path / "photo.png"
    random = numpy.random.default_rng(1)
    Image.fromarray(random.integers(0, 256, (200, 300, 3), dtype=numpy.uint8)).save(photo)
    vernier.find_program()
    with subprocess.Popen(
        [BUNDLED, "serve", "--model", "niqe", "--port", "0"], stderr=subprocess.PIPE, text=True
    ) as service:
        try:
            line = service.stderr.readline()
            port = re.search(r"127\.0\.0\.1:(\d+)/", line)
            assert port, line
            with urllib.request.urlopen(f"http://127.0.0.1:{port[1]}/v1/score", data=photo.read_bytes()) as answer:
                served = json.load(answer)["score"]
        finally:
            service.terminate()
    scored = json.loads(run(["score", "--model", "niqe", "--json", str(photo)]).output)
    assert served == scored["score"]


def test_the_command_of_the_package_is_the_program(tmp_path):
    command = Path(sysconfig.get_path("scripts"), "vernier")
    done = subprocess.run([command, "scale", "--votes", "none.csv", "--out", tmp_path], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (1, "Error: none.csv: there is no such file; check the path\n")


def test_an_argument_goes_before_the_environment(monkeypatch, stand_in):
    monkeypatch.setenv("VERNIER", "/none")
    path = stand_in("print('stand-in')")
    assert run(["--version"], program=path).output == "stand-in\n"
    with pytest.raises(vernier.VernierError, match=r"^/none: there is no such program; check \$VERNIER$"):
        vernier.find_program()
    monkeypatch.setenv("VERNIER", str(path))
    assert vernier.find_program() == str(path)
    path.chmod(0o644)
    with pytest.raises(vernier.VernierError, match="is not executable"):
        vernier.find_program()


def test_without_a_program_inside_the_path_counts(monkeypatch, tmp_path, stand_in):
    monkeypatch.setattr(vernier.program, "BUNDLED", tmp_path / "none")
    monkeypatch.setenv("PATH", sysconfig.get_path("scripts"))
    # The package's own command would call itself.
    with pytest.raises(vernier.VernierError, match="neither in this package nor on the PATH"):
        vernier.find_program()
    path = stand_in("").rename(tmp_path / "vernier")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert vernier.find_program() == str(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("import sys; print('Note: x\\nError: a.csv: is empty; fill it', file=sys.stderr); sys.exit(1)",
         "a.csv: is empty; fill it"),
        ("import os; os.kill(os.getpid(), 9)", "vernier scale: the program was ended by SIGKILL; try again"),
        ("raise SystemExit(7)", "vernier scale: ended with exit code 7; try again"),
    ],
)  # fmt: skip
def test_a_failure_is_one_line(stand_in, text, message):
    with pytest.raises(vernier.VernierError) as caught:
        run(["scale"], program=stand_in(text))
    assert str(caught.value) == message


def test_a_file_that_is_no_program_is_named(tmp_path):
    path = tmp_path / "text"
    path.write_text("text")
    path.chmod(0o755)
    with pytest.raises(vernier.VernierError, match="text: can't be run"):
        run(["scale"], program=path)
    with pytest.raises(vernier.VernierError, match="text: can't be run"):
        vernier.Scorer("niqe", program=path)


def test_importing_costs_neither_matplotlib_nor_a_process():
    code = "import sys, vernier; sys.exit('matplotlib' in sys.modules or 'torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
