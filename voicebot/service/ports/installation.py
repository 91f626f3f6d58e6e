"""Where the hotline stands, as ports. They are the machine it runs on, and its public address as strangers see it.

Knows: what can be seen there. Must not know: HTTP libraries, operating systems, what is good or bad.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class DatabaseFacts:
    """What the database is and how far it is prepared."""

    kind: str
    """`SQLite` or `PostgreSQL`."""
    migration: str
    """Number of the newest migration it has, empty when it has none."""
    newest_migration: str
    """Number of the newest that we carry."""
    journal_mode: str = ""
    """SQLite only."""
    has_job_tables: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class FreeSpace:
    """How much room is left where something of ours lies."""

    what: str
    """For example `audio`."""
    place: str
    free_bytes: int


class DatabaseInspection(Protocol):
    """The database, looked at from outside the transactions."""

    def facts(self) -> DatabaseFacts:
        """Look at it. Raises: Unavailable."""
        ...


class Machine(Protocol):
    """This machine."""

    def free_space(self) -> tuple[FreeSpace, ...]:
        """Return the room left at each place where data lies on a local disk."""
        ...

    def cores(self) -> int:
        """Return how many processor cores this process may use."""
        ...

    def memory_bytes(self) -> int:
        """Return how much memory is free for the asking. 0 when nobody knows."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class DoorAnswer:
    """What came back from our public address."""

    status: int
    body: str = ""
    """Its first part only."""
    location: str = ""
    """Where it sends us instead, empty when it does not."""
    mark: str = ""
    """The mark that our own answers carry, empty when somebody else answered."""


class DoorShut(Exception):
    """Nobody answered at the public address. `why` says in plain words what happened instead."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class FrontDoor(Protocol):
    """The public address, asked through the net as the carrier asks it.

    Raises (any method): DoorShut.
    """

    def certificate_ends_at(self) -> datetime | None:
        """Return when the TLS certificate ends, or None for an address without TLS."""
        ...

    def health(self) -> DoorAnswer:
        """Ask for the health page."""
        ...

    def identity(self, challenge: str) -> DoorAnswer:
        """Ask whoever answers to prove that it is this installation."""
        ...

    def open_socket(self, *, is_signed: bool) -> DoorAnswer:
        """Try to open a media socket for a call that does not exist. A good answer is 101."""
        ...

    def signed_ping(self) -> DoorAnswer:
        """Post a form to a harmless route, signed as the carrier signs."""
        ...
