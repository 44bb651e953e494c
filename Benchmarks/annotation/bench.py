#!/usr/bin/env python3
"""Load bench: simulated observers vote as fast as they can, on loopback, with synchronous=FULL; Flask beside it.

usage: bench.py HARNESS [observers=50] [seconds=10] [peer=1]
"""

import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path

from client import Observer
from kill import pictures


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


def memory(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) // 1024


def load(count, seconds, act):
    """Runs `act(place)` again and again in `count` threads; gives the times of what it measured, in ms."""
    times, stop = [[] for _ in range(count)], time.monotonic() + seconds
    def run(place):
        while time.monotonic() < stop:
            measured = act(place)
            if measured is not None:
                times[place].append(measured * 1000)
    threads = [threading.Thread(target=run, args=(place,)) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [value for part in times for value in part]


def ours(harness, folder, count, seconds, think):
    pictures(folder / "pictures", 4, 60)
    process = subprocess.Popen(
        [harness, str(folder / "study"), str(folder / "pictures"), "0", "training=0", "burst=10000000",
         "block=1000000", "batch=200", f"observers={count}", "target=10000000"], stdout=subprocess.PIPE, text=True)
    line = json.loads(process.stdout.readline())
    people = [Observer(int(line["port"]), token) for token in line["observers"].split()]
    sources = set()

    def act(place):
        person = people[place]
        if think:
            time.sleep(think)
        batch = person.leases()
        if not batch["leases"]:
            time.sleep(0.01)
            return None
        lease = batch["leases"][0]
        sources.add((place, lease["left"]["src"]))
        start = time.monotonic()
        status, _ = person.vote(lease["id"], "left")
        took = time.monotonic() - start
        return took if status == 201 else None

    votes = load(count, seconds, act)
    known = list(sources)

    def fetch(place):
        owner, source = known[(place * 7919 + time.monotonic_ns()) % len(known)]
        if owner % 8 != place:
            owner, source = next(entry for entry in known if entry[0] % 8 == place)
        start = time.monotonic()
        status, _, _ = people[place].request("GET", source, raw=True)
        return time.monotonic() - start if status == 200 else None

    images = load(8, 3, fetch)
    peak = memory(process.pid)
    process.send_signal(signal.SIGTERM)
    process.wait()
    return votes, images, peak


def peer(folder, count, seconds, think):
    port = 18431
    process = subprocess.Popen([sys.executable, str(Path(__file__).with_name("peer.py")), str(folder / "peer.sqlite"),
                                str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(4)
    connections = [http.client.HTTPConnection("127.0.0.1", port, timeout=30) for _ in range(count)]

    def call(place, method, path, body):
        connections[place].request(method, path, json.dumps(body), {"Content-Type": "application/json"})
        return json.loads(connections[place].getresponse().read())

    def act(place):
        if think:
            time.sleep(think)
        lease = call(place, "POST", f"/leases/{place}", {})["leases"][0]
        start = time.monotonic()
        call(place, "PUT", f"/vote/{lease}", {"clientKey": uuid.uuid4().hex, "choice": "left"})
        return time.monotonic() - start

    votes = load(count, seconds, act)
    peak = memory(process.pid)
    process.kill()
    process.wait()
    return votes, peak


def main():
    options = dict(argument.split("=") for argument in sys.argv[2:])
    count, seconds = int(options.get("observers", 50)), float(options.get("seconds", 10))
    think = float(options.get("think", 0))
    with tempfile.TemporaryDirectory() as name:
        votes, images, peak = ours(sys.argv[1], Path(name), count, seconds, think)
        print(json.dumps({
            "program": "vernier", "observers": count, "votes/s": round(len(votes) / seconds, 1),
            "vote p50 ms": round(percentile(votes, 0.5), 2), "vote p99 ms": round(percentile(votes, 0.99), 2),
            "images/s": round(len(images) / 3, 1), "peak MiB": peak, "load": os.getloadavg()[0]}), flush=True)
        if options.get("peer", "1") == "1":
            votes, peak = peer(Path(name), count, seconds, think)
            print(json.dumps({
                "program": "flask + sqlite3", "observers": count, "votes/s": round(len(votes) / seconds, 1),
                "vote p50 ms": round(percentile(votes, 0.5), 2), "vote p99 ms": round(percentile(votes, 0.99), 2),
                "peak MiB": peak, "load": os.getloadavg()[0]}), flush=True)


if __name__ == "__main__":
    main()
