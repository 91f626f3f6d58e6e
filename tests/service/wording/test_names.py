"""States and actions in words; nothing is hidden for want of a word."""

from datetime import timedelta

import pytest

from tests.builders import MONDAY_TEN, an_sms
from voicebot.domain.call import CallEnd, Way
from voicebot.domain.case_task import TaskKind
from voicebot.domain.consent import ConsentAnswer
from voicebot.domain.instants import Instants
from voicebot.domain.promise import CallOutcome, PromiseState
from voicebot.domain.sms import SmsState
from voicebot.service.wording import names as wording


def test_every_state_has_words() -> None:
    for end in CallEnd:
        assert wording.call_ended(end)
    assert wording.call_ended(None) == "still on the line"
    assert all(wording.call_heard(way) for way in Way)
    assert all(wording.consent_said(answer) for answer in ConsentAnswer)
    assert all(wording.promise_said(state) for state in PromiseState)
    assert all(wording.text_said(an_sms(state=state)) for state in SmsState)
    assert set(wording.OUTCOMES) == set(CallOutcome)
    assert all(wording.task_said(kind) for kind in TaskKind)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (30006, "this number takes no texts"),
        (21610, "they asked for no texts"),
        (21608, "a setting of our account"),
        (30007, "filtered"),
        (30003, "the telephone off"),
        (99999, "a reason that we do not know"),
    ],
)
def test_an_error_of_a_text_is_said_in_words_with_its_number(code: int, said: str) -> None:
    failed = wording.text_said(an_sms(state=SmsState.UNDELIVERED, error_code=code))
    assert said in failed
    assert failed.endswith(f"(error {code})")


def test_a_text_held_back_says_why() -> None:
    assert wording.text_said(an_sms(state=SmsState.SUPPRESSED, reason="opted_out")).endswith("they asked for no texts")


def test_people_are_said_by_name_or_by_the_end_of_their_number() -> None:
    assert [wording.who_said(*each) for each in (("Maria", "0143"), ("", "0143"), ("", ""))] == [
        "Maria",
        "…0143",
        "no number",
    ]
    assert [wording.here_said(each) for each in ((), ("Dan",), ("Dan", "Eve"))] == [
        "",
        "Dan is here",
        "Dan and Eve are here",
    ]
    instants = Instants(zone="America/New_York", now=MONDAY_TEN)
    assert wording.away_said(None, instants) == ""
    assert wording.away_said(MONDAY_TEN + timedelta(hours=4), instants) == "away until 09:00 EST"


def test_a_try_has_its_outcome_in_words_and_a_language_its_name() -> None:
    assert wording.tried_said("no_answer: rang twice") == "nobody answered: rang twice"
    assert wording.tried_said("rang twice") == "rang twice"
    assert [wording.language_said(each) for each in ("en-US", "he", "xx")] == ["English (US)", "Hebrew", "xx"]


def test_what_has_no_words_is_said_as_it_is_written() -> None:
    assert wording.worded("sms_promise_missed") == "promise missed"
    assert [wording.actor_said(each, {"dan": "Dan"}) for each in ("worker", "dan", "eve")] == [
        "The hotline",
        "Dan",
        "eve",
    ]
    assert wording.worded("some_new_thing") == "some new thing"
    assert wording.verb_said("done_by_tomorrows_release") == "done by tomorrows release"


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a new  kettle\n", "a new kettle"), ("a new kettle please", "a new …"), ("k" * 14, "k" * 12 + " …"), ("", "")],
)
def test_of_a_long_text_the_first_whole_words_stand_with_a_sign_that_there_are_more(text: str, shown: str) -> None:
    assert wording.first_words(text, 12) == shown
