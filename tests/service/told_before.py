"""A call told to a hotline on which nothing has happened is played once in a process, then put back as it left all.

Hundreds of tests begin with the same told call, or in the midst of the same one, and to play it took a third of their
processor time. What is put back is what the call itself wrote here: every page of the database and what each fake kept.
It is the same only where all was the same before: rules, flow, policy, clock, what the fakes hold, and an untouched
copy of the migrated database, or one that was lent and holds what it held then. Anything else is played.
"""

import os
import pickle
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from sqlalchemy import Engine

from tests.databases import PostgresContent, as_lent, is_as_copied, note_written
from tests.fakes import FakeJobs, FakeRecognisers
from tests.house.own_context import counts_by_file
from voicebot.adapters.flow_files import FlowFiles
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.hotline import Hotline

Key = tuple[object, ...]


class Replayed(Protocol):
    """A hotline with fakes at its ports."""

    engine: Engine
    hotline: Hotline
    as_built: Hotline
    """The hotline before any test changed it."""
    recognisers: FakeRecognisers
    jobs: FakeJobs


@dataclass(frozen=True, slots=True)
class _Left:
    """What a call left behind."""

    database: Path | PostgresContent
    fakes: bytes
    answer: CallAnswer


_folder = TemporaryDirectory(prefix="voicebot-told-")
_left: dict[Key, _Left] = {}


def as_before(line: Replayed, what: Key, play: Callable[[], CallAnswer]) -> CallAnswer:
    """Play a call, or put back what the same call left on the same hotline before."""
    if not _has_its_ports(line):
        return play()
    before = as_lent(line.engine)
    if before is None and not is_as_copied(line.engine):
        return play()
    key = (*what, line.engine.name, *_beginning(line))
    if key in _left:
        return _put_back(line, _left[key], before)
    answer = play()
    if line.recognisers.taken == 0:
        database = _copied(line.engine, len(_left)) if before is None else PostgresContent(line.engine)
        _left[key] = _Left(database, _fakes_of(line), answer)
    return answer


def _has_its_ports(line: Replayed) -> bool:
    as_built = line.as_built
    same_ports = replace(line.hotline, rules=as_built.rules, flows=as_built.flows) == as_built
    is_of_files = isinstance(line.hotline.flows, FlowFiles)
    return same_ports and is_of_files and line.recognisers.taken == 0


def _beginning(line: Replayed) -> Iterator[object]:
    rules, flows = line.hotline.rules, line.hotline.flows
    yield from (rules, flows.current_flow(rules.flow_name).digest, flows.current_policy().digest, _fakes_of(line))
    if counts_by_file():
        # What a test file walks through by itself is counted (tests/house/own_coverage.py), so it plays its own.
        yield os.environ["PYTEST_CURRENT_TEST"].partition("::")[0]


def _states(line: Replayed) -> Iterator[dict[str, Any]]:
    """Yield what each fake holds. Places to listen have a lock, and are free before and after."""
    ports = line.hotline
    fakes = (ports.clock, ports.ids, ports.recognisers, ports.prompts, ports.audio, ports.spool, ports.sms_sender,
             ports.carrier, ports.calls, ports.calendars, ports.listing, ports.numbers, line.jobs)  # fmt: skip
    yield from map(vars, fakes)


def _fakes_of(line: Replayed) -> bytes:
    held = [{name: value for name, value in state.items() if name != "_places"} for state in _states(line)]
    return pickle.dumps((line.recognisers.limit, held))


def _copied(engine: Engine, number: int) -> Path:
    path = Path(_folder.name) / f"{number}.db"
    with closing(sqlite3.connect(str(engine.url.database))) as source, closing(sqlite3.connect(path)) as target:
        source.backup(target)
    return path


def _put_back(line: Replayed, left: _Left, before: PostgresContent | None) -> CallAnswer:
    if isinstance(left.database, PostgresContent):
        assert before is not None
        left.database.write(line.engine, before)
    else:
        _copy_into(str(line.engine.url.database), left.database)
        note_written(line.engine)
    _, held = pickle.loads(left.fakes)
    for state, was in zip(_states(line), held, strict=True):
        state.update(was)
    return left.answer


def _copy_into(database: str, left: Path) -> None:
    if not Path(f"{database}-wal").exists():  # then nobody has it open, and the file may be written over
        shutil.copyfile(left, database)
        return
    with closing(sqlite3.connect(left)) as source, closing(sqlite3.connect(database)) as target:
        target.execute("PRAGMA synchronous=OFF")
        source.backup(target)
