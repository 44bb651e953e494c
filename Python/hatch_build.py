"""Puts the program into the wheel: what Scripts/wheel has laid out in the folder of $VERNIER_PROGRAM_FOLDER."""

import os

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ProgramHook(BuildHookInterface):
    """Without the folder the wheel is pure Python and drives a program that is installed elsewhere."""

    def initialize(self, version, build_data):
        folder = os.environ.get("VERNIER_PROGRAM_FOLDER")
        if not folder or version == "editable":
            return
        build_data["force_include"][folder] = "vernier/bin"
        build_data["pure_python"] = False
        build_data["tag"] = "py3-none-linux_x86_64"
