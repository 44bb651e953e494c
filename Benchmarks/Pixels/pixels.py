"""Compares the details region's way with Pillow and OpenCV: 12 MP JPEG → crop → 1837 × 2449 → JPEG, one thread.

Needs: pip install pillow numpy opencv-python-headless, and the set-up's portraits.
Run: python3 Benchmarks/Pixels/pixels.py [REPEATS]   (builds the Swift side in release mode first)
"""
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import cv2
import numpy as np
from PIL import Image, ImageCms

ROOT = pathlib.Path(__file__).parents[2]
SIZE = (1837, 2449)
CROP = (750, 700, 1500, 2000)
REPEATS = int(sys.argv[1]) if len(sys.argv) > 1 else 15


def photo(folder, megapixels, profile=None):
    """A portrait enlarged to so many megapixels with a sensor's noise, so that its JPEG is as busy as a camera's."""
    width = round((megapixels * 1e6 * 3 / 4) ** 0.5)
    source = Image.open(ROOT / ".deps/portraits/obama.jpg").convert("RGB")
    large = np.asarray(source.resize((width, width * 4 // 3), Image.BICUBIC), np.float32)
    noisy = large + np.random.default_rng(1).normal(0, 5, large.shape)
    path = folder / f"photo{megapixels}{'p3' if profile else ''}.jpg"
    image = Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))
    image.save(path, quality=92, icc_profile=profile)
    return path


def pillow(path, out, crop):
    image = Image.open(path)
    image.load()
    profile = image.info.get("icc_profile")
    image = image.crop((crop[0], crop[1], crop[0] + crop[2], crop[1] + crop[3]))
    if profile:
        image = ImageCms.profileToProfile(
            image, io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB")
    image.resize(SIZE, Image.BICUBIC).save(out, quality=95, subsampling=0)


def opencv(path, out, crop):
    image = cv2.imread(str(path))
    part = image[crop[1]:crop[1] + crop[3], crop[0]:crop[0] + crop[2]]
    cv2.imwrite(str(out), cv2.resize(part, SIZE, interpolation=cv2.INTER_CUBIC), [
        cv2.IMWRITE_JPEG_QUALITY, 95,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444])


def median(work, path, out, crop):
    times = []
    for _ in range(REPEATS):
        start = time.process_time()
        work(path, out, crop)
        times.append(time.process_time() - start)
    return 1000 * sorted(times)[len(times) // 2]


def main():
    cv2.setNumThreads(1)
    binary = ROOT / ".build/release/pixels-benchmark"
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        namespace = {"__file__": str(ROOT / "Scripts/golden/pixels.py"), "__name__": "golden"}
        source = (ROOT / "Scripts/golden/pixels.py").read_text().replace("import pillow_heif\n", "")
        exec(source, namespace)
        rows = []
        for megapixels, profile in [(12, None), (12, namespace["DISPLAY_P3"]), (50, None)]:
            path = photo(folder, megapixels, profile)
            scale = 1 if megapixels == 12 else 2
            crop = tuple(scale * side for side in CROP)
            row = {"photo": path.name, "megabytes": round(path.stat().st_size / 1e6, 1)}
            row["Pillow"] = median(pillow, path, folder / "pillow.jpg", crop)
            row["OpenCV"] = median(opencv, path, folder / "opencv.jpg", crop)
            ours = subprocess.run(
                [binary, path, folder / "ours.jpg", *map(str, crop), str(REPEATS)],
                check=True, capture_output=True, text=True).stdout
            row.update(json.loads(ours))
            row["÷ Pillow"] = row["Pillow"] / row["vernier"]
            row["÷ OpenCV"] = row["OpenCV"] / row["vernier"]
            rows.append(row)
        print("CPU times in ms, median of", REPEATS, "on", os.cpu_count(), "cores, one thread each; disk waits not counted")
        for row in rows:
            print("  ".join(f"{key} {value:.2f}" if isinstance(value, float) else f"{key} {value}"
                            for key, value in row.items()))


if __name__ == "__main__":
    main()
