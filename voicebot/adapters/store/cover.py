"""What leaves the database for those who only look, without private numbers and without the code of the case.

This is the one place where it is masked. Every row that such a unit of work reads passes here (`rows.py`), and so do
the few queries that make no whole values. Use cases that write read the words as they are, since what they save is what
they have read. Which columns hold words follows from the marks in the tables (`erasure.py`), as for what is erased.

The original is read by a unit of work that says so (`SqlUnitOfWork`, `is_original`), still without the code.
Knows: tables, marks of columns. Must not know: how a private number is recognised, who may see it.
"""

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, Table, bindparam, or_, select, union

from voicebot.adapters.store import tables
from voicebot.adapters.store.erasure import NOT_OF_A_CASE, classes_of, personal_columns
from voicebot.domain.case_number import BLOT, PIN_LENGTH
from voicebot.domain.number_words import most_digits, runs_in
from voicebot.domain.private.masking import (
    ALONE,
    FEWEST_OF_A_PART,
    Beside,
    Lifted,
    beside_of,
    masked,
    masked_words,
)
from voicebot.domain.private.spans import EVERY_KIND, PrivateKind
from voicebot.domain.retention import RetentionClass
from voicebot.service.history import LIFTS, Verb

COVER = "voicebot_cover"
"""Execution option of the connection of a unit of work in which rows are covered."""

_OF_WORDS = frozenset({RetentionClass.WORDS, RetentionClass.TEXTS, RetentionClass.TRACES})
_MORE: Mapping[str, frozenset[str]] = {
    "promises": frozenset({"words"}),
    "staff_messages": frozenset({"subject"}),
    "call_events": frozenset({"detail"}),
}
"""Columns of words that bear no mark, since they hold words of ours."""
_JSON = frozenset({"words_json", "second_words_json", "event", "session", "instructions"})
_WORD = frozenset({"text", "start_s", "end_s"})
"""Keys of a word with its times."""
_INSTANTS = re.compile(r"\d{4}-\d\d-\d\dT[\dT:.+/Z-]*|\+\d+")
"""An instant, two with a slash between, or a telephone number. These are no words, and are read by programs."""
_TICKETS, _OTHER, _CALLS = tables.tickets.c, tables.tickets.alias("other").c, tables.calls.c
_KEY: BindParameter[str] = bindparam("key")
_KEYS: BindParameter[Sequence[str]] = bindparam("keys", expanding=True)
_IS_ASKED, _IS_SAME = _TICKETS.id.in_(_KEYS), _OTHER.complainant_number == _TICKETS.complainant_number
_CODES = union(
    select(_TICKETS.id, _TICKETS.pin).where(_IS_ASKED),
    select(_OTHER.merged_into, _OTHER.pin).where(_OTHER.merged_into.in_(_KEYS)),
    select(_TICKETS.id, _OTHER.pin).where(_OTHER.id == _TICKETS.merged_into, _IS_ASKED),
    select(_TICKETS.id, _OTHER.pin).where(_IS_SAME, _IS_ASKED),
)
"""Of these cases, of those that each was joined with, and of all others of the same number. Who calls about one says
the code of another."""
_AT_ONCE = 500
"""Cases in one question."""
_ANSWERS_OF_CALL = (
    select(tables.answers.c.turn_number, tables.answers.c.text)
    .where(tables.answers.c.call_id == _KEY)
    .order_by(tables.answers.c.turn_number)
)
_CASE_OF_CALL = select(_CALLS.ticket_id).where(_CALLS.id == _KEY)
_HISTORY = tables.history.c
_LIFTS = (
    select(_HISTORY.verb, _HISTORY.before)
    .where(
        _HISTORY.verb.in_(sorted(LIFTS)),
        or_(
            _HISTORY.ticket_id == _KEY,
            _HISTORY.ticket_id.in_(select(_TICKETS.merged_into).where(_TICKETS.id == _KEY)),
            _HISTORY.ticket_id.in_(select(_TICKETS.id).where(_TICKETS.merged_into == _KEY)),
        ),
    )
    .order_by(_HISTORY.row)
)
_CODES_OF_CALL = select(_TICKETS.pin).join(tables.calls, _CALLS.ticket_id == _TICKETS.id).where(_CALLS.id == _KEY)


