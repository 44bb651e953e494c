"""Compares a training step with PyTorch: same network, crops, loss, optimiser and 2 threads, in float32 and bf16.

Needs: torch (the release that Vernier links; torch.compile also a C++ compiler), numpy, pillow, the set-up's portraits
and a built program.
Run: python3 Benchmarks/Training/training.py [STEPS]          8 crops of 224 pixels a step (12 steps by default)
     python3 Benchmarks/Training/training.py --large [STEPS]  one crop of 1344 pixels a step, with activation
                                                              checkpointing and without

HyperIQA on ResNet-50 with random weights, L1, Adam in two groups. Ours is `vernier train` as it is: photos are decoded,
cached, cut and loaded in that time. The peer gets its crops from memory, in PyTorch's default layout, with the
channels last, and compiled by torch.compile. A step's time is the median without the first four; memory is the
process's peak. The processor's peak is that of a large matrix product in the same run; a step's operations are those
of its convolutions and products, counted by PyTorch.
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
WARM = 4


class Size:
    """How much one step trains on."""

    def __init__(self, batch, side):
        self.batch, self.side, self.rate = batch, side, side // 224
        # One is for validation: every step has a whole batch.
        self.photos = 3 * batch + 1


SMALL, LARGE = Size(8, 224), Size(1, 1344)


def peer(precision, form, size, steps, device="cpu"):
    """One PyTorch run: its step times, its peak memory, a step's operations and the processor's peak."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    import neural_peer

    if device == "cpu":
        torch.set_num_threads(2)
    torch.manual_seed(1)
    net = neural_peer.HyperIQA(size.rate).train().to(device)
    if form != "default":
        net = net.to(memory_format=torch.channels_last)
    head = [p for n, p in net.named_parameters() if not n.startswith("res.")]
    backbone = [p for n, p in net.named_parameters() if n.startswith("res.")]
    groups = [{"params": head, "lr": 2e-4}, {"params": backbone, "lr": 2e-5}]
    optimizer = torch.optim.Adam([g for g in groups if g["params"]], weight_decay=5e-4)
    crops = np.random.default_rng(1).integers(0, 256, (size.batch, size.side, size.side, 3), np.uint8)
    target = torch.randn(size.batch, device=device)
    name = f"hyperiqa-{size.rate}"
    run = torch.compile(net) if form == "compiled" else net

    def step():
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast(device.split(":")[0], torch.bfloat16, enabled=precision == "bf16"):
            pixels = neural_peer.normalised(name, net, crops).to(device)
            if form != "default":
                pixels = pixels.contiguous(memory_format=torch.channels_last)
            scores = run(pixels)
        loss = torch.nn.functional.l1_loss(scores.float().reshape(-1), target)
        loss.backward()
        optimizer.step()
        return loss.item()

    times = []
    for _ in range(steps):
        begin = time.perf_counter()
        step()
        times.append(time.perf_counter() - begin)
    with open("/proc/self/status", encoding="utf-8") as status:
        memory = next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    operations = peak = 0
    if form == "default":
        with FlopCounterMode(display=False) as counter:
            step()
        operations = counter.get_total_flops()
        peak = matrix_peak(torch, torch.bfloat16 if precision == "bf16" else torch.float32, device)
    print(json.dumps({"times": times, "peak": memory, "operations": operations, "rate": peak}))


def matrix_peak(torch, kind, device, side=3072):
    """The operations a second of the best of some large matrix products."""
    a, b = (torch.randn(side, side, device=device).to(kind) for _ in range(2))
    best = float("inf")
    for _ in range(6):
        begin = time.perf_counter()
        float((a @ b)[0, 0])
        best = min(best, time.perf_counter() - begin)
    return 2 * side ** 3 / best


def study(folder, size):
    """Photos with sensor noise, scores and a split."""
    (folder / "images").mkdir()
    shape = (768, 1024) if size.side < 768 else (1400, 1800)
    source = Image.open(ROOT / ".deps/portraits/obama.jpg").convert("RGB").resize(shape, Image.BICUBIC)
    base = np.asarray(source, np.float32)
    random = np.random.default_rng(3)
    split = ["IMAGE,SPLIT"]
    for index in range(size.photos):
        noisy = np.clip(base + random.normal(0, 2 + index, base.shape), 0, 255).astype(np.uint8)
        Image.fromarray(noisy).save(folder / f"images/{index}.jpg", quality=92)
        split.append(f"{index}.jpg,{'Valid' if index == 0 else 'Train'}")
    (folder / "split.csv").write_text("\n".join(split) + "\n")
    header = ("IMAGE PATH,JOD,JOD STD,CI LOW,CI HIGH,CI RANGE,QUALITY LEVEL,CLUSTER,TOTAL COMPARISONS,IMAGE,SCENE,"
              "ATTRIBUTE,SCENE IDX,CONDITION")
    rows = [header] + [
        f"Details\\{i}.jpg,{2 - i / 6},0.2,{1.6 - i / 6},{2.4 - i / 6},0.8,0,0,40,{i}.jpg,scene,Details,0,Indoor"
        for i in range(size.photos)]
    (folder / "Scores_Details.csv").write_text("\n".join(rows) + "\n")


