#!/usr/bin/env python3
"""Kills the annotation server at random moments under load, and reconciles what it acknowledged with the export.

usage: kill.py HARNESS [kills=200] [observers=8] [seed=1]

None missing, none twice, no pair open twice, the audit chain whole.
"""

import json
import random
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
import time
import uuid
import zlib
from pathlib import Path

from client import Observer


def png(seed):
    """A small PNG of one colour."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + bytes([seed % 256, seed // 256, 7]) * 8 for _ in range(8))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def pictures(folder, scenes, photos):
    for scene in range(scenes):
        (folder / f"Scene_{scene}").mkdir(parents=True)
        for photo in range(photos):
            (folder / f"Scene_{scene}" / f"{photo}.png").write_bytes(png(scene * photos + photo))


class Server:
    def __init__(self, harness, folder, observers):
        self.command = [harness, str(folder / "study"), str(folder / "pictures")]
        self.options = ["training=0", "burst=1000000", "block=1000000", "lease=2", "batch=60", "only=active",
                        "target=10000000"]
        self.observers, self.port, self.round = observers, 0, 0

    def start(self):
        count = self.observers if self.round == 0 else 1
        options = [*self.options, f"observers={count}", f"prefix=R{self.round}"]
        self.round += 1
        self.process = subprocess.Popen([*self.command, str(self.port), *options], stdout=subprocess.PIPE, text=True)
        line = json.loads(self.process.stdout.readline())
        self.port = int(line["port"])
        return line


def work(person, votes, acknowledged, stop, up, seed):
    """Votes until told to stop; an unanswered vote is sent again with its key until there is an answer."""
    chance = random.Random(seed)
    while not stop.is_set():
        try:
            batch = person.leases()
            if not batch or not batch["leases"]:
                if batch and batch["status"] == "done":
                    person.session = person.json("POST", "/api/v1/sessions", {})[1].get("session") or person.session
                time.sleep(0.02)
                continue
            lease = batch["leases"][0]["id"]
        except (OSError, ValueError, KeyError, AttributeError):
            up.wait(1)
            time.sleep(0.01)
            continue
        except Exception:
            time.sleep(0.05)
            continue
        key, choice = uuid.uuid4().hex, chance.choice(["left", "right"])
        while not stop.is_set():
            try:
                status, receipt = person.vote(lease, choice, key)
            except Exception:
                time.sleep(0.01)
                continue
            if status in (200, 201):
                acknowledged[key] = (lease, choice, receipt["vote"])
            votes.append(status)
            break


def main():
    harness = sys.argv[1]
    options = dict(argument.split("=") for argument in sys.argv[2:])
    kills, observers, seed = (int(options.get(name, value)) for name, value in
                              (("kills", 200), ("observers", 8), ("seed", 1)))
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pictures(folder / "pictures", 6, 24)
        server = Server(harness, folder, observers)
        line = server.start()
        people = [Observer(server.port, token) for token in line["observers"].split()]
        stop, up, acknowledged, votes = threading.Event(), threading.Event(), {}, []
        threads = [threading.Thread(target=work, args=(person, votes, acknowledged, stop, up, seed * 100 + place))
                   for place, person in enumerate(people)]
        for thread in threads:
            thread.start()
        for done in range(kills):
            time.sleep(chance.uniform(0.02, 0.35))
            server.process.send_signal(signal.SIGKILL)
            server.process.wait()
            server.start()
            if (done + 1) % 50 == 0:
                print(f"{done + 1} kills, {len(acknowledged)} acknowledged votes", flush=True)
        time.sleep(1)
        stop.set()
        for thread in threads:
            thread.join()
        server.process.terminate()
        server.process.wait()
        database = sqlite3.connect(folder / "study" / "study.sqlite")
        rows = database.execute("SELECT client_key, lease, choice, id FROM annotation_vote").fetchall()
        stored = {row[0]: row[1:] for row in rows}
        missing = [key for key, value in acknowledged.items() if stored.get(key) != value]
        twice = len(rows) - len({row[1] for row in rows})
        doubled = database.execute(
            "SELECT count(*) FROM (SELECT 1 FROM annotation_lease WHERE state = 'open' AND kind = 'active' "
            "GROUP BY task, low, high HAVING count(*) > 1)").fetchone()[0]
        again = database.execute(
            "SELECT count(*) FROM (SELECT 1 FROM annotation_vote v JOIN annotation_lease l ON l.id = v.lease "
            "WHERE l.kind = 'active' GROUP BY l.observer, l.task, l.low, l.high HAVING count(*) > 1)").fetchone()[0]
        audited = database.execute("SELECT count(*) FROM annotation_audit WHERE action = 'vote'").fetchone()[0]
        broken = database.execute(
            "SELECT count(*) FROM annotation_audit a JOIN annotation_audit b ON b.id = a.id + 1 "
            "WHERE b.hash_prev <> a.hash").fetchone()[0]
        sound = database.execute("PRAGMA integrity_check").fetchone()[0]
        print(json.dumps({
            "kills": kills, "acknowledged": len(acknowledged), "stored": len(rows),
            "committed without acknowledgement": len(rows) - len(acknowledged), "missing": len(missing),
            "twice": twice, "pairs open twice": doubled, "pairs judged twice by one observer": again,
            "votes without audit row": len(rows) - audited, "broken audit links": broken, "integrity": sound}))
        # Without load nothing would be proved.
        return bool(len(acknowledged) < kills or missing or twice or doubled or again or broken or len(rows) != audited or sound != "ok")


if __name__ == "__main__":
    sys.exit(main())
