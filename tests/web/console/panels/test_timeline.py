"""The one line of a case: what people did, texts to staff and the ladder folded, the machine's lines when asked for."""

import re

import pytest

from tests.web.console.desk import ConsoleDesk
from tests.web.console.test_case_routes import case_path, told
from voicebot.domain.promise import CallOutcome
from voicebot.domain.sms import SmsState
from voicebot.service.promise.keep import log_callback
from voicebot.service.ticket.actions import write_note
from voicebot.web.console.panels.timeline import staff_texts_said

_TAGS = re.compile(r"<[^>]*>")


def line_of(page: str) -> str:
    """Return the words of the time line, without what is folded."""
    line = page[page.index('id="timeline"') :].split("</section>")[0]
    return " ".join(_TAGS.sub(" ", re.sub(r"<details.*?</details>", "", line, flags=re.DOTALL)).split())


def a_missed_case(console: ConsoleDesk) -> str:
    """Take a call, try it, note something, and miss the promise; return where its page is."""
    ticket = told(console)
    console.line.step(hours=1)
    log_callback(console.line.hotline, ticket.case_number, reason="", actor="owner_1", outcome=CallOutcome.NO_ANSWER)
    write_note(console.line.hotline, ticket.case_number, text="it is Mill Street", actor="deputy_1")
    console.line.step(hours=2, minutes=8)
    console.line.sweep()
    return case_path(ticket)


@pytest.mark.requirement("S1-01")
def test_people_stand_in_the_line_and_a_miss_is_told_once(console: ConsoleDesk) -> None:
    path, browser = a_missed_case(console), console.logged_in()
    page = browser.get(path).text
    line = line_of(page)
    told_of = ("The complainant rang", "First handler tried to call", "it is Mill Street", "The hotline noticed")
    assert [line.index(words) for words in told_of] == sorted((line.index(w) for w in told_of), reverse=True)
    assert line.count("Promised a call Wed 18 Nov 2026, 11:00–13:00 EST: missed") == 1
    assert re.search(r"<summary>\d+ texts? to staff", page)
    assert re.search(r"<summary>Staff were warned (once|\d times)", page)
    assert line.count("we did not call you as promised") == 1, "a promise by text is told by its text"
    assert "wrote a text" not in line
    assert "climbed the ladder" not in line


def test_what_the_machine_noted_is_shown_by_a_link_that_needs_no_script(console: ConsoleDesk) -> None:
    path, browser = a_missed_case(console), console.logged_in()
    (link,) = re.findall(
        r'href="([^"]*machine=yes)#timeline">Show what the machine noted, too \(\d+\)', browser.get(path).text
    )
    whole = browser.get(link).text
    for words in ("wrote a text", "climbed the ladder", "answered the recording notice", "it is Mill Street"):
        assert words in line_of(whole)
    assert f'href="{path}#timeline">Only what people did' in whole


def test_no_name_of_the_house_stands_on_the_page_of_a_case_that_went_all_the_way(console: ConsoleDesk) -> None:
    path = a_missed_case(console)
    console.line.step(hours=30)
    console.line.sweep()
    page = console.logged_in().get(f"{path}?machine=yes").text
    words = _TAGS.sub(" ", page[page.index("<main") :])
    assert (
        re.findall(r"\b[a-z]+_[a-z_]+\b|\b\w+=\w+|target standard|: standard|half gone|is own number|not asked", words)
        == []
    )


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ([SmsState.DELIVERED] * 11, "11 texts to staff, all delivered"),
        ([SmsState.DELIVERED], "1 text to staff, delivered"),
        ([SmsState.FAILED], "1 text to staff: 1 failed"),
        ([SmsState.DELIVERED] * 2 + [SmsState.UNDELIVERED], "3 texts to staff: 2 delivered, 1 not delivered"),
    ],
)
def test_texts_to_staff_are_one_sentence_that_hides_no_failure(states: list[SmsState], said: str) -> None:
    assert staff_texts_said(states) == said
