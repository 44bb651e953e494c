#!/usr/bin/env python3
"""Load bench: simulated observers on loopback, synchronous=FULL; Flask + sqlite3 beside the program, in one run.

usage: annotation.py HARNESS [observers=50] [seconds=8] [pace=5] [peer=1]

Two loads: «paced», every observer votes `pace` times a second (50 × 5 = 250 votes/s, fifty times what people do), and
«as fast as it goes», where 50 requests are always under way. A vote's time is from sending it to its acknowledgement.
"""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

import load

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Tests/Support/AnnotationHarness"))
from client import Observer  # noqa: E402
from kill import pictures  # noqa: E402


def percentile(values, share):
    values = sorted(values)
    return round(values[min(len(values) - 1, int(share * len(values)))], 2) if values else None


def memory(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) // 1024


def row(program, what, times, seconds, **more):
    print(json.dumps({
        "program": program, "load": what, "votes/s": round(len(times) / seconds, 1), "vote p50 ms": percentile(times, 0.5),
        "vote p99 ms": percentile(times, 0.99), "slowest ms": percentile(times, 1), **more}), flush=True)


def big_pictures(folder, count=40, size=1_500_000):
    """Files as large as a 4.5 MP JPEG: a PNG header and noise; nobody decodes them here."""
    (folder / "Large").mkdir(parents=True)
    chance, head = random.Random(5), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (1837).to_bytes(4) + (2449).to_bytes(4)
    for number in range(count):
        (folder / "Large" / f"{number}.png").write_bytes(head + chance.randbytes(size))


def voter(people, port):
    """Asks for pairs and votes on the first; measures the vote."""
    async def act(place, connection):
        person = people[place]
        headers = {"Origin": f"http://localhost:{port}", "Cookie": person.cookie, "X_CSRF_Token": person.csrf}
        status, body = await connection.send(
            load.request("POST", f"/api/v1/sessions/{person.session}/leases", port, {}, **headers))
        leases = json.loads(body).get("leases") if status == 200 else None
        if not leases:
            await asyncio.sleep(0.01)
            return None
        vote = {"clientKey": uuid.uuid4().hex, "choice": "left", "responseMilliseconds": 900,
                "view": {"toggles": 1, "zooms": 0, "pans": 2, "scale": 1}}
        start = time.perf_counter()
        status, _ = await connection.send(
            load.request("PUT", f"/api/v1/leases/{leases[0]['id']}/vote", port, vote, **headers))
        return time.perf_counter() - start if status == 201 else None
    return act


def images(owner, sources, port, seconds):
    """Fetches whole pictures on eight connections; pictures and megabytes a second."""
    fetched = []

    async def act(place, connection):
        status, body = await connection.send(
            load.request("GET", random.choice(sources), port, Cookie=owner.cookie))
        fetched.append(len(body) if status == 200 else 0)

    asyncio.run(load.run(port, 8, seconds, act))
    return {"images/s": round(len(fetched) / seconds, 1), "MB/s": round(sum(fetched) / seconds / 1e6)}


def ours(harness, folder, count, seconds, pace):
    pictures(folder / "pictures", 4, 60)
    big_pictures(folder / "pictures")
    process = subprocess.Popen(
        [harness, str(folder / "study"), str(folder / "pictures"), "0", "training=0", "burst=10000000",
         "block=1000000", f"observers={count}", "target=10000000"], stdout=subprocess.PIPE, text=True)
    line = json.loads(process.stdout.readline())
    port = int(line["port"])
    people = [Observer(port, token) for token in line["observers"].split()]
    for what, think in (("paced", 1 / pace), ("as fast as it goes", 0)):
        times = asyncio.run(load.run(port, count, seconds, voter(people, port), think))
        row("vernier", what, times, seconds, **{"peak MiB": memory(process.pid)})
    owner = Observer(port, line["owner"], page="/owner")
    sources = {size: ["/img/" + file.name for file in (folder / "study" / "files").iterdir()
                      if (file.stat().st_size > 1_000_000) == (size == "1.5 MB")] for size in ("1.5 MB", "tiny")}
    for size, paths in sources.items():
        print(json.dumps({"program": "vernier", "load": f"{size} pictures", **images(owner, paths, port, 4),
                          "peak MiB": memory(process.pid)}), flush=True)
    process.send_signal(signal.SIGTERM)
    process.wait()


def peer(folder, count, seconds, pace):
    port = 18431
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("peer.py")), str(folder / "peer.sqlite"), str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(4)

    async def act(place, connection):
        _, body = await connection.send(load.request("POST", f"/leases/{place}", port, {}))
        lease = json.loads(body)["leases"][0]
        start = time.perf_counter()
        await connection.send(load.request(
            "PUT", f"/vote/{lease}", port, {"clientKey": uuid.uuid4().hex, "choice": "left"}))
        return time.perf_counter() - start

    for what, think in (("paced", 1 / pace), ("as fast as it goes", 0)):
        times = asyncio.run(load.run(port, count, seconds, act, think))
        row("flask + sqlite3", what, times, seconds, **{"peak MiB": memory(process.pid)})
    process.kill()
    process.wait()


def main():
    options = dict(argument.split("=") for argument in sys.argv[2:])
    count, seconds = int(options.get("observers", 50)), float(options.get("seconds", 8))
    pace = float(options.get("pace", 5))
    with tempfile.TemporaryDirectory() as name:
        ours(sys.argv[1], Path(name), count, seconds, pace)
        if options.get("peer", "1") == "1":
            peer(Path(name), count, seconds, pace)
    print(json.dumps({"processors": os.cpu_count(), "load average": os.getloadavg()[0]}))


if __name__ == "__main__":
    main()
