"""Photos that the owner drops into the page: the same checks as `study add`, and nothing is sent twice."""

import re
import socket
import sqlite3
import time

import numpy
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import PATIENCE, owner_page
from PIL import Image

ADDRESS = "/api/v1/admin/photos"


@pytest.fixture
def trip(tmp_path):
    """Two scenes with three photos each, a broken one and a hidden file."""
    folder = tmp_path / "Trip"
    random = numpy.random.default_rng(3)
    for scene in ("Garden", "Straße é"):
        (folder / scene).mkdir(parents=True)
        for number in range(3):
            noise = random.integers(0, 256, (600, 800, 3), dtype=numpy.uint8)
            Image.fromarray(noise).save(folder / scene / f"{number}.png", compress_level=1)
    whole = (folder / "Garden" / "0.png").read_bytes()
    (folder / "Garden" / "torn.png").write_bytes(whole[:200_000])
    (folder / "Garden" / ".DS_Store").write_bytes(b"hidden")
    return folder


def photos(server):
    with sqlite3.connect(f"file:{server.study}/study.sqlite?mode=ro", uri=True) as database:
        return database.execute("SELECT scene, name, device FROM study_photo ORDER BY id").fetchall()


def parts(server):
    return list((server.study / ".incoming").glob("*"))


def ready(server, person):
    page = owner_page(server, person, "/photos")
    page.wait_for_selector("#upload[data-ready]")
    return page


def finished(page, times=1):
    page.wait_for_selector(f'#upload[data-done="{times}"]', timeout=PATIENCE)
    return page.inner_text("#total")


ALL = [(scene, f"{number}.png") for scene in ("Garden", "Straße é") for number in range(3)]


def half(line, server, page):
    """Announces a photo of a megabyte on a bare connection, sends a third of it, and waits until that is there."""
    cookie = "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies())
    csrf = page.get_attribute("meta[name=csrf]", "content")
    answer = page.request.post(
        f"{server.base}{ADDRESS}/plan", headers={"X-CSRF-Token": csrf, "Origin": server.base},
        data={"files": [{"path": "Late/1.png", "bytes": 1_000_000}]})
    plan = answer.json()["plan"]
    line.sendall((f"PUT {ADDRESS}/{plan}/0 HTTP/1.1\r\nHost: localhost:{server.port}\r\nOrigin: {server.base}\r\n"
                  f"Cookie: {cookie}\r\nX-CSRF-Token: {csrf}\r\nContent-Type: application/octet-stream\r\n"
                  "Content-Length: 1000000\r\n\r\n").encode() + bytes(300_000))
    end = time.monotonic() + 60
    while not parts(server) and time.monotonic() < end:
        time.sleep(0.05)
    assert len(parts(server)) == 1


def test_a_folder_an_interruption_and_a_reload(serve, person, trip):
    server = serve()
    page = ready(server, person)
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "PUT" else None)
    # The second photo's connection breaks once: only that photo is sent again.
    broken = []

    def lose(route):
        if route.request.method == "PUT" and len(sent) == 2 and not broken:
            broken.append(route.request.url)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(f"**{ADDRESS}/*/*", lose)
    page.set_input_files("#folder", trip)
    page.wait_for_function("() => document.querySelectorAll('[data-outcome=added]').length >= 2", timeout=PATIENCE)
    page.click("#pause")
    page.wait_for_function("() => document.querySelector('#total').textContent.startsWith('Paused')")
    page.click("#pause")
    added, known, updated, refused = map(int, re.findall(r"\d+", finished(page)))
    # What was under way at the pause may have been taken already; it is known then.
    assert added + known == 6 and known <= 1 and (updated, refused) == (0, 1)
    assert len(broken) == 1
    refused = page.locator("#problems li").all_inner_texts()
    assert len(refused) == 1 and refused[0].startswith("Trip/Garden/torn.png: ")
    assert [row[:2] for row in photos(server)] == ALL
    assert parts(server) == []
    # Once more: only the broken one is tried.
    count = len(sent)
    page.set_input_files("#folder", trip)
    assert finished(page, 2).startswith("Done: 0 photos added, 6 known, 0 updated, 1 refused.")
    assert len(sent) == count + 1


