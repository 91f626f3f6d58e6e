"""Files that came with texts, as rows."""

from collections.abc import Callable
from datetime import timedelta

from tests.builders import MONDAY_TEN, a_picture, a_ticket
from voicebot.adapters.store import SqlUnitOfWork
from voicebot.domain.picture import PictureState

MINUTE = timedelta(minutes=1)
Maker = Callable[[], SqlUnitOfWork]


def test_files_are_read_back_in_the_order_of_their_text(unit_of_work: Maker) -> None:
    first, second = a_picture(id="p0"), a_picture(id="p1", number=1, kind="image/png")
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        for picture in (second, first):
            work.pictures.add(picture)
        work.commit()
    with unit_of_work() as work:
        assert list(work.pictures.of_ticket("ticket-1")) == [first, second]
        assert work.pictures.get("p1") == second
        assert work.pictures.get("p2") is None


def test_due_is_what_is_awaited_or_still_lies_at_the_carrier(unit_of_work: Maker) -> None:
    rows = (
        a_picture(id="awaited"),
        a_picture(id="later", not_before=MONDAY_TEN + MINUTE),
        a_picture(id="stored", state=PictureState.STORED),
        a_picture(id="done", state=PictureState.STORED, media_sid=None),
        a_picture(id="lost", state=PictureState.LOST),
    )
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        for row in rows:
            work.pictures.add(row)
        work.commit()
    with unit_of_work() as work:
        assert {one.id for one in work.pictures.due(MONDAY_TEN, 9)} == {"awaited", "stored"}
        assert {one.id for one in work.pictures.due(MONDAY_TEN + MINUTE, 9)} == {"awaited", "later", "stored"}
        assert len(work.pictures.due(MONDAY_TEN, 1)) == 1
