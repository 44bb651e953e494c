"""Progress on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

from tqdm import tqdm

Item = TypeVar("Item")


def shown(items: Iterable[Item], total: int, shows: bool | None) -> Iterator[Item]:
    """Draws a bar with photos per second; without a choice, if standard error is a terminal and there are several."""
    draws = (sys.stderr.isatty() and total > 1) if shows is None else shows
    return iter(tqdm(items, total=total, unit="photo", disable=not draws))
