"""The words of a case to be taken elsewhere: corrections in their places, nothing but words."""

from dataclasses import replace

import pytest

from tests.builders import an_answer
from tests.reviews import a_review_entry
from tests.service.lines import Line
from voicebot.domain.review import Span
from voicebot.domain.utterance import WORDS, Word
from voicebot.errors import Refused
from voicebot.service.answer.shown import pieces_of
from voicebot.service.queries.case_words import AnswerWords, CaseWords, as_srt, as_text, words_of_case
from voicebot.service.staff.decision import act
from voicebot.service.ticket.category import categorising
from voicebot.service.ticket.fields import keep_fields
from voicebot.service.ticket.review import Reviewed, correct


def corrected(line: Line, text: str) -> tuple[CaseWords, str]:
    """Return the words of a told case whose story's second word was corrected, and the story's id."""
    told = line.told_call()
    case = line.ticket(told).case_number
    with line.work() as work:
        story, _remedy = work.tickets.answers(told.call.ticket_id)
    what = Reviewed(answer_id=story.id, span=Span(first=1, end=2), actor="olive")
    correct(line.hotline, case, what, text=text)
    return words_of_case(line.hotline, case), story.id


def test_the_words_of_a_case_are_plain_text_with_what_was_asked_and_when(line: Line) -> None:
    words, _ = corrected(line, "fridge")
    text = as_text(words)
    assert text.splitlines()[2].startswith("story, Wed 18 Nov 2026, 10:00:00")
    assert [text.splitlines()[at] for at in (3, 6)] == ["my fridge came broken", "a refund please"]
    assert "corrected by staff" in text.splitlines()[2]
    assert "corrected" not in text.splitlines()[5]


def test_what_nobody_sees_in_a_correction_is_a_mark_in_text_and_subtitles(line: Line) -> None:
    words, story = corrected(line, "evil\u202elive\u2066 <b>\x1b[2J")
    for taken in (as_text(words), as_srt(words, story)):
        assert "evil[U+202E]live[U+2066] <b>[U+001B][2J" in taken


def spoken(*starts: float) -> CaseWords:
    """A case with one answer whose words, a, b, c …, last half a second each; b is corrected, d is nothing."""
    words = tuple(
        Word(text=text, start_s=at, end_s=at + 0.5, confidence=1.0)
        for text, at in zip("abcdefghijklmnop", starts, strict=False)
    )
    answer = an_answer(words_json=WORDS.dump_json(words).decode())
    entries = [a_review_entry(first=1, end=2, text="bee or not"), a_review_entry(number=2, first=3, end=4, text="")]
    pieces = pieces_of(answer, entries)
    found = AnswerWords(
        id=answer.id, slot="story", at=answer.at, text="", pieces=pieces, words=words, is_corrected=True
    )
    return CaseWords(case="482-913-756", zone="UTC", locale="en", answers=(found,))


def test_subtitles_stand_where_the_voice_says_them_and_pause_with_it() -> None:
    assert as_srt(spoken(0.25, 1.0, 3.0, 3.6, 5.5), "answer-1") == (
        "1\n00:00:00,250 --> 00:00:01,500\na bee or not\n\n"
        "2\n00:00:03,000 --> 00:00:03,500\nc\n\n"
        "3\n00:00:05,500 --> 00:00:06,000\ne\n\n"
    )


def test_who_does_not_pause_still_gets_lines_that_can_be_read() -> None:
    lines = as_srt(spoken(*(3_600 + at / 2 for at in range(16))), "answer-1").split("\n\n")
    assert lines[0].splitlines()[1] == "01:00:00,000 --> 01:00:06,000"
    assert lines[1].splitlines()[2] == "m n o p"


def test_without_times_or_answer_there_are_no_subtitles() -> None:
    with pytest.raises(Refused, match="no such answer"):
        as_srt(spoken(0.0, 1.0, 2.0, 3.0), "answer-2")
    with pytest.raises(Refused, match="word by word"):
        as_srt(spoken(), "answer-1")


def test_an_answer_that_reviewers_left_without_a_word_has_no_subtitles() -> None:
    (answer,) = spoken(0.25).answers
    silent = replace(answer, pieces=tuple(piece for piece in answer.pieces if not piece.shown))
    assert as_srt(replace(spoken(0.25), answers=(silent,)), "answer-1") == ""


def test_what_stands_in_fields_is_taken_along_but_for_what_few_may_read(line: Line) -> None:
    case = line.ticket(line.told_call()).case_number
    act(line.hotline, case, categorising("staff_conduct", actor="owner_1"))
    keep_fields(line.hotline, case, {"name": "Mary Ruiz", "staff_name": "Drake"}, actor="owner_1")
    words = words_of_case(line.hotline, case)
    assert [value for _field, value in words.fields] == ["Mary Ruiz"]
    assert "Name: Mary Ruiz\n" in as_text(words)
