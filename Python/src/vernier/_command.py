"""The command `vernier` of the package: the program inside it takes over."""

import os
import sys

from .errors import VernierError
from .program import find_program


def main() -> None:
    """Replaces this process by the program."""
    try:
        program = find_program()
        os.execv(program, [program, *sys.argv[1:]])
    except VernierError as error:
        sys.exit(f"Error: {error}")
    except OSError as error:
        sys.exit(f"Error: {program}: can't be run ({error.strerror}); check the program")
