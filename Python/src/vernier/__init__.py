"""An image-quality laboratory: votes to scales, models that score photos in the same unit, verdicts.

Everything is computed by the program `vernier`, which the wheel brings along: one core, no second implementation.

    import vernier

    scales = vernier.scale("votes.csv")                # JOD for each photo, with 95 % intervals
    scales.plot().savefig("scales.png")
    answer = vernier.verdict("1.9", "2.0", votes="votes.csv", groups="groups.csv")
    with vernier.Scorer("niqe") as scorer:
        frame = scorer(["a.jpg", "b.jpg"])
"""

from importlib.metadata import PackageNotFoundError, version

from .decisions import Verdict, verdict
from .errors import VernierError
from .evaluation import evaluate
from .metric import Metric, create_metric
from .pictures import Photo
from .program import find_program
from .scales import Scales, UnifiedScale
from .scaling import next_pairs, scale, unify
from .scorer import Score, Scorer
from .training import Run, train

try:
    __version__ = version("vernier")
except PackageNotFoundError:  # Run from its sources.
    __version__ = "0+source"

__all__ = [
    "Metric",
    "Photo",
    "Run",
    "Scales",
    "Score",
    "Scorer",
    "UnifiedScale",
    "Verdict",
    "VernierError",
    "create_metric",
    "evaluate",
    "find_program",
    "next_pairs",
    "scale",
    "train",
    "unify",
    "verdict",
]
