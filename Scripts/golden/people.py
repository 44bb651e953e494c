#!/usr/bin/env python3
"""Golden values of dlib's face recognition network and of average linkage from public references.

usage: people.py dlib_face_recognition_resnet_model_v1.dat NEURAL_FIXTURES STATISTICS_FIXTURES

Needs Python packages dlib (or dlib-bin) 20.0.1, numpy, scipy. The pictures follow a formula and show
nobody: what a real face looks like to the network is biometric data, which a repository must not keep.
"""

import json
import sys

import dlib
import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage


def pattern(height, width):
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    return ((7 * x + 13 * y + 29 * c + 5 * ((x * y) % 31)) % 256).astype(np.uint8)


def embeddings(network):
    model = dlib.face_recognition_model_v1(network)
    picture = pattern(150, 150)
    # The second is smooth: 16 × 16 squares of one color.
    squares = np.ascontiguousarray(picture[::16, ::16].repeat(16, 0).repeat(16, 1)[:150, :150])
    return {
        "pattern": list(model.compute_face_descriptor(picture)),
        "squares": list(model.compute_face_descriptor(squares)),
    }


def clusters():
    """Clouds of points on a line of clouds, and what SciPy makes of them at several thresholds."""
    random = np.random.default_rng(16)
    points = np.concatenate([random.normal(center, 0.6, (count, 2)) for center, count in
                             ((0, 9), (2, 12), (3.5, 7), (8, 11), (10, 1), (14, 5))])
    points = random.permutation(points).round(3)
    tree = linkage(points, "average")
    thresholds = [0.3, 0.8, 1.5, 2.5, 4, 9]
    return {
        "points": points.tolist(),
        "cuts": [{"threshold": t, "groups": fcluster(tree, t, "distance").tolist()} for t in thresholds],
    }


def main():
    network, neural, statistics = sys.argv[1:]
    for folder, name, value in ((neural, "face-recognition", embeddings(network)),
                                (statistics, "average-linkage", clusters())):
        with open(f"{folder}/{name}.json", "w", encoding="utf-8") as file:
            json.dump(value, file, separators=(",", ":"))
            file.write("\n")


main()
