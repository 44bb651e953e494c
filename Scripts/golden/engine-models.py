#!/usr/bin/env python3
"""Golden values of the quality models from their public references.

usage: engine-models.py REFERENCES OUT_FOLDER

REFERENCES holds checkouts, which are run and not copied:
  hyperIQA      github.com/SSL92/hyperIQA
  PIQ2023       github.com/DXOMARK-Research/PIQ2023
  IQA-PyTorch   github.com/chaofengc/IQA-PyTorch
Needs Python packages torch, torchvision, numpy, efficientnet-lite-pytorch 0.1.0.

Weights and inputs follow formulas, so that the Swift tests make the same ones themselves.
Corrections of the references, as the specification lists them:
- SEM and FULL average scores patch-major while features are image-major: here every image runs
  alone, where both orders agree.
- The layers of the generated target network are not detached.

The references run in double precision: what is compared with it is our rounding alone.
"""

import importlib.util
import json
import os
import subprocess
import sys
import types

# Beside this file lies a statistics.py that isn't Python's.
sys.path = [folder for folder in sys.path if folder != os.path.dirname(os.path.abspath(__file__))]

import numpy as np
import torch
from efficientnet_lite_pytorch import EfficientNet
from torch import nn
from torch.nn import functional as F

references, out = sys.argv[1:]
torch.set_default_dtype(torch.float64)

# torchvision's compiled operators may belong to another torch; its networks don't need them.
if subprocess.run([sys.executable, "-c", "import torchvision"], capture_output=True).returncode:
    library = torch.library.Library("torchvision", "DEF")
    for operator in ("nms", "qnms"):
        library.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
import torchvision  # noqa: E402

torch.hub.load_state_dict_from_url = lambda *_, **__: {}


def module(name, *path):
    spec = importlib.util.spec_from_file_location(name, os.path.join(references, *path))
    result = importlib.util.module_from_spec(spec)
    sys.modules[name] = result
    spec.loader.exec_module(result)
    return result


def stub(name, **values):
    result = types.ModuleType(name)
    result.__dict__.update(values)
    sys.modules[name] = result
    return result


class Registry:
    def register(self):
        return lambda kind: kind


# --- weights and inputs by formula -------------------------------------------------------------


def hashed(name, count):
    seed = 2166136261
    for byte in name.encode():
        seed = ((seed ^ byte) * 16777619) & 0xFFFFFFFF
    x = np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B1) + np.uint32(seed)
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x85EBCA6B)
    x ^= x >> np.uint32(13)
    x *= np.uint32(0xC2B2AE35)
    x ^= x >> np.uint32(16)
    return (x >> np.uint32(8)).astype(np.float32) * np.float32(2.0**-23) - np.float32(1)


def formula(name, shape):
    u = hashed(name, int(np.prod(shape)) if shape else 1)
    if name.endswith("running_var"):
        u = np.float32(1) + np.float32(0.5) * u
    elif name.endswith(("bias", "running_mean", "_emb", "cls")):
        u = np.float32(0.1) * u
    elif len(shape) == 1:
        u = np.float32(1) + np.float32(0.25) * u
    else:
        fan = u.size // shape[0]
        gain = 2.0 if "features" in name else 1.0
        u = u * np.float32((3.0 * gain / fan) ** 0.5)
    return torch.from_numpy(u.reshape(shape))


def fill(net, skip=()):
    """Overwrites every tensor of the state dictionary; counters stay."""
    state = net.state_dict()
    for name, value in state.items():
        if value.dtype.is_floating_point and not name.startswith(tuple(skip) or "\0"):
            value.copy_(formula(name, tuple(value.shape)))
    net.eval()
    return net


def pattern(height, width, shift=0):
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    values = 7 * x + 13 * y + 29 * c + 5 * ((x * y) % 31) + shift
    return torch.from_numpy((values % 256).astype(np.uint8))


def unit(pixels):
    return pixels.permute(0, 3, 1, 2).contiguous().double() / 255


def imagenet(pixels):
    mean = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
    deviation = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)
    return (unit(pixels) - mean) / deviation


def lite(pixels):
    return (pixels.permute(0, 3, 1, 2).contiguous().double() - 127) / 128


def images(count, height, width):
    return torch.stack([pattern(height, width, 101 * i) for i in range(count)])


# --- what is written ---------------------------------------------------------------------------


