"""The pages of verdicts, leaderboards and trends fit a desk and a phone: nothing is cut off, no word is broken."""

import csv
import os
import random
import subprocess

import pytest

from conftest import CHROMIUM, FLAGS, PATIENCE, ROOT

VERNIER = os.environ.get("VERNIER_PROGRAM", ROOT / ".build/release/vernier")
BUILDS = {"Falcon 9": 0.0, "Falcon 9 Pro": 0.9, "Orion S24 Ultra with a long name": 0.4, "Nova Mini": -1.2}
CONDITIONS = ["Indoor", "Lowlight", "Outdoor"]


def campaign(folder):
    """Votes on four builds in twelve scenes and two attributes; the new build is worse where it is dark."""
    chance = random.Random(3)
    with open(folder / "votes.csv", "w", newline="") as file, open(folder / "groups.csv", "w", newline="") as list_:
        votes, groups = csv.writer(file), csv.writer(list_)
        votes.writerow(["observer", "scene", "attribute", "image_a", "image_b", "choice"])
        groups.writerow(["scene", "image", "group", "condition", "skin"])
        for number in range(12):
            condition = CONDITIONS[number % 3]
            scene = f"{condition}_Scene_{number}"
            for build in BUILDS:
                groups.writerow([scene, f"{build}.jpg", build, condition, ["I-II", "III-IV", "V-VI"][number // 4]])
            for attribute in ("details", "exposure"):
                quality = {build: value + chance.gauss(0, 0.4) for build, value in BUILDS.items()}
                if condition == "Lowlight":
                    quality["Falcon 9 Pro"] -= 3
                for vote in range(90):
                    a, b = chance.sample(sorted(BUILDS), 2)
                    choice = "a" if quality[a] - quality[b] + chance.gauss(0, 1.4826) > 0 else "b"
                    votes.writerow([f"o{vote % 15}", scene, attribute, f"{a}.jpg", f"{b}.jpg", choice])


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    campaign(folder)

    def run(*arguments, codes=(0, 1, 3)):
        done = subprocess.run([VERNIER, *arguments], cwd=folder, capture_output=True, text=True)
        assert done.returncode in codes, done.stderr

    files = ["--votes", "votes.csv", "--groups", "groups.csv"]
    for candidate in list(BUILDS)[2:] + ["Falcon 9 Pro"]:
        run("verdict", "--baseline", "Falcon 9", "--candidate", candidate, *files, "--history", "h.jsonl", "--slices",
            "condition,skin", "--next-pairs", "next.csv", "--report", "verdict.html")
    run("verdict", "--baseline", "Falcon 9", "--candidate", "Nova Mini", *files, "--attribute", "details", "--report",
        "one.html")
    run("leaderboard", *files, "--slices", "condition,skin", "--report", "leaderboard.html", codes=(0,))
    run("trend", "--history", "h.jsonl", "--report", "trend.html", codes=(0,))
    return folder


# What sticks out of the page or of its own box, where the reader sees it.
CUT_OFF = """() => {
    const found = [], wide = document.documentElement
    if (wide.scrollWidth > wide.clientWidth) found.push(`page ${wide.scrollWidth} > ${wide.clientWidth}`)
    for (const element of document.querySelectorAll('.plot, .table, .card, figure, article')) {
        if (element.checkVisibility() && element.scrollWidth > element.clientWidth + 1)
            found.push(`${element.className} ${element.scrollWidth} > ${element.clientWidth}`)
    }
    for (const text of document.querySelectorAll('.plot text')) {
        if (!text.checkVisibility()) continue
        const box = text.getBoundingClientRect(), plot = text.closest('svg').getBoundingClientRect()
        if (box.left < plot.left - 1 || box.right > plot.right + 1) found.push(`text ${text.textContent}`)
    }
    return found
}"""

# Short words that stand on two lines.
BROKEN = """() => [...document.querySelectorAll('td, th, .badge, .outcome')].filter((cell) => {
    if (!cell.checkVisibility() || !/^[a-z]+$/i.test(cell.textContent) || !cell.firstChild) return false
    const range = document.createRange()
    range.selectNodeContents(cell)
    return new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1
}).map((cell) => cell.textContent)"""


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("name", ["verdict", "one", "leaderboard", "trend"])
def test_nothing_is_cut_off(playwright, pages, name, width):
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, timeout=PATIENCE)
    try:
        page = browser.new_page(viewport={"width": width, "height": 900})
        requests = []
        page.on("request", lambda request: requests.append(request.url))
        page.goto((pages / f"{name}.html").as_uri())
        for opened in (False, True):
            if opened:
                page.evaluate("() => document.querySelectorAll('details').forEach((part) => { part.open = true })")
            assert page.evaluate(CUT_OFF) == []
            assert page.evaluate(BROKEN) == []
        # The file is complete: nothing else is loaded.
        assert [url for url in requests if not url.startswith("data:")] == [(pages / f"{name}.html").as_uri()]
        shown = page.locator(".on-phone" if width < 640 else ".on-wide")
        assert shown.count() > 0 and all(shown.nth(index).is_visible() for index in range(shown.count()))
    finally:
        browser.close()
