"""What reviewers did with an answer, as the page says it."""

from datetime import timedelta

import pytest

from tests.builders import MONDAY_TEN, an_answer
from tests.reviews import a_review_entry
from voicebot.domain.heard import VoiceHeard
from voicebot.domain.instants import Instants
from voicebot.domain.review import ReviewEntry, ReviewKind, Span
from voicebot.domain.ticket import AnswerState
from voicebot.service.answer.keep import TEXT_SLOT
from voicebot.service.queries.case_view import AnswerView
from voicebot.web.console.panels.review import ChosenWords, answer_review, chosen_words, entry_rows, may_review

NAMES = {"olive": "Olive", "dan": "Dan"}
NOW = Instants(zone="UTC", now=MONDAY_TEN + timedelta(hours=1))


def viewed(text: str, *reviews: ReviewEntry, heard: tuple[VoiceHeard, ...] = ()) -> AnswerView:
    answer = an_answer(text=text, state=AnswerState.DONE)
    return AnswerView(answer=answer, shown=text, reviews=reviews, heard=heard)


def test_who_listened_is_named_with_the_time() -> None:
    heard = VoiceHeard(ticket_id="ticket-1", answer_id="answer-1", by="olive", at=MONDAY_TEN)
    later = VoiceHeard(ticket_id="ticket-1", answer_id="answer-1", by="uid 7", at=MONDAY_TEN + timedelta(minutes=1))
    told = answer_review(viewed("the bridge", heard=(heard, later)), names=NAMES, member_id="olive", instants=NOW)
    assert told.heard_said == "Heard by Olive 10:00 UTC, uid 7 10:01 UTC"
    assert (told.is_heard_by_me, told.words, told.seen) == (True, 2, 0)
    assert answer_review(viewed("x"), names=NAMES, member_id="olive", instants=NOW).heard_said == ""


def test_entries_stand_newest_first_and_those_taken_back_cannot_be_taken_back_again() -> None:
    mended = a_review_entry(first=1, end=2, text="fridge", why="heard twice")
    back = a_review_entry(number=2, first=1, end=2, kind=ReviewKind.UNDONE, text="", by="dan", undoes=1)
    newest, oldest = entry_rows(an_answer(text="the bridge"), [mended, back], names=NAMES, instants=NOW)
    assert (newest.who, newest.did, newest.may_undo) == ("Dan", "took back what was done with", False)
    assert (oldest.who, oldest.before, oldest.after, oldest.why) == ("Olive", "bridge", "fridge", "heard twice")
    assert not oldest.may_undo
    assert entry_rows(an_answer(text="the bridge"), [mended], names=NAMES, instants=NOW)[0].may_undo


def test_a_range_that_cuts_a_correction_takes_all_of_it() -> None:
    view = viewed("a bridge of ours", a_review_entry(first=1, end=3, text="fridge"))
    assert chosen_words(view, Span(first=2, end=4)) == ChosenWords(
        answer_id="answer-1", first=1, end=4, original="bridge of ours", shown="fridge ours", text="fridge ours"
    )
    assert chosen_words(view, Span(first=7, end=9)) is None


def test_an_answer_without_words_has_one_range_to_choose() -> None:
    chosen = chosen_words(viewed(""), Span(first=0, end=0))
    assert chosen is not None
    assert (chosen.first, chosen.end, chosen.shown) == (0, 0, "")


@pytest.mark.parametrize(
    ("facts", "is_so"),
    [
        ({"state": AnswerState.DONE}, True),
        ({"state": AnswerState.SPOOLED, "text": "heard in the call"}, True),
        ({"state": AnswerState.AWAITING_TRANSCRIPT}, False),
        ({"state": AnswerState.DESTROYED}, False),
        ({"state": AnswerState.DONE, "slot": TEXT_SLOT}, False),
    ],
)
def test_what_is_heard_and_kept_may_be_reviewed(facts: dict, is_so: bool) -> None:
    assert may_review(an_answer(**facts)) is is_so
