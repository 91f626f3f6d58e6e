"""What who only looks reads has marks for private numbers and no code of a case, on both databases."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from tests.adapters.store.conftest import NoJobs
from tests.builders import MONDAY_TEN, a_call, a_history_entry, a_promise, a_ticket, a_turn, an_answer
from tests.case_fields import a_field_entry
from tests.statements import statements_of
from voicebot.adapters.store import SqlUnitOfWork, open_reader, open_store, tables
from voicebot.adapters.store.cover import Cover, beginning_shown, covered_columns, text_shown
from voicebot.adapters.store.erasure import classes_of, personal_columns, tables_of_cases
from voicebot.domain.case_number import BLOT
from voicebot.domain.retention import RetentionClass
from voicebot.domain.search_question import read_question
from voicebot.domain.utterance import WORDS, Word
from voicebot.service.ports import CaseQuery, Lane, LaneQuery

Maker = Callable[[], SqlUnitOfWork]
CARD = "four two four two 4242 4242 4242"
TOLD = f"card {CARD}, code eighty-five 58"
SHOWN = f"card [card number], code {BLOT}"


@pytest.fixture
def reader(engine: Engine) -> Iterator[Engine]:
    """The same database for who only looks."""
    reader = open_reader(engine.url.render_as_string(hide_password=False))
    yield reader
    reader.dispose()


@pytest.fixture
def case(unit_of_work: Maker) -> None:
    """A case in which everything tells a card and the code."""
    words = tuple(Word(text=word, start_s=0.0, end_s=0.1, confidence=0.9) for word in TOLD.split())
    kept = WORDS.dump_json(words).decode()
    with unit_of_work() as work:
        work.tickets.add(a_ticket(pin="8558", problem=TOLD, demand="x" * 170 + f" {TOLD}"))
        work.calls.add(a_call())
        work.calls.add_turn(a_turn(event=json.dumps({"at": "2026-08-05T08:58", "utterance": {"text": TOLD}})))
        work.tickets.add_answer(an_answer(text=TOLD, words_json=kept, second_words_json=kept))
        work.tickets.note(a_history_entry(verb="note_written", after=TOLD))
        work.fields.add(a_field_entry(value=TOLD))
        work.commit()


@pytest.mark.usefixtures("case")
def test_who_only_looks_sees_marks(reader: Engine) -> None:
    with open_store(reader, NoJobs)() as work:
        ticket, answer = work.tickets.get("ticket-1"), work.tickets.answer("answer-1")
        assert ticket is not None
        assert answer is not None
        (turn,), (line,) = work.calls.turns("call-1"), work.tickets.history("ticket-1")
        (row,) = work.cases.page(CaseQuery(limit=10), MONDAY_TEN)
        fields = work.fields.names(["ticket-1"])
    shown = [answer.text, ticket.problem, line.after, row.problem, *fields.values()]
    assert set(shown) == {SHOWN}
    assert ticket.pin == BLOT
    for kept in (answer.words_json, answer.second_words_json):
        assert [word.text for word in WORDS.validate_json(kept) if word.text] == ["card", "[card number]", "code", BLOT]
    assert json.loads(turn.event) == {"at": "2026-08-05T08:58", "utterance": {"text": SHOWN}}


@pytest.mark.usefixtures("case")
def test_who_may_see_the_original_sees_no_code(reader: Engine) -> None:
    with open_store(reader, NoJobs, is_original=True)() as work:
        answer = work.tickets.answer("answer-1")
    assert answer is not None
    assert answer.text == f"card {CARD}, code {BLOT}"


@pytest.mark.usefixtures("case")
def test_who_writes_reads_what_is_kept(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        answer = work.tickets.answer("answer-1")
        (row,) = work.cases.page(CaseQuery(limit=10), MONDAY_TEN)
    assert answer is not None
    assert (answer.text, row.problem) == (TOLD, TOLD)


@pytest.mark.usefixtures("case")
def test_a_number_that_is_cut_in_two_is_left_out(reader: Engine) -> None:
    with open_store(reader, NoJobs)() as work:
        shown = beginning_shown(work.connection, f"card {CARD}"[:20], "ticket-1", most=20)
        whole = beginning_shown(work.connection, "2 parcels", "ticket-1", most=20)
    assert (shown, whole) == ("card …", "2 parcels")


@pytest.mark.usefixtures("case")
def test_a_code_told_in_another_case_of_the_number_or_in_a_joined_one_is_blotted(
    unit_of_work: Maker, reader: Engine
) -> None:
    with unit_of_work() as work:
        work.tickets.add(a_ticket(id="other", case_number="123456789", pin="1111"))
        work.tickets.add(
            a_ticket(id="joined", case_number="223456789", pin="2222", merged_into="other", complainant_number=None)
        )
        work.tickets.add(a_ticket(id="strange", case_number="323456789", pin="3333", complainant_number=None))
        work.commit()
    with open_store(reader, NoJobs)() as work:
        told = "8558 or 2222 or 1111 or 3333"
        shown = {each: text_shown(work.connection, told, each) for each in ("other", "joined", "strange")}
    assert shown == {
        "other": "**** or **** or **** or 3333",
        "joined": "8558 or **** or **** or 3333",
        "strange": "8558 or 2222 or 1111 or ****",
    }


def test_each_column_of_words_is_covered(reader: Engine) -> None:
    """A new column that is erased as words is covered without anybody naming it."""
    kept = {RetentionClass.AUDIO, RetentionClass.NUMBERS}
    with reader.connect() as connection:
        cover = Cover(connection)
        for table in tables_of_cases():
            words = {column.name for column in personal_columns(table) if not kept.issuperset(classes_of(column))}
            assert words <= covered_columns(table), table.name
            told = {name: json.dumps([TOLD]) if name.endswith("json") else TOLD for name in words}
            told |= {name: json.dumps(TOLD) for name in words & {"event", "session", "instructions"}}
            shown = cover.row(table, told | {"id": "none", "ticket_id": "none"})
            assert all(CARD not in shown[name] and "[card number]" in shown[name] for name in words), table.name


def test_what_programs_read_is_left_alone(reader: Engine) -> None:
    with reader.connect() as connection:
        row = {
            "ticket_id": "none",
            "after": "2026-11-18T15:00:00+00:00/2026-11-18T17:00:00+00:00",
            "before": "+1202555014",
        }
        assert Cover(connection).row(tables.history, row) == row


def test_lanes_show_marks(unit_of_work: Maker, reader: Engine) -> None:
    with unit_of_work() as work:
        work.tickets.add(a_ticket(pin="8558", problem=TOLD, demand=TOLD))
        work.promises.add(a_promise())
        work.tickets.note(a_history_entry(verb="note_written", after=TOLD))
        work.commit()
    with open_store(reader, NoJobs)() as work:
        asked = LaneQuery(
            now=MONDAY_TEN,
            day_ends_at=MONDAY_TEN + timedelta(hours=14),
            member_id="owner_1",
            owner_id=None,
            limit=9,
            offset=0,
        )
        rows = [row for lane in Lane for row in work.lanes.page(lane, asked)]
        (line,) = work.lanes.log(MONDAY_TEN, ["note_written"], 5)
    assert [(row.demand, row.story, line.after) for row in rows] == [(SHOWN, SHOWN, SHOWN)]


def test_a_list_asks_for_codes_once_however_many_of_its_texts_tell_numbers(unit_of_work: Maker, reader: Engine) -> None:
    """One question a row is what makes a list slow where the database is another machine."""
    with unit_of_work() as work:
        for number in range(1, 8):
            name = f"case-{number}"
            work.tickets.add(a_ticket(id=name, case_number=f"10000000{number}", problem="1200 dollars", pin="1200"))
            work.fields.add(a_field_entry(id=name, ticket_id=name, value="maria 1200"))
        work.commit()
    with open_store(reader, NoJobs)() as work, statements_of(reader) as sent:
        lines = work.cases.page(CaseQuery(), now=MONDAY_TEN)
        names = work.fields.names([line.ticket_id for line in lines])
    with open_store(reader, NoJobs)() as work, statements_of(reader) as sent_for_rows:
        (first, *_) = rows = work.tickets.all()
        assert work.tickets.get(first.id) == first
    assert {row.problem for row in rows} == {f"{BLOT} dollars"}
    assert len([statement for statement in sent_for_rows if "other.pin" in statement]) == 1
    assert {line.problem for line in lines} == {f"{BLOT} dollars"}
    assert set(names.values()) == {f"maria {BLOT}"}
    assert len([statement for statement in sent if ".pin" in statement]) == 1


def test_a_card_whose_halves_were_said_in_two_answers_of_a_call_is_readable_in_neither(
    unit_of_work: Maker, reader: Engine
) -> None:
    halves = ("my number is 4242 4242", "four two four two 4242 please")
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        work.calls.add(a_call())
        for at, text in enumerate(halves, start=3):
            words = tuple(Word(text=word, start_s=0.0, end_s=0.1, confidence=0.9) for word in text.split())
            kept = WORDS.dump_json(words).decode()
            work.tickets.add_answer(an_answer(id=f"a{at}", turn_number=at, text=text, words_json=kept))
        session = json.dumps({"slots": {"story": halves[0], "remedy": halves[1]}, "other": "4242 4242"})
        work.calls.add_turn(a_turn(number=4, event=json.dumps({"text": halves[1]}), session=session))
        work.commit()
    with open_store(reader, NoJobs)() as work:
        (turn,) = work.calls.turns("call-1")
        assert json.loads(turn.event) == {"text": "[card number] please"}
        slots = {"story": "my number is [card number]", "remedy": "[card number] please"}
        assert json.loads(turn.session) == {"slots": slots, "other": "4242 4242"}
        (first, second), alone = work.tickets.answers("ticket-1"), work.tickets.answer("a4")
        (hit,) = work.search.search(read_question("please").terms, limit=9)
        assert work.search.search(read_question("4242").terms, limit=9) == []
    assert alone == second
    assert [first.text, second.text] == ["my number is [card number]", "[card number] please"]
    for each in (first, second):
        heard = [word.text for word in WORDS.validate_json(each.words_json) if word.text]
        assert " ".join(heard) == each.text, "so it is silent in the voice, too"
    with unit_of_work() as work:
        assert work.retention.with_cards(9) == [hit.ticket_id]
        work.retention.destroy_cards("ticket-1")
        assert [each.text for each in work.tickets.answers("ticket-1")] == [first.text, second.text]
        work.commit()


def test_a_card_is_found_for_destruction_whichever_of_its_halves_was_kept_first(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        work.calls.add(a_call())
        work.commit()
    for number, text in ((4, "4242 4242 please"), (3, "my number is 4242 4242")):
        with unit_of_work() as work:
            at = MONDAY_TEN + timedelta(seconds=number)
            work.tickets.add_answer(an_answer(id=f"a{number}", turn_number=number, at=at, text=text))
            work.commit()
    with unit_of_work() as work:
        assert work.retention.with_cards(9) == ["ticket-1"]
        assert work.search.search(read_question("4242").terms, limit=9) == []
