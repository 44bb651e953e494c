"""An observer's whole way, with the keyboard alone, and what may go wrong on it."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from conftest import answer, armed, begin, enter, raw_votes, sent


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
    for key in ("Digit1", "Shift+ArrowLeft", "Space", "Space", "Digit2", "Digit0"):
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


def test_owner_pages_are_accessible(serve, person):
    server = serve("training=0", "only=active", "ties=1")
    page = person()
    begin(page, server)
    for _ in range(6):
        answer(page)
    sent(page)
    owner = person()
    owner.goto(f"{server.base}/i/{server.owner}")
    owner.click("button.primary")
    owner.wait_for_url("**/owner")
    for place in ("", "/observers", "/scale", "/exports", "/audit"):
        owner.goto(f"{server.base}/owner{place}")
        assert violations(owner) == [], place
    owner.goto(f"{server.base}/owner/observers")
    owner.fill("#pseudonym", "<b>Ada</b>")
    owner.click("button.primary")
    link = owner.input_value("#link")
    assert "/i/" in link
    ada = person()
    ada.goto(link.replace("localhost", "localhost"))
    ada.click("button.primary")
    ada.wait_for_selector("[data-step=consent]")


def test_the_owner_sees_the_study_grow(serve, person):
    server = serve("training=0", "only=active")
    owner = person()
    owner.goto(f"{server.base}/i/{server.owner}")
    owner.click("button.primary")
    owner.wait_for_selector("#live tbody tr")
    page = person()
    begin(page, server)
    answer(page)
    owner.wait_for_function("() => document.querySelector('#live tbody').innerText.match(/details\\s+6\\s+1/)",
                            timeout=15000)


def test_french(serve, browser):
    server = serve()
    page = browser.new_context(locale="fr-FR").new_page()
    page.goto(f"{server.base}/i/{server.observers[0]}")
    page.click("button.primary")
    page.wait_for_selector("[data-step=consent]")
    assert page.inner_text("h1") == "Avant de commencer"
    assert page.get_attribute("html", "lang") == "fr"
    page.click("footer a")
    page.wait_for_selector("[data-step=consent]")
    assert page.inner_text("h1") == "Before you begin"
    page.context.close()


def test_double_keys_and_held_keys_count_once(serve, person):
    server = serve("training=0", "only=active")
    page = person()
    lease = begin(page, server)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
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
    answer(page, "ArrowRight")
    sent(page)
    votes = raw_votes(server, person)
    assert [(vote["choice"], vote.get("voided")) for vote in votes] == [("left", "undo"), ("right", None)]
    assert votes[0]["left"] == votes[1]["left"] and votes[0]["right"] == votes[1]["right"]


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
    other.keyboard.press("ArrowRight")
    armed(other)
    other.wait_for_timeout(500)
    votes = raw_votes(server, person)
    assert [vote["choice"] for vote in votes if vote["lease"] == lease] == ["left"]


def test_two_browsers_never_hold_one_open_pair(serve, person):
    server = serve("training=0", "only=active", "observers=3", "attributes=details")
    pages = [person() for _ in range(3)]
    pairs = {}

    def remember(place):
        def heard(response):
            if response.url.endswith("/leases") and response.ok:
                leases = response.json()["leases"]
                pairs[place] = {frozenset((lease["left"]["src"], lease["right"]["src"])) for lease in leases}
        return heard

    for place, page in enumerate(pages):
        page.on("response", remember(place))
        begin(page, server, server.observers[place])
    for _ in range(3):
        held = [pair for mine in pairs.values() for pair in mine]
        assert len(held) == len(set(held))
        for page in pages:
            answer(page)
            sent(page)
            page.wait_for_timeout(200)


def test_blocks_end_in_a_break(serve, person):
    server = serve("training=0", "only=active", "block=4", "rest=3")
    page = person()
    begin(page, server)
    page.wait_for_timeout(4200)
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector("[data-step=rest]", timeout=10000)
    page.wait_for_selector("button.primary:not([disabled])", timeout=10000)
    page.click("button.primary")
    armed(page)


def test_withdrawal_ends_everything(serve, person):
    server = serve("training=0", "only=active", "block=3", "rest=60")
    page = person()
    begin(page, server)
    answer(page)
    sent(page)
    page.wait_for_timeout(3000)
    page.reload()
    page.wait_for_selector("[data-step=rest]")
    page.get_by_role("button", name="Withdraw from the study").click()
    page.get_by_role("button", name="Withdraw", exact=True).click()
    page.wait_for_url("**/bye")
    page.goto(f"{server.base}/observe")
    assert "invitation" in page.inner_text("main")
    assert raw_votes(server, person)[0]["observerWithdrew"] is True


@pytest.mark.parametrize("seconds", [5])
def test_offline_and_back(serve, person, seconds):
    server = serve("training=0", "only=active")
    page = person()
    begin(page, server)
    page.wait_for_timeout(500)
    page.context.set_offline(True)
    answer(page, "ArrowLeft")
    armed(page)
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("text=No connection", timeout=10000)
    page.wait_for_timeout(seconds * 1000)
    page.context.set_offline(False)
    sent(page)
    armed(page)
    assert [vote["choice"] for vote in raw_votes(server, person)] == ["left", "right"]


def test_a_killed_server_loses_nothing(serve, person):
    server = serve("training=0", "only=active")
    page = person()
    begin(page, server)
    answers = []
    for round in range(4):
        key = "ArrowLeft" if round % 2 else "ArrowRight"
        page.wait_for_timeout(600)
        lease = armed(page)
        page.keyboard.press(key)
        server.kill()
        answers.append((lease, "left" if round % 2 else "right"))
        server.options = [*[option for option in server.options if not option.startswith("prefix")], f"prefix=X{round}"]
        server.start()
        page.wait_for_function("lease => document.body.dataset.lease !== lease", arg=lease, timeout=20000)
        sent(page)
    votes = raw_votes(server, person)
    assert [(vote["lease"], vote["choice"]) for vote in votes] == answers
