"""The calling form of pyiqa: `create_metric(name)(picture)`."""

from __future__ import annotations

from typing import Any

import numpy
import PIL.Image

from .errors import VernierError
from .pictures import Photo
from .program import PathLike
from .scorer import Scorer


class Metric:
    """A metric without a reference: called with pictures, it gives numbers.

    Attributes:
        metric_name: the model's name.
        lower_better: whether less is better.
        scorer: the scorer behind it.
    """

    def __init__(self, scorer: Scorer) -> None:
        self.scorer = scorer
        self.metric_name = scorer.model
        self.lower_better = scorer.less_is_better

    def __call__(self, picture: Any) -> numpy.ndarray:
        """Scores one picture or a batch.

        Args:
            picture: a path, a PIL image, or a tensor or array of (3, height, width) or (N, 3, height, width) with RGB
                from 0 to 1, which is rounded to 8 bits.

        Returns:
            N scores, shape (N,), float64.

        Raises:
            VernierError: a picture can't be scored.
        """
        return numpy.array([self.scorer.score_one(photo).score for photo in _pictures(picture)])

    def __repr__(self) -> str:
        return f"Metric({self.metric_name}, {'lower' if self.lower_better else 'higher'} is better)"


def create_metric(metric_name: str = "default", *, program: PathLike | None = None, **options: Any) -> Metric:
    """Makes a metric as pyiqa does; `options` are those of `Scorer`.

    Example:
        >>> niqe = vernier.create_metric("niqe")
        >>> niqe("photo.jpg"), niqe.lower_better
    """
    return Metric(Scorer(metric_name, program=program, **options))


def _pictures(picture: Any) -> list[Photo]:
    if isinstance(picture, PIL.Image.Image) or not hasattr(picture, "shape"):
        return [picture]
    # A torch tensor may be on a GPU and hold gradients.
    if hasattr(picture, "detach"):
        picture = picture.detach().cpu()
    array = numpy.asarray(picture, dtype=float)
    if array.ndim == 3:
        array = array[numpy.newaxis]
    if array.ndim != 4 or array.shape[1] not in (1, 3):
        raise VernierError(f"picture: has the shape {numpy.shape(picture)}; give (N, 3, height, width), RGB")
    if not (array.size and numpy.isfinite(array).all() and array.min() >= 0 and array.max() <= 1):
        raise VernierError("picture: has numbers outside of 0 to 1; divide 8-bit values by 255")
    return list(numpy.rint(array * 255).astype(numpy.uint8).transpose(0, 2, 3, 1))
