"""Groups of faces that the owner looks at: by mouse and by keyboard, on a screen and on a phone."""

import sqlite3

import numpy
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import PATIENCE, owner_page
from PIL import Image


@pytest.fixture
def people(serve, person, tmp_path):
    """A server whose study has seven photos in three groups, two of them with contradictions."""
    folder = tmp_path / "Trip" / "Garden"
    folder.mkdir(parents=True)
    random = numpy.random.default_rng(5)
    for number in range(7):
        noise = random.integers(0, 256, (30, 40, 3), dtype=numpy.uint8)
        Image.fromarray(noise).resize((800, 600), Image.NEAREST).save(folder / f"{number}.png")
    server = serve()
    page = owner_page(server, person, "/photos")
    page.wait_for_selector("#upload[data-ready]")
    page.set_input_files("#folder", tmp_path / "Trip")
    page.wait_for_selector('#upload[data-done="1"]', timeout=PATIENCE)
    with sqlite3.connect(f"{server.study}/study.sqlite", timeout=30) as database:
        names = [row[0] for row in database.execute("SELECT id FROM study_photo ORDER BY name")]
        for place, group in enumerate((1, 1, 1, 2, 2, 3, 3)):
            database.execute("INSERT INTO study_face VALUES (?, ?, 250, 150, 200, 260, ?)",
                             (names[place], group, place / 10))
        for place, pseudonym in ((0, "P1"), (3, "P2"), (4, "P3"), (5, "P1")):
            database.execute("UPDATE study_photo SET person = ? WHERE id = ?", (pseudonym, names[place]))
        database.execute("INSERT INTO study_face_likeness VALUES (1, 3, 0.63)")
    return server


def persons(server):
    with sqlite3.connect(f"file:{server.study}/study.sqlite?mode=ro", uri=True) as database:
        return [row[0] for row in database.execute("SELECT person FROM study_photo ORDER BY name")]


def groups(page):
    return page.locator("section.group h2").all_inner_texts()


def test_groups_by_keyboard(people, person):
    page = owner_page(people, person, "/people")
    assert groups(page) == ["Group 1 photos: 3", "Group 2 photos: 2", "Group 3 photos: 2"]
    assert page.locator("#group-2 .warning").inner_text().startswith("On record these photos show several people: P2, P3")
    # Ticking a face and leaving with Enter must not confirm anything.
    page.get_by_label("Garden/4.png").focus()
    page.keyboard.press("Space")
    assert page.get_by_label("Garden/4.png").is_checked()
    page.get_by_role("button", name="Move chosen faces of group 2").press("Enter")
    page.wait_for_selector("#group-4")
    assert groups(page)[-1] == "Group 4 photos: 1"
    # A refusal is said, and changes nothing.
    page.locator("#group-2-person").fill("P1")
    page.get_by_role("button", name="Confirm as one person: group 2").press("Enter")
    page.wait_for_selector("[role=alert]")
    assert "its person is P2 on record, not P1" in page.inner_text("[role=alert]")
    assert persons(people) == ["P1", None, None, "P2", "P3", "P1", None]
    page.locator("#group-3-with").select_option("1")
    page.get_by_role("button", name="Merge group 3 with another").press("Enter")
    page.wait_for_function("() => document.querySelectorAll('section.group').length === 3")
    assert page.url.endswith("#group-1")
    for number in (1, 2, 4):
        page.locator(f"#group-{number}-person").press("Enter")
        page.wait_for_function("id => !document.getElementById(id)", arg=f"group-{number}")
    assert persons(people) == ["P1", "P1", "P1", "P2", "P3", "P1", "P1"]
    assert "No proposal waits for you" in page.inner_text("main")


@pytest.mark.parametrize("width,height", [(1440, 900), (390, 844)])
def test_the_page_for_everybody(people, person, tmp_path, width, height):
    page = owner_page(people, person, "/people")
    page.set_viewport_size({"width": width, "height": height})

    def check(name):
        page.screenshot(path=tmp_path / f"{name}-{width}.png", full_page=True)
        assert page.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
        found = Axe().run(page).response["violations"]
        assert [(entry["id"], [node["target"] for node in entry["nodes"]]) for entry in found] == [], name

    for image in page.locator(".faces img").all():
        image.scroll_into_view_if_needed()
    page.wait_for_function("() => [...document.images].every((image) => image.complete && image.naturalWidth > 0)")
    assert page.locator(".faces img").count() == 7
    page.get_by_label("Garden/1.png").check()
    check("people")
    page.goto(f"{people.base}/owner/people?lang=fr")
    assert "Rien ne compte avant votre confirmation" in page.inner_text("main")
    check("french")
    page.get_by_label("Oui, l’abandonner").check()
    page.get_by_role("button", name="Abandonner la proposition").click()
    page.wait_for_function("() => !document.querySelector('section.group')")
    check("empty")
