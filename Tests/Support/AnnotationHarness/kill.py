#!/usr/bin/env python3
"""Kills the annotation server at random moments under load, and reconciles what it acknowledged with the export.

usage: kill.py HARNESS [kills=200] [imports=100] [observers=8] [seed=1]

None missing, none twice, no pair open twice, every acknowledged undo there, the audit chain whole. Then the same for imports:
killed at random moments, they leave no row without its whole file, and the last run finishes them.
"""

import hashlib
import json
import random
import re
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
        self.command = [str(harness), str(folder / "study"), str(folder / "pictures")]
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


def work(person, book, stop, up, seed):
    """Votes until told to stop, takes some votes back; an unanswered call is sent again until there is an answer."""
    chance = random.Random(seed)

    def insist(call):
        while not stop.is_set():
            try:
                return call()
            except Exception:
                time.sleep(0.01)
        return None, None

    while not stop.is_set():
        try:
            batch = person.leases()
            if not batch or not batch["leases"]:
                if batch and batch["status"] == "done":
                    person.session = person.json("POST", "/api/v1/sessions", {})[1].get("session") or person.session
                time.sleep(0.02)
                continue
            lease = batch["leases"][0]["id"]
        except Exception:
            up.wait(0.02)
            continue
        key, choice = uuid.uuid4().hex, chance.choice(["left", "right"])
        status, receipt = insist(lambda: person.vote(lease, choice, key))
        if status in (200, 201):
            book.votes[key] = (lease, choice, receipt["vote"])
            if chance.random() < 0.1:
                status, _ = insist(lambda: person.json("DELETE", f"/api/v1/votes/last?vote={receipt['vote']}", {}))
                if status == 200:
                    book.voids.add(receipt["vote"])


class Book:
    """What the server acknowledged."""

    def __init__(self):
        self.votes, self.voids = {}, set()


def export(server, token):
    """The raw export over HTTP, as an owner gets it."""
    owner = Observer(server.port, token, page="/owner")
    page = owner.request("GET", "/owner/exports", raw=True)[2].decode()
    path = re.search(r'href="([^"]+\.jsonl)"', page)[1]
    return [json.loads(line) for line in owner.request("GET", path, raw=True)[2].decode().splitlines()]


def reconcile(book, rows, database):
    """Every count must be zero."""
    stored = {row["clientKey"]: row for row in rows}
    def count(sql):
        return database.execute(sql).fetchone()[0]
    return {
        "missing": sum(key not in stored or (stored[key]["lease"], stored[key]["choice"], stored[key]["vote"]) != value
                       for key, value in book.votes.items()),
        "twice": len(rows) - len({row["lease"] for row in rows}) + len(rows) - len(stored),
        "voids missing": len(book.voids - {row["vote"] for row in rows if row.get("voided")}),
        "pairs open twice": count(
            "SELECT count(*) FROM (SELECT 1 FROM annotation_lease WHERE state = 'open' AND kind = 'active' "
            "GROUP BY task, low, high HAVING count(*) > 1)"),
        "pairs judged twice by one observer": count(
            "SELECT count(*) FROM (SELECT 1 FROM annotation_vote v JOIN annotation_lease l ON l.id = v.lease "
            "WHERE l.kind = 'active' AND v.id NOT IN (SELECT vote FROM annotation_vote_void) "
            "GROUP BY l.observer, l.task, l.low, l.high HAVING count(*) > 1)"),
        "votes without audit row": count("SELECT count(*) FROM annotation_vote") - count(
            "SELECT count(*) FROM annotation_audit WHERE action = 'vote'"),
        "broken audit links": count(
            "SELECT count(*) FROM annotation_audit a JOIN annotation_audit b ON b.id = a.id + 1 "
            "WHERE b.hash_prev <> a.hash"),
        "unsound": int(count("PRAGMA integrity_check") != "ok"),
    }


def kill_votes(harness, folder, kills, observers, seed):
    chance = random.Random(seed)
    pictures(folder / "pictures", 6, 24)
    server = Server(harness, folder, observers)
    line = server.start()
    owner = line["owner"]
    people = [Observer(server.port, token) for token in line["observers"].split()]
    stop, up, book = threading.Event(), threading.Event(), Book()
    threads = [threading.Thread(target=work, args=(person, book, stop, up, seed * 100 + place))
               for place, person in enumerate(people)]
    for thread in threads:
        thread.start()
    for done in range(kills):
        before, end = len(book.votes), time.monotonic() + 120
        time.sleep(chance.uniform(0.02, 0.35))
        # On a slow disk hardly a vote is acknowledged in that time: most lives wait for two, every fourth stays short.
        while done % 4 and len(book.votes) < before + 2 and time.monotonic() < end:
            time.sleep(0.01)
        server.process.send_signal(signal.SIGKILL)
        server.process.wait()
        server.start()
        if (done + 1) % 50 == 0:
            print(f"{done + 1} kills, {len(book.votes)} acknowledged votes", flush=True)
    end = time.monotonic() + 120
    while len(book.votes) < kills and time.monotonic() < end:
        time.sleep(0.1)
    stop.set()
    for thread in threads:
        thread.join()
    rows = export(server, owner)
    server.process.terminate()
    server.process.wait()
    database = sqlite3.connect(folder / "study" / "study.sqlite")
    faults = reconcile(book, rows, database)
    print(json.dumps({"kills": kills, "acknowledged votes": len(book.votes), "acknowledged undos": len(book.voids),
                      "exported": len(rows), "committed without acknowledgement": len(rows) - len(book.votes), **faults}))
    # Without load nothing would be proved.
    return len(book.votes) >= kills and not any(faults.values())


def kill_imports(harness, folder, kills, seed):
    """Kills the program while it imports; a row's file must always be there and whole."""
    chance = random.Random(seed + 1)
    pictures(folder / "pictures", 4, 30)
    torn = 0
    for done in range(kills + 1):
        server = Server(harness, folder, 1)
        server.round = done
        process = subprocess.Popen([*server.command, "0", *server.options, "observers=1", f"prefix=I{done}"],
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        if done < kills:
            time.sleep(chance.uniform(0.03, 0.3))
            process.kill()
        else:
            process.stdout.readline()
            process.terminate()
        process.wait()
        path = folder / "study" / "study.sqlite"
        if not path.exists():
            continue
        try:
            rows = sqlite3.connect(path).execute("SELECT sha256 FROM annotation_roi").fetchall()
        except sqlite3.OperationalError:
            continue
        for (name,) in rows:
            file = folder / "study" / "files" / name
            torn += not file.exists() or hashlib.sha256(file.read_bytes()).hexdigest() != name
    complete = len(rows) == 120
    print(json.dumps({"kills during import": kills, "rows without their whole file": torn, "finished": complete}))
    return complete and not torn


def main():
    harness = sys.argv[1]
    options = dict(argument.split("=") for argument in sys.argv[2:])
    kills, imports, observers, seed = (int(options.get(name, value)) for name, value in
                                       (("kills", 200), ("imports", 100), ("observers", 8), ("seed", 1)))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        good = kill_votes(harness, folder / "votes", kills, observers, seed)
        good = kill_imports(harness, folder / "imports", imports, seed) and good
    return not good


if __name__ == "__main__":
    sys.exit(main())
