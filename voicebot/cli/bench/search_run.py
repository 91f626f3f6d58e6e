"""What a search costs with many cases, and by which index the database answers it.

Every case has a story of thirty words, which are taken from three thousand as people use words: a few often, most
seldom. One in ten has a name and an order number, and one in five hundred is about somebody who must not see it. Each
kind of question is asked many times with words that differ, since the second time is always cheap, and all kinds take
turns, so that whatever else the machine does falls on each of them.
Knows: tables, use cases that only read. Must not know: the terminal.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, bindparam, event, update

from voicebot.adapters.store import migrate, open_engine, open_reader, open_store, tables
from voicebot.adapters.store.tables.case_field import case_fields
from voicebot.cli.bench.pages_run import NoJobs, case_number, fill_up_to, reader_of
from voicebot.config import Settings
from voicebot.domain.case_field import FieldName
from voicebot.domain.case_number import read_case_number
from voicebot.service.hotline import Hotline
from voicebot.service.queries.search import find_cases
from voicebot.service.staff.readers import seen_by

WORDS_OF_A_STORY = 30
TRIES = 40
HIDDEN_FROM = "owner_1"
_ONE_IS_HIDDEN_OF = 500
_ONE_IS_NAMED_OF = 10
_AT_ONCE = 1_000
_SYLLABLES = ("ba", "co", "di", "fu", "ga", "le", "mi", "no", "pu", "ra", "se", "to", "vi", "zu", "wex")
WORDS = ["".join(parts) for parts in product(_SYLLABLES, repeat=3)][:3_000]
_NAMES = [f"{first}{last}son".title() for first, last in product(_SYLLABLES, WORDS[-100:])]


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchCost:
    """What one kind of question cost."""

    kind: str
    found: int
    """Cases on the page, of the last question."""
    statements: int
    """That the first question sent to the database."""
    p50_s: float
    p95_s: float
    hidden_p95_s: float
    """For a reader from whom some cases are hidden."""
    cpu_s: float
    """Of this process, the middle one, for who sees every case."""
    plan: str
    """The steps of the database that read the index."""


@dataclass(kw_only=True, slots=True)
class _Took:
    """What the questions of one kind took, by their readers."""

    every: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    hidden: list[float] = field(default_factory=list)
    found: int = 0

    def note(self, *, every_s: float, hidden_s: float, cpu_s: float) -> None:
        """Keep what one question took."""
        self.every.append(every_s)
        self.hidden.append(hidden_s)
        self.cpu.append(cpu_s)


def run_search(settings: Settings, cases: int, folder: Path, *, database_url: str = "") -> Iterator[SearchCost]:
    """Fill a fresh database with so many cases, index them, and yield what each kind of question costs."""
    own = settings.model_copy(update={"data_dir": folder, "database_url": database_url})
    url, chance = own.resolved_database_url(), random.Random(10)
    with ExitStack() as opened:
        engine = open_engine(url)
        opened.callback(engine.dispose)
        migrate(engine)
        fill_up_to(engine, cases)
        _tell(engine, cases, chance)
        _index(engine)
        reader = open_reader(url)
        opened.callback(reader.dispose)
        hotline = replace(reader_of(engine, own), look=open_store(reader, NoJobs))
        questions = _questions(cases, chance)
        for kind, took in _asked(hotline, questions).items():
            sent = _sent(reader, partial(find_cases, hotline, questions[kind][0]))
            yield _cost(kind, took, statements=len(sent), plan=_plan(reader, sent))


def _tell(engine: Engine, cases: int, chance: random.Random) -> None:
    answers, tickets = tables.answers, tables.tickets
    said = update(answers).where(answers.c.id == bindparam("key")).values(text=bindparam("said"))
    hidden = update(tickets).where(tickets.c.id == bindparam("key")).values(about_id=HIDDEN_FROM)
    for first in range(0, cases, _AT_ONCE):
        numbers = range(first, min(cases, first + _AT_ONCE))
        with engine.begin() as connection:
            connection.execute(said, [{"key": f"{each:09}-0", "said": _story(chance)} for each in numbers])
            connection.execute(case_fields.insert(), [row for each in numbers for row in _fields_of(each)])
            connection.execute(hidden, [{"key": f"{each:09}"} for each in numbers if each % _ONE_IS_HIDDEN_OF == 3])


def _fields_of(number: int) -> list[dict[str, Any]]:
    if number % _ONE_IS_NAMED_OF:
        return []
    same = {"ticket_id": f"{number:09}", "by": HIDDEN_FROM, "at": datetime.now(UTC)}
    values = {FieldName.NAME: f"Maria {_name_of(number)}", FieldName.ORDER_NUMBER: f"HG-{number * 7:07}"}
    return [
        {**same, "id": f"{number:09}-{n}", "number": n, "field": name, "value": value}
        for n, (name, value) in enumerate(values.items(), start=1)
    ]


def _name_of(number: int) -> str:
    return _NAMES[number * 31 % len(_NAMES)]


def _story(chance: random.Random) -> str:
    return " ".join(WORDS[int(len(WORDS) * chance.random() ** 3)] for _ in range(WORDS_OF_A_STORY))


def _index(engine: Engine) -> None:
    work_of = open_store(engine, NoJobs)
    with work_of() as work:
        missing = work.search.missing(10_000_000)
    for first in range(0, len(missing), _AT_ONCE):
        with work_of() as work:
            for ticket_id in missing[first : first + _AT_ONCE]:
                work.search.index(ticket_id)
            work.commit()
    with engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")


def _questions(cases: int, chance: random.Random) -> dict[str, list[str]]:
    some = [chance.randrange(cases) for _ in range(TRIES)]
    named = [each - each % _ONE_IS_NAMED_OF for each in some]
    often, seldom = WORDS[:20], WORDS[-500:]
    numbers = [case_number(each) for each in range(cases)]
    return {
        "telephone number": [f"+1202{each:07}" for each in some],
        "last four digits": [f"{each:07}"[-4:] for each in some],
        "case number": chance.choices([each for each in numbers if read_case_number(each)], k=TRIES),
        "case number with a wrong digit": chance.choices(
            [each for each in numbers if not read_case_number(each)], k=TRIES
        ),
        "name": [_name_of(each) for each in named],
        "order number": [f"HG-{each * 7:07}" for each in named],
        "a word that is often said": [often[each % 20] for each in some],
        "a word that is seldom said": [chance.choice(seldom) for _ in some],
        "two words that are often said": [f"{often[each % 20]} {often[each % 7]}" for each in some],
        "the beginning of words": [chance.choice(seldom)[:3] for _ in some],
        "a word that nobody said": [f"qqq{each}" for each in some],
    }


def _asked(hotline: Hotline, questions: dict[str, list[str]]) -> dict[str, _Took]:
    """Ask every kind in turn, as two readers. The first round is not counted."""
    took, of_reader = {kind: _Took() for kind in questions}, seen_by(hotline, lambda: HIDDEN_FROM)
    for turn in range(-1, TRIES):
        for kind, asked in questions.items():
            begun, cpu = time.perf_counter(), time.process_time()
            found = find_cases(hotline, asked[turn])
            cpu, seen = time.process_time() - cpu, time.perf_counter()
            find_cases(of_reader, asked[turn])
            if turn >= 0:
                took[kind].note(every_s=seen - begun, hidden_s=time.perf_counter() - seen, cpu_s=cpu)
                took[kind].found = len(found.cases)
    return took


def _cost(kind: str, took: _Took, *, statements: int, plan: str) -> SearchCost:
    return SearchCost(
        kind=kind,
        found=took.found,
        statements=statements,
        p50_s=_at(took.every, 50),
        p95_s=_at(took.every, 95),
        hidden_p95_s=_at(took.hidden, 95),
        cpu_s=_at(took.cpu, 50),
        plan=plan,
    )


def _at(took: Sequence[float], percent: int) -> float:
    return sorted(took)[len(took) * percent // 100]


def _sent(engine: Engine, ask: Callable[[], object]) -> Sequence[tuple[str, Any]]:
    """Return what is sent to the database while something is asked."""
    sent: list[tuple[str, Any]] = []

    def keep(_connection: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        sent.append((statement, values))

    event.listen(engine, "before_cursor_execute", keep)
    ask()
    event.remove(engine, "before_cursor_execute", keep)
    return [each for each in sent if not each[0].startswith("BEGIN")]


def _plan(engine: Engine, sent: Sequence[tuple[str, Any]]) -> str:
    """Return the steps that read the index, as the database says them."""
    ask = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    statement, values = next(each for each in reversed(sent) if "case_words" in each[0])
    with engine.connect() as connection:
        steps = [str(row[-1]).strip(" ->") for row in connection.exec_driver_sql(f"{ask} {statement}", values)]
    return "; ".join(step.split("  (")[0] for step in steps if "case_words" in step)
