"""Measures what preparation costs: a batch on one and two threads, detection per photo, and memory for a large photo.

Needs: pip install pillow numpy, the set-up's portraits, and a built program.
Run: python3 Benchmarks/Preparation/preparation.py [PHOTOS]   (8 photos of 12 megapixels by default; the batch holds each five times, so
that the start of the program and the last photo don't hide what the threads do)
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).parents[2]
PROGRAM = ROOT / ".build/release/vernier"
PHOTOS = int(sys.argv[1]) if len(sys.argv) > 1 else 8
BATCH = 5 * PHOTOS


def photo(path, megapixels, seed):
    """A portrait enlarged to so many megapixels with a sensor's noise, so that its JPEG is as busy as a camera's."""
    import numpy as np
    from PIL import Image

    width = round((megapixels * 1e6 * 3 / 4) ** 0.5)
    source = Image.open(ROOT / ".deps/portraits/obama.jpg").convert("RGB")
    large = np.asarray(source.resize((width, width * 4 // 3), Image.BICUBIC), np.float32)
    noise = np.random.default_rng(seed).normal(0, 5, large.shape).astype(np.float32)
    Image.fromarray(np.clip(large + noise, 0, 255).astype(np.uint8)).save(path, quality=92)


def apart(function, *arguments):
    """Calls a function of this file in a process of its own.

    Linux counts the memory of the process that started a program into that program's peak, so this
    process must stay small: making a photo of 50 megapixels here once made every peak 2,373 MB.
    """
    code = f"import preparation; preparation.{function.__name__}(*{arguments!r})"
    subprocess.run([sys.executable, "-B", "-c", code], cwd=ROOT / "Benchmarks/Preparation", check=True)


def run(folder, *arguments, cores=None):
    """Runs vernier, on some cores alone if they are given; returns wall seconds, processor seconds and peak memory in MB, and what it printed."""
    with open(folder / "stdout", "w") as out:
        start = time.perf_counter()
        pin = (lambda: os.sched_setaffinity(0, cores)) if cores else None
        process = subprocess.Popen([PROGRAM, *map(str, arguments)], stdout=out, stderr=subprocess.DEVNULL, preexec_fn=pin)
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
            apart(photo, str(folder / "photos" / f"{index}.jpg"), 12, index)
        (folder / "batch").mkdir()
        for copy in range(BATCH):
            os.link(folder / "photos" / f"{copy % PHOTOS}.jpg", folder / "batch" / f"{copy}.jpg")
        apart(photo, str(folder / "large.jpg"), 50, 99)
        prepare = ["prepare", folder / "photos", "--attribute", "details"]
        times = {}
        # libvips decodes beside the thread that asks it, so --threads 1 uses a tenth of a second core where there is one.
        for name, threads, cores in (("one core", 1, {0}), ("one thread", 1, None), ("two threads", 2, None)):
            best = min(run(folder, "prepare", folder / "batch", "--attribute", "details", "--threads", threads,
                           "--out", folder / f"{name} {repeat}", cores=cores) for repeat in range(3))
            times[name] = best[0]
            print(f"details of {BATCH} photos, 12 MP, {name}: {best[0]:.2f} s wall, {best[1]:.2f} s CPU, {best[2]:.0f} MB")
        print(f"two threads on two cores: × {times['one core'] / times['two threads']:.2f} of one core, "
              f"× {times['one thread'] / times['two threads']:.2f} of --threads 1")
        lines = run(folder, *prepare, "--threads", 1, "--json", "--out", folder / "where")[3].splitlines()
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
