"""A scale as a file for the program."""

from __future__ import annotations

from .errors import VernierError
from .scales import Scales, UnifiedScale
from .workspace import Table, Workspace

AnyScale = Scales | UnifiedScale | Table


def scale_file(workspace: Workspace, scale: AnyScale, name: str, attribute: str | None = None) -> str:
    """The path of a scale's scores, with covariances and unit beside them where they are known.

    Args:
        workspace: where files are written.
        scale: the scale; a frame or a file has no more than its rows.
        name: the folder's name in messages.
        attribute: which one, where there are several.
    """
    if not isinstance(scale, (Scales, UnifiedScale)):
        return workspace.table(scale, f"{name}/Scores_All.csv")
    if isinstance(scale, Scales):
        if attribute is not None:
            scale = scale.of(attribute)
        elif len(scale.attributes) > 1:
            raise VernierError(f"{name}: has several attributes; take one: .of({scale.attributes[0]!r})")
    folder = scale.save(workspace.path(name))
    return str(next(path for path in folder.iterdir() if path.name.startswith("Scores_") and path.suffix == ".csv"))
