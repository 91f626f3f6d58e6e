"""Who rings again from the same number, in real voices through the carrier: the same matter, then something else."""

from pathlib import Path

import pytest

from tests.calls.house import CALLER_NUMBER, House
from tests.calls.people import NO, REMEDY, REMEDY_WORDS, STORY_WORDS, YES, hurried, story_teller
from voicebot.domain.promise import PromiseState
from voicebot.domain.ticket import Ticket, TicketStatus
from voicebot.simulator import press, rest, speak


def going_on(house: House) -> list[Ticket]:
    """Return the cases that were not joined to another one, the oldest first."""
    cases = (ticket for ticket in house.tickets() if ticket.status is not TicketStatus.MERGED)
    return sorted(cases, key=lambda ticket: ticket.opened_at)


@pytest.mark.requirement("S3-06")
@pytest.mark.requirement("S3-12")
@pytest.mark.heavy
def test_the_same_matter_stands_on_the_same_case_and_something_else_on_one_of_its_own(
    house: House, speech_dir: Path
) -> None:
    teller = hurried(story_teller(speech_dir))
    house.ring(teller)
    house.step(minutes=20)
    adds = teller.after("offer_owner", press("2")).after("ask_matter", speak(speech_dir / YES))
    second = house.ring(adds.after("ask_addition", speak(speech_dir / REMEDY), rest(0.5), press("#")))
    (case,) = going_on(house)
    assert (case.repeats, second.ended_by, second.errors) == (1, "hotline", ())
    assert STORY_WORDS in case.problem
    assert REMEDY_WORDS in case.problem
    heard = list(second.heard)
    told = ["know_case", "ask_matter", "say_owner", "say_window", "ask_addition"]
    assert heard[heard.index("know_case") :][: len(told)] == told
    assert heard[heard.index("say_added") :][:2] == ["say_added", "say_window"]
    with house.work() as work:
        assert [promise.state for promise in work.promises.of_ticket(case.id)] == [PromiseState.OPEN]
    assert "added to your case" in house.texts_to(CALLER_NUMBER)[-1].body
    house.step(minutes=20)
    other = teller.after("offer_owner", press("2")).after("ask_matter", speak(speech_dir / NO))
    third = house.ring(other)
    first, new = going_on(house)
    assert "accept_other_matter" in third.heard
    assert (first.id, first.repeats, new.repeats) == (case.id, 1, 0)
    assert STORY_WORDS in new.problem
