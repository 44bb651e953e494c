#!/usr/bin/env python3
"""Golden values of the hand-crafted models, from the published definitions in NumPy and SciPy.

    python3 Scripts/golden/handcrafted.py --shared ../shared/params --photos FOLDER [--pyiqa]

FOLDER holds chelsea.png and coffee.png of scikit-image (both CC0): crops of them are the fixtures.
With --pyiqa, the scores of that package (run only: its licence forbids commercial use) go beside ours.
Needs numpy, scipy and Pillow; writes Tests/HandcraftedModelsTests/Fixtures.
"""

import argparse
import json
import math
from pathlib import Path

import numpy as np
import scipy.io
from PIL import Image
from scipy import ndimage, optimize, signal, special

GRID = 0.2 + 0.001 * np.arange(9801)
RATIO = special.gamma(2 / GRID) ** 2 / (special.gamma(1 / GRID) * special.gamma(3 / GRID))


def luma(rgb):
    """Rounded NTSC luma, the first row of the inverse of the YIQ matrix."""
    matrix = np.linalg.inv([[1, 0.956, 0.621], [1, -0.272, -0.647], [1, -1.106, 1.703]])
    return np.floor(rgb.astype(float) @ matrix[0] + 0.5)


def cubic(x):
    x = np.abs(x)
    near = 1.5 * x**3 - 2.5 * x**2 + 1
    far = -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2
    return np.where(x <= 1, near, np.where(x <= 2, far, 0))


def resize_matrix(count, scale, output):
    """The antialiased bicubic kernel as a dense matrix, mirrored at the border."""
    matrix = np.zeros((output, count))
    shrink = min(scale, 1)
    for row in range(output):
        centre = (row + 0.5) / scale - 0.5
        places = np.arange(math.floor(centre - 2 / shrink), math.ceil(centre + 2 / shrink) + 1)
        weights = cubic((centre - places) * shrink)
        folded = places % (2 * count)
        folded = np.where(folded < count, folded, 2 * count - 1 - folded)
        np.add.at(matrix[row], folded, weights / weights.sum())
    return matrix


