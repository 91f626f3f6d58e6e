"""Data folders and the calls they heard, as rows.

Knows: the tables data_folder, call_folder, answers, calls. Must not know: disks, what is done with what lies there.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, Connection, Select, Table, and_, bindparam, func, not_, or_, select, update

from voicebot.adapters.store.rows import insert_once
from voicebot.adapters.store.tables.call import calls
from voicebot.adapters.store.tables.folders import call_folders, data_folders
from voicebot.adapters.store.tables.ticket import answers
from voicebot.domain.call import CallStatus
from voicebot.domain.ticket import AnswerState
from voicebot.service.ports import HeldThere


class FolderRows:
    """Fulfils `service.ports.Folders`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def show(self, folder_id: str, host: str, at: datetime) -> tuple[str, datetime] | None:
        """Write the folder's row, whether it is there or not, and return its host and instant from before."""
        table = data_folders
        before = self._connection.execute(select(table.c.host, table.c.seen_at).where(table.c.id == folder_id)).first()
        row = {"host": host, "seen_at": at}
        if not insert_once(self._connection, data_folders, {"id": folder_id, **row}):
            self._connection.execute(update(table).where(table.c.id == folder_id).values(**row))
        return None if before is None else (before.host, before.seen_at)

    def heard(self, call_id: str, folder_id: str) -> None:
        """Insert, where a call that is heard here again is unsettled again."""
        row = {"call_id": call_id, "folder_id": folder_id, "is_settled": False}
        if not insert_once(self._connection, call_folders, row):
            self._set(call_id, folder_id, is_settled=False)

    def unsettled(self, folder_id: str, limit: int) -> Sequence[str]:
        """Return ids of calls, by the index of what is not settled."""
        table = call_folders
        found = select(table.c.call_id).where(table.c.folder_id == folder_id, not_(table.c.is_settled))
        return list(self._connection.scalars(found.limit(limit)))

    def to_settle(self, folder_id: str, limit: int, *, silent_before: datetime) -> Sequence[str]:
        """Return ids of calls, by the index of what is not settled; a call whose row is gone is over, too."""
        asked = {"folder_id": folder_id, "silent_before": silent_before, "most": limit}
        return list(self._connection.scalars(_TO_SETTLE, asked))

    def settle(self, call_id: str, folder_id: str) -> None:
        """Update. What was asked for is done."""
        self._set(call_id, folder_id, is_settled=True)

    def holders(self, call_id: str, *, but: str) -> Sequence[str]:
        """Return other folders whose row of the call is not settled."""
        table = call_folders
        found = select(table.c.folder_id).where(
            table.c.call_id == call_id, table.c.folder_id != but, not_(table.c.is_settled)
        )
        return list(self._connection.scalars(found.order_by(table.c.folder_id)))

    def ask_erasure(self, call_id: str, at: datetime, *, but: str = "") -> None:
        """Mark every row of the call that is not settled, perhaps but one."""
        table = call_folders
        asked = update(table).where(table.c.call_id == call_id, table.c.folder_id != but, not_(table.c.is_settled))
        self._connection.execute(asked.values(erase_asked_at=at))

    def is_erasure_asked(self, call_id: str, folder_id: str) -> bool:
        """Tell whether the row is marked."""
        table = call_folders
        found = select(table.c.erase_asked_at).where(table.c.call_id == call_id, table.c.folder_id == folder_id)
        return self._connection.scalar(found) is not None

    def held(self) -> Sequence[HeldThere]:
        """Return one line for each folder of any of the three tables."""
        folders = {row.id: row for row in self._connection.execute(select(data_folders))}
        voices = self._counts(_by_folder(answers, answers.c.spool_folder).where(answers.c.state == AnswerState.SPOOLED))
        unsettled = _by_folder(call_folders, call_folders.c.folder_id).where(not_(call_folders.c.is_settled))
        heard = self._counts(unsettled)
        erasures = self._counts(unsettled.where(call_folders.c.erase_asked_at.is_not(None)))
        return [
            HeldThere(
                folder_id=each,
                host=folders[each].host if each in folders else "",
                seen_at=folders[each].seen_at if each in folders else None,
                voices=voices.get(each, 0),
                calls=heard.get(each, 0),
                erasures=erasures.get(each, 0),
            )
            for each in sorted({*folders, *voices, *heard})
        ]

    def _counts(self, statement: Select[str, int]) -> dict[str, int]:
        return {row[0] or "": int(row[1]) for row in self._connection.execute(statement)}

    def _set(self, call_id: str, folder_id: str, *, is_settled: bool) -> None:
        table = call_folders
        row = update(table).where(table.c.call_id == call_id, table.c.folder_id == folder_id)
        self._connection.execute(row.values(is_settled=is_settled, erase_asked_at=None))


def _by_folder(table: Table, folder: Column[str]) -> Select[str, int]:
    return select(folder, func.count()).select_from(table).group_by(folder)


_IS_OVER = and_(
    calls.c.status == CallStatus.ENDED,
    calls.c.last_heard_at <= bindparam("silent_before"),
    or_(calls.c.ended_at.is_(None), calls.c.ended_at <= bindparam("silent_before")),
)
_TO_SETTLE = (
    select(call_folders.c.call_id)
    .outerjoin(calls, calls.c.id == call_folders.c.call_id)
    .where(call_folders.c.folder_id == bindparam("folder_id"), not_(call_folders.c.is_settled))
    .where(or_(call_folders.c.erase_asked_at.is_not(None), calls.c.id.is_(None), _IS_OVER))
    .limit(bindparam("most"))
)
