"""The words of each case, kept for the search with what they come from, and the search itself, on both databases.

Whoever writes a row of a case says so (`heed`). Before the unit of work ends, the words of each such case are made
anew from all that its rows hold then. So what was erased, moved or corrected is never found as it was. Words are folded
here, and the databases compare them as they are.

Two who write on one case at once follow one another here, each reading what the other has written. All other locks of
the database that a commit still takes are taken before (`_settle_links`), so that neither waits for the other.
Knows: which rows hold words of a case, both databases' way to ask for words. Must not know: what is asked.
Source: SQLite, FTS5, section 3 (full-text query syntax). PostgreSQL, text search types (tsquery).
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    FromClause,
    Select,
    String,
    Table,
    and_,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from voicebot.adapters.store import tables
from voicebot.adapters.store.about import asked_by, rows_of_hidden_words
from voicebot.adapters.store.case_pieces import (
    BESIDE,
    EDITION,
    HELPERS,
    LIFTED,
    PIECES,
    PIN,
    PUT_BACK,
    SOURCES,
    NewDocument,
)
from voicebot.adapters.store.rows import hold
from voicebot.adapters.store.tables.case_words import case_words
from voicebot.domain.about import THE_MACHINE, Reader
from voicebot.domain.private.masking import masked, masked_told
from voicebot.domain.private.spans import EVERY_KIND, OF_CARDS, PrivateKind
from voicebot.domain.search_question import Term, Wanted
from voicebot.domain.search_words import number_word, words_of
from voicebot.service.ports.search import FoundCase, Piece, PieceKind

_AT_ONCE = 100
"""Cases whose words are read by one question, and written together."""
MOST_WORDS = 6_000
"""Of one case. PostgreSQL takes a megabyte of words for one row."""


class CaseWordRows:
    """Fulfils `service.ports.CaseSearch`, and writes the words of cases when their unit of work ends."""

    def __init__(self, connection: Connection, *, reader: Reader = THE_MACHINE) -> None:
        self._connection = connection
        self._reader = reader
        self._is_sqlite = connection.dialect.name == "sqlite"
        self._touched: dict[str, None] = {}
        """Ids of cases in the order in which they were touched."""
        self._new: dict[str, NewDocument] = {}
        """Of cases that were opened here. Nobody else knows of them, so there is nobody to wait for."""
        self._old: set[str] = set()
        """Of cases that were there before their words. Their rows stand before all others, as the cases do."""

    def heed(self, of: Table, names: Collection[str], *rows: Mapping[str, Any]) -> None:
        """Note which cases these rows belong to, or belonged to, if one of these columns holds words of a case."""
        link, heeded = SOURCES.get(of.name, ("", frozenset()))
        if heeded.isdisjoint(names) or not rows:
            return
        self._touched.update(dict.fromkeys(row[link] for row in rows if row.get(link)))
        if of is tables.tickets and len(rows) == 1:  # it was added, since a change has the row as it was, too
            self._begin(rows[0])
        else:
            self._gather(of, names, rows)

    def _begin(self, ticket: Mapping[str, Any]) -> None:
        """Begin the document of a new case with what others know of its number, while nobody waits for us yet.

        Cases that are opened together may know of one another, so these are read whole at the end.
        """
        ticket_id, number = ticket["id"], ticket["complainant_number"]
        beside = self._rows([ticket_id], BESIDE)[ticket_id] if number else ()
        self._new[ticket_id] = document = NewDocument(number=number, beside=beside)
        document.add(tables.tickets, ticket)
        if len(self._new) > 1:
            for each in self._new.values():
                each.is_whole = False

    def _gather(self, of: Table, names: Collection[str], rows: Sequence[Mapping[str, Any]]) -> None:
        """Add rows to the documents of new cases, those of a history each, of others the one that stands now.

        A case that a row left or came to, or whose number changed, is read whole at the end.
        """
        link, _ = SOURCES[of.name]
        has_moved = of is not tables.history and rows[0].get(link) != rows[-1].get(link)
        is_plain = not has_moved and "complainant_number" not in names
        for row in rows[-1:] if is_plain and of is not tables.history else rows:
            document = self._new.get(row.get(link, ""))
            if document is not None:
                document.add(of, row)
                document.is_whole = document.is_whole and is_plain

    def touch(self, ticket_id: str) -> None:
        """Note that rows of this case were changed otherwise."""
        self._touched[ticket_id] = None
        if ticket_id in self._new:
            self._new[ticket_id].is_whole = False

    def index(self, ticket_id: str) -> None:
        """Make the words of a case anew before this unit of work ends, where they are missing."""
        self._touched[ticket_id] = None
        self._old.add(ticket_id)

    def write(self) -> None:
        """Write the words of every case that was touched. Nothing else of the unit of work comes after this."""
        if not self._touched:
            return
        known = sorted(ticket_id for ticket_id in self._touched if ticket_id not in self._new)
        if known:
            self._settle_links()
        for ticket_id in known:
            hold(self._connection, f"words:{ticket_id}")
        ids = list(self._touched)
        for first in range(0, len(ids), _AT_ONCE):
            self._write(ids[first : first + _AT_ONCE])
        self._touched.clear()
        self._new.clear()

    def _write(self, ticket_ids: Sequence[str]) -> None:
        rows = {each: self._new[each].pieces for each in ticket_ids if each in self._new and self._new[each].is_whole}
        to_read = [each for each in ticket_ids if each not in rows]
        rows |= self._rows(to_read) if to_read else {}
        made = {each: _document(each, rows[each]) for each in ticket_ids}
        for statement, ids in ((_WRITE_OLD, self._old), (_WRITE, made.keys() - self._old)):
            these = [row for ticket_id, row in made.items() if ticket_id in ids]
            if these:
                self._connection.execute(statement, these)

    def search(self, terms: Sequence[Term], *, limit: int, offset: int = 0) -> Sequence[FoundCase]:
        """Return cases that meet every term, those opened last first."""
        if not terms:
            return []
        page = {"most": limit, "skipped": offset}
        if self._is_sqlite:
            return self._ask(_ASK_SQLITE, asked=_match(terms), **page)
        asked = _tsquery(terms)
        newest = self._ask(_ASK_NEWEST, asked=asked, walked=_WALKED_FOR_EACH * (limit + offset), **page)
        if len(newest) == limit:
            return newest
        self._connection.execute(_BY_INDEX)
        return self._ask(_ASK_ALL, asked=asked, **page)

    def _ask(self, statement: Select[Any], **asked: str | int) -> Sequence[FoundCase]:
        return [
            FoundCase(**row) for row in self._connection.execute(statement, asked | asked_by(self._reader)).mappings()
        ]

    def pieces(self, ticket_ids: Collection[str]) -> Mapping[str, Sequence[Piece]]:
        """Return all that is found of each of these cases, oldest first within each kind."""
        return {ticket_id: _pieces(of_case) for ticket_id, of_case in self._rows(ticket_ids).items()}

    def missing(self, limit: int) -> Sequence[str]:
        """Return ids of tickets that the index does not hold, or as an older release made it, newest first."""
        return list(self._connection.scalars(_MISSING, {"edition": EDITION, "most": limit}))

    def _rows(self, ticket_ids: Collection[str], of: CompoundSelect[Any] = PIECES) -> Mapping[str, Sequence[Any]]:
        """Return by case all that is found of it, or some of that, by one question."""
        rows: dict[str, list[Any]] = {ticket_id: [] for ticket_id in ticket_ids}
        for row in self._connection.execute(of, {"ticket_ids": list(ticket_ids)}):
            rows[row.ticket_id].append(row)
        return rows

    def _settle_links(self) -> None:
        """Check foreign keys now. At the commit they would wait for rows whose holders may wait for us here."""
        if not self._is_sqlite:
            self._connection.execute(_SETTLE_LINKS)


def _document(ticket_id: str, rows: Sequence[Any]) -> Mapping[str, Any]:
    return {"ticket_id": ticket_id, "edition": EDITION, "words": _words(rows), "has_card": _has_card(rows)}


def _words(rows: Sequence[Any]) -> str:
    """Return the words of a case in their order, each once, with a blank between."""
    pins, words = _pins(rows), set[str]()
    for row, shown in _masked(rows, pins):
        if row.kind == PieceKind.NUMBER:
            words.add(number_word(row.text))
        if not (row.kind == PieceKind.NUMBER and row.text.startswith("+")):
            words.update(words_of(shown))
    return " ".join(sorted(words - {""})[:MOST_WORDS])


def _has_card(rows: Sequence[Any]) -> bool:
    """Tell whether the number of a payment card stands in the words of a case, for who may have to destroy it."""
    return any(shown != row.text for row, shown in _masked(rows, (), kinds=OF_CARDS))


def _masked(
    rows: Sequence[Any], pins: Sequence[str], *, kinds: Collection[PrivateKind] = EVERY_KIND
) -> Iterator[tuple[Any, str]]:
    """Yield each row that may be found with its text as it is, where a number may go on from one answer to the next.

    Helpers are left out. Of somebody with many cases they are the codes of all of them, and to look for each code in
    each other one took the square of their number for every case.
    """
    told, lifted = _told(rows), partial(_lifted, rows)
    shown = masked_told([row.text for row in told], pins=pins, kinds=kinds, lifted=lifted)
    yield from zip(told, shown, strict=True)
    for row in rows:
        if row.kind != PieceKind.SAID and row.kind not in HELPERS:
            yield row, masked(row.text, pins=pins, kinds=kinds, lifted=lifted)


def _lifted(rows: Sequence[Any]) -> Collection[str]:
    """Return keys of the numbers of a case whose mark was lifted, and not put back since."""
    lines = sorted((row for row in rows if row.kind in (LIFTED, PUT_BACK)), key=lambda row: row.at)
    last = {row.text: row.kind for row in lines}
    return [key for key, kind in last.items() if kind == LIFTED]


def _told(rows: Sequence[Any]) -> Sequence[Any]:
    """Return what was told, in the order in which it was said. Of its own a database keeps none."""
    return sorted((row for row in rows if row.kind == PieceKind.SAID), key=lambda row: row.at)


def _pieces(rows: Sequence[Any]) -> Sequence[Piece]:
    """Return what is found of one case, without its PIN and with marks for private numbers."""
    pins = _pins(rows)
    pieces = (Piece(kind=PieceKind(row.kind), id=row.id, at=row.at, text=shown) for row, shown in _masked(rows, pins))
    return sorted(pieces, key=lambda piece: (_PLACES[piece.kind], piece.at))


def _pins(rows: Sequence[Any]) -> Sequence[str]:
    return [row.text for row in rows if row.kind == PIN]


def _match(terms: Sequence[Term]) -> str:
    """Return the question as FTS5 asks. Words are letters and digits, so the quotes hold whatever was typed."""
    return _asked(terms, every=" AND ", some=" OR ", word=lambda one: f'"{one.word}"{"*" if one.is_beginning else ""}')


def _tsquery(terms: Sequence[Term]) -> str:
    """Return the question as PostgreSQL asks. Words are letters and digits, so the quotes hold whatever was typed."""
    return _asked(terms, every=" & ", some=" | ", word=lambda one: f"'{one.word}'{':*' if one.is_beginning else ''}")


def _asked(terms: Sequence[Term], *, every: str, some: str, word: Callable[[Wanted], str]) -> str:
    ways = ((f"({every.join(map(word, way))})" for way in term) for term in terms)
    return every.join(f"({some.join(term)})" for term in ways)


_PLACES = {kind: place for place, kind in enumerate(PieceKind)}
_TAKE_NEW = (
    "ON CONFLICT (ticket_id) DO UPDATE SET edition = excluded.edition, words = excluded.words, "
    "has_card = excluded.has_card WHERE case_words.words <> excluded.words "
    "OR case_words.edition <> excluded.edition OR case_words.has_card <> excluded.has_card"
)
_WRITE = text(
    "INSERT INTO case_words (ticket_id, edition, words, has_card) "
    f"VALUES (:ticket_id, :edition, :words, :has_card) {_TAKE_NEW}"
)
_WRITE_OLD = text(
    'INSERT INTO case_words ("row", ticket_id, edition, words, has_card) '
    'SELECT CASE WHEN MIN("row") < 0 THEN MIN("row") ELSE 0 END - 1, :ticket_id, :edition, :words, :has_card '
    f"FROM case_words WHERE true {_TAKE_NEW}"
)
_SETTLE_LINKS = text("SET CONSTRAINTS ALL IMMEDIATE")
_TICKETS = tables.tickets.c
_INDEX = table("case_words_index", column("rowid"), column("case_words_index"))


def _found(matches: Select[Any]) -> Select[Any]:
    """Return the cases of some rows of words, those whose words began last first."""
    rows = matches.subquery()
    return (
        select(
            _TICKETS.id.label("ticket_id"),
            _TICKETS.case_number,
            _TICKETS.status,
            _TICKETS.owner_id,
            _TICKETS.opened_at,
            _TICKETS.locale,
            _TICKETS.complainant_number,
        )
        .select_from(rows.join(case_words, case_words.c.row == rows.c.row))
        .join(tables.tickets, _TICKETS.id == case_words.c.ticket_id)
        .order_by(rows.c.row.desc())
    )


def _page(matches: Select[Any]) -> Select[Any]:
    return matches.limit(bindparam("most")).offset(bindparam("skipped"))


def _meets(words: ColumnElement[str]) -> ColumnElement[bool]:
    made = func.array_to_tsvector(func.string_to_array(words, literal_column("' '")))
    return made.bool_op("@@")(cast(bindparam("asked", type_=String), TSQUERY))


def _newest_first(rows: FromClause, *conditions: ColumnElement[bool]) -> Select[Any]:
    shown = select(rows.c.row).where(*conditions, rows.c.row.not_in(rows_of_hidden_words()))
    return _page(shown.order_by(rows.c.row.desc()))


_WALKED_FOR_EACH = 30
"""Of the newest cases, for each that is wanted. A word that fewer have than one in so many is left to the index."""
_NEWEST = (
    select(case_words.c.row, case_words.c.words).order_by(case_words.c.row.desc()).limit(bindparam("walked")).subquery()
)
_ASK_NEWEST = _found(_newest_first(_NEWEST, _meets(_NEWEST.c.words)))
_MEETING = select(case_words.c.row).where(_meets(case_words.c.words)).cte("meeting").prefix_with("MATERIALIZED")
_ASK_ALL = _found(_newest_first(_MEETING))
"""PostgreSQL finds by the index, then orders, which is dear for words of many cases. So those are looked for among the
newest before. Asked for both in one, it takes words for frequent that are not, and reads every case to the oldest."""
_BY_INDEX = text("SET LOCAL enable_seqscan = off")
"""It holds a row's words for as cheap to compare as a number, so it would read all rows for two per cent of them.

The rest of the transaction keeps to it. It reads what was found by its keys, and one more way to the server costs more.
"""
_ASK_SQLITE = _found(
    _page(
        select(_INDEX.c.rowid.label("row"))
        .where(_INDEX.c.case_words_index.bool_op("MATCH")(bindparam("asked", type_=String)))
        .where(_INDEX.c.rowid.not_in(rows_of_hidden_words()))
        .order_by(_INDEX.c.rowid.desc())
    )
)
_MISSING = (
    select(_TICKETS.id)
    .outerjoin(case_words, and_(case_words.c.ticket_id == _TICKETS.id, case_words.c.edition >= bindparam("edition")))
    .where(case_words.c.row.is_(None))
    .order_by(_TICKETS.opened_at.desc())
    .limit(bindparam("most"))
)