def halve(image):
    height, width = image.shape
    down = resize_matrix(height, 0.5, (height + 1) // 2)
    across = resize_matrix(width, 0.5, (width + 1) // 2)
    return down @ image @ across.T


def resize_bytes(photo, side):
    """To side × side, rounded to bytes after each direction; what shrinks more goes first."""
    height, width, _ = photo.shape
    down = resize_matrix(height, side / height, side)
    across = resize_matrix(width, side / width, side)

    def byte(values):
        return np.floor(np.clip(values, 0, 255) + 0.5)

    def vertical(values):
        return byte(np.einsum("ab,bcd->acd", down, values))

    def horizontal(values):
        return byte(np.einsum("ab,cbd->cad", across, values))

    if side / width < side / height:
        return vertical(horizontal(photo.astype(float)))
    return horizontal(vertical(photo.astype(float)))


def window(side, sigma):
    offsets = np.arange(side) - (side - 1) / 2
    line = np.exp(-(offsets**2) / (2 * sigma**2))
    return np.outer(line, line) / line.sum() ** 2


def normalise(image, side, border):
    kernel = window(side, side / 6)
    mean = ndimage.correlate(image, kernel, mode=border, cval=0)
    square = ndimage.correlate(image * image, kernel, mode=border, cval=0)
    sigma = np.sqrt(np.abs(square - mean * mean))
    result = (image - mean) / (sigma + 1)
    return np.where(np.abs(result) < 1e-9, 0, result), sigma


def asymmetric(values):
    with np.errstate(invalid="ignore", divide="ignore"):
        left = np.sqrt(np.mean(values[values < 0] ** 2))
        right = np.sqrt(np.mean(values[values > 0] ** 2))
        skew = left / right
        ratio = np.mean(np.abs(values)) ** 2 / np.mean(values**2)
        wanted = ratio * (skew**3 + 1) * (skew + 1) / (skew**2 + 1) ** 2
    shape = GRID[np.argmin((RATIO - wanted) ** 2)]
    return shape, left, right


def scaling(shape):
    return math.sqrt(special.gamma(1 / shape) / special.gamma(3 / shape))


def mean_factor(shape):
    return special.gamma(2 / shape) / special.gamma(1 / shape)


def brisque_features(grey):
    features = []
    for _ in range(2):
        values, _ = normalise(grey, 7, "constant")
        wanted = np.mean(values**2) / np.mean(np.abs(values)) ** 2
        features += [GRID[np.argmin(np.abs(1 / RATIO - wanted))], np.mean(values**2)]
        for shift in ((0, 1), (1, 0), (1, 1), (-1, 1)):
            shape, left, right = asymmetric(values * np.roll(values, shift, (0, 1)))
            mean = (right - left) * mean_factor(shape) * scaling(shape)
            features += [shape, mean, left**2, right**2]
        grey = halve(grey)
    return features


def scene_features(values):
    shape, left, right = asymmetric(values)
    features = [shape, (left + right) / 2 * scaling(shape)]
    for shift in ((0, 1), (1, 0), (1, 1), (1, -1)):
        shape, left, right = asymmetric(values * np.roll(values, shift, (0, 1)))
        left, right = left * scaling(shape), right * scaling(shape)
        features += [shape, (right - left) * mean_factor(shape), left, right]
    return features


def blocks(image, side):
    for y in range(0, image.shape[0] - side + 1, side):
        for x in range(0, image.shape[1] - side + 1, side):
            yield image[y : y + side, x : x + side]


def niqe_blocks(grey):
    grey = grey[: grey.shape[0] // 96 * 96, : grey.shape[1] // 96 * 96]
    full, sigma = normalise(grey, 7, "nearest")
    half, _ = normalise(halve(grey), 7, "nearest")
    features = [
        scene_features(a) + scene_features(b) for a, b in zip(blocks(full, 96), blocks(half, 48))
    ]
    return np.array(features), [float(block.mean()) for block in blocks(sigma, 96)]


def niqe_score(features, mean, covariance):
    delta = mean - features.mean(0)
    pooled = (covariance + np.cov(features, rowvar=False)) / 2
    return float(np.sqrt(delta @ np.linalg.pinv(pooled) @ delta))


def weibull(values):
    logs = np.log(values).ravel()
    top = logs.max()

    def equation(shape):
        powers = np.exp(shape * (logs - top))
        return (powers * logs).sum() / powers.sum() - 1 / shape - logs.mean()

    shape = optimize.brentq(equation, 1e-3, 1e3, xtol=1e-12, rtol=1e-13)
    scale = math.exp(top + math.log(np.exp(shape * (logs - top)).mean()) / shape)
    return [scale, shape]


def gradient(image, sigma):
    radius = math.ceil(3 * sigma)
    y, x = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    bell = np.exp(-(x**2 + y**2) / (2 * sigma**2))
    along_x = signal.fftconvolve(image, x * bell, "same")
    along_y = signal.fftconvolve(image, y * bell, "same")
    return along_x, along_y, np.sqrt(along_x**2 + along_y**2) + np.finfo(float).eps


def log_gabor(side, scale, orientation, shortest):
    frequency = np.fft.fftfreq(side)
    x, y = np.meshgrid(frequency, frequency)
    radius = np.hypot(x, y)
    radius[0, 0] = 1
    angle = orientation * math.pi / 4
    turn = np.abs(np.angle(np.exp(1j * (np.arctan2(-y, x) - angle))))
    centre = 1 / (shortest * 1.31**scale)
    gain = np.exp(-np.log(radius / centre) ** 2 / (2 * math.log(0.55) ** 2))
    gain = gain * np.exp(-(turn**2) / (2 * (math.pi / 4 / 1.1) ** 2))
    gain[0, 0] = 0
    return gain


def shape_and_scale(values):
    shape, left, right = asymmetric(values)
    return [shape, (left + right) / 2 * scaling(shape)]


def ilniqe_features(photo):
    colours = resize_bytes(photo, 524)[:504, :504].transpose(2, 0, 1)
    weights = np.array([[0.3, 0.04, -0.35], [0.34, -0.6, 0.17], [0.06, 0.63, 0.27]])
    opponents = np.einsum("ab,bcd->acd", weights, colours)
    result = []
    for size in (1, 2):
        side = 84 // size
        sigma = 1.66 / size**0.28
        scene, _ = normalise(opponents[2], 5, "nearest")
        derivatives, magnitudes, responses = [], [], []
        for plane in opponents:
            along_x, along_y, magnitude = gradient(plane, sigma)
            derivatives += [along_x, along_y]
            magnitudes.append(magnitude)
        logs = np.log(colours + 0.00001)
        red, green, blue = logs - logs.mean((1, 2), keepdims=True)
        mixed = [
            (red + green + blue) / math.sqrt(3), (red + green - 2 * blue) / math.sqrt(6),
            (red - green) / math.sqrt(2),
        ]
        spectrum = np.fft.fft2(opponents[2])
        filtered, filter_magnitudes = [], []
        for scale in range(3):
            for orientation in range(4):
                gain = log_gabor(504 // size, scale, orientation, 2.4 / size**0.87)
                response = np.fft.ifft2(spectrum * gain)
                for part in (response.real, response.imag):
                    along_x, along_y, magnitude = gradient(part, sigma)
                    responses.append(part)
                    filtered += [along_x, along_y]
                    filter_magnitudes.append(magnitude)
        groups = [
            ([scene], scene_features), (magnitudes, weibull),
            (mixed, lambda v: [v.mean(), v.var(ddof=1)]),
            (derivatives + responses + filtered, shape_and_scale), (filter_magnitudes, weibull),
        ]
        rows = [[] for _ in range(36)]
        for planes, describe in groups:
            for plane in planes:
                for row, block in zip(rows, blocks(plane, side)):
                    row += describe(block)
        result.append(np.array(rows))
        kernel = window(6, 0.9)
        shrink = lambda p: ndimage.correlate(p, kernel, mode="nearest", origin=-1)[::2, ::2]
        colours = np.array([shrink(p) for p in colours])
        opponents = np.array([shrink(p) for p in opponents])
    return np.hstack(result)


def ilniqe_score(features, cells):
    mean, covariance, centre, vectors = cells
    rows = (features - centre.T) @ vectors
    inverse = np.linalg.pinv((covariance + np.cov(rows, rowvar=False)) / 2)
    deltas = rows - mean
    return float(np.mean(np.sqrt(np.einsum("ab,bc,ac->a", deltas, inverse, deltas))))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--pyiqa", action="store_true")
    arguments = parser.parse_args()
    fixtures = Path(__file__).resolve().parents[2] / "Tests/HandcraftedModelsTests/Fixtures"
    fixtures.mkdir(parents=True, exist_ok=True)
    niqe = scipy.io.loadmat(arguments.shared / "niqe_modelparameters.mat")
    template = scipy.io.loadmat(arguments.shared / "templateModel.mat")["templateModel"][0]
    crops = {"chelsea.png": (60, 40, 288, 192), "coffee.png": (150, 100, 301, 203)}
    golden = {}
    for name, (x, y, width, height) in crops.items():
        photo = Image.open(arguments.photos / name).convert("RGB").crop((x, y, x + width, y + height))
        photo.save(fixtures / name, optimize=True)
        pixels = np.array(photo)
        features, sharpness = niqe_blocks(luma(pixels))
        entry = {
            "brisqueFeatures": brisque_features(luma(pixels)),
            "niqeFirstBlock": list(features[0]),
            "niqeSharpness": sharpness,
            "niqe": niqe_score(features, niqe["mu_prisparam"][0], niqe["cov_prisparam"]),
        }
        if name == "chelsea.png":
            features = ilniqe_features(pixels)
            entry["ilniqeFirstBlock"] = list(features[0])
            entry["ilniqe"] = ilniqe_score(features, template)
        if arguments.pyiqa:
            import handcrafted_peers

            entry["pyiqa"] = handcrafted_peers.scores(arguments.shared, pixels)
        golden[name] = json.loads(json.dumps(entry), parse_float=lambda t: float(f"{float(t):.12g}"))
    (fixtures / "golden.json").write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
