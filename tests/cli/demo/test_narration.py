"""The story of a case, told from one reading of the case reader to the next."""

from pathlib import Path

import pytest

from tests.builders import a_promise, a_ticket, an_sms
from tests.cli.demo.cases import STORY, a_broken_case, a_kept_case
from voicebot.cli.demo.narration import Line, Storyteller
from voicebot.cli.demo.sandbox import ADA
from voicebot.distribution import PROJECT_DIR
from voicebot.domain.sms import SmsState
from voicebot.domain.utterance import Utterance, Word
from voicebot.flow.policy import read_policy


@pytest.fixture
def teller() -> Storyteller:
    folder: Path = PROJECT_DIR / "flows" / "policy_demo"
    return Storyteller(
        read_policy({file.name: file.read_text() for file in folder.glob("*.yaml")}), caller=ADA, name="Ada"
    )


def _new_case(**changes: object) -> object:
    nothing_yet = {"answers": (), "promises": (), "breaches": (), "steps": (), "texts": (), "calls_back": ()}
    return a_kept_case(**{**nothing_yet, "ticket": a_ticket(complainant_number=ADA), **changes})


def test_a_case_is_told_with_number_and_owner(teller: Storyteller) -> None:
    (line,) = teller.news(_new_case())
    assert line == Line("case", "Ada: 482-913-756 is open before a word is said; Olive Handler is responsible")


def test_nothing_is_told_twice(teller: Storyteller) -> None:
    assert teller.news(a_kept_case()) != []
    assert teller.news(a_kept_case()) == []


def test_what_the_caller_said_is_told_without_a_figure_that_flatters_it(teller: Storyteller) -> None:
    teller.news(_new_case())
    words = (Word(text="yes", start_s=0.1, end_s=0.4, confidence=0.93),)
    assert teller.news(_new_case(utterances={4: Utterance(text="yes", words=words)})) == [Line("caller", "“yes”")]


def test_a_promise_is_told_once_it_was_said(teller: Storyteller) -> None:
    teller.news(_new_case())
    assert teller.news(_new_case(promises=(a_promise(words=""),))) == []
    assert teller.news(_new_case(promises=(a_promise(),))) == [Line("promise", "Ada: a call between 14:00 and 16:00")]


def test_a_text_is_told_when_it_leaves_and_when_it_arrives(teller: Storyteller) -> None:
    teller.news(_new_case())
    waiting, sent = an_sms(recipient=ADA), an_sms(recipient=ADA, state=SmsState.SENT)
    assert teller.news(_new_case(texts=(waiting,))) == []
    assert teller.news(_new_case(texts=(sent,))) == [Line("text", "to Ada: Your case is 482-913-756.")]
    delivered = an_sms(recipient=ADA, state=SmsState.DELIVERED)
    assert teller.news(_new_case(texts=(delivered,))) == [Line("receipt", "delivered to Ada")]


def test_the_same_text_to_several_people_is_one_line(teller: Storyteller) -> None:
    teller.news(_new_case())
    staff = ("+12025550161", "+12025550163")
    texts = tuple(an_sms(id=to, recipient=to, body="Please ring.", state=SmsState.DELIVERED) for to in staff)
    assert teller.news(_new_case(texts=texts)) == [
        Line("text", "to Olive Handler and Sue Supervisor: Please ring."),
        Line("receipt", "delivered to Olive Handler and Sue Supervisor"),
    ]


def test_a_miss_is_told_with_its_ladder_by_name(teller: Storyteller) -> None:
    lines = teller.news(a_broken_case())
    assert Line("breach", "Ada: the window closed at 16:00 and nobody had called") in lines
    assert Line("ladder", "Ada: missed; told Olive Handler, Sue Supervisor") in lines
    assert Line("ladder", "Ada: heads; told Art Area") in lines


def test_what_was_said_is_told_as_kept_and_not_in_words(teller: Storyteller) -> None:
    lines = teller.news(a_kept_case())
    assert Line("case", "Ada: what happened: words and 4 s of voice are kept") in lines
    assert not any(STORY in line.text for line in lines)


def test_the_call_back_is_told_to_the_wrapped_up_case(teller: Storyteller) -> None:
    told = [line.text for line in teller.news(a_kept_case()) if line.who in ("owner", "promise", "case")]
    assert told[-6:] == [
        "the telephone of Olive Handler rings",
        "Olive Handler hears what it is about and presses 1: the complainant's telephone rings",
        "both are connected, and talk for 9 s",
        "Olive Handler keys 1: spoken with the complainant",
        "Ada: kept: connected, and keyed as spoken with",
        "Ada: granted, told by call; closed on 16 March unless we hear a no",
    ]
