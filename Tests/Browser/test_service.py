"""The scoring service as its clients see it: its document, hostile requests, load, kills, and its page."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import numpy
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import CHROMIUM, FLAGS, PATIENCE, ROOT
from openapi_spec_validator import validate
from PIL import Image

VERNIER = ROOT / ".build/release/vernier"


class Service:
    """`vernier serve`, with the cheapest scorer where no model is named."""

    def __init__(self, port=0, *options, model="niqe"):
        self.process = subprocess.Popen(
            [VERNIER, "serve", "--model", model, "--port", str(port), *options], stderr=subprocess.PIPE, text=True)
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

    def children(self):
        """The processes that it started."""
        return [int(child) for task in Path(f"/proc/{self.process.pid}/task").iterdir()
                for child in (task / "children").read_text().split()]

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


def slow_jpeg(side):
    """A small file that is within every limit of pixels and takes minutes: 883 scans of one gray level.

    A progressive JPEG may send each bit of each coefficient in a scan of its own (ITU-T T.81, annex G). Here each scan
    says of all blocks that nothing changes, in runs of 16,384 blocks of 15 zero bits.
    """
    def segment(marker, content):
        return bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2, "big") + content

    def scan(first, last, high, low, blocks_a_run, bits):
        blocks = (side // 8) ** 2
        size = -(-blocks // blocks_a_run) * bits // 8 + 1
        return segment(0xDA, bytes([1, 1, 0, first, last, high << 4 | low])) + bytes(size)

    one_code = bytes([1] + [0] * 15)
    frame = b"\x08" + side.to_bytes(2, "big") * 2 + bytes([1, 1, 0x11, 0])
    parts = [b"\xff\xd8", segment(0xDB, b"\0" + bytes([16] * 64)), segment(0xC2, frame),
             segment(0xC4, b"\x00" + one_code + b"\x00" + b"\x10" + one_code + b"\xe0"), scan(0, 0, 0, 0, 1, 1)]
    for low in range(13, -1, -1):
        parts += [scan(place, place, 0 if low == 13 else low + 1, low, 1 << 14, 15) for place in range(1, 64)]
    return b"".join(parts) + b"\xff\xd9"


def test_a_photo_that_stops_its_decoder_is_an_answer(photo):
    service = Service(0, "--decoder-seconds", "1")
    try:
        content = photo.read_bytes()
        expected = json.loads(service.ask("/v1/score", content)[1])["score"]
        (decoder,) = service.children()
        # It writes no file, opens no connection, and ends with the service.
        status, answer = service.ask("/v1/score", slow_jpeg(14_000))
        assert status == 422, answer
        assert json.loads(answer)["error"]["kind"] == "crash", answer
        assert json.loads(service.ask("/v1/score", content)[1])["score"] == expected
        assert service.children() == [decoder]
        # In a batch, the others have their scores.
        form = b"".join(b'--x\r\nContent-Disposition: form-data; name="photo"; filename="%s"\r\n\r\n%s\r\n' % part
                        for part in [(b"a", content), (b"b", slow_jpeg(14_000)), (b"c", content)]) + b"--x--\r\n"
        status, lines = service.ask("/v1/score/batch", form, {"Content-Type": "multipart/form-data; boundary=x"})
        lines = [json.loads(line) for line in lines.splitlines()]
        assert [line["name"] for line in lines] == ["a", "b", "c"]
        assert [line.get("score") for line in lines] == [expected, None, expected]
        assert lines[1]["error"]["kind"] == "crash"
        assert b"vernier_crashes_total 2\n" in service.ask("/metrics")[1]
        # Whoever kills the decoders takes no photo with them.
        os.kill(decoder, signal.SIGKILL)
        assert json.loads(service.ask("/v1/score", content)[1])["score"] == expected
        assert service.children() != [decoder]
    finally:
        service.stop()


OF_DECODERS = (b"OMP_NUM_THREADS", b"SWIFT_BACKTRACE", b"GLIBC_TUNABLES", b"VERNIER_VIPS_LIBRARY")


def test_a_decoder_is_locked_in(service, photo):
    service.ask("/v1/score", photo.read_bytes())
    (decoder,) = service.children()
    # What it inherits: nothing of the service's files and connections, nothing of its environment.
    names = {os.readlink(entry) for entry in Path(f"/proc/{decoder}/fd").iterdir()}
    assert all(name.startswith(("socket:", "/dev/null", "pipe:")) for name in names), names
    variables = Path(f"/proc/{decoder}/environ").read_bytes().split(b"\0")
    assert all(line.split(b"=")[0] in OF_DECODERS for line in variables if line), variables
    assert service.stop(signal.SIGTERM) == 0
    # It ends when the service's end of their connection does: soon, not at once.
    end = time.monotonic() + PATIENCE / 1000
    while Path(f"/proc/{decoder}").exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert not Path(f"/proc/{decoder}").exists()


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


def opened(browser, service, width):
    """The service's page in a window of this width, and a list that the page's errors will stand in."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.set_default_timeout(PATIENCE)
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: line.type == "error" and faults.append(line.text))
    page.goto(service.base)
    return page, faults


