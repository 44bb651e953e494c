"""The public references' own code as the benchmark's peers: run from their checkouts, never copied.

The checkouts are those of Scripts/golden/engine-models.py: hyperIQA, PIQ2023 and IQA-PyTorch. Their downloads of
trained weights are switched off.
"""
import importlib.util
import os
import sys
import types

import torch
from torch import nn


def module(name, *path):
    spec = importlib.util.spec_from_file_location(name, os.path.join(*path))
    result = importlib.util.module_from_spec(spec)
    sys.modules[name] = result
    spec.loader.exec_module(result)
    return result


def stub(name, **values):
    result = types.ModuleType(name)
    result.__dict__.update(values)
    sys.modules[name] = result


class Pair(nn.Module):
    """The hyper network and the target network that it makes, under the hyper network's keys."""

    def __init__(self, hyper, target):
        super().__init__()
        self.hyper, self.target = hyper, target

    def load_state_dict(self, state):
        self.hyper.load_state_dict(state, strict=False)

    def forward(self, images):
        parameters = self.hyper(images)
        return self.target(parameters)(parameters["target_in_vec"]).view(-1)


class Unit(nn.Module):
    """A network that takes pixels in 0…1 and normalises them itself."""

    takes_unit = True

    def __init__(self, net):
        super().__init__()
        self.net = net

    def load_state_dict(self, state):
        self.net.load_state_dict(state, strict=False)

    def forward(self, images):
        return self.net(images).view(-1)


def pyiqa(folder, name):
    base = os.path.join(folder, "IQA-PyTorch/pyiqa")
    for part in ("pyiqa", "pyiqa.utils", "pyiqa.data", "pyiqa.archs"):
        stub(part, __path__=[])
    stub("pyiqa.utils.registry", ARCH_REGISTRY=types.SimpleNamespace(register=lambda: lambda kind: kind))
    padding = module("pyiqa.matlab_utils.padding", base, "matlab_utils/padding.py")
    stub("pyiqa.matlab_utils", ExactPadding2d=padding.ExactPadding2d, exact_padding_2d=padding.exact_padding_2d)
    module("pyiqa.data.multiscale_trans_util", base, "data/multiscale_trans_util.py")
    nothing = lambda *_, **__: None  # noqa: E731
    # Our networks have one class, whose score is the distribution's mean.
    stub("pyiqa.archs.arch_util", dist_to_mos=lambda score: score, load_pretrained_network=nothing,
         get_url_from_name=nothing)
    return module(f"pyiqa.archs.{name}_arch", base, f"archs/{name}_arch.py")


def make(name, folder):
    if name == "hyperiqa-1":
        models = module("hyperiqa_models", folder, "hyperIQA/models.py")
        models.model_zoo.load_url = lambda _: {}
        return Pair(models.HyperNet(16, 112, 224, 112, 56, 28, 14, 7), models.TargetNet)
    if name.startswith("hyperiqa-"):
        rate = int(name.split("-")[1])
        stub("piq", __path__=[])
        stub("piq.arch_util", load_file_from_url=lambda _: None, load_pretrained_network=None)
        loading, torch.load = torch.load, lambda *_, **__: {}
        util = module("piq.sem_hyperiqa_util", folder, "PIQ2023/src/models/archs/sem_hyperiqa_util.py")
        net = util.HyperNet(16, *[s * rate for s in (112, 224, 112, 56, 28, 14, 7)], rate)
        torch.load = loading
        return Pair(net, util.TargetNet)
    if name == "musiq":
        return Unit(pyiqa(folder, "musiq").MUSIQ(pretrained=False))
    try:
        import torchvision
    except RuntimeError:
        # torchvision's compiled operators belong to another torch; its networks don't need them.
        for part in [name for name in sys.modules if name.startswith("torchvision")]:
            del sys.modules[part]
        library = torch.library.Library("torchvision", "DEF")
        for operator in ("nms", "qnms"):
            library.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        import torchvision

    vgg16 = torchvision.models.vgg16
    torchvision.models.vgg16 = lambda **_: vgg16(weights=None)
    return Unit(pyiqa(folder, "dbcnn").DBCNN(fc=False, pretrained=False))
