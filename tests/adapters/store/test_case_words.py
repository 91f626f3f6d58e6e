"""The search over cases, on both databases alike: what is found, in which scripts, and when it is gone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.builders import MONDAY_TEN, a_call, a_history_entry, a_ticket, an_answer, an_sms
from tests.reviews import a_review_entry
from voicebot.adapters.store import SqlUnitOfWork
from voicebot.domain.retention import RetentionClass
from voicebot.domain.review import ReviewKind
from voicebot.domain.search_question import read_question
from voicebot.service.ports.search import PieceKind

Maker = Callable[[], SqlUnitOfWork]

PIN = "8558"
APART = "8 5 5 8"


def found(unit_of_work: Maker, typed: str, **stretch: int) -> list[str]:
    """Return ids of what is found by what somebody typed."""
    with unit_of_work() as work:
        return [each.ticket_id for each in work.search.search(read_question(typed).terms, **{"limit": 10} | stretch)]


def keep(unit_of_work: Maker, name: str, **changes: Any) -> None:
    """Keep one case."""
    with unit_of_work() as work:
        number = f"{sum(map(ord, name)):09}"
        work.tickets.add(a_ticket(**{"id": name, "case_number": number, "pin": PIN, "problem": ""} | changes))
        work.commit()


def fill(unit_of_work: Maker) -> None:
    """Keep a case with a bit of everything in it, and one with nothing."""
    keep(unit_of_work, "full", complainant_number="+12025551020", problem="It came broken.", case_number="482719300")
    keep(unit_of_work, "bare", complainant_number=None)
    with unit_of_work() as work:
        work.calls.add(a_call(id="c1", ticket_id="full", caller_number="+4420712345678"))
        work.tickets.add_answer(an_answer(id="a1", call_id="c1", ticket_id="full", text="the courier dropped it"))
        work.tickets.note(a_history_entry(ticket_id="full", verb="note_written", after="Refund agreed with Olive"))
        work.tickets.note(a_history_entry(ticket_id="full", verb="step_taken", after="machinery"))
        work.reviews.add(a_review_entry(ticket_id="full", answer_id="a1", text="Bristol", why="heard twice"))
        work.sms.add(an_sms(ticket_id="full", purpose="call_end:full", body=f"We ring at noon. Code {PIN}."))
        work.sms.add(an_sms(id="s2", ticket_id="full", purpose="warning:p:w:owner_1", body="half gone"))
        work.commit()


EVERYWHERE = {
    "482-719-300": "case number",
    "482719": "its beginning",
    "+1 202 555 1020": "telephone",
    "(202) 555-1020": "telephone without its country",
    "1020": "its last digits",
    "020712345678": "a number they rang from",
    "courier": "a word of an answer",
    "broken": "a word of the problem",
    "refund": "a note",
    "noon": "a text to them",
    "bristol": "a correction",
    "heard twice": "why somebody corrected",
    "COURIER refund": "two words in two places",
    "cour": "the beginning of a word",
    "olive 1020": "a word and the end of a number",
}


NOWHERE = ("1021", "555", "ourier", "courier pigeon", "machinery", "half", "", "  ", "482719301")


@pytest.mark.requirement("S1-01")
def test_whatever_staff_see_of_a_case_finds_it_and_nothing_else(unit_of_work: Maker) -> None:
    fill(unit_of_work)
    wrong = [why for typed, why in EVERYWHERE.items() if found(unit_of_work, typed) != ["full"]]
    assert wrong == []
    assert [typed for typed in NOWHERE if found(unit_of_work, typed)] == []


def test_no_pin_is_found_nor_shown(unit_of_work: Maker) -> None:
    fill(unit_of_work)
    keep(unit_of_work, "said", problem=f"my code is {PIN} or {APART} they said")
    assert found(unit_of_work, PIN) == found(unit_of_work, APART) == []
    with unit_of_work() as work:
        pieces = [piece for of_case in work.search.pieces(["full", "said"]).values() for piece in of_case]
    assert len(pieces) > 7
    assert not any(pin in piece.text for piece in pieces for pin in (PIN, APART))


SCRIPTS = {
    "English": ("the naïve café", "NAIVE CAFE"),
    "Spanish": ("la devolución del señor Muñoz", "senor devolucion munoz"),
    "Russian": ("Жалоба: ёлка сломана", "елка ЖАЛОБ"),
    "Hebrew": ("שָׁלוֹם, המזגן מקולקל", "שלום המזגן"),
    "Croatian": ("Đurđica čeka žalbu", "durdica ceka zalbu"),
    "Lithuanian": ("Šaldytuvas sugedo, ąžuolas", "saldytuv azuolas"),
    "Slovak": ("Vŕtačka nefunguje, ľúto", "vrtacka luto"),
    "German": ("Straße", "STRASSE"),
    "composed otherwise": ("re\u0301sume\u0301", "résumé"),
}


def test_case_and_accents_make_no_difference_in_any_script(unit_of_work: Maker) -> None:
    for language, (said, _) in SCRIPTS.items():
        keep(unit_of_work, language, problem=said)
    lost = [
        language
        for language, ways in SCRIPTS.items()
        if any(found(unit_of_work, typed) != [language] for typed in ways)
    ]
    assert lost == []


HOSTILE = (
    *('"', '"broken', "broken*", "*", "NEAR(broken came, 2)", "broken NOT came", "broken OR nothing", "words:broken"),
    *("^broken", "broken AND", "-broken", "(broken", "broken)", "' OR 1=1 --", "broken & !came", "broken:*", "\\"),
    *("\x00broken", "{a b}:c", "a+b", "§0201", "';DROP TABLE case_words;--", "'broken':*", "brok\u202een", "\ud800"),
    *("😀", "%", "_"),
)


def test_what_is_typed_is_words_and_never_a_language(unit_of_work: Maker) -> None:
    keep(unit_of_work, "theirs", problem="it came broken", complainant_number="+12025551020")
    answered = {typed: bool(found(unit_of_work, typed)) for typed in HOSTILE}
    words = {typed: {wanted.word for wanted in read_question(typed).words()} for typed in HOSTILE}
    assert answered == {typed: bool(each) and each <= {"broken", "came"} for typed, each in words.items()}


def test_cases_opened_last_come_first_and_a_page_at_a_time(unit_of_work: Maker) -> None:
    for name in ("one", "two", "three"):
        keep(unit_of_work, name, problem="broken")
    assert found(unit_of_work, "broken", limit=2) == ["three", "two"]
    assert found(unit_of_work, "broken", limit=2, offset=2) == ["one"]


def test_words_that_come_change_or_move_are_found_as_they_stand_now(unit_of_work: Maker) -> None:
    fill(unit_of_work)
    with unit_of_work() as work:
        answer = work.tickets.answer("a1")
        assert answer is not None
        work.tickets.save_answer(replace(answer, text="a pigeon dropped it"))
        work.commit()
    assert (found(unit_of_work, "courier"), found(unit_of_work, "pigeon")) == ([], ["full"])
    with unit_of_work() as work:
        answer = work.tickets.answer("a1")
        assert answer is not None
        work.tickets.save_answer(replace(answer, ticket_id="bare"))
        work.commit()
    assert found(unit_of_work, "pigeon") == ["bare"]


def test_a_correction_that_was_taken_back_is_found_no_more(unit_of_work: Maker) -> None:
    fill(unit_of_work)
    assert found(unit_of_work, "bristol") == ["full"]
    undone = {"number": 2, "kind": ReviewKind.UNDONE, "undoes": 1, "text": ""}
    with unit_of_work() as work:
        work.reviews.add(a_review_entry(id="entry-2", ticket_id="full", answer_id="a1", **undone))
        work.commit()
    assert found(unit_of_work, "bristol") == []


def every_word(engine: Engine) -> str:
    """Return all that the index of a database holds."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql(
                "CREATE VIRTUAL TABLE IF NOT EXISTS temp.held USING fts5vocab('main', 'case_words_index', 'row')"
            )
            return " ".join(connection.exec_driver_sql("SELECT term FROM temp.held").scalars())
        return " ".join(connection.exec_driver_sql("SELECT words FROM case_words").scalars())


