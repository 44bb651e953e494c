"""Compares HyperIQA, MUSIQ, DB-CNN and RetinaFace with Python on the same libtorch, weights, pixels and 2 threads.

Run: python3 Benchmarks/Neural/neural.py [REPEATS] [ROW…]     (rows: hyperiqa-1 hyperiqa-6 musiq dbcnn retinaface; all by default)
     after swift build -c release, with what Benchmarks/Neural/requirements.txt lists.
With REFERENCES (see neural_peer.py) the peers are the public repositories' own code.

Each process loads its model's file, scores raw pixels once (process start to first score), then REPEATS times more, and
tells its largest resident memory. Ours and theirs take turns, ROUNDS times; the smallest time of each counts. Weights
are random: Kaiming-normal, seeded.
"""
import ast
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

ROOT = pathlib.Path(__file__).parents[2]
PROGRAM = pathlib.Path(os.environ.get("NEURAL_BENCHMARK", ROOT / ".build/release/neural-benchmark"))
PEER = pathlib.Path(__file__).with_name("neural_peer.py")
ROUNDS = int(os.environ.get("ROUNDS", "3"))
# Model, images, height, width, our name for it, side of a crop.
ROWS = {
    "hyperiqa-1": (25, 224, 224, "hyperiqa"),
    "hyperiqa-6": (1, 1344, 1344, "hyperiqa"),
    "musiq": (1, 768, 1024, "musiq"),
    "dbcnn": (1, 448, 448, "dbcnn"),
}


def weights(name, path):
    """A state dictionary with random weights that keep activations of the order of 1."""
    import torch

    import neural_peer

    torch.manual_seed(5)
    with torch.device("meta"):
        net = neural_peer.plain(name)
    state = {}
    for key, value in net.state_dict().items():
        if key.endswith("num_batches_tracked"):
            continue
        noise = torch.randn(value.shape)
        if key.endswith("running_var"):
            noise = noise.abs() * 0.2 + 0.9
        elif value.dim() == 1 and key.endswith("weight"):
            noise = 1 + 0.1 * noise
        elif value.dim() == 1 or key.endswith(("_emb", "cls", "running_mean")):
            noise = 0.1 * noise
        else:
            linear = value.dim() == 2 or "w_conv" in key
            noise *= ((1.0 if linear else 2.0) / value[0].numel()) ** 0.5
        if key.endswith("bn3.weight"):
            noise = 0.2 + 0.05 * noise
        state[key] = noise
    torch.save(state, path)


def crops(count, height, width):
    """Crops of a portrait, enlarged where it is too small."""
    from PIL import Image

    image = Image.open(ROOT / ".deps/portraits/obama.jpg").convert("RGB")
    factor = max(1.0, 1.4 * height / image.height, 1.4 * width / image.width)
    image = image.resize((round(image.width * factor), round(image.height * factor)), Image.BICUBIC)
    whole = np.asarray(image)
    random = np.random.default_rng(3)
    places = [(random.integers(whole.shape[0] - height), random.integers(whole.shape[1] - width)) for _ in range(count)]
    return np.stack([whole[y : y + height, x : x + width] for y, x in places])


def run(command):
    """Seconds from the process's start to its first score, and what it tells at its end."""
    begin = time.perf_counter()
    process = subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE, text=True)
    process.stdout.readline()
    first = time.perf_counter() - begin
    result = json.loads(process.stdout.read())
    if process.wait():
        sys.exit(f"{command[0]} failed")
    return result | {"first": first}


def better(old, new):
    """The smaller times and the larger memory of two runs of the same."""
    if old is None:
        return new
    new["times"] += old["times"]
    new["first"] = min(new["first"], old["first"])
    new["peakKilobytes"] = max(new["peakKilobytes"], old["peakKilobytes"])
    return new


def line(name, what, result, peer=None, scores=None):
    best, memory = min(result["times"]), result["peakKilobytes"] / 1024
    text = f"{name:11} {what:15} {1000 * best:9.1f} ms {result['first']:7.2f} s {memory:7.0f} MB"
    if peer:
        text += f"  ×{min(peer['times']) / best:5.2f} ×{peer['first'] / result['first']:5.2f}"
        text += f" ×{result['peakKilobytes'] / peer['peakKilobytes']:5.2f}"
    if scores is not None:
        text += f"  |Δ| ≤ {np.abs(np.subtract(result['scores'], scores)).max():.2e}"
    print(text, flush=True)


def quality(name, repeats, folder):
    count, height, width, architecture = ROWS[name]
    state, model, raw = folder / "state.pth", folder / "model", folder / "pixels"
    weights(name, state)
    crops(count, height, width).tofile(raw)
    size = [height, width]
    side = height if architecture == "hyperiqa" else 448
    subprocess.run([str(a) for a in (PROGRAM, "import", state, architecture, side, 1, model)], check=True)
    commands = {"Python": [sys.executable, PEER, name, state, raw, *size, repeats]}
    for kind in ("float32", "bfloat16"):
        commands[f"ours {kind}"] = [PROGRAM, "score", model, raw, *size, repeats, kind]
    results = {}
    for _ in range(ROUNDS):
        for what, command in commands.items():
            results[what] = better(results.get(what), run(command))
    peer = results["Python"]
    line(name, "Python", peer)
    for what in list(commands)[1:]:
        line(name, what, results[what], peer, peer["scores"])
    if count > 1:
        print(f"{name:11} the scores' standard deviation over the {count} crops: {statistics.stdev(peer['scores']):.3f}")


def faces(repeats, folder):
    import importlib.util

    import onnxruntime

    source = pathlib.Path(importlib.util.find_spec("retinaface").origin).with_name("weights.py")
    network = next(
        node.value.value
        for node in ast.parse(source.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
    )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    session = onnxruntime.InferenceSession(network, options)
    pixels = crops(1, 720, 960)
    pixels.tofile(folder / "pixels")
    image = pixels[..., ::-1].astype(np.float32) - np.array([104, 117, 123], np.float32)
    image = np.ascontiguousarray(image.transpose(0, 3, 1, 2))
    times = []
    for _ in range(repeats + 1):
        begin = time.perf_counter()
        scores = session.run(None, {"input": image})[1]
        times.append(time.perf_counter() - begin)
    peer = [float(scores[..., 1].mean())]
    path = ROOT / ".deps/models/retinaface-mobilenet025.safetensors"
    ours = run([PROGRAM, "faces", path, folder / "pixels", 720, 960, repeats])
    best, own = min(times[1:]), min(ours["times"])
    print(f"retinaface  ONNX Runtime {onnxruntime.__version__} {1000 * best:.1f} ms")
    print(f"retinaface  ours {1000 * own:.1f} ms, ours ÷ theirs {own / best:.2f}, |Δ| of the mean score {abs(ours['scores'][0] - peer[0]):.1e}")


def main():
    words = sys.argv[1:]
    repeats = int(words.pop(0)) if words and words[0].isdigit() else 5
    print("model       what              best time    first     peak  faster: score, start; memory ours ÷ theirs")
    for name in words or [*ROWS, "retinaface"]:
        with tempfile.TemporaryDirectory() as folder:
            if name == "retinaface":
                faces(10 * repeats, pathlib.Path(folder))
            else:
                quality(name, repeats, pathlib.Path(folder))


os.environ.setdefault("OMP_NUM_THREADS", "2")
sys.path.insert(0, str(PEER.parent))
main()
