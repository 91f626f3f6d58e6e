"""What a search costs with many cases, and by which index the database answers it.

Every case has a story of thirty words, which are taken from three thousand as people use words: a few often, most
seldom. Each kind of question is asked many times with words that differ, since the second time is always cheap.
Knows: tables, use cases that only read. Must not know: the terminal.
"""

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, bindparam, event, update

from voicebot.adapters.store import migrate, open_engine, open_store, tables
from voicebot.cli.bench.pages_run import NoJobs, fill_up_to, reader_of
from voicebot.config import Settings
from voicebot.domain.search_question import read_question
from voicebot.service.hotline import Hotline
from voicebot.service.queries.search import find_cases

WORDS_OF_A_STORY = 30
TRIES = 40
_AT_ONCE = 1_000
_SYLLABLES = ("ba", "co", "di", "fu", "ga", "le", "mi", "no", "pu", "ra", "se", "to", "vi", "zu", "wex")
WORDS = ["".join(parts) for parts in product(_SYLLABLES, repeat=3)][:3_000]


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchCost:
    """What one kind of question cost."""

    kind: str
    found: int
    """Cases on the page, of the last question."""
    p50_s: float
    p95_s: float
    plan: str
    """The steps of the database that read the index."""


def run_search(settings: Settings, cases: int, folder: Path, *, database_url: str = "") -> Iterator[SearchCost]:
    """Fill a fresh database with so many cases, index them, and yield what each kind of question costs."""
    own = settings.model_copy(update={"data_dir": folder, "database_url": database_url})
    engine, chance = open_engine(own.resolved_database_url()), random.Random(10)
    migrate(engine)
    hotline = reader_of(engine, own)
    try:
        fill_up_to(engine, cases)
        _tell_stories(engine, cases, chance)
        _index(engine)
        for kind, questions in _questions(cases, chance).items():
            yield _cost(hotline, engine, kind, questions)
    finally:
        engine.dispose()


def _tell_stories(engine: Engine, cases: int, chance: random.Random) -> None:
    answers = tables.answers
    told = update(answers).where(answers.c.id == bindparam("key")).values(text=bindparam("said"))
    for first in range(0, cases, _AT_ONCE):
        numbers = range(first, min(cases, first + _AT_ONCE))
        with engine.begin() as connection:
            connection.execute(told, [{"key": f"{each:09}-0", "said": _story(chance)} for each in numbers])


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
    often, seldom = WORDS[:20], WORDS[-500:]
    return {
        "telephone number": [f"+1202{each:07}" for each in some],
        "last four digits": [f"{each:07}"[-4:] for each in some],
        "a word that is often said": [often[each % 20] for each in some],
        "a word that is seldom said": [chance.choice(seldom) for _ in some],
        "two words that are often said": [f"{often[each % 20]} {often[each % 7]}" for each in some],
        "the beginning of words": [chance.choice(seldom)[:3] for _ in some],
        "a word that nobody said": [f"qqq{each}" for each in some],
    }


def _cost(hotline: Hotline, engine: Engine, kind: str, questions: Sequence[str]) -> SearchCost:
    find_cases(hotline, questions[0])
    took, found = [], 0
    for question in questions:
        begun = time.perf_counter()
        found = len(find_cases(hotline, question).cases)
        took.append(time.perf_counter() - begun)
    took.sort()
    middle, late = took[len(took) // 2], took[len(took) * 95 // 100]
    return SearchCost(kind=kind, found=found, p50_s=middle, p95_s=late, plan=_plan(engine, questions[0]))


def _plan(engine: Engine, question: str) -> str:
    """Return the steps that read the index, as the database says them."""
    sent: list[tuple[str, Any]] = []

    def keep(_connection: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        sent.append((statement, values))

    event.listen(engine, "before_cursor_execute", keep)
    with open_store(engine, NoJobs)() as work:
        work.search.search(read_question(question).terms, limit=1)
    event.remove(engine, "before_cursor_execute", keep)
    ask = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    statement, values = next(each for each in reversed(sent) if "case_words" in each[0])
    with engine.connect() as connection:
        steps = [str(row[-1]).strip(" ->") for row in connection.exec_driver_sql(f"{ask} {statement}", values)]
    return "; ".join(step.split("  (")[0] for step in steps if "case_words" in step)