def test_a_reload_and_a_killed_server_lose_one_file_at_most(serve, person, trip):
    server = serve()
    page = ready(server, person)
    page.on("dialog", lambda dialog: dialog.accept())
    held = []

    def hold(route):
        held.append(route.request.url)
        if len(held) <= 2:
            route.continue_()

    page.route(f"**{ADDRESS}/*/*", hold)
    page.set_input_files("#folder", trip)
    page.wait_for_function("() => document.querySelectorAll('[data-outcome=added]').length === 2", timeout=PATIENCE)
    page.unroute(f"**{ADDRESS}/*/*")
    page.reload()
    page.wait_for_selector("#unfinished:not([hidden])")
    assert re.search("[23] of 7", page.inner_text("#unfinished"))
    # The server dies while half a photo is there; the next one removes the half.
    with socket.create_connection(("localhost", server.port)) as line:
        half(line, server, page)
        server.kill()
    assert len(parts(server)) == 1
    owner = server.owner
    server.start()
    server.owner = owner
    assert parts(server) == []
    page.set_input_files("#folder", trip)
    added, known, updated, refused = map(int, re.findall(r"\d+", finished(page)))
    # What was under way at the reload may have come in.
    assert added + known == 6 and known in (2, 3) and (updated, refused) == (0, 1)
    assert [row[:2] for row in photos(server)] == ALL


def test_a_dropped_connection_leaves_nothing(serve, person):
    server = serve()
    page = ready(server, person)
    with socket.create_connection(("localhost", server.port)) as line:
        half(line, server, page)
    end = time.monotonic() + 60
    while parts(server) and time.monotonic() < end:
        time.sleep(0.05)
    assert parts(server) == []
    assert photos(server) == []


def test_a_photo_above_the_limit_is_turned_away_before_it_is_sent(serve):
    server = serve()
    with socket.create_connection(("localhost", server.port)) as line:
        line.sendall((f"PUT {ADDRESS}/plan/0 HTTP/1.1\r\nHost: localhost:{server.port}\r\nOrigin: {server.base}\r\n"
                      f"Content-Length: {513 << 20}\r\n\r\n").encode())
        line.settimeout(60)
        answer = line.recv(65536)
        while b"}}" not in answer:
            answer += line.recv(65536)
    assert answer.startswith(b"HTTP/1.1 413") and b"larger than 512 MB; add it with vernier study add" in answer


def test_memory_stays_flat_while_a_large_file_comes_in(serve, person, tmp_path):
    server = serve()
    page = ready(server, person)
    (tmp_path / "Large" / "Scene").mkdir(parents=True)
    with open(tmp_path / "Large" / "Scene" / "large.png", "wb") as file:
        file.truncate(400 << 20)

    def resident():
        for line in open(f"/proc/{server.process.pid}/status"):
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024

    before = resident()
    page.set_input_files("#folder", tmp_path / "Large")
    assert finished(page).startswith("Done: 0 photos added, 0 known, 0 updated, 1 refused.")
    assert resident() - before < 100
    assert parts(server) == []


def test_a_manifest_in_the_folder(serve, person, trip):
    (trip / "list.csv").write_text("image,scene,device\nGarden/0.png,One,Phone 1\nGarden/none.png,One,\n")
    server = serve()
    page = ready(server, person)
    page.set_input_files("#folder", trip)
    assert finished(page).startswith("Done: 1 photos added, 0 known, 0 updated, 1 refused.")
    assert photos(server) == [("One", "0.png", "Phone 1")]
    (trip / "list.csv").write_text("image,scene,device\nGarden/0.png,One,Phone 2\n")
    page.set_input_files("#folder", trip)
    assert finished(page, 2).startswith("Done: 0 photos added, 0 known, 1 updated, 0 refused.")
    assert photos(server) == [("One", "0.png", "Phone 2")]


@pytest.mark.parametrize("width,height", [(1440, 900), (390, 844)])
def test_the_pages_for_everybody(serve, person, trip, tmp_path, width, height):
    server = serve()
    page = ready(server, person)
    page.set_viewport_size({"width": width, "height": height})

    def check(name):
        page.screenshot(path=tmp_path / f"{name}-{width}.png", full_page=True)
        assert page.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
        found = Axe().run(page).response["violations"]
        assert [(entry["id"], [node["target"] for node in entry["nodes"]]) for entry in found] == [], name

    check("empty")
    # By keyboard: the field opens the chooser of folders.
    page.focus("#folder")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(trip)
    finished(page)
    check("done")
    page.click("#total a")
    page.click("text=Garden")
    page.wait_for_function("() => [...document.images].every((image) => image.complete && image.naturalWidth > 0)")
    assert page.locator(".photos img").count() == 3
    check("scene")
    first = page.locator(".photos li").first
    first.get_by_label("Device").fill("Phone 7")
    first.get_by_label("Scene").fill("Terrace")
    first.get_by_role("button").press("Enter")
    page.wait_for_load_state()
    page.wait_for_function("() => document.querySelectorAll('.photos li').length === 2")
    assert ("Terrace", "0.png", "Phone 7") in photos(server)
    page.goto(f"{server.base}/owner/photos?lang=fr")
    page.wait_for_selector("#upload[data-ready]")
    assert "Ajouter des photos" in page.inner_text("#upload")
    check("french")
