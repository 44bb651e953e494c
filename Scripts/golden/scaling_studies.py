"""The simulations behind docs/validation.md, part «Scaling»: interval coverage and priors.

Run from the package root after `swift build -c release --build-tests`:
    python3 Scripts/golden/scaling_studies.py [studies.md]
Design: photos spread evenly over a range, pairs drawn at random, observers taking turns, answers by Case V. Where «own
opinion» is above 0, each observer has an own opinion of each photo with that standard deviation around the truth, and single
answers vary less, so that the population still follows Case V. All seeds are fixed; it takes some minutes.
"""

import os
import pathlib
import subprocess
import sys

path = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "studies.md").resolve()
path.write_text("")
subprocess.run(
    ["swift", "test", "-c", "release", "--skip-build", "--filter", "LongStudyTests"],
    env=dict(os.environ, VERNIER_LONG_STUDIES=str(path)), check=True,
    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(path.read_text())
