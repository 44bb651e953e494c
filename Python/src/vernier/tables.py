"""Reading the program's CSV files into frames."""

from __future__ import annotations

import csv
import io

import pandas

# Columns that hold names, which may look like numbers («001») or like nothing («NA»).
_TEXTS = frozenset(
    "IMAGE PATH,IMAGE,SCENE,ATTRIBUTE,CONDITION,REFERENCE SCENE,observer,scene,attribute,image,image_a,image_b,choice,"
    "criterion,photo,model,unit,remark,statistic,metric,group".split(",")
)


def read_table(data: bytes | str) -> pandas.DataFrame:
    """A table with numbers as floats or whole numbers, bit for bit as written, and names as texts."""
    text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
    rows = list(csv.reader(io.StringIO(text)))
    header, body = (rows[0], [row for row in rows[1:] if row]) if rows else ([], [])
    frame = pandas.DataFrame(body, columns=header, dtype=object)
    for name in frame.columns:
        frame[name] = frame[name] if name in _TEXTS else _numbers(frame[name])
    return frame


def _numbers(column: pandas.Series) -> pandas.Series:
    """A column of numbers; with gaps, NaN; anything else stays text."""
    values = list(column)
    for kind in (int, float):
        try:
            if kind is int and any(not value for value in values):
                continue
            return pandas.Series([kind(value) if value else float("nan") for value in values], dtype=kind)
        except ValueError:
            continue
    return column
