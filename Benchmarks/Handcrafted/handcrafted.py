"""Compares BRISQUE and NIQE with pyiqa on a photo of 12 megapixels, 2 threads, and shows IL-NIQE's time.

Needs: pip install torch numpy scipy pillow; pip install --no-deps pyiqa (its licence forbids commercial use), and the
set-up's portraits.
Run: python3 Benchmarks/Handcrafted/handcrafted.py FOLDER_OF_PARAMETERS [REPEATS] [MEGAPIXELS]
     after swift build -c release
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np
import torch
from PIL import Image

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "Scripts/golden"))
import handcrafted_peers  # noqa: E402

PARAMETERS = sys.argv[1]
REPEATS = int(sys.argv[2]) if len(sys.argv) > 2 else 3
MEGAPIXELS = float(sys.argv[3]) if len(sys.argv) > 3 else 12
torch.set_num_threads(2)


def photo():
    """A portrait enlarged, with a sensor's noise."""
    width = round((MEGAPIXELS * 1e6 * 3 / 4) ** 0.5)
    source = Image.open(ROOT / ".deps/portraits/obama.jpg").convert("RGB")
    large = np.asarray(source.resize((width, width * 4 // 3), Image.BICUBIC), np.float32)
    noisy = large + np.random.default_rng(1).normal(0, 5, large.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8)


def measured(metric, tensor):
    elapsed, processor = [], []
    for _ in range(REPEATS):
        start, used = time.perf_counter(), time.process_time()
        with torch.no_grad():
            score = float(metric(tensor))
        elapsed.append(time.perf_counter() - start)
        processor.append(time.process_time() - used)
    return score, min(elapsed), min(processor)


pixels = photo()
with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder) / "photo.png"
    Image.fromarray(pixels).save(path, compress_level=1)
    program = ROOT / ".build/release/handcrafted-benchmark"
    ours = json.loads(
        subprocess.run(
            [program, path, PARAMETERS, str(REPEATS)], check=True, capture_output=True, text=True
        ).stdout
    )
peers = handcrafted_peers.metrics(PARAMETERS)
tensor = handcrafted_peers.tensor(pixels)
print(f"{pixels.shape[1]}×{pixels.shape[0]}, best of {REPEATS}: score, elapsed s, processor s")
for name in ("brisque", "niqe"):
    score, elapsed, processor = measured(peers[name], tensor)
    mine = ours[name]
    print(f"{name:8} vernier {mine[0]:9.4f} {mine[1]:7.3f} {mine[2]:7.3f}")
    print(f"{name:8} pyiqa   {score:9.4f} {elapsed:7.3f} {processor:7.3f}")
    print(f"{name:8} ratio   {elapsed / mine[1]:17.1f} {processor / mine[2]:7.1f}")
print(f"{'ilniqe':8} vernier {ours['ilniqe'][0]:9.4f} {ours['ilniqe'][1]:7.3f} {ours['ilniqe'][2]:7.3f}")