def gradients(net, every=1):
    """Norm of each gradient, and its product with the formula's numbers, by name."""
    result = {}
    for index, (name, value) in enumerate(net.named_parameters()):
        backbone = "res." in name or "contextNet." in name
        if value.grad is None or (backbone and index % every):
            continue
        grad = value.grad.double().flatten()
        probe = torch.from_numpy(hashed("probe " + name, grad.numel())).double()
        result[name] = [float(f"{v:.7g}") for v in (grad.norm().item(), (grad * probe).sum().item())]
    return result


def record(net, scores, logits=None, unscaled=None, every=1, extra=None):
    loss = (scores - 0.3).square().mean()
    if logits is not None:
        classes = torch.arange(logits.shape[0]) % logits.shape[1]
        loss = loss + F.cross_entropy(logits, classes)
    net.zero_grad()
    loss.backward()
    result = {
        "scores": scores.tolist(),
        "loss": loss.item(),
        "gradients": gradients(net, every),
    }
    if logits is not None:
        result["logits"] = logits.flatten().tolist()
    if unscaled is not None:
        result["unscaled"] = unscaled.tolist()
    result.update(extra or {})
    return result


def write(name, value):
    path = os.path.join(out, f"{name}.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file, separators=(",", ":"))
        file.write("\n")
    print(name, value.get("scores"), os.path.getsize(path), "bytes", flush=True)


# --- the references ----------------------------------------------------------------------------

original = module("hyperiqa_models", "hyperIQA", "models.py")
original.model_zoo.load_url = lambda _: {}

stub("piq").__path__ = []
stub("piq.arch_util", load_file_from_url=lambda _: None, load_pretrained_network=None)
torch_load, torch.load = torch.load, lambda *_, **__: {}
util = module("piq.sem_hyperiqa_util", "PIQ2023", "src/models/archs/sem_hyperiqa_util.py")
sem = module("piq.sem_hyperiqa_arch", "PIQ2023", "src/models/archs/sem_hyperiqa_arch.py")

base = "IQA-PyTorch/pyiqa"
for name in ("pyiqa", "pyiqa.utils", "pyiqa.data", "pyiqa.archs"):
    stub(name).__path__ = []
stub("pyiqa.utils.registry", ARCH_REGISTRY=Registry())
padding = module("pyiqa.matlab_utils.padding", base, "matlab_utils/padding.py")
stub(
    "pyiqa.matlab_utils",
    ExactPadding2d=padding.ExactPadding2d,
    exact_padding_2d=padding.exact_padding_2d,
)
module("pyiqa.data.multiscale_trans_util", base, "data/multiscale_trans_util.py")
stub(
    "pyiqa.archs.arch_util",
    dist_to_mos=lambda d: (d * torch.arange(1, d.shape[-1] + 1)).sum(-1, keepdim=True),
    load_pretrained_network=lambda *_, **__: None,
    get_url_from_name=lambda _: None,
)
musiq = module("pyiqa.archs.musiq_arch", base, "archs/musiq_arch.py")
torchvision_vgg16 = torchvision.models.vgg16
torchvision.models.vgg16 = lambda **_: torchvision_vgg16(weights=None)
dbcnn = module("pyiqa.archs.dbcnn_arch", base, "archs/dbcnn_arch.py")


def summary(tensor):
    return {"shape": list(tensor.shape), "mean": tensor.mean().item(), "last": tensor[-1, -1, -1, -1].item()}


def resnet50():
    net = fill(torchvision.models.resnet50(weights=None), skip=["fc"])
    taps = []
    for layer in (net.layer1, net.layer2, net.layer3, net.layer4):
        layer.register_forward_hook(lambda _, __, x: taps.append(x))
    net.fc = nn.Identity()
    pooled = net(imagenet(images(2, 97, 65)))
    stages = [summary(tap) for tap in taps]
    features = net(imagenet(images(2, 64, 64)))
    value = record(net, features.mean(1), every=1)
    value["gradients"] = {k: v for i, (k, v) in enumerate(value["gradients"].items()) if i % 9 == 0}
    value |= {"pooled": pooled[0, ::16].tolist(), "stages": stages}
    write("resnet50", value)


def vgg16():
    net = nn.ModuleDict({"features": torchvision.models.vgg16().features[:-1]})
    fill(net)
    write("vgg16", {"features": summary(net["features"](imagenet(images(1, 64, 48))))})


class LiteBackbone(nn.Module):
    """The reference's distortion branch on the public EfficientNet-Lite0."""

    def __init__(self, rate=1, channels=(24, 40, 112, 320)):
        super().__init__()
        net = EfficientNet.from_name("efficientnet-lite0", image_size=None)
        for name in ("_conv_stem", "_bn0", "_blocks", "_conv_head", "_bn1"):
            setattr(self, name, getattr(net, name))
        self.swish = nn.ReLU6()
        for i, (width, places) in enumerate(((16, 64), (32, 16), (64, 4))):
            conv = nn.Conv2d(channels[i], width, 1, bias=False)
            setattr(self, f"lda{i + 1}_pool", nn.Sequential(conv, nn.AvgPool2d(7, 7)))
            setattr(self, f"lda{i + 1}_fc", nn.Linear(width * places * rate * rate, 16))
        self.lda4_pool = nn.AvgPool2d(7, 7)
        self.lda4_fc = nn.Linear(channels[3] * rate * rate, 224 * rate - 48)

    def forward(self, x):
        x = self.swish(self._bn0(self._conv_stem(x)))
        parts = []
        for index, block in enumerate(self._blocks):
            x = block(x)
            if index in (2, 4, 10, 15):
                i = len(parts) + 1
                pooled = getattr(self, f"lda{i}_pool")(x).flatten(1)
                parts.append(getattr(self, f"lda{i}_fc")(pooled))
        return {"hyper_in_feat": x, "target_in_vec": torch.cat(parts, 1)}


def hyperiqa():
    net = fill(original.HyperNet(16, 112, 224, 112, 56, 28, 14, 7))
    parameters = net(imagenet(images(2, 224, 224)))
    scores = original.TargetNet(parameters)(parameters["target_in_vec"])
    write("hyperiqa-r1", record(net, scores, every=9))

    net = fill(util.HyperNet(16, 224, 448, 224, 112, 56, 28, 14, 2))
    parameters = net(imagenet(images(1, 448, 448)))
    scores = util.TargetNet(parameters)(parameters["target_in_vec"])
    write("hyperiqa-r2", record(net, scores.view(1), every=9))

    for rate, count in ((1, 2), (2, 2)):
        net = hyper_on_lite(rate)
        fill(net)
        parameters = net(lite(images(count, 224 * rate, 224 * rate)))
        scores = util.TargetNet(parameters)(parameters["target_in_vec"])
        write("hyperiqa-lite0" + at(rate), record(net, scores, every=9 * rate))


SCENES, PATCHES = 5, 2


def at(rate):
    return "" if rate == 1 else f"-r{rate}"


def hyper_on_lite(rate):
    """The reference's network for patches of 224·rate pixels on the embedded backbone."""
    sizes = [s * rate for s in (112, 224, 112, 56, 28, 14, 7)]
    net = util.HyperNet(16, *sizes, rate)
    net.res = LiteBackbone(rate)
    net.conv1[0] = nn.Conv2d(320, 1024, 1)
    return net


def in_double(net):
    """The reference makes single-precision scene vectors."""
    net.rescaleNet.register_forward_pre_hook(lambda _, args: (args[0].double(),))
    return net


def on_lite(net, rate):
    """The same network on the embedded backbone."""
    net.hyperNet.res = LiteBackbone(rate)
    net.hyperNet.conv1[0] = nn.Conv2d(320, 1024, 1)
    return net


def per_image(net, batches, **more):
    """Every image alone, so that the reference's two orders of patches agree."""
    results = [net(patches, **more) for patches in batches]
    quality = torch.cat([r["quality"].view(1) for r in results])
    plain = torch.cat([r.get("preQuality", r["quality"]).view(1) for r in results])
    logits = torch.cat([r["class"] for r in results]) if "class" in results[0] else None
    return quality, logits, plain


def scene_models(rate):
    """SEM, CO, SO, FULL and FULL with the complete image, for patches of 224·rate pixels."""
    side, every = 224 * rate, 27
    size = dict(numClasses=SCENES, nbPatchesIn=PATCHES)
    batches = [images(2, side, side), images(2, side, side).flip(1)]
    small = [lite(b) for b in batches]
    batches = [imagenet(b) for b in batches]

    net = fill(sem.SemHyperIQA(side, classify=dict(size), rescale={}))
    quality, logits, plain = per_image(net, batches)
    write("sem" + at(rate), record(net, quality, logits, plain, every=9 * rate))

    net = fill(on_lite(sem.SemHyperIQA(side, classify=dict(size)), rate))
    quality, logits, plain = per_image(net, small)
    write("sem-co" + at(rate), record(net, quality, logits, plain, every=every))

    # Scene-only: the reference has no such class without a classifier; its parts do it.
    net = nn.Module()
    net.hyperNet = hyper_on_lite(rate)
    net.rescaleNet = util.RescaleNet(SCENES)
    fill(net)
    plain = []
    for batch in small:
        parameters = net.hyperNet(batch)
        plain.append(util.TargetNet(parameters)(parameters["target_in_vec"]).mean())
    plain = torch.stack(plain)
    lines = net.rescaleNet(F.one_hot(torch.tensor([3, 1]), SCENES).double())
    write("sem-so" + at(rate), record(net, lines[:, 0] * plain + lines[:, 1], None, plain, every=every))

    net = sem.FullHyperIQA(side, classify=dict(size), rescale={}, weightQualityByClass=3)
    fill(in_double(on_lite(net, rate)))
    quality, logits, plain = per_image(net, small)
    write("full" + at(rate), record(net, quality, logits, plain, every=every))

    # The variant: the scene from the complete image, by a network of its own.
    net = on_lite(sem.FullHyperIQA(side, classify=dict(size), rescale={}, weightQualityByClass=3), rate)
    net.sceneClassNet = util.SceneClassNet(1280, SCENES)
    net.contextNet = EfficientNet.from_name("efficientnet-lite0", image_size=None)
    del net.contextNet._fc
    net.hyperNet.poolClass = None
    fill(net)
    plain = []
    for batch in small:
        parameters = net.hyperNet(batch)
        plain.append(util.TargetNet(parameters)(parameters["target_in_vec"]).mean())
    plain = torch.stack(plain)
    features = net.contextNet.extract_features(lite(images(2, 96, 128)))
    logits = net.sceneClassNet(features.mean((2, 3)))
    quality = top_scenes(net.rescaleNet, logits, plain, 3)
    write("full-complete" + at(rate), record(net, quality, logits, plain, every=every))


def top_scenes(rescale, logits, plain, count):
    """q = Σ p̃ᵢ (aᵢ q₀ + bᵢ) over the most probable scenes."""
    shares, places = logits.softmax(1).topk(count, 1)
    shares = shares / shares.sum(1, keepdim=True)
    lines = rescale(F.one_hot(places, SCENES).double())
    return (shares * (lines[..., 0] * plain[:, None] + lines[..., 1])).sum(1)


def pooled():
    net = nn.Module()
    net.backbone = torchvision.models.resnet50(weights=None)
    net.backbone.fc = nn.Identity()
    net.score = nn.Linear(2048, 1)
    net.scene = nn.Linear(2048, SCENES)
    net.rescaleNet = util.RescaleNet(SCENES)
    fill(net)
    features = net.backbone(imagenet(images(2, 96, 128)))
    plain = net.score(features).squeeze(1)
    logits = net.scene(features)
    lines = net.rescaleNet(logits.softmax(1))
    value = record(net, lines[:, 0] * plain + lines[:, 1], logits, plain)
    kept = enumerate(value["gradients"].items())
    value["gradients"] = {k: v for i, (k, v) in kept if "backbone" not in k or i % 27 == 0}
    with torch.no_grad():
        features = net.backbone(imagenet(images(1, 448, 448)))
        lines = net.rescaleNet(net.scene(features).softmax(1))
        value["large"] = (lines[:, 0] * net.score(features).squeeze(1) + lines[:, 1]).tolist()
    write("pooled", value)


def musiq_model():
    net = fill(musiq.MUSIQ(pretrained=False))
    pixels = images(2, 150, 260)
    sequence = musiq.get_multiscale_patches((unit(pixels) - 0.5) * 2, **net.data_preprocess_opts)
    net.train()
    scores = net(sequence).squeeze(1)
    value = record(net, scores)
    kept = enumerate(value["gradients"].items())
    value["gradients"] = {k: v for i, (k, v) in kept if i % 7 == 0 or "encoderblock" not in k}
    net.eval()
    with torch.no_grad():
        value["distribution"] = fill(musiq.MUSIQ(pretrained=False, num_class=10))(unit(pixels[:1]))[0].tolist()
        value["large"] = net(unit(images(1, 448, 448)))[0].tolist()
    # Each token's place and scale, up to the padding.
    real = sequence[0][sequence[0, :, -1] > 0]
    value["places"] = real[:, -3].int().tolist()
    value["scales"] = real[:, -2].int().tolist()
    write("musiq", value)


def dbcnn_model():
    net = dbcnn.DBCNN(fc=False, pretrained=False)
    fill(net)
    scores = net(unit(images(2, 96, 80))).squeeze(1)
    value = record(net, scores)
    with torch.no_grad():
        value["odd"] = net(unit(images(1, 75, 101))).squeeze(1).tolist()
        value["large"] = net(unit(images(1, 448, 448))).squeeze(1).tolist()
    write("dbcnn", value)


resnet50()
vgg16()
hyperiqa()
for patch_rate in (1, 2):
    scene_models(patch_rate)
pooled()
musiq_model()
dbcnn_model()
