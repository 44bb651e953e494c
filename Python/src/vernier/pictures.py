"""What a caller may hand in as a photo: a path, a PIL image, an array."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy
import PIL.Image
import PIL.ImageOps

from .errors import VernierError
from .worker import request_path

Photo = str | os.PathLike[str] | PIL.Image.Image | numpy.ndarray

# What PNG holds as it is.
_MODES = frozenset({"1", "L", "LA", "P", "RGB", "RGBA", "I;16"})


def photos_of(photos: Photo | Iterable[Photo]) -> tuple[list[Photo], bool]:
    """The photos as a list, and whether it was one alone."""
    if isinstance(photos, (str, os.PathLike, PIL.Image.Image, numpy.ndarray)):
        return [photos], True
    return list(photos), False


def name_of(photo: Photo, number: int) -> str:
    """What stands for a photo in tables: its path, or «photo N» counted from 0."""
    if isinstance(photo, (str, os.PathLike)):
        return os.fspath(photo)
    return getattr(photo, "filename", "") or f"photo {number}"


def file_of(photo: Photo, number: int, folder: Path) -> tuple[str, Path | None]:
    """The path of a photo's file, and that file where it was written for this and has to be deleted.

    Raises:
        VernierError: the image can't be read, or the array isn't a picture of 8 bits.
    """
    if isinstance(photo, (str, os.PathLike)):
        return request_path(photo), None
    name = name_of(photo, number)
    image = photo if isinstance(photo, PIL.Image.Image) else _image(photo, name)
    if image.mode not in _MODES:
        raise VernierError(f"{name}: has the mode {image.mode}; convert it first: image.convert('RGB')")
    target = folder / f"photo {number}.png"
    try:
        # A file's orientation is applied as the program does it for paths.
        upright = PIL.ImageOps.exif_transpose(image)
        upright.save(target, "PNG", compress_level=1, icc_profile=image.info.get("icc_profile"))
    except OSError as error:
        text = f"{name}: can't be read or written ({error}); check the image and free space"
        raise VernierError(text, kind="unreadable") from None
    return str(target), target


def _image(array: Any, name: str) -> PIL.Image.Image:
    if not isinstance(array, numpy.ndarray):
        raise VernierError(f"{name}: is a {type(array).__name__}; give a path, a PIL image or an array")
    if array.dtype != numpy.uint8:
        raise VernierError(f"{name}: has numbers of type {array.dtype}; give uint8, 0 to 255")
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.size == 0 or not (array.ndim == 2 or (array.ndim == 3 and array.shape[2] in (3, 4))):
        raise VernierError(f"{name}: has the shape {array.shape}; give (height, width) or (height, width, 3 or 4), RGB")
    return PIL.Image.fromarray(numpy.ascontiguousarray(array))
