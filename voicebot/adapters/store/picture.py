"""Files that came with texts, as rows.

Knows: the table pictures. Must not know: how a file is fetched.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, or_

from voicebot.adapters.store.rows import Rows, is_one_of, whole_rows
from voicebot.adapters.store.tables.texts import pictures
from voicebot.domain.picture import Picture, PictureState


class PictureRows:
    """Fulfils `service.ports.Pictures`."""

    def __init__(self, connection: Connection) -> None:
        self._pictures = Rows(connection, pictures, Picture)

    def add(self, picture: Picture) -> None:
        """Insert."""
        self._pictures.add(picture)

    def save(self, picture: Picture) -> None:
        """Update what changed."""
        self._pictures.save(picture)

    def get(self, picture_id: str) -> Picture | None:
        """Return the file, held until the transaction ends, or None."""
        return self._pictures.get(picture_id, is_locked=True)

    def of_ticket(self, ticket_id: str) -> Sequence[Picture]:
        """Return the files of a case in the order in which they came."""
        mine = self._pictures.select().where(pictures.c.ticket_id == ticket_id)
        return self._pictures.every(mine.order_by(pictures.c.at, pictures.c.message_sid, pictures.c.number))

    def due(self, now: datetime, limit: int) -> Sequence[Picture]:
        """Return files awaited, and those stored whose copy at the carrier stands, that may be tried by now."""
        return self._pictures.every(_DUE, now=now, most=limit)


_DUE = (
    whole_rows(pictures, Picture)
    .where(
        is_one_of(pictures.c.state, (PictureState.AWAITED, PictureState.STORED)),
        pictures.c.media_sid.is_not(None),
        or_(pictures.c.not_before.is_(None), pictures.c.not_before <= bindparam("now")),
    )
    .order_by(pictures.c.at, pictures.c.id)
    .limit(bindparam("most"))
)
