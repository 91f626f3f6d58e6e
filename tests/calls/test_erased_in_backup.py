"""Erased means erased: a backup that is made afterwards holds nothing of the person in any byte, of either database.

One that was made before holds it still, and a restore brings it back. Nobody is told otherwise (docs/operating.md).
"""

import io
import tarfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.fakes_second_ear import FakeEar
from tests.service.conftest import WEDNESDAY_TEN
from tests.service.lines import CALLER, FLOWS_DIR, Line, a_policy_dir
from tests.service.upkeep.test_retention import answered
from voicebot.adapters.flow_files import FlowFiles
from voicebot.cli.backup.make import BackupOptions, Installation, write_backup
from voicebot.domain.access import AccessKind, Seen
from voicebot.domain.case_field import FieldName
from voicebot.domain.customer import Customer
from voicebot.domain.review import Span
from voicebot.domain.webhook import Detail
from voicebot.service.answer.second_listening import listen_again
from voicebot.service.queries.access import keep_access
from voicebot.service.staff.decision import act
from voicebot.service.ticket.actions import write_note
from voicebot.service.ticket.category import categorising
from voicebot.service.ticket.fields import keep_fields
from voicebot.service.ticket.original import open_original
from voicebot.service.ticket.review import Reviewed, correct
from voicebot.service.upkeep.person import erase_person
from voicebot.service.webhook.endpoints import add_endpoint
from voicebot.service.webhook.spread import spread

TOLD = ("2025550143", "came broken", "promised a new parcel", "Wilhelmina", "Dogwood", "AB-777", "Drakeson", "grumbled")
MADE = ("giraffe", "zebra", "walrus", "doubted")
"""What a second hearing heard, and what reviewers and supervisors wrote."""


@pytest.fixture
def line(migrated_engine: Engine, tmp_path: Path) -> Line:
    """A hotline on each database."""
    return Line(migrated_engine, FlowFiles(FLOWS_DIR, a_policy_dir(tmp_path / "policy")), WEDNESDAY_TEN)


def a_person(line: Line) -> None:
    """Let somebody complain, be called and written of in every way there is."""
    add_endpoint(line.hotline, "https://crm.example.com/", events="", detail=Detail.FULL, actor="admin")
    told = answered(line)
    case = line.ticket(told).case_number
    line.use(second_ear=FakeEar("my giraffe came broken"))
    listen_again(line.hotline)
    with line.work() as work:
        story = work.tickets.answers(told.call.ticket_id)[0]
        work.customers.keep([a_customer()], line.clock.at)
        work.commit()
    what = Reviewed(answer_id=story.id, span=Span(first=1, end=2), actor="owner_1")
    correct(line.hotline, case, what, text="zebra", why="the walrus said so")
    act(line.hotline, case, categorising("staff_conduct", actor="owner_1"))
    write_note(line.hotline, case, text="they grumbled", actor="owner_1")
    keep_fields(line.hotline, case, {FieldName.NAME: "Wilhelmina", "staff_name": "Drakeson"}, actor="owner_1")
    open_original(line.hotline, case, why="they doubted it", actor="supervisor_1")
    keep_access(line.hotline, Seen(case=case, at=line.clock.at, staff_id="owner_1", kind=AccessKind.TERMINAL))
    while spread(line.hotline):
        pass


def a_customer() -> Customer:
    return Customer(
        id="c-1",
        numbers=(CALLER,),
        name="Wilhelmina",
        order_number="AB-777",
        contract_date="",
        address="1 Dogwood Lane",
        note="",
    )


def backup(line: Line, folder: Path) -> dict[str, bytes]:
    """Write a backup as the command does, and return each part of it."""
    hotline = line.hotline
    place = Installation(
        engine=line.engine, audio=hotline.audio, spool=hotline.spool, clock=hotline.clock, data_dir=folder
    )
    file = io.BytesIO()
    write_backup(place, file, options=BackupOptions(is_packed=False), count=_as_they_are)
    with tarfile.open(fileobj=io.BytesIO(file.getvalue())) as pack:
        return {part.name: found.read() for part in pack.getmembers() if (found := pack.extractfile(part)) is not None}


def _as_they_are(names: Iterable[str], _what: str) -> Iterable[str]:
    return names


def left_in(parts: dict[str, bytes]) -> set[tuple[str, str]]:
    """Return which traces stand in which parts."""
    return {
        (trace, name)
        for name, body in parts.items()
        for trace in (*TOLD, *MADE)
        if trace.lower().encode() in body.lower()
    }


def test_a_backup_after_an_erasure_holds_nothing_of_the_person_in_any_byte(line: Line, tmp_path: Path) -> None:
    a_person(line)
    before = backup(line, tmp_path)
    assert {trace for trace, _ in left_in(before)} == {*TOLD, *MADE}, "what is looked for was there"
    assert sum(name.endswith(".wav") for name in before) == 2
    erase_person(line.hotline, CALLER, reason="a letter", actor="admin", also_open=True)
    after = backup(line, tmp_path)
    assert left_in(after) == set()
    assert not any(name.endswith(".wav") for name in after)
    assert before.keys() - after.keys() == {name for name in before if name.endswith(".wav")}, "all tables are in both"
