"""A server that is stopped with its connections open is given up in time, and used again when it goes on."""

from collections.abc import Iterator
from time import monotonic

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from tests.freezer import Freezer
from voicebot.adapters.store import open_engine, open_reader
from voicebot.adapters.store.silence import give_up_silence

AFTER_S = 1.0
CONNECT_S = 2
"""The least that PostgreSQL's driver waits for a connection."""


@pytest.fixture
def freezer(postgres: str) -> Iterator[Freezer]:
    """A way to PostgreSQL."""
    with Freezer(postgres) as freezer:
        yield freezer


@pytest.fixture
def engine(freezer: Freezer) -> Iterator[Engine]:
    """An engine on it that waits a moment."""
    engine = open_engine(freezer.url, busy_timeout_ms=CONNECT_S * 1000)
    give_up_silence(engine, after_s=AFTER_S)
    yield engine
    engine.dispose()


def ask(engine: Engine, question: str = "SELECT 1") -> object:
    with engine.connect() as connection:
        return connection.exec_driver_sql(question).scalar()


def ask_again(engine: Engine) -> object:
    """Ask until there is an answer, for a server goes on when it goes on."""
    until = monotonic() + 20
    while True:
        try:
            return ask(engine)
        except OperationalError:
            assert monotonic() < until, "a server that goes on is never asked again"


def test_a_server_that_hangs_is_given_up_and_asked_again_when_it_goes_on(freezer: Freezer, engine: Engine) -> None:
    assert ask_again(engine) == 1
    freezer.freeze()
    began = monotonic()
    for _ in range(3):
        with pytest.raises(OperationalError):
            ask(engine)
    assert monotonic() - began < AFTER_S + 2 * CONNECT_S, "it is waited for once, not at each try"
    freezer.thaw()
    assert ask_again(engine) == 1


def test_a_server_that_hangs_in_the_middle_is_given_up_too(freezer: Freezer, engine: Engine) -> None:
    assert ask_again(engine) == 1
    with engine.connect() as connection:
        freezer.freeze()
        with pytest.raises(OperationalError, match="says nothing"):
            connection.exec_driver_sql("SELECT 2")


def test_a_slow_answer_that_comes_in_time_is_no_silence(freezer: Freezer) -> None:
    engine = open_engine(freezer.url)
    give_up_silence(engine, after_s=30)
    assert ask(engine, "SELECT count(*) FROM generate_series(1, 1000), pg_sleep(0.3)") == 1000
    engine.dispose()


def test_a_reader_gives_up_a_statement_that_takes_too_long(freezer: Freezer) -> None:
    reader = open_reader(freezer.url, statement_timeout_ms=500)
    assert ask_again(reader) == 1
    freezer.freeze()
    began = monotonic()
    with pytest.raises(OperationalError):
        ask(reader)
    assert monotonic() - began < 10
    reader.dispose()
