"""Entries of reviewers and voices heard as rows, on both databases."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from tests.builders import MONDAY_TEN, a_ticket, an_answer
from tests.reviews import a_review_entry
from voicebot.adapters.store import SqlUnitOfWork
from voicebot.domain.heard import VoiceHeard
from voicebot.domain.retention import RetentionClass
from voicebot.domain.review import ReviewKind

Works = Callable[[], SqlUnitOfWork]
HEARD = VoiceHeard(ticket_id="ticket-1", answer_id="answer-1", by="olive", at=MONDAY_TEN)
FIRST = a_review_entry(why="it is a fridge")
BACK = a_review_entry(id="entry-2", number=2, kind=ReviewKind.UNDONE, text="", undoes=1)


@pytest.fixture
def kept(unit_of_work: Works) -> Works:
    """A case with a correction that was taken back, and one listener."""
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        work.tickets.add_answer(an_answer(text="bridge"))
        assert list(work.reviews.of_ticket("ticket-1")) == []
        work.reviews.add(BACK)
        work.reviews.add(FIRST)
        assert work.reviews.add_heard(HEARD)
        assert list(work.reviews.of_ticket("ticket-1")) == [FIRST, BACK]
        work.commit()
    return unit_of_work


def test_entries_are_kept_in_their_order_and_each_number_of_an_answer_once(kept: Works) -> None:
    with kept() as work:
        assert list(work.reviews.of_ticket("ticket-1")) == [FIRST, BACK]
        assert list(work.reviews.of_answer("answer-1")) == [FIRST, BACK]
        assert list(work.reviews.of_answer("answer-2")) == []
        with pytest.raises(IntegrityError):
            work.reviews.add(replace(BACK, id="entry-3"))


def test_a_person_has_listened_to_an_answer_once(kept: Works) -> None:
    with kept() as work:
        assert not work.reviews.add_heard(replace(HEARD, at=MONDAY_TEN.replace(hour=12)))
        assert list(work.reviews.heard_of("ticket-1")) == [HEARD]


def test_entries_and_listeners_follow_their_answer(kept: Works) -> None:
    with kept() as work:
        work.tickets.add(a_ticket(id="ticket-2", case_number="482913764"))
        work.tickets.save_answer(replace(an_answer(text="bridge"), ticket_id="ticket-2"))
        work.reviews.move(["answer-1"], "ticket-2")
        work.commit()
    with kept() as work:
        assert [each.id for each in work.reviews.of_ticket("ticket-2")] == ["entry-1", "entry-2"]
        assert [each.by for each in work.reviews.heard_of("ticket-2")] == ["olive"]
        assert list(work.reviews.of_ticket("ticket-1")) == []


def test_no_word_stays_where_the_voice_is_destroyed_or_the_words_of_the_case_are_erased(kept: Works) -> None:
    with kept() as work:
        work.reviews.blank("answer-1")
        assert [(each.text, each.why) for each in work.reviews.of_ticket("ticket-1")] == [("", "")] * 2
    with kept() as work:
        work.retention.erase("ticket-1", RetentionClass.WORDS, MONDAY_TEN)
        assert [(each.text, each.why) for each in work.reviews.of_ticket("ticket-1")] == [("", "")] * 2
        assert list(work.reviews.heard_of("ticket-1")) == []