def test_a_photo_is_dropped_on_the_page(service, playwright, photo, tmp_path):
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, timeout=PATIENCE)
    try:
        for width in (390, 1440):
            page, faults = opened(browser, service, width)
            page.get_by_text("Model niqe").wait_for()
            page.set_input_files("#file", str(photo))
            page.locator("#result").wait_for()
            assert float(page.locator("#score").inner_text()) > 0
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert page.locator("#photo").evaluate("image => image.naturalWidth") == 320
            assert page.locator("#layers").is_hidden()
            broken = tmp_path / "broken.png"
            broken.write_bytes(photo.read_bytes()[:300])
            assert not faults, faults
            page.set_input_files("#file", str(broken))
            page.get_by_role("alert").filter(has_text="photo").wait_for()
            assert Axe().run(page).violations_count == 0
            page.close()
    finally:
        browser.close()


def test_face_and_map_lie_over_the_photo(playwright):
    """The default model: a portrait's parts in colors, its face in a box, on a narrow and on a wide screen."""
    portrait = ROOT / ".deps/portraits/astronaut.png"
    service = Service(model="photo-overall")
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, timeout=PATIENCE)
    try:
        status, body = service.ask("/v1/map", portrait.read_bytes())
        answer = json.loads(body)
        assert status == 200
        assert answer["score"]["score"] == json.loads(service.ask("/v1/score", portrait.read_bytes())[1])["score"]
        left, top, width, height = answer["face"]
        assert 0 < left < left + width < answer["width"] and 0 < top < top + height < answer["height"]
        # The parts cover the whole photo, and nothing else.
        covered = numpy.zeros((answer["height"], answer["width"]), dtype=bool)
        for part in answer["parts"]:
            x, y, w, h = part["area"]
            assert x >= 0 and y >= 0 and x + w <= answer["width"] and y + h <= answer["height"]
            covered[y:y + h, x:x + w] = True
        assert covered.all()

        def ink(page):
            return page.locator("#overlay").evaluate("""canvas => {
                const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
                return data.filter((level, index) => index % 4 === 3 && level > 0).length / (data.length / 4)
            }""")

        for width in (390, 1440):
            page, faults = opened(browser, service, width)
            page.get_by_text("Model photo-overall").wait_for()
            page.set_input_files("#file", str(portrait))
            page.locator("#layers").wait_for()
            assert ink(page) > 0.99
            # The canvas lies exactly over the photo.
            boxes = [page.locator(name).bounding_box() for name in ("#photo", "#overlay")]
            assert all(abs(boxes[0][side] - boxes[1][side]) <= 1 for side in boxes[0])
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert page.locator("#face").inner_text() == "Face"
            assert Axe().run(page).violations_count == 0
            if folder := os.environ.get("VERNIER_SCREENSHOTS"):
                page.screenshot(path=f"{folder}/service-{width}.png", full_page=True)
            page.locator("#show-map").uncheck()
            assert 0 < ink(page) < 0.1
            page.locator("#show-face").uncheck()
            assert ink(page) == 0
            assert not faults, faults
            page.close()
    finally:
        browser.close()
        service.stop()
