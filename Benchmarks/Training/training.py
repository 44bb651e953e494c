"""Compares a training step with PyTorch: same network, crops, loss, optimiser and 2 threads, in float32 and bf16.

Needs: torch (the release that Vernier links), numpy, pillow, the set-up's portraits and a built program.
Run: python3 Benchmarks/Training/training.py [STEPS]   (12 steps by default)

HyperIQA on ResNet-50 with random weights, 8 crops of 224 pixels a step, L1, Adam in two groups. Ours is `vernier train`
as it is: photos are decoded, cached, cut and loaded in that time. The peer gets its crops from memory, in PyTorch's
default layout. A step's time is the median without the first four; memory is the process's peak.
"""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
from PIL import Image

ROOT = pathlib.Path(__file__).parents[2]
# The same network in PyTorch.
sys.path.insert(0, str(ROOT / "Benchmarks/Neural"))
PROGRAM = pathlib.Path(os.environ.get("VERNIER", ROOT / ".build/release/vernier"))
BATCH, SIDE, WARM = 8, 224, 4
# One is for validation: every step has a whole batch.
PHOTOS = 3 * BATCH + 1


def peer(precision, steps):
    """One PyTorch run: prints its step times and its peak memory."""
    import torch

    import neural_peer

    torch.set_num_threads(2)
    torch.manual_seed(1)
    net = neural_peer.HyperIQA(1).train()
    head = [p for n, p in net.named_parameters() if not n.startswith("res.")]
    backbone = [p for n, p in net.named_parameters() if n.startswith("res.")]
    groups = [{"params": head, "lr": 2e-4}, {"params": backbone, "lr": 2e-5}]
    optimizer = torch.optim.Adam([g for g in groups if g["params"]], weight_decay=5e-4)
    crops = np.random.default_rng(1).integers(0, 256, (BATCH, SIDE, SIDE, 3), np.uint8)
    target = torch.randn(BATCH)
    times = []
    for _ in range(steps):
        begin = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
            scores = net(neural_peer.normalised("hyperiqa-1", net, crops))
        loss = torch.nn.functional.l1_loss(scores.float().reshape(-1), target)
        loss.backward()
        optimizer.step()
        loss.item()
        times.append(time.perf_counter() - begin)
    with open("/proc/self/status", encoding="utf-8") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    print(json.dumps({"times": times, "peak": peak / 1024}))


def study(folder):
    """Photos of 768 x 1024 pixels with sensor noise, scores and a split."""
    (folder / "images").mkdir()
    source = Image.open(ROOT / ".deps/portraits/obama.jpg").convert("RGB").resize((768, 1024), Image.BICUBIC)
    base = np.asarray(source, np.float32)
    random = np.random.default_rng(3)
    split = ["IMAGE,SPLIT"]
    for index in range(PHOTOS):
        noisy = np.clip(base + random.normal(0, 2 + index, base.shape), 0, 255).astype(np.uint8)
        Image.fromarray(noisy).save(folder / f"images/{index}.jpg", quality=92)
        split.append(f"{index}.jpg,{'Valid' if index == 0 else 'Train'}")
    (folder / "split.csv").write_text("\n".join(split) + "\n")
    header = ("IMAGE PATH,JOD,JOD STD,CI LOW,CI HIGH,CI RANGE,QUALITY LEVEL,CLUSTER,TOTAL COMPARISONS,IMAGE,SCENE,"
              "ATTRIBUTE,SCENE IDX,CONDITION")
    rows = [header] + [
        f"Details\\{i}.jpg,{2 - i / 6},0.2,{1.6 - i / 6},{2.4 - i / 6},0.8,0,0,40,{i}.jpg,scene,Details,0,Indoor"
        for i in range(PHOTOS)]
    (folder / "Scores_Details.csv").write_text("\n".join(rows) + "\n")


def ours(folder, precision, steps):
    """One run of `vernier train`: step times, waiting times and peak memory."""
    per_epoch = (PHOTOS - 1 + BATCH - 1) // BATCH
    out = folder / f"run-{precision}"
    command = [PROGRAM, "train", "--scores", folder / "Scores_Details.csv", "--images", folder / "images", "--split",
               folder / "split.csv", "--architecture", "hyperiqa", "--backbone", "resnet50", "--batch-size", BATCH,
               "--epochs", -(-steps // per_epoch), "--threads", 2, "--precision",
               "bf16" if precision == "bf16" else "float32", "--grid-limit", 1, "--checkpoint-minutes", 1000,
               "--out", out]
    with open(folder / "messages", "w", encoding="utf-8") as messages:
        process = subprocess.Popen([str(c) for c in command], stdout=messages, stderr=messages)
        _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit((folder / "messages").read_text())
    lines = [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]
    times, waits = [], []
    for before, after in zip(lines, lines[1:]):
        # Validation and the epoch's checkpoint stand between the last step of an epoch and the next.
        if before["event"] == after["event"] == "step":
            times.append(after["seconds"] - before["seconds"])
            waits.append(after["waitedSeconds"] - before["waitedSeconds"])
    return times[2:], waits[2:], usage.ru_maxrss / 1024


def main():
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    try:
        import torch  # noqa: F401
    except ImportError:
        print("training: skipped, torch is not there (see Benchmarks/Neural/requirements.txt)")
        return
    print("| step of 8 crops of 224 px | PyTorch ms | Vernier ms | PyTorch ÷ ours | waiting for photos | PyTorch MB "
          "| Vernier MB |\n|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        study(folder)
        base = None
        for precision in ("float32", "bf16"):
            times, waits, memory = ours(folder, precision, steps)
            result = subprocess.run(
                [sys.executable, __file__, "peer", precision, str(steps)], capture_output=True, text=True, check=True)
            other = json.loads(result.stdout)
            theirs = statistics.median(other["times"][WARM:])
            base = base or theirs
            mine = statistics.median(times)
            print(f"| {precision} | {1e3 * theirs:.0f} | {1e3 * mine:.0f} | {theirs / mine:.2f} "
                  f"(float32: {base / mine:.2f}) | {100 * sum(waits) / sum(times):.1f} % | {other['peak']:.0f} "
                  f"| {memory:.0f} |", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["peer"]:
        sys.path.insert(0, str(pathlib.Path(__file__).parent))
        peer(sys.argv[2], int(sys.argv[3]))
    else:
        main()
