"""The one exception of the package."""


class VernierError(Exception):
    """Something that could not be done; its text is the program's one line: subject: problem; remedy.

    Attributes:
        kind: the kind of a photo's fault as in docs/worker.md («missing», «damaged», …), else None.
        code: the program's exit code, or None where no program ended.
    """

    def __init__(self, message: str, *, kind: "str | None" = None, code: "int | None" = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.code = code

    def __reduce__(self) -> "tuple[object, ...]":
        return (_remade, (str(self), self.kind, self.code))


def _remade(message: str, kind: "str | None", code: "int | None") -> VernierError:
    return VernierError(message, kind=kind, code=code)
