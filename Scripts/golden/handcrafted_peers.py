"""BRISQUE, NIQE and IL-NIQE of the package pyiqa, for comparison only.

pyiqa's licence forbids commercial use: it is run where somebody has installed it, and nothing of it is here.
Only the two files with these metrics are imported, so its heavier dependencies need not be installed.
"""

import functools
import importlib.util
import sys
import tempfile
import types
from pathlib import Path


FOLDER = Path(importlib.util.find_spec("pyiqa").submodule_search_locations[0])


def _package(name, folder, **members):
    module = types.ModuleType(name)
    module.__path__ = [str(folder)]
    module.__dict__.update(members)
    sys.modules[name] = module


@functools.cache
def metrics(shared):
    """The three metrics with the authors' parameters."""
    import torch

    registry = types.SimpleNamespace(register=lambda *a, **k: lambda kind: kind)
    _package("pyiqa", FOLDER)
    _package("pyiqa.archs", FOLDER / "archs")
    _package("pyiqa.utils", FOLDER / "utils")
    _package("pyiqa.utils.registry", FOLDER, ARCH_REGISTRY=registry, METRIC_REGISTRY=registry)
    _package("pyiqa.utils.download_util", FOLDER, load_file_from_url=lambda *a, **k: None)
    _package("pyiqa.archs.arch_util", FOLDER, get_url_from_name=lambda name: name)
    from pyiqa.archs.brisque_arch import BRISQUE
    from pyiqa.archs.niqe_arch import ILNIQE, NIQE

    coefficients, vectors = [], []
    text = (Path(shared) / "allmodel").read_text().split("SV\n")[1]
    for line in filter(str.strip, text.splitlines()):
        first, *pairs = line.split()
        vector = [0.0] * 36
        for pair in pairs:
            index, value = pair.split(":")
            vector[int(index) - 1] = float(value)
        coefficients.append(float(first))
        vectors.append(vector)
    with tempfile.NamedTemporaryFile(suffix=".pth") as file:
        torch.save((torch.tensor(coefficients), torch.tensor(vectors)), file.name)
        brisque = BRISQUE(pretrained_model_path=file.name)
    return {
        "brisque": brisque,
        "niqe": NIQE(pretrained_model_path=str(Path(shared) / "niqe_modelparameters.mat")),
        "ilniqe": ILNIQE(pretrained_model_path=str(Path(shared) / "templateModel.mat")),
    }


def tensor(pixels):
    """A `1 × 3 × height × width` tensor from 0 to 1."""
    import torch

    return torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None].float() / 255


def scores(shared, pixels):
    """BRISQUE's and NIQE's score of one photo.

    Not IL-NIQE's, which is 0.3 % and more away from the authors' own values: it doesn't round to bytes.
    """
    import torch

    with torch.no_grad():
        known = metrics(shared)
        return {name: float(known[name](tensor(pixels))) for name in ("brisque", "niqe")}
