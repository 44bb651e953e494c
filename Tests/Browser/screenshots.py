#!/usr/bin/env python3
"""Pictures of every page of the annotation application, for docs/screenshots: run by hand, then look at them.

usage: screenshots.py STUDY OUT      STUDY: the demo's study, with regions.csv; OUT: a folder

Votes are given by the program itself: they show pages, not findings.
"""

import csv
import hashlib
import random
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from conftest import CHROMIUM, FLAGS, Server, answer, armed, begin, enter


def scene_folders(study, target):
    """The study's regions as one folder per scene; gives the level of degradation by address."""
    levels = {}
    with open(study / "regions.csv", newline="") as file:
        for row in csv.DictReader(file):
            content = (study / row["REGION"]).read_bytes()
            levels["/img/" + hashlib.sha256(content).hexdigest()] = int(Path(row["IMAGE"]).stem[-2:])
            place = target / row["SCENE"]
            place.mkdir(parents=True, exist_ok=True)
            (place / row["IMAGE"]).symlink_to((study / row["REGION"]).resolve())
    return levels


def save(page, out, name):
    """A PNG of 256 colours: small enough for a repository, good enough for a page."""
    page.wait_for_timeout(300)
    path = out / f"annotation-{name}.png"
    page.screenshot(path=path)
    Image.open(path).convert("RGB").quantize(256, dither=Image.Dither.FLOYDSTEINBERG).save(path, optimize=True)
    print(path.name, path.stat().st_size // 1024, "KB")


def main():
    study, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        folder = Path(name)
        levels = scene_folders(study, folder / "pictures")
        golden = folder / "golden.csv"
        golden.write_text("scene,attribute,better,worse,use\nastronaut,details,astronaut_00.jpg,astronaut_22.jpg,training\n")
        server = Server(folder / "Demo", folder / "pictures", "burst=100000", "gate=advisory", "name=Demo", "training=2", "block=300",
                        "rest=60", "observers=4", "scenes=1", f"golden={golden}", "ties=0")
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)

        def person(locale="en-GB"):
            return browser.new_context(viewport={"width": 1440, "height": 900}, locale=locale).new_page()

        page = person()
        page.goto(f"{server.base}/i/{server.observers[0]}")
        save(page, out, "invitation")
        page.click("button.primary")
        page.wait_for_selector("[data-step=consent]")
        save(page, out, "consent")
        page.check("#agree")
        page.click("button.primary")
        page.wait_for_selector("[data-step=check]")
        save(page, out, "check")
        page.select_option("#darkSeen", "3")
        page.select_option("#brightSeen", "4")
        page.click("button.primary")
        page.wait_for_selector("[data-step=check-failed]")
        save(page, out, "check-failed")
        page.get_by_role("button", name="Continue anyway").click()
        page.wait_for_selector("[data-step=guidelines]")
        save(page, out, "guidelines")
        page.click("button.primary")
        for place in range(2):
            page.wait_for_selector('[data-step=training][data-armed="1"]')
            lease = page.get_attribute("body", "data-lease")
            page.keyboard.press("ArrowLeft")
            page.wait_for_function("lease => document.body.dataset.lease !== lease", arg=lease)
            if place == 0:
                page.wait_for_timeout(600)
                save(page, out, "training")
        armed(page)
        page.wait_for_timeout(500)
        page.keyboard.press("Digit0")
        save(page, out, "compare")
        page.keyboard.press("Digit1")
        save(page, out, "compare-one")
        page.keyboard.press("Space")
        save(page, out, "compare-flip")
        page.keyboard.press("KeyG")
        save(page, out, "compare-guide")
        page.keyboard.press("Escape")
        page.keyboard.press("KeyP")
        page.wait_for_selector("[data-step=paused]")
        save(page, out, "paused")
        chance = random.Random(3)
        for token in server.observers[1:]:
            other, leases = person(), {}
            other.on("response", lambda response: leases.update(
                {entry["id"]: entry for entry in response.json()["leases"]})
                if response.url.endswith("/leases") and response.ok else None)
            enter(other, server, token)
            other.wait_for_selector("[data-step=check]")
            for field in ("#darkSeen", "#brightSeen"):
                other.select_option(field, "3")
            other.click("button.primary")
            other.wait_for_selector("[data-step=check-failed]")
            other.get_by_role("button", name="Continue anyway").click()
            other.wait_for_selector("[data-step=guidelines]")
            other.click("button.primary")
            for _ in range(2):
                other.wait_for_selector('[data-step=training][data-armed="1"]')
                lease = other.get_attribute("body", "data-lease")
                other.keyboard.press("ArrowLeft")
                other.wait_for_function("lease => document.body.dataset.lease !== lease", arg=lease)
            for _ in range(40):
                if other.locator("body[data-step=rest], body[data-step=done]").count():
                    break
                # Which is better is known from the ladder of degradations; one answer in eight goes wrong.
                lease = armed(other)
                left, right = (levels[leases[lease][side]["src"]] for side in ("left", "right"))
                other.keyboard.press("ArrowLeft" if (left < right) != (chance.random() < 0.125) else "ArrowRight")
                other.wait_for_function("lease => document.body.dataset.lease !== lease", arg=lease, timeout=20000)
            other.context.close()
        page.click("button.primary")
        armed(page)
        server.advance(301)
        page.keyboard.press("ArrowLeft")
        page.wait_for_selector("[data-step=rest]", timeout=20000)
        save(page, out, "break")
        page.get_by_role("button", name="Withdraw from the study").click()
        save(page, out, "withdraw")
        page.goto(f"{server.base}/bye")
        save(page, out, "bye")
        page.goto(f"{server.base}/login")
        save(page, out, "login")
        french = person("fr-FR")
        french.goto(f"{server.base}/login")
        french.context.close()
        owner = person()
        owner.goto(f"{server.base}/i/{server.owner}")
        owner.click("button.primary")
        owner.wait_for_url("**/owner")
        owner.wait_for_timeout(1500)
        for place, label in (("", "coverage"), ("/photos", "photos"), ("/scale", "scale"), ("/exports", "exports"),
                             ("/guidelines", "guidelines-edit"), ("/settings", "settings"), ("/audit", "audit")):
            owner.goto(f"{server.base}/owner{place}")
            save(owner, out, label)
        owner.goto(f"{server.base}/owner/observers")
        owner.get_by_role("button", name="Make an invitation", exact=True).click()
        owner.wait_for_selector("#link")
        save(owner, out, "observers")
        owner.goto(f"{server.base}/owner/stations")
        owner.fill("#name", "Laboratory 1")
        owner.fill("#calibrated", owner.evaluate("new Date().toISOString().slice(0, 10)"))
        owner.click("main form.check button.primary")
        owner.wait_for_selector("#link")
        save(owner, out, "stations")
        link = owner.input_value("#link")
        owner.goto(link)
        save(owner, out, "station")
        browser.close()
        server.kill()


if __name__ == "__main__":
    main()
