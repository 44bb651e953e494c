"""A server with generated pictures and Debian's Chromium, for every test of the suite."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import numpy
import pytest
from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
HARNESS = Path(os.environ.get("VERNIER_HARNESS", ROOT / ".build/release/annotation-harness"))
CHROMIUM = os.environ.get("VERNIER_CHROMIUM", "/usr/bin/chromium")
# Milliseconds. A loaded machine may take its time: nothing here proves a speed.
PATIENCE = 180_000
FLAGS = ["--no-sandbox", "--force-color-profile=srgb", "--hide-scrollbars"]


class Server:
    """One server process on one study; killed and started again at will."""

    def __init__(self, study, pictures, *options):
        self.study, self.pictures, self.options, self.port = study, pictures, options, 0
        self.clock = Path(f"{study}.clock")
        self.clock.write_text("0")
        self.chief = None
        self.start()

    def advance(self, seconds):
        """Puts the server's clock forward."""
        part = self.clock.with_suffix(".part")
        part.write_text(str(float(self.clock.read_text()) + seconds))
        part.rename(self.clock)

    def start(self):
        command = [HARNESS, self.study, self.pictures, str(self.port), f"clock={self.clock}", *self.options]
        self.process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True)
        line = json.loads(self.process.stdout.readline())
        self.port = int(line["port"])
        self.owner, self.observers, self.id = line["owner"], line["observers"].split(), line["study"]

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    @property
    def base(self):
        return f"http://localhost:{self.port}"


@pytest.fixture(scope="session")
def pictures(tmp_path_factory):
    """Two scenes of noise: every wrong pixel shows."""
    folder = tmp_path_factory.mktemp("pictures")
    random = numpy.random.default_rng(7)
    for scene in ("Indoor_Scene_1", "Outdoor_Scene_2"):
        (folder / scene).mkdir()
        for number in range(6):
            noise = random.integers(0, 256, (900, 1200, 3), dtype=numpy.uint8)
            Image.fromarray(noise).save(folder / scene / f"{number}.png", compress_level=1)
    return folder


@pytest.fixture
def serve(tmp_path, pictures):
    servers = []

    def start(*options):
        server = Server(tmp_path / f"study{len(servers)}", pictures, "burst=100000", *options)
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.kill()


@pytest.fixture(scope="session")
def playwright():
    with sync_playwright() as driver:
        yield driver


def patient(context):
    """The same context, whose waits have no other bound than our patience."""
    context.set_default_timeout(PATIENCE)
    return context


@pytest.fixture(scope="session")
def browser(playwright):
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, timeout=PATIENCE)
    new_context = browser.new_context
    browser.new_context = lambda **options: patient(new_context(**options))
    yield browser
    browser.close()


@pytest.fixture
def person(browser):
    """Opens pages of separate people, and fails the test on any error or policy violation in them."""
    contexts, problems = [], []

    def open_page(**options):
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.append(message.text)
                if "Content Security Policy" in message.text else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not problems


def enter(page, server, token=None):
    """Spends an invitation and consents."""
    page.goto(f"{server.base}/i/{token or server.observers[0]}")
    page.click("button.primary")
    page.wait_for_selector("body[data-step]")
    if page.get_attribute("body", "data-step") == "consent":
        page.check("#agree")
        page.click("button.primary")


def armed(page):
    """Waits until a pair may be answered; gives its lease."""
    page.wait_for_selector('body[data-step=compare][data-armed="1"]', timeout=PATIENCE)
    return page.get_attribute("body", "data-lease")


def owner_page(server, person, place=""):
    """The owner, signed in; the link works once, so later calls get the same page."""
    page = server.chief
    if page is None:
        page = server.chief = person()
        page.goto(f"{server.base}/i/{server.owner}")
        page.click("button.primary")
        page.wait_for_url("**/owner")
    if place:
        page.goto(f"{server.base}/owner{place}")
    return page


def answer(page, key="ArrowLeft"):
    """Answers one pair and waits until it is gone from the screen."""
    lease = armed(page)
    page.keyboard.press(key)
    page.wait_for_function("lease => document.body.dataset.lease !== lease", arg=lease, timeout=PATIENCE)
    return lease


def begin(page, server, token=None):
    """Comes to the first pair without training."""
    enter(page, server, token)
    page.wait_for_selector("[data-step=guidelines], [data-step=compare]")
    if page.get_attribute("body", "data-step") == "guidelines":
        page.get_by_role("button", name="Begin", exact=True).click()
    return armed(page)


def raw_votes(server, person):
    """The raw export, fetched by the owner."""
    page = owner_page(server, person)
    answer = page.request.get(f"{server.base}/api/v1/studies/{server.id}/export.jsonl", timeout=PATIENCE)
    return [json.loads(line) for line in answer.text().splitlines()]


def preloaded(page, pairs):
    """Waits until the pictures of so many pairs were fetched since the page was loaded."""
    page.wait_for_function("""count => performance.getEntriesByType('resource')
        .filter(entry => entry.name.includes('/img/') && entry.responseEnd > 0).length >= count""",
                           arg=2 * pairs, timeout=PATIENCE)


def sent(page, seconds=180):
    """Waits until no vote waits in the page's outbox."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        waiting = page.evaluate("""async () => {
            const database = await new Promise((resolve) => {
                const request = indexedDB.open('vernier', 1)
                request.onsuccess = () => resolve(request.result)
            })
            const count = await new Promise((resolve) => {
                const request = database.transaction('votes').objectStore('votes').count()
                request.onsuccess = () => resolve(request.result)
            })
            database.close()
            return count
        }""")
        if waiting == 0:
            return
        page.wait_for_timeout(100)
    raise AssertionError("votes are still waiting in the page")
