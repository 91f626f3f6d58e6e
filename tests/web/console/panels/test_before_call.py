"""What somebody should know before they ring: flags, the last try, the promise by its date, why there is silence."""

import re
from dataclasses import replace

import pytest

from tests.builders import at
from tests.service.lines import OTHER, node_of
from tests.web.console.desk import ConsoleDesk
from tests.web.console.test_case_routes import answers, case_path, change, told
from voicebot.domain.call import CallEnd
from voicebot.domain.promise import CallOutcome
from voicebot.domain.ticket import AnswerState
from voicebot.service.call.turn import end_call
from voicebot.service.promise.choose import choosing, windows_for
from voicebot.service.promise.keep import log_callback
from voicebot.service.queries.case_view import view_case
from voicebot.service.staff.decision import act
from voicebot.service.ticket.actions import write_note
from voicebot.web.console.panels.before_call import flags_of, warnings_of


def before_call(page: str) -> str:
    """Return the page's part before the words."""
    return page[page.index('id="clock"') : page.index('id="voice-title"')]


@pytest.mark.requirement("D-04")
def test_the_card_before_the_call_has_the_promise_by_its_date_demand_last_try_and_last_note(
    console: ConsoleDesk,
) -> None:
    ticket, hotline = told(console), console.line.hotline
    for outcome in (CallOutcome.NO_ANSWER, CallOutcome.VOICEMAIL):
        console.line.step(minutes=10)
        log_callback(hotline, ticket.case_number, reason="", actor="owner_1", outcome=outcome)
    write_note(hotline, ticket.case_number, text="it is Mill Street", actor="deputy_1")
    console.line.clock.at = at("Friday 20 November 2026 10:00:00")
    card = before_call(console.logged_in().get(case_path(ticket)).text)
    for words in (
        "The hotline promised a call Wed 18 Nov 2026, 11:00–13:00 EST, on Wed 18 Nov 2026, 10:00 EST, in these words:",
        "That is our promise",
        "a refund please",
        "First handler tried Wed 18 Nov 2026, 10:20 EST: voicemail or a machine answered. 2 tries since anybody",
        "Deputy noted, Wed 18 Nov 2026, 10:20 EST",
        "it is Mill Street",
    ):
        assert words in card


@pytest.mark.requirement("S0-13")
def test_what_happened_and_what_would_put_it_right_are_asked_apart_and_shown_apart(console: ConsoleDesk) -> None:
    line = console.line
    story = line.reach("ask_story")
    remedy = line.say(story, "my parcel came broken")
    after = line.say(remedy, "a refund please")
    assert [node_of(each) for each in (story, remedy)] == ["ask_story", "ask_remedy"]
    assert node_of(after) != "ask_remedy"
    end_call(line.hotline, story.call.carrier_call_id, CallEnd.CALLER_HUNG_UP)
    line.run_jobs()
    ticket = line.ticket(story)
    assert (ticket.problem, ticket.demand) == ("my parcel came broken", "a refund please")
    card = before_call(console.logged_in().get(case_path(ticket)).text)
    said = dict(re.findall(r"<dt>(.*?)</dt>\s*<dd[^>]*>(.*?)</dd>", card))
    assert said["What happened"] == "my parcel came broken"
    assert said["What would put it right"] == "a refund please"


def test_who_of_the_staff_chose_a_window_is_named_as_who_promised_it(console: ConsoleDesk) -> None:
    ticket, hotline = told(console), console.line.hotline
    window = windows_for(hotline, ticket.case_number)[-1]
    act(hotline, ticket.case_number, choosing(window.opens_at, words="her wish", actor="deputy_1"))
    assert "Deputy promised a call" in before_call(console.logged_in().get(case_path(ticket)).text)


@pytest.mark.requirement("D-04")
def test_what_changes_how_somebody_rings_is_flagged(console: ConsoleDesk) -> None:
    line = console.line
    first = line.ring()
    for number in range(2, 4):
        line.told_call(f"CA{number}")
    line.change_ticket(first, recording_refused=True, supervisor_asks=1, repeats=2, is_listen_first=True)
    flags = list(flags_of(view_case(line.hotline, line.ticket(first).case_number)))
    assert flags == [
        "Asked for a supervisor",
        "Recording refused",
        "Listen first: not understood",
        "Third open case of this number",
        "Called again 2 times",
    ]


def test_a_voice_that_is_gone_is_told_of_at_the_head(console: ConsoleDesk) -> None:
    ticket, browser = told(console), console.logged_in()
    story, remedy, *rest = answers(console, ticket)
    count = 2 + len(rest)
    change(console, remedy, audio_key=None, text="", words_json="[]", state=AnswerState.DESTROYED)
    console.line.audio.files.pop(str(story.audio_key))
    card = before_call(browser.get(case_path(ticket)).text)
    assert f"The voice of 1 of {count} answers is not to be found" in card
    assert f"The voice of 1 of {count} answers was destroyed, with its words." in card


def test_a_case_of_a_second_number_has_no_flag_of_other_cases(console: ConsoleDesk) -> None:
    told(console)
    other = told(console, "CA2", OTHER)
    assert list(flags_of(view_case(console.line.hotline, other.case_number))) == []


def test_nobody_is_told_to_listen_for_a_number_once_voices_and_words_are_erased(console: ConsoleDesk) -> None:
    answer = console.line.told_call()
    console.line.change_ticket(answer, complainant_number=None)
    view = view_case(console.line.hotline, console.line.ticket(answer).case_number)
    erased = tuple(replace(each, answer=replace(each.answer, audio_key=None), shown="") for each in view.answers)
    assert "There is no number to call back. What was said may hold one: listen." in warnings_of(view)
    assert "There is no number to call back." in warnings_of(replace(view, answers=erased))
