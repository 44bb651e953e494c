"""An observer's whole way, with the keyboard alone, and what may go wrong on it."""

import os
import signal
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

from conftest import (CHROMIUM, FLAGS, PATIENCE, answer, armed, begin, enter, owner_page, patient, preloaded, raw_votes,
                      sent)


OWNER_PAGES = ("", "/photos", "/guidelines", "/observers", "/observers/O-1", "/remarks", "/stations", "/scale", "/exports",
               "/settings", "/audit")


def press_until(page, key, selector, times=60):
    for _ in range(times):
        if page.evaluate("selector => document.activeElement?.matches(selector)", selector):
            return
        page.keyboard.press(key)
    raise AssertionError(f"the keyboard does not reach {selector}")


def violations(page):
    found = Axe().run(page).response["violations"]
    return [(entry["id"], [node["target"] for node in entry["nodes"]]) for entry in found]


def test_keyboard_only_and_accessible(serve, person):
    server = serve("gate=advisory", "training=2", "only=active")
    page = person()
    page.goto(f"{server.base}/i/{server.observers[0]}")
    assert violations(page) == []
    press_until(page, "Tab", "button.primary")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-step=consent]")
    assert violations(page) == []
    press_until(page, "Tab", "#agree")
    page.keyboard.press("Space")
    press_until(page, "Tab", "button.primary")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-step=check]")
    assert violations(page) == []
    for field in ("#darkSeen", "#brightSeen"):
        press_until(page, "Tab", field)
        page.keyboard.press("3")
    press_until(page, "Tab", "button.primary")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-step=check-failed]")
    assert page.locator(".failures li").count() >= 4
    assert violations(page) == []
    press_until(page, "Tab", "button:not(.primary)")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-step=guidelines]")
    assert violations(page) == []
    press_until(page, "Tab", "button.primary")
    page.keyboard.press("Enter")
    page.wait_for_selector('[data-step=training][data-armed="1"]')
    for _ in range(2):
        page.wait_for_selector('[data-armed="1"]')
        lease = page.get_attribute("body", "data-lease")
        page.keyboard.press("ArrowLeft")
        page.wait_for_function("lease => document.body.dataset.lease !== lease", arg=lease)
    armed(page)
    assert violations(page) == []
    for key in ("Digit0", "Digit1", "Shift+ArrowLeft", "Space", "Space", "Digit2"):
        page.keyboard.press(key)
    answer(page, "ArrowRight")
    page.keyboard.press("KeyG")
    page.wait_for_selector("dialog[open]")
    assert violations(page) == []
    page.keyboard.press("Escape")
    sent(page)
    page.keyboard.press("KeyP")
    page.wait_for_selector("[data-step=paused]")
    assert violations(page) == []
    press_until(page, "Tab", "button.primary")
    page.keyboard.press("Enter")
    armed(page)
    counted = [vote for vote in raw_votes(server, person) if vote["kind"] == "active"]
    assert [vote["choice"] for vote in counted] == ["right"]
    assert '"toggles":2' in counted[0]["view"] and '"zooms":2' in counted[0]["view"]
    assert '"pans":1' in counted[0]["view"] and counted[0]["scale"] == 1 and counted[0]["isBelowScale"] is False


def test_owner_pages_are_accessible(serve, person):
    server = serve("training=0", "only=active", "ties=1")
    page = person()
    begin(page, server)
    for _ in range(6):
        answer(page)
    sent(page)
    owner = owner_page(server, person)
    for place in OWNER_PAGES:
        owner.goto(f"{server.base}/owner{place}")
        assert violations(owner) == [], place
    owner.goto(f"{server.base}/owner/observers")
    owner.fill("#pseudonym", "<b>Ada</b>")
    owner.click("button.primary")
    link = owner.input_value("#link")
    assert "/i/" in link
    assert owner.locator("main b").count() == 0, "a name is text"
    ada = person()
    ada.goto(link)
    ada.click("button.primary")
    ada.wait_for_selector("[data-step=consent]")


def test_the_owner_sees_the_study_grow(serve, person):
    server = serve("training=0", "only=active")
    owner = owner_page(server, person)
    owner.wait_for_selector("#live tbody tr")
    page = person()
    begin(page, server)
    answer(page)
    owner.wait_for_function("() => document.querySelector('#live tbody').innerText.match(/details\\s+6\\s+1/)")


