"""The scoring service as its clients see it: its document, hostile requests, load, kills, and its page."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request

import numpy
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import CHROMIUM, FLAGS, PATIENCE, ROOT
from openapi_spec_validator import validate
from PIL import Image

VERNIER = ROOT / ".build/release/vernier"


class Service:
    """`vernier serve` with the cheapest scorer."""

    def __init__(self, port=0, *options):
        self.process = subprocess.Popen(
            [VERNIER, "serve", "--model", "niqe", "--port", str(port), *options], stderr=subprocess.PIPE, text=True)
        line = self.process.stderr.readline()
        found = re.search(r"http://127.0.0.1:(\d+)/", line)
        assert found, line
        self.port = int(found[1])

    @property
    def base(self):
        return f"http://127.0.0.1:{self.port}"

    def ask(self, path, data=None, headers=None):
        """The status and the JSON of an answer."""
        request = urllib.request.Request(self.base + path, data=data, headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE / 1000) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def stop(self, number=signal.SIGKILL):
        self.process.send_signal(number)
        self.process.wait()
        self.process.stderr.close()
        return self.process.returncode


@pytest.fixture(scope="module")
def photo(tmp_path_factory):
    path = tmp_path_factory.mktemp("photo") / "photo.png"
    random = numpy.random.default_rng(3)
    Image.fromarray(random.integers(0, 256, (240, 320, 3), dtype=numpy.uint8)).save(path)
    return path


@pytest.fixture
def service():
    started = Service()
    yield started
    started.stop()


def test_the_document_is_valid_and_true(service):
    document = json.loads(service.ask("/openapi.json")[1])
    validate(document)
    run = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "run", f"{service.base}/openapi.json", "--max-examples", "20",
         "--generation-database", "none", "--seed", "1", "--workers", "1",
         # The document names 503 and 504, which are no faults; any other status of a fault breaks conformance.
         "--checks", "content_type_conformance,response_schema_conformance,status_code_conformance"],
        capture_output=True, text=True, env={**os.environ, "NO_COLOR": "1"})
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-2000:]


def test_a_score_is_that_of_the_command(service, photo):
    status, body = service.ask("/v1/score", photo.read_bytes())
    assert status == 200
    command = subprocess.run(
        [VERNIER, "score", "--model", "niqe", "--json", photo], capture_output=True, text=True, check=True)
    assert json.loads(body)["score"] == json.loads(command.stdout)["score"]


def test_hostile_bodies_are_answers(service, photo):
    content = photo.read_bytes()
    for body in (b"", b"GIF89a", b"\0" * 5000, content[:-200], content[:60]):
        status, answer = service.ask("/v1/score", body or b"", {"Content-Type": "image/png"})
        assert status == 422, (status, answer)
        assert "/proc/" not in answer.decode()
    # A header that promises more pixels than may be read.
    bomb = bytearray(content[:33])
    bomb[16:24] = (60_000).to_bytes(4, "big") * 2
    assert service.ask("/v1/score", bytes(bomb))[0] == 422
    # A client that stops in the middle of its body takes nothing with it.
    with socket.create_connection(("127.0.0.1", service.port)) as half:
        half.sendall(b"POST /v1/score HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + content[:100])
    assert service.ask("/v1/score", content)[0] == 200


def test_no_answer_is_wrong_or_lost_under_load(photo):
    service = Service(0, "--queue", "4")
    content = photo.read_bytes()
    expected = json.loads(service.ask("/v1/score", content)[1])["score"]
    found, lock = [], threading.Lock()

    def client():
        for _ in range(12):
            status, body = service.ask("/v1/score", content)
            with lock:
                found.append((status, json.loads(body)))

    clients = [threading.Thread(target=client) for _ in range(16)]
    for thread in clients:
        thread.start()
    for thread in clients:
        thread.join()
    assert len(found) == 16 * 12
    assert {status for status, _ in found} <= {200, 429}
    assert all(answer["score"] == expected for status, answer in found if status == 200)
    assert sum(status == 200 for status, _ in found) >= 4
    # Asked to end, it ends well; killed, it starts again on its port.
    assert service.stop(signal.SIGTERM) == 0
    again = Service(service.port)
    assert again.stop() == -signal.SIGKILL
    third = Service(service.port)
    assert third.ask("/v1/score", content)[0] == 200
    third.stop()


def test_a_photo_is_dropped_on_the_page(service, playwright, photo, tmp_path):
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, timeout=PATIENCE)
    try:
        for width in (390, 1440):
            page = browser.new_page(viewport={"width": width, "height": 900})
            page.set_default_timeout(PATIENCE)
            faults = []
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on("console", lambda line: line.type == "error" and faults.append(line.text))
            page.goto(service.base)
            page.get_by_text("Model niqe").wait_for()
            page.set_input_files("#file", str(photo))
            page.locator("#result").wait_for()
            assert float(page.locator("#score").inner_text()) > 0
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert page.locator("#photo").evaluate("image => image.naturalWidth") == 320
            broken = tmp_path / "broken.png"
            broken.write_bytes(photo.read_bytes()[:300])
            assert not faults, faults
            page.set_input_files("#file", str(broken))
            page.get_by_role("alert").filter(has_text="photo").wait_for()
            assert Axe().run(page).violations_count == 0
            page.close()
    finally:
        browser.close()
