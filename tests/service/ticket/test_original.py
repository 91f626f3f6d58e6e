"""Private numbers are seen as they were said by who gave a reason, for a while, and the reason stays."""

import pytest

from tests.service.lines import Line
from voicebot.errors import Refused
from voicebot.service.hotline import Hotline
from voicebot.service.queries.answer_voice import voice_of
from voicebot.service.queries.case_view import view_case
from voicebot.service.ticket.original import LASTS, open_original, original_of
from voicebot.speech.audio import read_wav

CARD = "4242 4242 4242 4242"


@pytest.fixture
def case(line: Line) -> str:
    """A case in which a card's number was said."""
    told = line.say(line.reach("ask_story"), f"pay it to {CARD} please", seconds=4.0)
    line.run_jobs()
    return line.ticket(told).case_number


def seen(hotline: Hotline, case: str) -> str:
    return view_case(hotline, case).answers[0].shown


def test_who_gave_a_reason_sees_and_hears_it_for_a_while(line: Line, case: str) -> None:
    open_original(line.hotline, case, why="  they doubt the digits ", actor="deputy_1")
    original = original_of(line.hotline, case, actor="deputy_1")
    assert (seen(line.hotline, case), seen(original, case)) == (
        "pay it to [card number] please",
        f"pay it to {CARD} please",
    )
    answer = view_case(original, case).answers[0].answer
    kept = read_wav(line.audio.files[str(answer.audio_key)])
    assert read_wav(voice_of(original, case, answer.id).read()) == kept
    assert read_wav(voice_of(line.hotline, case, answer.id).read()) != kept
    (entry,) = (each for each in view_case(line.hotline, case).history if each.verb == "original_opened")
    assert (entry.actor, entry.after) == ("deputy_1", "they doubt the digits")
    line.clock.step(LASTS)
    with pytest.raises(Refused, match="say first why"):
        original_of(line.hotline, case, actor="deputy_1")


def test_a_reason_opens_it_to_who_gave_it_and_for_that_case_alone(line: Line, case: str) -> None:
    other = line.ticket(line.told_call("CA2", "+12025550188")).case_number
    open_original(line.hotline, case, why="they ask", actor="deputy_1")
    for number, actor in ((case, "owner_1"), (other, "deputy_1")):
        with pytest.raises(Refused, match="say first why"):
            original_of(line.hotline, number, actor=actor)


@pytest.mark.parametrize("why", ["", "  \n"])
def test_without_a_reason_nothing_is_opened(line: Line, case: str, why: str) -> None:
    with pytest.raises(Refused, match="needs a reason"):
        open_original(line.hotline, case, why=why, actor="deputy_1")
    with pytest.raises(Refused, match="say first why"):
        original_of(line.hotline, case, actor="deputy_1")


def test_a_card_in_the_reason_is_masked_like_any_other(line: Line, case: str) -> None:
    open_original(line.hotline, case, why=f"is it {CARD}?", actor="deputy_1")
    assert view_case(line.hotline, case).history[-1].after == "is it [card number]?"
