"""Run inside a booted system by Scripts/test-packages: the unit starts, scores, comes back and stops. Prints `good`."""
import json
import os
import pathlib
import signal
import subprocess
import time
import urllib.request

ADDRESS = "http://127.0.0.1:18090"


def show(name):
    run = subprocess.run(["systemctl", "show", "vernier", "-p", name], capture_output=True, text=True, check=True)
    return run.stdout.strip().partition("=")[2]


def score():
    """The score of a portrait, as soon as the service takes photos."""
    while True:
        try:
            urllib.request.urlopen(f"{ADDRESS}/readyz").read()
            break
        except OSError:
            assert show("ActiveState") != "failed", "the service failed"
            time.sleep(0.1)
    photo = pathlib.Path("/data/obama.jpg").read_bytes()
    with urllib.request.urlopen(f"{ADDRESS}/v1/score", data=photo) as answer:
        return json.load(answer)["score"]


def status(process, field):
    text = pathlib.Path(f"/proc/{process}/status").read_text()
    return next(line.split()[1] for line in text.splitlines() if line.startswith(field + ":"))


first = score()
main = int(show("MainPID"))
tasks = pathlib.Path(f"/proc/{main}/task").iterdir()
decoder = next(child for task in tasks for child in (task / "children").read_text().split())
for process in (main, decoder):
    assert int(status(process, "Uid")) >= 61184, "not a user of its own"
    assert status(process, "NoNewPrivs") == "1"
    assert status(process, "Seccomp") == "2"
log = pathlib.Path("/var/log/vernier/audit.log").read_text()
assert "POST /v1/score 200" in log, log
os.kill(main, signal.SIGKILL)
assert score() == first
assert int(show("MainPID")) != main and show("NRestarts") == "1"
subprocess.run(["systemctl", "stop", "vernier"], check=True)
assert (show("ActiveState"), show("Result"), show("ExecMainStatus")) == ("inactive", "success", "0")
print("good")
