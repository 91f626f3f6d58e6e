"""The ten jobs of a handler, by the keyboard alone, with the keys that each takes counted (docs/figures.md)."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect
from stdnum import damm

from tests.browser.conftest import OpenPage
from tests.browser.stage import DEMAND, STORY, Stage, later
from tests.builders import a_breach, a_promise, a_ticket
from tests.service.lines import OTHER, Line
from voicebot.domain.case_number import written
from voicebot.domain.promise import PromiseState
from voicebot.service.history import Verb

IS_PLAYING = "() => { const voice = document.querySelector('#voice'); return !voice.paused && voice.currentTime > 0; }"
MISSES = 8
"""Of the first version's console these stood above the call that could still be kept."""
MOST_KEYS = {
    "whom to call next": 0,
    "open it": 2,
    "hear the complaint": 1,
    "read the words": 0,
    "log a talk": 3,
    "log a talk with a new window": 5,
    "log no answer": 3,
    "move the promise": 3,
    "leave a note": 3,
    "take it over": 1,
    "find who rings again": 2,
    "what happened today": 0,
    "close it": 5,
}


class Keyboard:
    """Hands on the keys: what is typed as words is not counted, each other key is."""

    def __init__(self, page: Page, *, first: str = "") -> None:
        self.page = page
        self.first = first
        """The case that is to be called first."""
        self.pressed = 0

    def keys(self, *keys: str) -> None:
        """Press these, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def words(self, words: str) -> None:
        """Type words into what has the focus."""
        self.page.keyboard.type(words)


def call_next(hands: Keyboard) -> None:
    card, first = hands.page.locator("#next-call"), hands.page.locator(".lane-row").first
    expect(card.get_by_role("link", name=hands.first, exact=True)).to_be_in_viewport(ratio=1)
    expect(first).to_have_attribute("data-row", hands.first)
    expect(first).to_be_in_viewport(ratio=1)
    expect(hands.page.locator("[data-lane=missed] .lane-row")).to_have_count(MISSES)
    assert hands.page.evaluate("window.scrollY") == 0


def open_it(hands: Keyboard) -> None:
    hands.keys("j", "Enter")
    expect(hands.page.locator("#case-head")).to_be_in_viewport()


def hear(hands: Keyboard) -> None:
    hands.keys("Alt+k")
    hands.page.wait_for_function(IS_PLAYING)


def read(hands: Keyboard) -> None:
    expect(hands.page.get_by_text(DEMAND).first).to_be_in_viewport()
    expect(hands.page.get_by_text(STORY[:40]).first).to_be_in_viewport()


def note(hands: Keyboard) -> None:
    hands.keys("m")
    hands.words("her house is the one at the back")
    hands.keys("Tab", "Enter")
    expect(hands.page.locator("#timeline")).to_contain_text("her house is the one at the back")


def take(hands: Keyboard) -> None:
    hands.keys("t")
    expect(hands.page.get_by_text("You own this case.")).to_be_visible()


def move(hands: Keyboard) -> None:
    hands.keys("x")
    hands.words("the van broke down")
    hands.keys("Tab", "Enter")
    expect(hands.page.locator("#timeline")).to_contain_text("the van broke down")


def no_answer(hands: Keyboard) -> None:
    hands.keys("l", "3", "Control+Shift+Enter")
    expect(hands.page.get_by_role("status").first).to_contain_text("Logged")


def talk(hands: Keyboard) -> None:
    hands.keys("l", "1")
    hands.words("she takes the machine on monday")
    hands.keys("Control+Shift+Enter")
    expect(hands.page.get_by_role("status").first).to_contain_text("Logged")


def talk_and_window(hands: Keyboard) -> None:
    """Choose a window; the key for "nothing new" does not choose otherwise what was chosen."""
    hands.keys("l", "1")
    hands.words("she is to hear on monday whether it works")
    hands.keys("Tab", "2", "Control+Shift+Enter")
    expect(hands.page.get_by_role("status").first).to_contain_text("Logged")


def close(hands: Keyboard) -> None:
    page = hands.page
    choices = page.locator("input[name=next]").evaluate_all("all => all.map(each => each.value)")
    hands.keys("l", "1")
    hands.words("she has the machine and wants nothing more")
    hands.keys("Tab", str(choices.index("closed") + 1), "Control+Enter")
    expect(page.get_by_role("status").first).to_contain_text("Logged")


def find(hands: Keyboard) -> None:
    hands.keys("/")
    hands.words(OTHER[-4:])
    hands.keys("Enter")
    expect(hands.page.locator(".found-case").first).to_contain_text(OTHER)


def miss(line: Line, number: int) -> None:
    """Keep a case whose promised window closed yesterday, and nobody called."""
    name, at, body = f"missed-{number}", line.clock.now() - timedelta(days=1), f"2468013{number}"
    with line.work() as work:
        own = {"case_number": body + damm.calc_check_digit(body), "complainant_number": f"+1202555019{number}"}
        work.tickets.add(a_ticket(id=name, opened_at=at, **own))
        window = {"window_opens_at": at - timedelta(hours=2), "window_closes_at": at, "state": PromiseState.BREACHED}
        work.promises.add(a_promise(id=name, ticket_id=name, **window))
        work.promises.add_breach(a_breach(id=name, promise_id=name, ticket_id=name, at=at, next_step_at=None))
        work.commit()


def counted(page: Page, job: Callable[[Keyboard], None], *, first: str = "") -> int:
    """Do a job and return how many keys it took."""
    hands = Keyboard(page, first=first)
    page.wait_for_load_state()
    job(hands)
    return hands.pressed


def test_all_jobs_of_a_handler_are_done_by_the_keyboard_alone(stage: Stage, open_page: OpenPage) -> None:
    """Who cannot hold a mouse, or is quicker without one, loses the desk where one of these needs it."""
    first = stage.told()
    other = stage.told(carrier_call_id="CA2", caller=OTHER)
    third = stage.told(carrier_call_id="CA3", caller="+12025550147")
    later(stage.line, hours=2)
    for number in range(MISSES):
        miss(stage.line, number)
    page = open_page()
    today = {"whom to call next": call_next, "what happened today": lambda hands: log_in_sight(hands.page)}
    taken = {name: counted(page, job, first=written(first.case_number)) for name, job in today.items()}
    on_a_case = {
        "open it": open_it,
        "read the words": read,
        "hear the complaint": hear,
        "leave a note": note,
        "take it over": take,
        "move the promise": move,
        "log no answer": no_answer,
    }
    taken |= {name: counted(page, job) for name, job in on_a_case.items()}
    taken["find who rings again"] = counted(page, find)
    page.goto(f"{stage.url}/console/cases/{written(other.case_number)}")
    taken["log a talk"] = counted(page, talk)
    page.goto(f"{stage.url}/console/cases/{written(third.case_number)}")
    for key in ("l", "1", "Control+Shift+Enter"):
        page.keyboard.press(key)
    assert Verb.COMPLAINANT_CALLED not in stage.line.verbs(third.id), "a talk without words is none"
    written_by_accident(page)
    page.reload()
    taken["log a talk with a new window"] = counted(page, talk_and_window)
    chosen = [case for case in (other, third) if Verb.PROMISE_CHOSEN in stage.line.verbs(case.id)]
    assert chosen == [third]
    page.goto(f"{stage.url}/console/cases/{written(first.case_number)}")
    taken["close it"] = counted(page, close)
    assert taken == MOST_KEYS


def written_by_accident(page: Page) -> None:
    """Press Enter with what only writes: AltGr (Ctrl and Alt on Windows), another key, a sign half composed, held."""
    page.get_by_label("Who was reached, what was said").fill("she takes the machine on monday")
    for also in ("altKey", "metaKey", "isComposing", "repeat"):
        keys = {"key": "Enter", "ctrlKey": True, "shiftKey": True, "bubbles": True, also: True}
        page.locator("#reason").evaluate(
            "(field, keys) => field.dispatchEvent(new KeyboardEvent('keydown', keys))", keys
        )
        expect(page.locator("form[data-wrap-up]"), also).not_to_have_attribute("data-sent", "")
        assert not page.locator("input[name=next]:checked").count(), also


def log_in_sight(page: Page) -> None:
    """See today's deeds without a key."""
    expect(page.locator("#day-log")).to_be_in_viewport()
