"""Private numbers are seen as they were said by who gave a reason, for a while, and the reason stays."""

from dataclasses import replace

import pytest

from tests.service.lines import Line
from voicebot.domain.private.masking import lift_key
from voicebot.domain.utterance import WORDS, Word
from voicebot.errors import Refused
from voicebot.service.hotline import Hotline
from voicebot.service.queries.answer_voice import voice_of
from voicebot.service.queries.case_view import view_case
from voicebot.service.queries.search import find_cases
from voicebot.service.ticket.actions import write_note
from voicebot.service.ticket.original import LASTS, lift_mask, open_original, original_of, private_numbers
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


ORDER = "the order, read from the invoice"


def lift(line: Line, case: str, key: str, *, why: str = ORDER, is_put_back: bool = False) -> None:
    lift_mask(line.hotline, case, key, why=why, actor="deputy_1", is_put_back=is_put_back)


def test_a_mark_that_stands_for_an_order_is_lifted_for_good_and_for_everybody_and_may_be_put_back(
    line_on_both: Line,
) -> None:
    line = line_on_both
    told = line.say(line.reach("ask_story"), f"my 4242 {CARD[5:]} please", seconds=4.0)
    line.run_jobs()
    case = line.ticket(told).case_number
    write_note(line.hotline, case, text="four two " * 8, actor="owner_1")
    open_original(line.hotline, case, why="they doubt it", actor="deputy_1")
    (number,) = private_numbers(original_of(line.hotline, case, actor="deputy_1"), case)
    assert (number.kind, number.said, number.is_lifted) == ("card number", CARD, False)
    assert find_cases(line.hotline, "4242").cases == ()
    for _ in range(2):
        lift(line, case, number.key)
    view = view_case(line.hotline, case)
    assert view.answers[0].shown == f"my {CARD} please"
    assert "four two four two" in str(view.history)
    assert read_wav(voice_of(line.hotline, case, view.answers[0].answer.id).read()) == read_wav(
        line.audio.files[str(view.answers[0].answer.audio_key)]
    )
    assert len(find_cases(line.hotline, "4242").cases) == 1
    (entry,) = (each for each in view.history if each.verb == "mask_lifted")
    assert (entry.actor, entry.after) == ("deputy_1", ORDER)
    assert "4242" not in entry.before
    (number,) = private_numbers(original_of(line.hotline, case, actor="deputy_1"), case)
    assert number.is_lifted
    lift(line, case, number.key, is_put_back=True, why="it is a card after all")
    assert seen(line.hotline, case) == "my [card number] please"
    assert find_cases(line.hotline, "4242").cases == ()


def test_nothing_is_lifted_unseen_without_a_reason_or_that_is_not_there(line: Line, case: str) -> None:
    with pytest.raises(Refused, match="say first why"):
        lift(line, case, "abcdef")
    open_original(line.hotline, case, why="they doubt it", actor="deputy_1")
    with pytest.raises(Refused, match="needs a reason"):
        lift(line, case, "abcdef", why=" ")
    with pytest.raises(Refused, match="no such number") as refused:
        lift(line, case, "abcdef")
    assert refused.value.code == "mask-unknown"


def test_a_number_that_another_answer_seems_to_go_on_is_lifted_by_both_that_it_may_be(line: Line) -> None:
    """The next answer begins with "two", so it is one number to whoever reads both, and another one to who reads it."""
    said = "four " + "zero " * 14 + "one"
    told = line.say(line.reach("ask_story"), f"it is {said}", seconds=8.0)
    told = line.say(told, "two new ones please")
    line.run_jobs()
    case = line.ticket(told).case_number
    open_original(line.hotline, case, why="they doubt it", actor="deputy_1")
    numbers = private_numbers(original_of(line.hotline, case, actor="deputy_1"), case)
    assert [each.said for each in numbers] == [said, f"{said} two"]
    for each in numbers:
        lift(line, case, each.key)
    assert seen(line.hotline, case) == f"it is {said}"


def test_what_only_the_second_hearing_took_for_a_number_is_lifted_too_or_the_voice_stays_silent(line: Line) -> None:
    told = line.say(line.reach("ask_story"), "it is the order", seconds=4.0)
    line.run_jobs()
    heard = tuple(Word(text=text, start_s=1, end_s=1.4, confidence=1) for text in CARD.split())
    with line.work() as work:
        (answer,) = work.tickets.answers(told.call.ticket_id)
        work.tickets.save_answer(replace(answer, second_words_json=WORDS.dump_json(heard).decode()))
        work.commit()
    case = line.ticket(told).case_number
    open_original(line.hotline, case, why="they doubt it", actor="deputy_1")
    lift(line, case, lift_key(CARD))
    assert read_wav(voice_of(line.hotline, case, answer.id).read()) == read_wav(line.audio.files[str(answer.audio_key)])
