"""The same protocol's core in Flask and sqlite3, as a baseline: leases, votes counted once, synchronous=FULL."""

import os
import sqlite3
import sys
import threading
import uuid

from flask import Flask, jsonify, request
from waitress import serve

app = Flask(__name__)
local = threading.local()


def database():
    if not hasattr(local, "connection"):
        local.connection = sqlite3.connect(sys.argv[1], timeout=10, isolation_level=None)
        local.connection.execute("PRAGMA journal_mode = WAL")
        local.connection.execute("PRAGMA synchronous = FULL")
    return local.connection


@app.post("/leases/<observer>")
def leases(observer):
    connection = database()
    connection.execute("BEGIN IMMEDIATE")
    open_ones = [row[0] for row in connection.execute(
        "SELECT id FROM lease WHERE observer = ? AND state = 'open'", (observer,))]
    while len(open_ones) < 2:
        pair = connection.execute("SELECT low, high FROM queue LIMIT 1").fetchone()
        connection.execute("DELETE FROM queue WHERE low = ? AND high = ?", pair)
        open_ones.append(uuid.uuid4().hex)
        connection.execute("INSERT INTO lease VALUES (?, ?, ?, ?, 'open')", (open_ones[-1], *pair, observer))
    connection.execute("COMMIT")
    return jsonify(leases=open_ones)


@app.put("/vote/<lease>")
def vote(lease):
    body, connection = request.get_json(), database()
    connection.execute("BEGIN IMMEDIATE")
    known = connection.execute("SELECT id FROM vote WHERE client_key = ?", (body["clientKey"],)).fetchone()
    if not known:
        changed = connection.execute(
            "UPDATE lease SET state = 'voted' WHERE id = ? AND state = 'open'", (lease,)).rowcount
        if changed:
            connection.execute("INSERT INTO vote (lease, client_key, choice) VALUES (?, ?, ?)",
                               (lease, body["clientKey"], body["choice"]))
    connection.execute("COMMIT")
    return jsonify(ok=True), 200 if known else 201


if __name__ == "__main__":
    database().executescript("""
        CREATE TABLE queue (low INTEGER, high INTEGER, PRIMARY KEY (low, high));
        CREATE TABLE lease (id TEXT PRIMARY KEY, low INTEGER, high INTEGER, observer TEXT, state TEXT);
        CREATE INDEX lease_observer ON lease (observer, state);
        CREATE TABLE vote (id INTEGER PRIMARY KEY, lease TEXT UNIQUE, client_key TEXT UNIQUE, choice TEXT);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
        INSERT INTO queue SELECT a.i, b.i FROM n a JOIN n b ON a.i < b.i;
    """)
    # Waitress, because Flask's own server closes every connection; a thread for each observer.
    serve(app, listen=f"127.0.0.1:{sys.argv[2]}", threads=50)