def test_the_owner_misses_no_vote_before_the_stream(serve, person):
    server = serve("training=0", "only=active")
    owner = owner_page(server, person)
    held = []
    owner.route("**/admin/events", lambda route: held.append(route))
    owner.reload()
    owner.wait_for_selector("#live tbody tr")
    page = person()
    begin(page, server)
    answer(page)
    sent(page)
    # The planner's scale of one vote is the last change: no later event can bring what the first ones don't.
    table = f"{server.base}/api/v1/studies/{server.id}/export.csv"
    while len(owner.request.get(table, timeout=PATIENCE).text().splitlines()) < 7:
        owner.wait_for_timeout(50)
    for route in held:
        route.continue_()
    owner.wait_for_function("() => document.querySelector('#live tbody').innerText.match(/details\\s+6\\s+1/)")


def test_french(serve, browser):
    server = serve("gate=advisory", "training=0", "only=active")
    context = browser.new_context(locale="fr-FR", viewport={"width": 1440, "height": 900})
    page = context.new_page()

    def read(title):
        assert page.inner_text("h1") == title
        assert page.get_attribute("html", "lang") == "fr"
        # A key without its text would stand there as «check.title».
        text = page.evaluate("document.body.innerText")
        assert not [word for word in text.split() if word.startswith(("check.", "keys.", "compare.", "guide.", "column.", "leave.", "remark.", "progress."))]

    page.goto(f"{server.base}/i/{server.observers[0]}")
    read("Votre invitation")
    page.click("button.primary")
    page.wait_for_selector("[data-step=consent]")
    read("Avant de commencer")
    page.check("#agree")
    page.click("button.primary")
    page.wait_for_selector("[data-step=check]")
    read("Votre écran")
    page.select_option("#darkSeen", "3")
    page.select_option("#brightSeen", "3")
    page.click("button.primary")
    page.wait_for_selector("[data-step=check-failed]")
    page.get_by_role("button", name="Continuer malgré tout").click()
    page.wait_for_selector("[data-step=guidelines]")
    page.click("button.primary")
    armed(page)
    assert violations(page) == []
    page.keyboard.press("KeyP")
    page.wait_for_selector("[data-step=paused]")
    context.close()
    owner = browser.new_context(locale="fr-FR").new_page()
    owner.goto(f"{server.base}/i/{server.owner}")
    owner.click("button.primary")
    owner.wait_for_url("**/owner")
    for place in OWNER_PAGES:
        owner.goto(f"{server.base}/owner{place}")
        assert owner.get_attribute("html", "lang") == "fr"
        text = owner.evaluate("document.body.innerText")
        keys = ("owner.", "column.", "station.", "import.", "state.", "guidelines.", "remarks.", "coverage.", "setting.",
                "settings.", "role.", "observer.", "task.", "trust.", "invite.", "export.")
        assert not [word for word in text.split() if word.startswith(keys)]
    owner.click("footer a")
    owner.wait_for_selector("html[lang=en]")
    owner.context.close()


def test_double_keys_and_held_keys_count_once(serve, person):
    server = serve("training=0", "only=active")
    page = person()
    lease = begin(page, server)
    # Both in one task: the second can't come so late that it judges the next pair.
    page.evaluate("""() => {
        for (let count = 0; count < 2; count++) document.body.dispatchEvent(new KeyboardEvent('keydown',
            { code: 'ArrowLeft', key: 'ArrowLeft', bubbles: true, cancelable: true }))
    }""")
    page.wait_for_function("lease => document.body.dataset.lease !== lease", arg=lease)
    armed(page)
    page.keyboard.down("ArrowRight")
    for _ in range(20):
        page.keyboard.down("ArrowRight")
    page.keyboard.up("ArrowRight")
    armed(page)
    sent(page)
    votes = raw_votes(server, person)
    assert [vote["choice"] for vote in votes] == ["left", "right"]


def test_undo_brings_the_pair_back(serve, person):
    server = serve("training=0", "only=active")
    page = person()
    begin(page, server)
    first = page.evaluate("document.body.dataset.lease")
    answer(page, "ArrowLeft")
    sent(page)
    page.wait_for_selector("button:not([disabled]):text('Undo')")
    second = armed(page)
    page.keyboard.press("KeyU")
    page.wait_for_function("lease => document.body.dataset.lease !== lease", arg=second)
    assert armed(page) not in (first, second)
    assert page.inner_text(".status") == "Undone. Choose again."
    answer(page, "ArrowRight")
    sent(page)
    votes = raw_votes(server, person)
    assert [(vote["choice"], vote.get("voided")) for vote in votes] == [("left", "undo"), ("right", None)]
    assert votes[0]["left"] == votes[1]["left"] and votes[0]["right"] == votes[1]["right"]


