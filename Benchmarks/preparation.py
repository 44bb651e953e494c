"""Measures what preparation costs: a batch on one and two threads, detection per photo, and memory for a large photo.

Needs: pip install pillow numpy, the set-up's portraits, and a built program.
Run: python3 Benchmarks/preparation.py [PHOTOS]   (8 photos of 12 megapixels by default)
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np
from PIL import Image

ROOT = pathlib.Path(__file__).parents[1]
PROGRAM = ROOT / ".build/release/vernier"
PHOTOS = int(sys.argv[1]) if len(sys.argv) > 1 else 8


def photo(path, megapixels, seed):
    """A portrait enlarged to so many megapixels with a sensor's noise, so that its JPEG is as busy as a camera's."""
    width = round((megapixels * 1e6 * 3 / 4) ** 0.5)
    source = Image.open(ROOT / ".deps/portraits/obama.jpg").convert("RGB")
    large = np.asarray(source.resize((width, width * 4 // 3), Image.BICUBIC), np.float32)
    noise = np.random.default_rng(seed).normal(0, 5, large.shape).astype(np.float32)
    Image.fromarray(np.clip(large + noise, 0, 255).astype(np.uint8)).save(path, quality=92)


def run(folder, *arguments):
    """Runs vernier; returns wall seconds, processor seconds and peak memory in MB, and what it printed."""
    with open(folder / "stdout", "w") as out:
        start = time.perf_counter()
        process = subprocess.Popen([PROGRAM, *map(str, arguments)], stdout=out, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    if status:
        raise SystemExit(f"vernier {arguments} failed")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, (folder / "stdout").read_text()


def main():
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        (folder / "photos").mkdir()
        for index in range(PHOTOS):
            photo(folder / "photos" / f"{index}.jpg", 12, index)
        photo(folder / "large.jpg", 50, 99)
        prepare = ["prepare", folder / "photos", "--attribute", "details"]
        times = {}
        for threads in (1, 2):
            best = min(run(folder, *prepare, "--threads", threads, "--out", folder / f"{threads}-{repeat}")
                       for repeat in range(3))
            times[threads] = best[0]
            print(f"details of {PHOTOS} photos, 12 MP, {threads} threads: {best[0]:.2f} s wall, {best[1]:.2f} s CPU, "
                  f"{best[2]:.0f} MB")
        print(f"two threads: × {times[1] / times[2]:.2f}")
        lines = run(folder, *prepare, "--threads", 1, "--json", "--out", folder / "1-0")[3].splitlines()
        crop = json.loads(lines[0])["crop"]
        box = ",".join(str(crop[key]) for key in ("x", "y", "width", "height"))
        one = folder / "photos" / "0.jpg"
        boxed = min(run(folder, "prepare", folder / "photos", "--attribute", "details", "--box", box, "--threads", 1,
                        "--out", folder / f"box-{repeat}")[1] for repeat in range(3))
        found = min(run(folder, *prepare, "--threads", 1, "--out", folder / f"found-{repeat}")[1] for repeat in range(3))
        print(f"detection: {1000 * (found - boxed) / PHOTOS:.0f} ms CPU a photo more than with --box "
              f"({1000 * found / PHOTOS:.0f} against {1000 * boxed / PHOTOS:.0f})")
        for name, path in (("12 MP", one), ("50 MP", folder / "large.jpg")):
            for attribute in ("details", "overall"):
                _, cpu, memory, _ = run(folder, "prepare", path, "--attribute", attribute, "--threads", 1,
                                        "--out", folder / f"{name}-{attribute}")
                print(f"{name} {attribute}: {memory:.0f} MB peak, {cpu:.2f} s CPU with start-up")


if __name__ == "__main__":
    main()