def ours(folder, precision, size, steps, *options, device="cpu"):
    """One run of `vernier train`: step times, waiting times and peak memory."""
    per_epoch = (size.photos - 1 + size.batch - 1) // size.batch
    out = folder / "-".join(["run", precision, *(option.strip("-") for option in options)])
    threads = ["--threads", 2] if device == "cpu" else ["--device", device]
    command = [PROGRAM, "train", "--scores", folder / "Scores_Details.csv", "--images", folder / "images", "--split",
               folder / "split.csv", "--architecture", "hyperiqa", "--backbone", "resnet50", "--batch-size", size.batch,
               "--crop", size.side, "--epochs", -(-steps // per_epoch), *threads, "--precision",
               "bf16" if precision == "bf16" else "float32", "--grid-limit", 1, "--checkpoint-minutes", 1000,
               *options, "--out", out]
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


def theirs(precision, form, size, steps):
    """The peer in a process of its own; None where it can't run, such as torch.compile without a compiler."""
    result = subprocess.run(
        [sys.executable, __file__, "peer", precision, form, str(size.side), str(steps)], capture_output=True,
        text=True, check=False)
    if result.returncode:
        print(f"note: PyTorch, {form}, {precision}: {result.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return None
    return json.loads(result.stdout)


def precisions():
    """float32, and bf16 where the processor has it."""
    flags = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
    return ["float32", "bf16"] if "avx512_bf16" in flags or "amx_bf16" in flags else ["float32"]


def small(folder, steps):
    study(folder, SMALL)
    print("| step of 8 crops of 224 px | ms | PyTorch ÷ ours | peak memory, MB | of the processor's peak "
          "| waiting for photos |\n|---|---|---|---|---|---|")
    for precision in precisions():
        times, waits, memory = ours(folder, precision, SMALL, steps)
        mine = statistics.median(times)
        peers = {form: theirs(precision, form, SMALL, steps) for form in ("default", "channels-last", "compiled")}
        known = peers["default"] or {"operations": 0, "rate": 1}

        def share(seconds):
            return f"{100 * known['operations'] / seconds / known['rate']:.0f} %"

        print(f"| Vernier, {precision} | {1e3 * mine:.0f} | | {memory:.0f} | {share(mine)} "
              f"| {100 * sum(waits) / sum(times):.1f} % |", flush=True)
        for form, found in peers.items():
            if found:
                time_ = statistics.median(found["times"][WARM:])
                print(f"| PyTorch, {form}, {precision} | {1e3 * time_:.0f} | {time_ / mine:.2f} | {found['peak']:.0f} "
                      f"| {share(time_)} | |", flush=True)
        print(f"| matrix product of 3072², {precision} | {known['rate'] / 1e9:.0f} GFLOP/s; a step has "
              f"{known['operations'] / 1e9:.0f} GFLOP | | | | |", flush=True)


def large(folder, steps):
    study(folder, LARGE)
    print("| step of one crop of 1344 px, float32 | ms | PyTorch ÷ ours | peak memory, MB | of PyTorch's |\n"
          "|---|---|---|---|---|")
    peers = {form: theirs("float32", form, LARGE, steps) for form in ("default", "channels-last")}
    base = peers["default"] or {"times": [0] * steps, "peak": 1}
    for form, found in peers.items():
        if found:
            print(f"| PyTorch, {form} | {1e3 * statistics.median(found['times'][WARM:]):.0f} | | {found['peak']:.0f} "
                  f"| {found['peak'] / base['peak']:.2f} |", flush=True)
    for options in ([], ["--activation-checkpointing"]):
        times, _, memory = ours(folder, "float32", LARGE, steps, *options)
        mine = statistics.median(times)
        print(f"| Vernier{', activation checkpointing' if options else ''} | {1e3 * mine:.0f} "
              f"| {statistics.median(base['times'][WARM:]) / mine:.2f} | {memory:.0f} | {memory / base['peak']:.2f} |",
              flush=True)


def main(arguments):
    try:
        import torch  # noqa: F401
    except ImportError:
        print("training: skipped, torch is not there (see Benchmarks/Neural/requirements.txt)")
        return
    is_large = "--large" in arguments
    numbers = [int(argument) for argument in arguments if argument.isdigit()]
    with tempfile.TemporaryDirectory() as temporary:
        (large if is_large else small)(pathlib.Path(temporary), numbers[0] if numbers else 12)


if __name__ == "__main__":
    if sys.argv[1:2] == ["peer"]:
        sys.path.insert(0, str(pathlib.Path(__file__).parent))
        peer(sys.argv[2], sys.argv[3], SMALL if sys.argv[4] == "224" else LARGE, int(sys.argv[5]))
    else:
        main(sys.argv[1:])