def test_undo_waits_for_no_older_answer(serve, person):
    server = serve("training=0", "only=active")
    page = person()
    begin(page, server)
    answer(page, "ArrowLeft")
    sent(page)
    page.wait_for_selector("button:not([disabled]):text('Undo')")
    second = armed(page)
    # The page looks for pairs by itself; the answer, from before the undo, comes after it.
    held = []
    page.route("**/leases", lambda route: held.append((route, route.fetch())) if not held else route.continue_())
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    while not held:
        page.wait_for_timeout(20)
    page.keyboard.press("KeyU")
    page.wait_for_selector("text=Undone. Choose again.")
    for route, response in held:
        route.fulfill(response=response)
    page.wait_for_function("lease => document.body.dataset.lease !== lease", arg=second)
    answer(page, "ArrowRight")
    sent(page)
    assert [(vote["choice"], vote.get("voided")) for vote in raw_votes(server, person)] == [
        ("left", "undo"), ("right", None)]


def test_a_failed_undo_leaves_the_pair_to_be_answered(serve, person):
    server = serve("training=0", "only=active")
    page = person()
    begin(page, server)
    answer(page, "ArrowLeft")
    sent(page)
    page.wait_for_selector("button:not([disabled]):text('Undo')")
    armed(page)
    page.route("**/votes/last*", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.keyboard.press("KeyU")
    answer(page, "ArrowRight")
    sent(page)
    assert [(vote["choice"], vote.get("voided")) for vote in raw_votes(server, person)] == [
        ("left", None), ("right", None)]


def test_reload_and_back_keep_the_pair(serve, person):
    server = serve("training=0", "only=active")
    page = person()
    lease = begin(page, server)
    page.reload()
    assert armed(page) == lease
    page.goto(f"{server.base}/bye")
    page.go_back()
    assert armed(page) == lease


def test_two_tabs_count_once(serve, person):
    server = serve("training=0", "only=active")
    page = person()
    lease = begin(page, server)
    other = page.context.new_page()
    other.goto(f"{server.base}/observe")
    assert armed(other) == lease
    page.bring_to_front()
    answer(page, "ArrowLeft")
    sent(page)
    other.bring_to_front()
    answer(other, "ArrowRight")
    sent(other)
    votes = raw_votes(server, person)
    assert [vote["choice"] for vote in votes if vote["lease"] == lease] == ["left"]


def test_two_browsers_never_hold_one_open_pair(serve, person):
    server = serve("training=0", "only=active", "observers=3", "attributes=details", "lease=3000", "block=3000")
    pages = [person() for _ in range(3)]
    pairs = {}

    def remember(place):
        def heard(response):
            if response.url.endswith("/leases") and response.ok:
                leases = response.json()["leases"]
                pairs[place] = {lease["id"]: frozenset((lease["left"]["src"], lease["right"]["src"])) for lease in leases}
        return heard

    for place, page in enumerate(pages):
        page.on("response", remember(place))
        begin(page, server, server.observers[place])
    for _ in range(3):
        held = [pair for mine in pairs.values() for pair in mine.values()]
        assert len(held) == len(set(held))
        for place, page in enumerate(pages):
            lease = answer(page)
            sent(page)
            # The server's next word: this pair is free, and may be somebody else's now.
            for _ in range(PATIENCE // 20):
                if lease not in pairs[place]:
                    break
                page.wait_for_timeout(20)


def test_blocks_end_in_a_break(serve, person):
    server = serve("training=0", "only=active", "block=300", "rest=60")
    page = person()
    begin(page, server)
    answer(page)
    sent(page)
    armed(page)
    server.advance(301)
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector("[data-step=rest]")
    assert page.locator("button.primary[disabled]").count() == 1
    server.advance(61)
    page.reload()
    armed(page)
    # What was sent after the block's end was in time for its pair: nothing is lost.
    assert len(raw_votes(server, person)) == 2


def test_pauses_stop_the_clock_for_days(serve, person):
    # 239 seconds are left after the pause: «4 min» for nearly a minute of real time.
    server = serve("training=0", "only=active", "block=339")
    page = person()
    begin(page, server)
    server.advance(100)
    page.keyboard.press("KeyP")
    page.wait_for_selector("[data-step=paused]")
    server.advance(3 * 86400)
    page.close()
    # Another day: the address alone is enough, and four minutes are left.
    page = page.context.new_page()
    page.goto(server.base)
    page.wait_for_selector("[data-step=paused]")
    page.click("button.primary")
    armed(page)
    page.wait_for_function("() => /4 min/.test(document.querySelector('.progress').textContent)")


def test_abandoned_pairs_come_back_to_somebody_else(serve, person):
    # Three photos have three pairs: the second observer must get what the first left lying.
    server = serve("training=0", "only=active", "observers=2", "attributes=details", "scenes=1", "photos=3", "lease=90",
                   "block=3000")
    first, second = person(), person()
    lost = begin(first, server, server.observers[0])
    first.context.set_offline(True)
    server.advance(91)
    begin(second, server, server.observers[1])
    for _ in range(3):
        answer(second)
        sent(second)
    first.keyboard.press("ArrowRight")
    first.context.set_offline(False)
    first.wait_for_function("lease => document.body.dataset.lease !== lease", arg=lost)
    sent(first)
    votes = raw_votes(server, person)
    assert lost not in [vote["lease"] for vote in votes], "given away, so the late vote does not count"
    assert len(votes) == 3


def test_withdrawal_ends_everything(serve, person):
    server = serve("training=0", "only=active", "block=300", "rest=60")
    page = person()
    begin(page, server)
    answer(page)
    sent(page)
    server.advance(301)
    page.reload()
    page.wait_for_selector("[data-step=rest]")
    page.get_by_role("button", name="Withdraw from the study").click()
    page.get_by_role("button", name="Withdraw", exact=True).click()
    page.wait_for_url("**/bye")
    page.goto(f"{server.base}/observe")
    assert "invitation" in page.inner_text("main")
    assert raw_votes(server, person)[0]["observerWithdrew"] is True


def test_offline_for_a_minute_and_back(serve, person):
    server = serve("training=0", "only=active")
    page = person()
    begin(page, server)
    preloaded(page, 2)
    page.context.set_offline(True)
    answer(page, "ArrowLeft")
    armed(page)
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("text=No connection")
    # A minute passes for the server; the page's own tries go on every four seconds.
    server.advance(60)
    page.wait_for_timeout(4500)
    page.context.set_offline(False)
    sent(page)
    armed(page)
    assert [vote["choice"] for vote in raw_votes(server, person)] == ["left", "right"]


def test_a_killed_server_loses_nothing(serve, person):
    server = serve("training=0", "only=active")
    page = person()
    begin(page, server)
    answers = []
    for round in range(2):
        key = "ArrowLeft" if round % 2 else "ArrowRight"
        page.wait_for_timeout(600)
        lease = armed(page)
        page.keyboard.press(key)
        server.kill()
        answers.append((lease, "left" if round % 2 else "right"))
        server.options = [*[option for option in server.options if not option.startswith("prefix")], f"prefix=X{round}"]
        server.start()
        page.wait_for_function("lease => document.body.dataset.lease !== lease", arg=lease)
        sent(page)
    votes = raw_votes(server, person)
    assert [(vote["lease"], vote["choice"]) for vote in votes] == answers


def test_keys_can_be_changed(serve, person):
    server = serve("training=0", "only=active")
    page = person()
    begin(page, server)
    page.keyboard.press("KeyG")
    page.get_by_role("button", name="Change the key: The left one is better").click()
    page.keyboard.press("KeyF")
    page.keyboard.press("Escape")
    lease = armed(page)
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(300)
    assert armed(page) == lease, "the old key does nothing"
    answer(page, "KeyF")
    sent(page)
    page.reload()
    answer(page, "KeyF")
    sent(page)
    assert [vote["choice"] for vote in raw_votes(server, person)] == ["left", "left"]


def test_a_withdrawn_photo_leaves_the_screen(serve, person):
    server = serve("training=0", "only=active")
    page = person()
    lease = begin(page, server)
    owner = owner_page(server, person, "/audit")
    assert owner.input_value("#person") == "", "nobody is preselected"
    owner.get_by_role("button", name="Withdraw permanently").click()
    assert owner.get_by_role("button", name="Withdraw permanently").is_visible(), "one click does nothing"
    owner.select_option("#person", "P-Indoor_Scene_1")
    owner.fill("#typed", "P-Outdoor_Scene_2")
    owner.get_by_role("button", name="Withdraw permanently").click()
    owner.wait_for_selector("[role=alert]:has-text('Nothing was removed')")
    owner.select_option("#person", "P-Indoor_Scene_1")
    owner.fill("#typed", "P-Indoor_Scene_1")
    owner.get_by_role("button", name="Withdraw permanently").click()
    owner.wait_for_selector("table:has-text('withdraw-person')")
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("lease => document.body.dataset.lease !== lease", arg=lease)
    sent(page)
    # Everybody on this scene's photos withdrew; the other scene goes on. A pair that was loaded before counts for nothing.
    while not raw_votes(server, person):
        answer(page)
        sent(page)
    assert [vote["task"] for vote in raw_votes(server, person)] == ["Outdoor_Scene_2"]


def test_a_strict_gate_and_a_calibrated_station(serve, person, browser):
    server = serve("gate=strict", "training=0", "only=active")
    owner = owner_page(server, person, "/stations")
    today = owner.evaluate("new Date().toISOString().slice(0, 10)")
    for name, value in (("name", "Lab 1"), ("pitch", "0.185"), ("calibrated", today)):
        owner.fill(f"#{name}", value)
    owner.click("main form.check button.primary")
    link = owner.input_value("#link")
    page = person(screen={"width": 3840, "height": 2160})
    page.set_viewport_size({"width": 3840, "height": 2160})

    def check():
        page.wait_for_selector("[data-step=check]")
        for field in ("darkSeen", "brightSeen"):
            shown = page.evaluate("""label => {
                const canvas = document.querySelector(`#${label}`).closest('div').querySelector('canvas')
                const data = canvas.getContext('2d').getImageData(0, 0, 200, 200).data
                const at = (x, y) => data[4 * (y * 200 + x)]
                let count = 0
                for (let place = 0; place < 9; place++)
                    count += at(40 + place % 3 * 60, 40 + Math.floor(place / 3) * 60) !== at(2, 2)
                return count
            }""", field)
            page.select_option(f"#{field}", str(shown))
        page.click("button.primary")

    enter(page, server)
    check()
    page.wait_for_selector("[data-step=check-failed]")
    assert page.get_by_role("button", name="Continue anyway").count() == 0
    assert violations(page) == []
    page.goto(link)
    assert violations(page) == []
    page.click("button.primary")
    page.wait_for_selector("text=Lab 1")
    page.goto(f"{server.base}/observe")
    page.wait_for_selector("[data-step=check-failed]")
    page.click("button.primary")
    assert page.locator("#card, #luminance").count() == 0, "the station knows"
    assert violations(page) == []
    check()
    page.wait_for_selector("[data-step=guidelines]")
    page.click("button.primary")
    armed(page)


def test_a_killed_browser_loses_no_vote(serve, playwright, person, tmp_path):
    """Answers wait in the browser's own database, through a crash of the browser while the server is down."""
    server = serve("training=0", "only=active")
    folder = tmp_path / "profile"

    def launch():
        return patient(playwright.chromium.launch_persistent_context(
            folder, executable_path=CHROMIUM, args=FLAGS, viewport={"width": 1440, "height": 900}, locale="en-GB",
            timeout=PATIENCE))

    # Chromium writes cookies down within half a minute, or when it closes; the crash comes in its second life.
    context = launch()
    begin(context.pages[0], server)
    context.close()
    context = launch()
    page = context.pages[0]
    page.goto(server.base)
    lease = armed(page)
    preloaded(page, 2)
    server.kill()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("lease => document.body.dataset.lease !== lease", arg=lease)
    page.wait_for_selector("text=No connection")
    # Chromium's main process is the one that holds this profile and has no type.
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = process.read_bytes().decode().split("\0")
        except OSError:
            continue
        if f"--user-data-dir={folder}" in command and not any(part.startswith("--type") for part in command):
            os.kill(int(process.parent.name), signal.SIGKILL)
    try:
        context.close()
    except Exception:
        pass
    server.options = [*server.options, "prefix=Again"]
    server.start()
    for name in ("SingletonLock", "SingletonSocket", "SingletonCookie"):
        (folder / name).unlink(missing_ok=True)
    context = launch()
    page = context.pages[0]
    page.goto(server.base)
    armed(page)
    sent(page)
    assert [(vote["lease"], vote["choice"]) for vote in raw_votes(server, person)] == [(lease, "right")]
    context.close()


def view(page):
    """The zoom buttons that are pressed, and what the page remembers of the view."""
    return page.evaluate("""() => ({
        pressed: [...document.querySelectorAll('.zooms [aria-pressed=true]')].map((node) => node.textContent),
        kept: JSON.parse(localStorage.getItem('vernier-view-details'))
    })""")


def test_details_open_at_one_to_one_and_the_view_is_kept(serve, person):
    server = serve("training=0", "only=active", "block=300", "rest=60")
    page = person()
    begin(page, server)
    assert view(page)["pressed"][0] == "1:1", "fine detail shows at 1:1 only"
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    place = view(page)["kept"]["pan"]
    assert place["x"] < 0
    answer(page)
    armed(page)
    assert view(page)["kept"] == {"mode": "one", "pan": place}
    page.reload()
    armed(page)
    assert view(page)["pressed"][0] == "1:1" and view(page)["kept"]["pan"] == place
    page.keyboard.press("Digit0")
    page.wait_for_selector(".scale.below")
    # This pair was seen at 1:1 before; the next one opens as the last was left.
    answer(page)
    answer(page)
    sent(page)
    # Over a break, too.
    server.advance(301)
    page.reload()
    page.wait_for_selector("[data-step=rest]")
    server.advance(61)
    page.reload()
    armed(page)
    assert view(page)["pressed"][0] == "Whole"
    page.keyboard.press("Digit1")
    assert view(page)["kept"]["pan"] == place, "the place outlives a look at the whole"
    votes = raw_votes(server, person)
    assert [vote["isBelowScale"] for vote in votes] == [False, False, True]
    assert votes[0]["scale"] == 1 and votes[2]["scale"] < 1 and votes[0]["pixelRatio"] == 1


def test_the_owner_writes_guidelines_and_observers_read_them(serve, person):
    server = serve("training=0", "only=active", "attributes=bokeh")
    owner = owner_page(server, person, "/guidelines")
    assert violations(owner) == []
    owner.fill("#name", "background blur")
    owner.fill("#question", "Whose background is blurred better?")
    owner.fill("#text", "Look at **the lights**.")
    owner.select_option("[name=photo0]", "Indoor_Scene_1/2.png")
    owner.fill("[name=caption0]", "Soft edges")
    owner.get_by_role("button", name="Preview").click()
    owner.wait_for_selector(".preview canvas[data-drawn]")
    assert "Whose background is blurred better?" in owner.inner_text(".preview")
    assert violations(owner) == []
    owner.get_by_role("button", name="Save as a new version").click()
    owner.wait_for_selector("text=observers now see version en-1")
    page = person()
    enter(page, server)
    page.wait_for_selector("[data-step=guidelines]")
    page.wait_for_selector(".example canvas[data-drawn]")
    text = page.inner_text("main")
    assert "background blur" in text and "the lights" in text and "Soft edges" in text and "attribute." not in text
    assert violations(page) == []
    page.get_by_role("button", name="Begin", exact=True).click()
    armed(page)
    assert page.inner_text("h1") == "Whose background is blurred better?"
    answer(page)
    sent(page)
    # Other guidelines are read before the next pair.
    owner.fill("#text", "Look at the edges.")
    owner.get_by_role("button", name="Save as a new version").click()
    owner.wait_for_selector("text=observers now see version en-2")
    armed(page)
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector("[data-step=guidelines]")
    assert "has changed the guidelines" in page.inner_text("main")
    page.get_by_role("button", name="Begin", exact=True).click()
    answer(page)
    sent(page)
    assert [vote["guidelines"] for vote in raw_votes(server, person)] == ["en-1", "en-1", "en-2"]


def test_an_observer_reports_a_pair(serve, person):
    server = serve("training=0", "only=active")
    page = person()
    lease = begin(page, server)
    page.get_by_role("button", name="Report").click()
    page.wait_for_selector("dialog[open]")
    assert violations(page) == []
    page.check("#remark-same")
    page.fill("#remark-text", "twins, 1 and 2")
    page.get_by_role("button", name="Send").click()
    page.wait_for_selector("text=Thank you")
    assert armed(page) == lease, "keys of the report judge nothing"
    owner = owner_page(server, person, "/remarks")
    assert "twins, 1 and 2" in owner.inner_text("table")
    owner.get_by_role("button", name="Set aside").click()
    owner.wait_for_selector("td:has-text('set aside')")


def test_keys_are_not_changed_by_accident_and_can_be_reset(serve, person):
    server = serve("training=0", "only=active")
    page = person()
    begin(page, server)
    page.keyboard.press("KeyG")
    page.wait_for_selector("dialog[open]")
    # Nothing that can be pressed has the focus of a dialog that just opened.
    page.keyboard.press("Space")
    page.keyboard.press("KeyX")
    assert page.evaluate("localStorage.getItem('vernier-keys')") is None
    page.get_by_role("button", name="Change the key: The left one is better").click()
    page.keyboard.press("KeyF")
    page.get_by_role("button", name="Reset all keys").click()
    page.keyboard.press("Escape")
    answer(page, "ArrowLeft")


def test_leaving_and_withdrawing_are_reachable_everywhere(serve, person):
    server = serve("gate=advisory", "training=0", "only=active")
    page = person()
    enter(page, server)

    def reachable():
        assert page.get_by_role("button", name="Leave this computer").is_visible()
        assert page.get_by_role("button", name="Withdraw from the study").is_visible()
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == "rgb(108, 108, 108)", "the eye stays adapted"

    page.wait_for_selector("[data-step=check]")
    reachable()
    page.select_option("#darkSeen", "3")
    page.select_option("#brightSeen", "3")
    page.click("button.primary")
    page.wait_for_selector("[data-step=check-failed]")
    reachable()
    page.get_by_role("button", name="Continue anyway").click()
    page.wait_for_selector("[data-step=guidelines]")
    reachable()
    page.click("button.primary")
    armed(page)
    page.get_by_role("button", name="Leave", exact=True).click()
    page.wait_for_selector("[data-step=leave]")
    reachable()
    assert violations(page) == []
    page.get_by_role("button", name="Stay in the study").click()
    page.wait_for_selector("[data-step=paused]")
    reachable()


def test_a_phone_is_turned_away_kindly(serve, person):
    server = serve("training=0")
    phone = person(screen={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    phone.set_viewport_size({"width": 390, "height": 844})
    phone.goto(f"{server.base}/i/{server.observers[0]}")
    assert "larger screen" in phone.inner_text("main") and not phone.get_by_role("button").count(), "nothing is spent"
    assert violations(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing is cut off"
    page = person()
    page.add_init_script("""Object.defineProperty(screen, 'width', { get: () => 390 })
        const real = window.matchMedia.bind(window)
        window.matchMedia = (query) => query.includes('coarse') ? { matches: true } : real(query)""")
    page.goto(f"{server.base}/i/{server.observers[0]}")
    page.get_by_role("button", name="Enter the study").click()
    page.wait_for_selector("[data-step=phone]")
    assert "on a computer" in page.inner_text("main")
    assert violations(page) == []


def test_the_eyes_are_checked_where_the_study_asks(serve, person):
    server = serve("gate=strict", "training=0", "only=active", "plates=3", "acuity=0.5", "experience=1")
    page = person()
    enter(page, server)
    page.wait_for_selector("[data-step=check]")
    assert violations(page) == []
    assert page.locator("canvas[width='260']").count() == 3 and page.locator("canvas.letter").count() == 5
    # The letters grow with the distance: their strokes are whole pixels of the screen.
    before = page.evaluate("document.querySelector('canvas.letter').width")
    page.fill("#distance", "2500")
    assert page.evaluate("document.querySelector('canvas.letter').width") > before
    colours = page.evaluate("""() => {
        const canvas = document.querySelector("canvas[width='260']")
        return new Set(canvas.getContext('2d').getImageData(0, 0, 260, 260).data).size
    }""")
    assert colours > 50, "a plate is painted"
    for place in range(3):
        page.select_option(f"#plate{place}", "none")
    for place in range(5):
        page.select_option(f"#letter{place}", "left")
    page.select_option("#experience", "some")
    for field in ("#darkSeen", "#brightSeen"):
        page.select_option(field, "3")
    page.click("button.primary")
    page.wait_for_selector("[data-step=check-failed]")
    assert "numbers in the disks" in page.inner_text(".failures")
    assert "Your experience" not in page.inner_text(".failures")
