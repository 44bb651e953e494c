"""Votes, photos and stand-ins for the program."""

import sys
import sysconfig
import tempfile
from pathlib import Path

import numpy
import pandas
import PIL.Image
import pytest


@pytest.fixture(scope="session")
def votes():
    """Two scenes of four photos; each better photo wins 8 of 10 votes against each worse one, of ten observers."""
    rows = []
    for scene, names in {"s1": "abcd", "s2": "efgh"}.items():
        for better in range(4):
            for worse in range(better):
                for observer in range(10):
                    first, second = f"{names[better]}.png", f"{names[worse]}.png"
                    # Half of them see the better one on the left.
                    sides = (first, second) if observer % 2 else (second, first)
                    wins = (observer + better + worse) % 10 < 8
                    choice = "a" if (sides[0] == first) == wins else "b"
                    rows.append((f"p{observer}", scene, "details", *sides, choice))
    return pandas.DataFrame(rows, columns=["observer", "scene", "attribute", "image_a", "image_b", "choice"])


@pytest.fixture(scope="session")
def groups():
    """The second photo of each scene is of build B."""
    rows = [("s1", "a.png", "A"), ("s1", "d.png", "B"), ("s2", "e.png", "A"), ("s2", "h.png", "B")]
    return pandas.DataFrame(rows, columns=["scene", "image", "group"])


@pytest.fixture(scope="session")
def pictures(tmp_path_factory):
    """Six pictures, 256 × 224, each of another sharpness."""
    folder = tmp_path_factory.mktemp("pictures")
    random = numpy.random.default_rng(7)
    for number in range(6):
        small = random.integers(0, 256, (112 >> number // 2, 128 >> number // 2, 3), dtype=numpy.uint8)
        PIL.Image.fromarray(small).resize((256, 224), PIL.Image.Resampling.BICUBIC).save(folder / f"{number}.png")
    return [folder / f"{number}.png" for number in range(6)]


@pytest.fixture(scope="session")
def broken(tmp_path_factory, pictures):
    """Broken photos by the kind of their fault."""
    folder = tmp_path_factory.mktemp("broken")
    (folder / "text.jpg").write_text("no photo")
    (folder / "empty.png").write_bytes(b"")
    data = pictures[0].read_bytes()
    (folder / "half.png").write_bytes(data[: len(data) // 2])
    return {
        "missing": folder / "none.jpg",
        "unknownFormat": folder / "text.jpg",
        "empty": folder / "empty.png",
        "damaged": folder / "half.png",
    }


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """The folder for temporary files, empty."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def stand_in(tmp_path):
    """Makes a program out of lines of Python, in place of `vernier`."""

    def make(text):
        path = tmp_path / "stand-in"
        path.write_text(f"#!{sys.executable}\n{text}")
        path.chmod(0o755)
        return path

    return make


@pytest.fixture
def no_libtorch():
    """Takes libtorch away, which Scripts/test-python has put where `vernier[models]` has it."""
    folder = Path(sysconfig.get_path("purelib"), "torch")
    away = folder.rename(folder.with_name("torch-away"))
    yield
    away.rename(folder)
