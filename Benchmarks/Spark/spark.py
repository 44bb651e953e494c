"""Throughput of `vernier.spark` against the number of cores, beside the command on the same photos, in one run.

usage: spark.py [--photos 400] [--rounds 3] [--cores 1,2] [--model photo-overall]

JPEGs of 1600 × 1200; for each number of cores Spark (`local[N,4]`, one `vernier worker` with one thread a core) and
`vernier score --threads N` in turns. The rate is that of the last three quarters of the photos: the time of a run with
all less that of a run with a quarter; what is left of the latter is the start. Every score is compared with the
command's. Prints lines for docs/scale-out.md. VERNIER names another program.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLACES = [str(ROOT / "Python/src"), str(ROOT / ".deps/spark"), str(ROOT / "Benchmarks/Service")]
sys.path[:0] = PLACES
# Spark's own Python processes need the package too.
os.environ["PYTHONPATH"] = os.pathsep.join(PLACES)

import service  # noqa: E402
from vernier import spark  # noqa: E402

VERNIER = Path(os.environ.get("VERNIER", ROOT / ".build/release/vernier"))


def by_command(paths, model, cores):
    """Seconds, and the score of each photo."""
    start = time.perf_counter()
    run = subprocess.run([VERNIER, "score", "--model", model, "--threads", str(cores), "--json", *paths],
                         capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - start
    return seconds, {line["photo"]: line["score"] for line in map(json.loads, run.stdout.splitlines())}


def by_spark(session, paths, model, out):
    """Seconds, and the score of each photo."""
    start = time.perf_counter()
    frame = session.createDataFrame([(path,) for path in paths], "path string")
    rows = spark.score(frame, model, out, spark=session, program=VERNIER, progress=False).collect()
    return time.perf_counter() - start, {row.path: row.score for row in rows}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cores", default="1,2")
    parser.add_argument("--model", default="photo-overall")
    options = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors")
    print("| cores | Spark, photos/s | command, photos/s | Spark ÷ command | Spark's start, s |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        paths = [str(path) for path in service.make_photos(Path(folder), options.photos)]
        for cores in map(int, options.cores.split(",")):
            session = spark.session(f"local[{cores},4]")
            session.sparkContext.setLogLevel("ERROR")
            few = paths[:len(paths) // 4]
            rows = []
            # The first round warms the Java machine up.
            for number in range(options.rounds + 1):
                short, _ = by_spark(session, few, options.model, f"{folder}/few-{cores}-{number}")
                long, scores = by_spark(session, paths, options.model, f"{folder}/all-{cores}-{number}")
                begin, _ = by_command(few, options.model, cores)
                whole, expected = by_command(paths, options.model, cores)
                if scores != expected:
                    sys.exit("spark: its scores are not the command's")
                more = len(paths) - len(few)
                ours, command = more / (long - short), more / (whole - begin)
                if number > 0:
                    rows.append((ours, command, ours / command, short - len(few) / ours))
            session.stop()
            ours, command, ratio, start = (statistics.median(column) for column in zip(*rows))
            print(f"| {cores} | {ours:.1f} | {command:.1f} | {ratio:.2f} | {start:.1f} |", flush=True)


if __name__ == "__main__":
    main()