class Cover:
    """Covers the rows of one unit of work."""

    def __init__(
        self, connection: Connection, *, kinds: Collection[PrivateKind] = EVERY_KIND, blots_codes: bool = True
    ) -> None:
        self._connection = connection
        self._kinds = kinds
        self._blots_codes = blots_codes
        self._said: dict[str, list[tuple[int, str]]] = {}
        """Answers by the id of their call, each with its turn."""
        self._known: dict[str, tuple[str, ...]] = {}
        """By the id of a case or a call."""
        self._lifted: dict[str, frozenset[str]] = {}
        """Keys of numbers whose mark was lifted, by the id of a case or a call."""

    def row(self, table: Table, row: dict[str, Any]) -> dict[str, Any]:
        """Return the row of a table as it may be seen."""
        beside = self._beside_of(table, row)
        shown = {name: self._value(table, name, row, beside) for name in covered_columns(table).intersection(row)}
        if table is tables.tickets and row.get("pin", "").isdecimal():
            shown["pin"] = BLOT
        return row | shown

    def rows(self, table: Table, rows: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
        """Return rows of a table as they may be seen, with the codes of all their cases read at once."""
        key = "id" if table is tables.tickets else "ticket_id"
        if len(rows) > 1 and key in rows[0]:
            plain = covered_columns(table).intersection(rows[0]) - _JSON
            self.foresee((row[name], row[key]) for row in rows for name in plain if row[key] and row[name])
        return [self.row(table, row) for row in rows]

    def foresee(self, texts: Iterable[tuple[str, str]]) -> None:
        """Read at once the codes that may be told in these texts, each with the id of its case.

        A list asks so before it shows its rows, which would each ask for themselves.
        """
        ids = {ticket_id for text, ticket_id in texts if most_digits(text) >= PIN_LENGTH} - self._known.keys()
        if self._blots_codes:
            self._known.update(_codes_of_cases(self._connection, ids))

    def text(self, text: str, ticket_id: str) -> str:
        """Return a text of a case as it may be seen."""
        return self._text(text, _OfCase(partial(self._codes, ticket_id), partial(self._lifted_in, ticket_id)))

    def _beside_of(self, table: Table, row: dict[str, Any]) -> "_BesideText":
        """Return what says of each text of a row what was said before it and after it in the same call."""
        if table is tables.answers:
            found = self._beside(row)
            return lambda _text: found
        # What was said stands in the turns once more, each time in full.
        return partial(self._beside_text, row.get("call_id", "")) if table is tables.turns else _stands_alone

    def _beside(self, row: dict[str, Any]) -> Beside:
        """Return what was said in the answers of the same call before this one and after it, where a number may go on
        there.
        """
        if not row.get("call_id") or most_digits(row.get("text") or "") < FEWEST_OF_A_PART:
            return ALONE
        turn, told = row["turn_number"], self._told(row["call_id"])
        turns = [at for at, _ in told]
        return beside_of([text for _, text in told], turns.index(turn)) if turn in turns else ALONE

    def _beside_text(self, call_id: str, text: str) -> Beside:
        """Return the same for a text that is one of the answers of a call."""
        if most_digits(text) < FEWEST_OF_A_PART:
            return ALONE
        texts = [each for _, each in self._told(call_id)]
        return beside_of(texts, texts.index(text)) if text in texts else ALONE

    def _told(self, call_id: str) -> list[tuple[int, str]]:
        if call_id not in self._said:
            told = self._connection.execute(_ANSWERS_OF_CALL, {"key": call_id})
            self._said[call_id] = [(at, text) for at, text in told if text]
        return self._said[call_id]

    def _value(self, table: Table, name: str, row: dict[str, Any], beside: "_BesideText") -> Any:
        value, case = row[name], _OfCase(partial(self._codes_of, table, row), partial(self._lifted_of, table, row))
        if not isinstance(value, str):
            return value
        if name not in _JSON:
            return self._text(value, case, beside(value))
        kept = json.loads(value)
        shown = self._part(kept, case, beside)
        return value if shown == kept else json.dumps(shown, ensure_ascii=False, separators=(",", ":"))

    def _part(self, part: Any, case: "_OfCase", beside: "_BesideText") -> Any:
        """Return a part of a JSON value, in which words with their times are one text."""
        if isinstance(part, str):
            return self._text(part, case, beside(part))
        if isinstance(part, dict):
            return {key: self._part(value, case, beside) for key, value in part.items()}
        if not isinstance(part, list):
            return part
        if part and all(isinstance(each, dict) and each.keys() >= _WORD for each in part):
            words = [each["text"] for each in part]
            shown = self._words(words, case, beside(" ".join(words)))
            return [each | {"text": text} for each, text in zip(part, shown, strict=True)]
        return [self._part(each, case, beside) for each in part]

    def _words(self, words: Sequence[str], case: "_OfCase", beside: Beside) -> Sequence[str]:
        pins = case.codes() if most_digits(" ".join(words)) >= PIN_LENGTH else ()
        return masked_words(words, pins=pins, kinds=self._kinds, beside=beside, lifted=case.lifted)

    def _text(self, text: str, case: "_OfCase", beside: Beside = ALONE) -> str:
        if _INSTANTS.fullmatch(text):
            return text
        pins = case.codes() if most_digits(text) >= PIN_LENGTH else ()
        return masked(text, pins=pins, kinds=self._kinds, beside=beside, lifted=case.lifted)

    def _codes_of(self, table: Table, row: dict[str, Any]) -> Sequence[str]:
        if table is tables.tickets:
            return self._codes(row["id"])
        if "ticket_id" in row:
            return self._codes(row["ticket_id"])
        return self._codes_of_call(row["call_id"]) if "call_id" in row else ()

    def _lifted_of(self, table: Table, row: dict[str, Any]) -> Collection[str]:
        if table is tables.tickets:
            return self._lifted_in(row["id"])
        if "ticket_id" in row:
            return self._lifted_in(row["ticket_id"])
        return self._lifted_in_call(row["call_id"]) if "call_id" in row else ()

    def _lifted_in(self, ticket_id: str) -> Collection[str]:
        if ticket_id not in self._lifted:
            self._lifted[ticket_id] = lifted_in_case(self._connection, ticket_id)
        return self._lifted[ticket_id]

    def _lifted_in_call(self, call_id: str) -> Collection[str]:
        if call_id not in self._lifted:
            ticket_id = self._connection.scalar(_CASE_OF_CALL, {"key": call_id})
            self._lifted[call_id] = frozenset(() if ticket_id is None else self._lifted_in(ticket_id))
        return self._lifted[call_id]

    def _codes(self, ticket_id: str) -> Sequence[str]:
        if not self._blots_codes:
            return ()
        if ticket_id not in self._known:
            self._known[ticket_id] = codes_of_case(self._connection, ticket_id)
        return self._known[ticket_id]

    def _codes_of_call(self, call_id: str) -> Sequence[str]:
        if not self._blots_codes:
            return ()
        if call_id not in self._known:
            self._known[call_id] = tuple(self._connection.scalars(_CODES_OF_CALL, {"key": call_id}))
        return self._known[call_id]


_BesideText = Callable[[str], Beside]


def _stands_alone(_text: str) -> Beside:
    return ALONE


class _OfCase(NamedTuple):
    """What is asked of the case of a text, where something is found in it."""

    codes: Callable[[], Sequence[str]]
    lifted: Lifted


def lifted_in_case(connection: Connection, ticket_id: str) -> frozenset[str]:
    """Return keys of the numbers whose mark was lifted in a case, or in one that it was joined with."""
    return lifted_by(connection.execute(_LIFTS, {"key": ticket_id}))


def lifted_by(lines: Iterable[Any]) -> frozenset[str]:
    """Return keys of the numbers that these lines of a history leave without a mark, in the order of the lines."""
    last = {line.before: line.verb == Verb.MASK_LIFTED for line in lines if line.before}
    return frozenset(key for key, is_lifted in last.items() if is_lifted)


def codes_of_case(connection: Connection, ticket_id: str) -> tuple[str, ...]:
    """Return the codes that whoever complains in a case may say: its own, and those of cases that go with it."""
    return _codes_of_cases(connection, [ticket_id])[ticket_id]


def _codes_of_cases(connection: Connection, ticket_ids: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Return these codes by the ids of cases."""
    ids, found = sorted(ticket_ids), {ticket_id: list[str]() for ticket_id in ticket_ids}
    for first in range(0, len(ids), _AT_ONCE):
        for ticket_id, code in connection.execute(_CODES, {"keys": ids[first : first + _AT_ONCE]}):
            found[ticket_id].append(code)
    return {ticket_id: tuple(codes) for ticket_id, codes in found.items()}


def cover_of(connection: Connection) -> Cover | None:
    """Return what covers the rows that are read on a connection, or None for who may write them, too."""
    cover: Cover | None = connection.get_execution_options().get(COVER)
    return cover


def foresee_codes(connection: Connection, texts: Iterable[tuple[str, str]]) -> None:
    """Let the texts of a list, each with the id of its case, be shown by one question for all of them."""
    cover = cover_of(connection)
    if cover is not None:
        cover.foresee(texts)


def text_shown(connection: Connection, text: str, ticket_id: str) -> str:
    """Return a text of a case as it may be seen on a connection."""
    cover = cover_of(connection)
    return text if cover is None else cover.text(text, ticket_id)


def beginning_shown(connection: Connection, text: str, ticket_id: str, *, most: int) -> str:
    """Return the first `most` characters of a text of a case as they may be seen on a connection.

    A number that may go on behind them is left out.
    """
    runs = runs_in(text) if cover_of(connection) is not None and len(text) >= most else ()
    return text_shown(connection, text[: runs[-1][0].begin] + "…" if runs else text, ticket_id)


@cache
def covered_columns(table: Table) -> frozenset[str]:
    """Return the columns of a table that hold words of people."""
    marked = {column.name for column in personal_columns(table) if _OF_WORDS.intersection(classes_of(column))}
    return _MORE.get(table.name, frozenset()).union(marked if table.name not in NOT_OF_A_CASE else ())
