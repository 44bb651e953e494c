"""A standalone cluster of two workers on this machine, from which processes are shot while it scores."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy
import pandas
import PIL.Image
import psutil
import pyspark
import pytest

import vernier

PHOTOS, BROKEN, CRASHING = 4000, 10, 2

# Hands every request to the real worker, but ends like a decoder that crashes at photos called «crash».
PROXY = """
import json, os, signal, subprocess, sys
real = subprocess.Popen([PROGRAM, *sys.argv[1:]], stdin=subprocess.PIPE)
for line in sys.stdin.buffer:
    if os.path.basename(json.loads(line)["path"]).startswith("crash"):
        real.kill()
        os.kill(os.getpid(), signal.SIGSEGV)
    real.stdin.write(line)
    real.stdin.flush()
real.stdin.close()
sys.exit(real.wait())
"""

DRIVER = """
import sys, time
from pyspark.sql import SparkSession
from vernier import spark
master, photos, out, program = sys.argv[1:]
session = (SparkSession.builder.master(master).config("spark.ui.enabled", "false")
    .config("spark.driver.host", "127.0.0.1").config("spark.executor.memory", "500m")
    .config("spark.sql.shuffle.partitions", "4").getOrCreate())
session.sparkContext.setLogLevel("OFF")
begin = time.monotonic()
rows = spark.score(photos, "niqe", out, spark=session, program=program, photos_per_shard=500)
print("rows", rows.count(), "seconds", round(time.monotonic() - begin, 1), flush=True)
"""


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    """4,000 small pictures, of which ten are broken and two crash their worker, listed in a Parquet file."""
    folder = tmp_path_factory.mktemp("photos")
    random = numpy.random.default_rng(3)
    names = []
    for number in range(PHOTOS):
        kind = "crash" if number < CRASHING else "broken" if number < CRASHING + BROKEN else "photo"
        name = folder / f"{kind}-{number:04}.png"
        small = random.integers(0, 256, (48, 48, 3), dtype=numpy.uint8)
        PIL.Image.fromarray(small).resize((192, 192), PIL.Image.Resampling.BICUBIC).save(name, compress_level=1)
        if kind == "broken":
            name.write_bytes(name.read_bytes()[:-3000])
        names.append(str(name))
    listed = folder / "photos.parquet"
    pandas.DataFrame({"path": names}).to_parquet(listed)
    return listed


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """The URL of a master with two workers of one core each."""
    folder = tmp_path_factory.mktemp("cluster")
    home = Path(pyspark.__file__).parent
    environment = {
        **os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_DIRS": str(folder),
        "PYSPARK_PYTHON": sys.executable,
    }  # fmt: skip
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    master = f"spark://127.0.0.1:{port}"
    ours = ["--host", "127.0.0.1", "--webui-port", "0"]
    parts = [("master.Master", [*ours, "--port", str(port)])]
    worker = [*ours, "--cores", "1", "--memory", "700m", "--work-dir", str(folder / "work"), master]
    parts += [("worker.Worker", worker)] * 2
    started = []
    with open(folder / "log", "wb") as log:
        for name, arguments in parts:
            command = [home / "bin" / "spark-class", f"org.apache.spark.deploy.{name}", *arguments]
            started.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True))
    wait_for(lambda: (folder / "log").read_text().count("Registering worker") == 2, "both workers")
    yield master
    for process in reversed(started):
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(condition, what, seconds=300):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"{what}: did not come within {seconds} s"
        time.sleep(0.1)


def processes(word):
    """The processes whose command holds a word."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        if any(word in part for part in process.info["cmdline"] or []):
            found.append(process)
    return found


def drive(master, photos, out, program):
    return subprocess.Popen(
        [sys.executable, "-c", DRIVER, master, str(photos), str(out), str(program)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip


def test_every_photo_once_whatever_is_killed(cluster, photos, stand_in, tmp_path):
    program = stand_in(PROXY.replace("PROGRAM", repr(str(vernier.find_program()))))
    out = tmp_path / "out"
    commits = out / "_SUCCESS"

    def files():
        return {path.name for path in out.glob("part-*.parquet")}

    def next_shard(known):
        wait_for(lambda: commits.exists() and len(files()) > len(known), "the next part")
        return files()

    driver = drive(cluster, photos, out, program)
    known = next_shard(set())
    # A Python worker: a child of Spark's daemon that has a vernier worker below it.
    scoring = [process for process in processes("pyspark.daemon") if processes_below(process, str(program))]
    min(scoring, key=lambda process: len(process.children(recursive=True))).kill()
    known = next_shard(known)
    processes("CoarseGrainedExecutorBackend")[0].kill()
    known = next_shard(known)
    driver.kill()
    assert driver.wait() == -signal.SIGKILL
    before = len(pandas.read_parquet(sorted(out.glob("part-*.parquet"))))
    assert 0 < before < PHOTOS

    second = drive(cluster, photos, out, program)
    said = second.communicate()[0]
    assert second.returncode == 0 and f"rows {PHOTOS} " in said
    print(f"the rerun scored {PHOTOS - before} photos:", said.strip())
    rows = pandas.read_parquet(sorted(out.glob("part-*.parquet")))
    assert len(rows) == PHOTOS and rows["path"].nunique() == PHOTOS
    names = rows["path"].map(os.path.basename)
    kinds = names.str.replace(r"-.*", "", regex=True).map({"photo": None, "broken": "damaged", "crash": "crash"})
    assert rows["error_kind"].fillna("").tolist() == kinds.fillna("").tolist()
    assert rows["score"].notna().sum() == PHOTOS - BROKEN - CRASHING

    known = files()
    third = drive(cluster, photos, out, program)
    said = third.communicate()[0]
    assert third.returncode == 0 and files() == known
    print("the third run did nothing:", re.sub(r"rows \d+ ", "", said.strip()))


def processes_below(process, word):
    """The processes below another whose command holds a word."""
    try:
        below = process.children(recursive=True)
        return [child for child in below if any(word in part for part in child.cmdline())]
    except psutil.NoSuchProcess:
        return []
