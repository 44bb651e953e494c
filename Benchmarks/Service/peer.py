"""The default model behind LitServe and ONNX Runtime, as a Python team would serve it.

usage: peer.py PORT MODEL_FOLDER [THREADS]

Decoding and resizing by Pillow, the network by ONNX Runtime on the processor, one worker with all threads, as
`vernier serve` has. The graph is built from the same safetensors weights; photos are the bodies of POST /predict.
"""
import io
import json
import os
import sys
from pathlib import Path
from typing import Annotated

import litserve
import numpy
import onnx
import onnxruntime
from fastapi import Body
from PIL import Image, ImageOps
from safetensors.numpy import load_file

# Repeats, kernel, stride, expansion, inputs, outputs: table 1 of arXiv:1905.11946, without its last row.
ROWS = [(1, 3, 1, 1, 32, 16), (2, 3, 2, 6, 16, 24), (2, 5, 2, 6, 24, 40), (3, 3, 2, 6, 40, 80), (3, 5, 1, 6, 80, 112),
        (4, 5, 2, 6, 112, 192)]


class Graph:
    """An ONNX graph that grows node by node."""

    def __init__(self, weights):
        self.weights, self.nodes, self.values, self.count = weights, [], {}, 0

    def constant(self, name, value):
        self.values[name] = onnx.numpy_helper.from_array(numpy.asarray(value), name)
        return name

    def node(self, kind, *inputs, **attributes):
        self.count += 1
        name = f"v{self.count}"
        self.nodes.append(onnx.helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def conv_norm(self, x, conv, norm, kernel, stride=1, groups=1):
        """A convolution with its batch norm folded in."""
        w, key = self.weights, f"backbone.{norm}"
        scale = w[f"{key}.weight"] / numpy.sqrt(w[f"{key}.running_var"] + 1e-3)
        shift = w[f"{key}.bias"] - w[f"{key}.running_mean"] * scale
        weight = w[f"backbone.{conv}.weight"] * scale[:, None, None, None]
        return self.node(
            "Conv", x, self.constant(f"{conv}.w", weight.astype(numpy.float32)),
            self.constant(f"{conv}.b", shift.astype(numpy.float32)), kernel_shape=[kernel, kernel],
            strides=[stride, stride], group=groups, auto_pad="SAME_UPPER")

    def relu6(self, x):
        return self.node("Clip", x, "zero", "six")


def model(folder):
    """The network as ONNX bytes: a photo [1, 3, height, width], normalized, to its standardized score."""
    stored = load_file(f"{folder}/weights.safetensors")
    weights = {name: value.astype(numpy.float32) for name, value in stored.items()}
    g = Graph(weights)
    for name, value in (("zero", 0.0), ("six", 6.0), ("low", -5.0), ("high", 5.0), ("epsilon", 1e-8)):
        g.constant(name, numpy.float32(value))
    g.constant("axes", numpy.array([2, 3]))
    x = g.relu6(g.conv_norm("photo", "_conv_stem", "_bn0", 3, 2))
    index, features = 0, []
    for row, (count, kernel, stride, expand, inputs, outputs) in enumerate(ROWS):
        for repeat in range(count):
            block, ins = f"_blocks.{index}", inputs if repeat == 0 else outputs
            y = x
            if expand > 1:
                y = g.relu6(g.conv_norm(y, f"{block}._expand_conv", f"{block}._bn0", 1))
            y = g.relu6(g.conv_norm(y, f"{block}._depthwise_conv", f"{block}._bn1", kernel,
                                    stride if repeat == 0 else 1, ins * expand))
            y = g.conv_norm(y, f"{block}._project_conv", f"{block}._bn2", 1)
            x = g.node("Add", x, y) if repeat > 0 else y
            index += 1
        if row > 0:
            mean = g.node("ReduceMean", x, "axes", keepdims=1)
            apart = g.node("Sub", x, mean)
            variance = g.node("ReduceMean", g.node("Mul", apart, apart), "axes", keepdims=1)
            features += [mean, g.node("Sqrt", g.node("Add", variance, "epsilon"))]
    flat = g.node("Flatten", g.node("Concat", *features, axis=1))
    centered = g.node("Sub", flat, g.constant("center", weights["head.center"]))
    standard = g.node("Div", centered, g.constant("deviation", weights["head.deviation"]))
    limited = g.node("Clip", standard, "low", "high")
    result = g.node("Gemm", limited, g.constant("head.w", weights["head.output.weight"]),
                    g.constant("head.b", weights["head.output.bias"]), transB=1)
    photo = onnx.helper.make_tensor_value_info("photo", onnx.TensorProto.FLOAT, [1, 3, "height", "width"])
    score = onnx.helper.make_tensor_value_info(result, onnx.TensorProto.FLOAT, [1, 1])
    graph = onnx.helper.make_graph(g.nodes, "multi-depth", [photo], [score], list(g.values.values()))
    return onnx.helper.make_model(
        graph, opset_imports=[onnx.helper.make_opsetid("", 18)], ir_version=10).SerializeToString()


class API(litserve.LitAPI):
    """What LitServe calls for each photo."""

    def __init__(self, folder, threads):
        super().__init__()
        self.folder, self.threads = folder, threads

    def setup(self, device):
        description = json.loads(Path(self.folder, "model.json").read_text())
        self.side = int(description["metadata"]["longSidePixels"])
        self.offset = description["configuration"]["scoreOffset"]
        self.scale = description["configuration"]["scoreScale"]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.threads
        self.session = onnxruntime.InferenceSession(model(self.folder), options, providers=["CPUExecutionProvider"])

    def decode_request(self, request: Annotated[bytes, Body(media_type="application/octet-stream")]):
        return request

    def predict(self, body):
        photo = ImageOps.exif_transpose(Image.open(io.BytesIO(body))).convert("RGB")
        factor = self.side / max(photo.size)
        size = tuple(max(1, round(length * factor)) for length in photo.size)
        pixels = numpy.asarray(photo.resize(size, Image.Resampling.BICUBIC), dtype=numpy.float32)
        planes = ((pixels - 127) / 128).transpose(2, 0, 1)[None]
        return float(self.session.run(None, {"photo": planes})[0][0, 0]) * self.scale + self.offset

    def encode_response(self, output):
        return {"score": output}


if __name__ == "__main__":
    threads = int(sys.argv[3]) if len(sys.argv) > 3 else os.cpu_count()
    litserve.LitServer(API(sys.argv[2], threads), accelerator="cpu", workers_per_device=1, timeout=120).run(
        port=int(sys.argv[1]), host="127.0.0.1", log_level="error", generate_client_file=False)
