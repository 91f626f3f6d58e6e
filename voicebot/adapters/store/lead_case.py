"""Which case follows which, and what all that follow one were told, as rows.

Knows: the tables case_followers, lead_updates, lead_update_recipients, kinds and fields of cases. Must not know: texts,
who may follow.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, select, update

from voicebot.adapters.store.about import asked_by, is_shown
from voicebot.adapters.store.rows import Rows, insert_once, whole_rows
from voicebot.adapters.store.tables.case_field import case_fields
from voicebot.adapters.store.tables.lead_case import case_followers, lead_update_recipients, lead_updates
from voicebot.adapters.store.tables.ticket import tickets
from voicebot.domain.about import THE_MACHINE, Reader
from voicebot.domain.lead_case import Following, LeadUpdate, UpdateRecipient


class LeadCaseRows:
    """Fulfils `service.ports.LeadCases`."""

    def __init__(self, connection: Connection, *, reader: Reader = THE_MACHINE) -> None:
        self._connection = connection
        self._reader = reader
        self._followers = Rows(connection, case_followers, Following)
        self._updates = Rows(connection, lead_updates, LeadUpdate)
        self._recipients = Rows(connection, lead_update_recipients, UpdateRecipient)

    def follow(self, following: Following) -> bool:
        """Insert unless the case follows one already."""
        return insert_once(self._connection, case_followers, asdict(following))

    def unfollow(self, ticket_id: str) -> bool:
        """Delete."""
        gone = delete(case_followers).where(_FOLLOWER.ticket_id == ticket_id)
        return self._connection.execute(gone).rowcount == 1

    def lead_of(self, ticket_id: str) -> str | None:
        """Return the lead of a case."""
        lead: str | None = self._connection.scalar(_LEAD_OF, {"ticket_id": ticket_id})
        return lead

    def followers_of(self, lead_id: str) -> Sequence[Following]:
        """Return who follows a case, in the order in which they began."""
        return self._followers.every(_FOLLOWERS_OF, lead_id=lead_id)

    def add_update(self, update: LeadUpdate, recipients: Sequence[UpdateRecipient]) -> None:
        """Insert both."""
        self._updates.add(update)
        self._recipients.add_all(recipients)

    def update(self, update_id: str) -> LeadUpdate:
        """Return an update that is there."""
        found = self._updates.get(update_id)
        assert found is not None, "updates are never deleted"
        return found

    def updates_of(self, lead_id: str) -> Sequence[tuple[LeadUpdate, int, int]]:
        """Return the updates of a lead case, newest first, with their counts."""
        asked = {"lead_id": lead_id} | asked_by(self._reader)
        counts = {row.update_id: (row.told, row.all) for row in self._connection.execute(_COUNTS, asked)}
        return [(each, *counts.get(each.id, (0, 0))) for each in self._updates.every(_UPDATES_OF, lead_id=lead_id)]

    def count_of_kind(self, category: str, since: datetime) -> int:
        """Count the cases of a kind that were opened since."""
        return self._connection.scalar(_COUNT_OF_KIND, {"category": category, "since": since}) or 0

    def values_of(self, category: str, field: str, since: datetime) -> Sequence[str]:
        """Return what stands in a field of the kind in each of those cases."""
        asked = {"category": category, "since": since, "field": field}
        last = dict(map(tuple, self._connection.execute(_VALUES_OF, asked)))
        return list(last.values())

    def due(self, now: datetime, limit: int) -> Sequence[UpdateRecipient]:
        """Return who is to be told by now."""
        return self._recipients.every(_DUE, now=now, most=limit)

    def take(self, recipient: UpdateRecipient, at: datetime) -> bool:
        """Note by compare-and-set that a recipient is told."""
        taken = update(lead_update_recipients).where(
            _RECIPIENT.update_id == recipient.update_id,
            _RECIPIENT.ticket_id == recipient.ticket_id,
            _RECIPIENT.told_at.is_(None),
        )
        return self._connection.execute(taken.values(told_at=at)).rowcount == 1


_FOLLOWER, _UPDATE, _RECIPIENT = case_followers.c, lead_updates.c, lead_update_recipients.c
_LEAD_OF = select(_FOLLOWER.lead_id).where(_FOLLOWER.ticket_id == bindparam("ticket_id"))
_FOLLOWERS_OF = (
    whole_rows(case_followers, Following)
    .where(_FOLLOWER.lead_id == bindparam("lead_id"))
    .order_by(_FOLLOWER.at, _FOLLOWER.ticket_id)
)
_UPDATES_OF = (
    whole_rows(lead_updates, LeadUpdate)
    .where(_UPDATE.ticket_id == bindparam("lead_id"))
    .order_by(_UPDATE.at.desc(), _UPDATE.id)
)
_COUNTS = (
    select(_RECIPIENT.update_id, func.count(_RECIPIENT.told_at).label("told"), func.count().label("all"))
    .join(lead_updates, _UPDATE.id == _RECIPIENT.update_id)
    .where(_UPDATE.ticket_id == bindparam("lead_id"), is_shown(_RECIPIENT.ticket_id))
    .group_by(_RECIPIENT.update_id)
)
_OF_KIND = (
    (tickets.c.category == bindparam("category"))
    & (tickets.c.category != "")
    & (tickets.c.opened_at >= bindparam("since"))
    & tickets.c.merged_into.is_(None)
)
_COUNT_OF_KIND = select(func.count()).select_from(tickets).where(_OF_KIND)
_VALUES_OF = (
    select(case_fields.c.ticket_id, case_fields.c.value)
    .join(tickets, tickets.c.id == case_fields.c.ticket_id)
    .where(_OF_KIND, case_fields.c.field == bindparam("field"), case_fields.c.category == bindparam("category"))
    .order_by(case_fields.c.number)
)
_DUE = (
    whole_rows(lead_update_recipients, UpdateRecipient)
    .where(_RECIPIENT.told_at.is_(None), _RECIPIENT.not_before <= bindparam("now"))
    .order_by(_RECIPIENT.not_before, _RECIPIENT.ticket_id)
    .limit(bindparam("most"))
)
