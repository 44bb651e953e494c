"""A worker that ends: every request is answered once. A stand-in ends where its photo's name says so."""

import os

import pytest

import vernier
from vernier.client import Client
from vernier.worker import Worker

READY = '{"type":"ready","protocol":1,"task":"score","model":null,"unit":"u","attribute":"overall"}'
WORKER = f"""
import json, os, sys
print('{READY}', flush=True)
for line in sys.stdin:
    request = json.loads(line)
    name = os.path.basename(request["path"])
    if name == "bad":
        sys.stdout.write('{{"id":')
        sys.stdout.flush()
        os.kill(os.getpid(), 9)
    if name.startswith("once") and not os.path.exists(request["path"]):
        open(request["path"], "w").close()
        os.kill(os.getpid(), 9)
    print(json.dumps({{"id": request["id"], "score": len(name)}}), flush=True)
"""


def requests(*paths):
    return [(number, {"path": str(path)}) for number, path in enumerate(paths)]


def test_every_request_is_answered_once(stand_in):
    client = Client(program=stand_in(WORKER))
    answers = list(client.answers(requests(*(f"{number:04}" for number in range(100)))))
    assert sorted(number for number, _ in answers) == list(range(100))
    client.close()


@pytest.mark.parametrize("window", [1, 2, 8])
def test_a_photo_that_ends_its_worker_is_a_crash_and_the_others_are_scored(stand_in, window):
    client = Client(program=stand_in(WORKER), window=window)
    answers = dict(client.answers(requests("a", "bad", *"cdefghijk", "bad")))
    assert sorted(answers) == list(range(12))
    crashes = {number for number, answer in answers.items() if answer.get("error", {}).get("kind") == "crash"}
    assert crashes == {1, 11}
    assert all("score" in answer for number, answer in answers.items() if number not in crashes)
    client.close()


@pytest.mark.parametrize("window", [1, 8])
def test_a_worker_that_ends_by_accident_costs_no_photo(stand_in, tmp_path, window):
    client = Client(program=stand_in(WORKER), window=window)
    answers = dict(client.answers(requests("a", tmp_path / "once-1", "b", tmp_path / "once-2", "c")))
    assert [answers[number]["score"] for number in range(5)] == [1, 6, 1, 6, 1]
    client.close()


def test_leaving_early_ends_the_worker(stand_in):
    client = Client(program=stand_in(WORKER))
    answers = client.answers(requests("a", "b", "c"))
    next(answers)
    pid = client.worker.pid
    answers.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert len(list(client.answers(requests("a", "b")))) == 2
    client.close()


def test_a_program_that_cant_start_is_one_line(stand_in):
    text = "import sys; print('Error: m: there is no such model; give another', file=sys.stderr); sys.exit(1)"
    with pytest.raises(vernier.VernierError, match="^m: there is no such model; give another$"):
        Worker(program=stand_in(text))


def test_another_protocol_is_refused(stand_in):
    with pytest.raises(vernier.VernierError, match="speaks protocol 2, this package 1"):
        Worker(program=stand_in(f"print('{READY}'.replace(':1,', ':2,'), flush=True); input()"))
