"""SIGKILL at random moments under load: a short run here, the long one by VERNIER_KILLS=200."""

import os
import subprocess
import sys

from conftest import HARNESS, ROOT


def test_kill_9_loses_nothing_acknowledged():
    kills = os.environ.get("VERNIER_KILLS", "20")
    run = subprocess.run(
        [sys.executable, ROOT / "Tests/Support/AnnotationHarness/kill.py", HARNESS, f"kills={kills}", f"imports={int(kills) // 2}"],
        capture_output=True, text=True)
    print(run.stdout)
    assert run.returncode == 0, run.stdout + run.stderr