def test_what_is_erased_of_a_caller_is_gone_from_the_index(unit_of_work: Maker, engine: Engine) -> None:
    fill(unit_of_work)
    keep(unit_of_work, "other", problem="untouched")
    assert "courier" in every_word(engine)
    with unit_of_work() as work:
        for kind in RetentionClass:
            work.retention.erase("full", kind, MONDAY_TEN + timedelta(days=800))
        work.commit()
    held = every_word(engine)
    assert [word for word in ("courier", "broken", "refund", "olive", "noon", "bristol", "0201") if word in held] == []
    assert found(unit_of_work, "482719300") == ["full"]
    assert found(unit_of_work, "untouched") == ["other"]


def test_only_the_class_that_is_erased_goes(unit_of_work: Maker) -> None:
    fill(unit_of_work)
    with unit_of_work() as work:
        work.retention.erase("full", RetentionClass.NUMBERS, MONDAY_TEN)
        work.commit()
    assert (found(unit_of_work, "1020"), found(unit_of_work, "courier")) == ([], ["full"])


def test_cases_from_before_the_index_are_missing_until_they_are_made_and_stand_behind_newer_ones(
    unit_of_work: Maker, engine: Engine
) -> None:
    for day, name in enumerate(("first", "second", "third")):
        keep(unit_of_work, name, problem="broken", opened_at=MONDAY_TEN + timedelta(days=day))
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM case_words WHERE ticket_id <> 'third'")
        connection.exec_driver_sql("UPDATE case_words SET edition = 0")
    with unit_of_work() as work:
        missing = list(work.search.missing(10))
        for ticket_id in missing:
            work.search.index(ticket_id)
        work.commit()
    assert missing == ["third", "second", "first"]
    assert found(unit_of_work, "broken") == ["third", "second", "first"]
    with unit_of_work() as work:
        assert work.search.missing(10) == []


def test_two_who_write_on_one_case_at_once_are_both_found(
    unit_of_work: Maker, at_once: Callable[..., list[Any]]
) -> None:
    keep(unit_of_work, "busy")

    def write(number: int) -> None:
        with unit_of_work() as work:
            work.tickets.note(a_history_entry(ticket_id="busy", verb="note_written", after=f"word{number:03}"))
            work.commit()

    at_once(write, 6)
    assert [number for number in range(6) if found(unit_of_work, f"word{number:03}") != ["busy"]] == []


def test_an_answer_keeps_its_id_so_that_its_moment_can_be_played(unit_of_work: Maker) -> None:
    fill(unit_of_work)
    with unit_of_work() as work:
        pieces = work.search.pieces(["full"])["full"]
    said = [(piece.id, piece.text) for piece in pieces if piece.kind is PieceKind.SAID]
    assert said == [("a1", "the courier dropped it")]
