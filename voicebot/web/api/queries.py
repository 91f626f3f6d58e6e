"""What a list may be narrowed by.

Instants are those of RFC 3339 with their zone, and nothing that only looks like one: a number is no instant.
Knows: shapes, statuses. Must not know: routes, tables.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from voicebot.domain.call import CallStatus
from voicebot.domain.ticket import TicketStatus
from voicebot.service.ports import CallQuery, CaseQuery, Stretch
from voicebot.web.api.cursor import place_of
from voicebot.web.api.operations import Shape

MOST_AT_ONCE = 200


def read_instant(said: object) -> datetime:
    """Return an instant in UTC. Raises: ValueError when it is none, or has no zone."""
    if not isinstance(said, str) or len(said) < len("2026-03-02T10:00Z"):
        raise ValueError("write it like 2026-03-02T10:00:00Z")
    at = datetime.fromisoformat(said)
    if at.tzinfo is None:
        raise ValueError("it has no zone: end it with Z, or with +01:00")
    try:
        return at.astimezone(UTC)
    except OverflowError as problem:
        raise ValueError("no clock shows that instant in UTC") from problem


Instant = Annotated[datetime, BeforeValidator(read_instant)]


class ListQuery(Shape):
    """Which stretch of a list."""

    limit: int = Field(50, ge=1, le=MOST_AT_ONCE, description="How many at once.")
    cursor: str | None = Field(None, max_length=400, description="`next` of the answer before, to read on from there.")

    def stretch(self) -> Stretch:
        """Return the stretch. Raises: ApiProblem (422) when the cursor is none of ours."""
        return Stretch(limit=self.limit, after=None if self.cursor is None else place_of(self.cursor))


class CaseFilter(Shape):
    """Which cases."""

    state: Literal["open", "any"] = Field("any", description="`open`: only those in which we still owe something.")
    status: TicketStatus | None = Field(None, description="Only those that stand so.")
    owner: str | None = Field(None, max_length=64, pattern=r"^[\w.-]+$", description="Only cases of this staff id.")
    kind_of_complaint: str | None = Field(
        None, max_length=40, pattern=r"^[a-z0-9_]*$", description="Only cases of this kind; empty: those without one."
    )
    opened_from: Instant | None = Field(None, description="Only those opened at this instant or later.")
    opened_until: Instant | None = Field(None, description="Only those opened before this instant.")

    def query(self, stretch: Stretch) -> CaseQuery:
        """Return what to ask for, in a stretch between the instants."""
        between = replace(stretch, from_at=self.opened_from, until_at=self.opened_until)
        return CaseQuery(
            is_open=self.state == "open",
            owner_id=self.owner,
            status=self.status,
            category=self.kind_of_complaint,
            stretch=between,
        )


class CallFilter(Shape):
    """Which calls."""

    status: CallStatus | None = Field(None, description="`live`: those that are not over.")
    started_from: Instant | None = Field(None, description="Only those that began at this instant or later.")
    started_until: Instant | None = Field(None, description="Only those that began before this instant.")

    def query(self, stretch: Stretch) -> CallQuery:
        """Return what to ask for, in a stretch between the instants."""
        between = replace(stretch, from_at=self.started_from, until_at=self.started_until)
        return CallQuery(stretch=between, status=self.status)


class CasesQuery(ListQuery, CaseFilter):
    """Which stretch of which cases."""


class CallsQuery(ListQuery, CallFilter):
    """Which stretch of which calls."""


class SheetQuery(Shape):
    """How a sheet begins."""

    bom: Literal["yes", "no"] = Field("no", description="`yes`: the mark by which office programs know UTF-8.")


class CaseSheetQuery(SheetQuery, CaseFilter):
    """Which cases as a sheet."""


class CallSheetQuery(SheetQuery, CallFilter):
    """Which calls as a sheet."""
