"""Who a case goes to. This is the one place that decides it.

First come those who speak the complainant's language, then those on duty, or back on duty first. Of these, whoever has
room below their load cap, and of these whoever has the fewest open cases. So a case is never without an owner, since a
cap, an absence or a language puts somebody behind others, and leaves nobody out.
Knows: handlers, the rota, open cases of each. Must not know: why a case needs an owner, pages.
Source: complaints.md S1-09 (a person, not a pool), S2-23 (load cap).
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from voicebot.domain.rota import LOOK_AHEAD, Person, Rota
from voicebot.domain.staff import Role, StaffMember
from voicebot.flow.policy import Policy
from voicebot.service.ports import UnitOfWork
from voicebot.service.staff.rota import rota_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """Those who can own a case, and how many each has open. Counts on as cases are given out."""

    rota: Rota
    loads: Counter[str]
    load_cap: int

    def choose(self, *, locale: str, at: datetime, besides: Collection[str] = ()) -> StaffMember | None:
        """Return who a case goes to that somebody must look after at an instant, or None when nobody is left."""
        handlers = [person for person in self.rota.of_role(Role.HANDLER) if person.id not in besides]
        if not handlers:
            return None
        chosen = min(handlers, key=lambda person: self._rank(person, locale=locale, at=at))
        self.loads[chosen.id] += 1
        return chosen.member

    def cap_of(self, person: Person) -> int:
        """Return how many open cases are enough for a person."""
        return self.load_cap if person.profile.load_cap is None else person.profile.load_cap

    def has_room(self, person: Person) -> bool:
        """Tell whether one more case is not too many."""
        return self.loads[person.id] < self.cap_of(person)

    def _rank(self, person: Person, *, locale: str, at: datetime) -> tuple[bool, bool, datetime, bool, int]:
        """Order people. Those who are alike in all of it come as the policy names them."""
        return (
            self.cap_of(person) == 0,
            not person.speaks(locale),
            self.rota.next_of(person, at, role=Role.HANDLER) or at + LOOK_AHEAD,
            not self.has_room(person),
            self.loads[person.id],
        )


def desk_of(work: UnitOfWork, policy: Policy, *, now: datetime) -> Desk:
    """Return those who can own a case, with their loads as they are. The loads are counted only where they decide."""
    rota = rota_of(work, policy, now=now)
    handlers = [person.id for person in rota.of_role(Role.HANDLER)]
    loads: Mapping[str, int] = work.tickets.open_counts(handlers) if len(handlers) > 1 else {}
    return Desk(rota=rota, loads=Counter(loads), load_cap=policy.rota.load_cap)


def choose_owner(
    work: UnitOfWork, policy: Policy, *, locale: str, now: datetime, besides: Collection[str] = ()
) -> StaffMember | None:
    """Return who a case goes to that comes in now, or None only when everybody who could own it is among `besides`."""
    return desk_of(work, policy, now=now).choose(locale=locale, at=now, besides=besides)


def choose_second(
    work: UnitOfWork, policy: Policy, *, locale: str, now: datetime, besides: Collection[str]
) -> StaffMember | None:
    """Return who is offered a case beside its owner, who is among `besides`. That is another handler on duty, else
    whoever of the staff works next.

    None where nobody else is there.
    """
    desk = desk_of(work, policy, now=now)
    others = [person for person in desk.rota.people if person.id not in besides]
    handler = desk.choose(locale=locale, at=now, besides=besides)
    on_duty = {person.id for person in desk.rota.on_duty(now, Role.HANDLER)}
    if handler is not None and handler.id in on_duty:
        return handler
    found = min(others, key=lambda person: desk.rota.next_of(person, now) or now + LOOK_AHEAD, default=None)
    return None if found is None else found.member


def owner_of_new_case(work: UnitOfWork, policy: Policy, *, locale: str, now: datetime) -> StaffMember:
    """Return who will own a new case. There always is one, for every policy names a handler."""
    owner = choose_owner(work, policy, locale=locale, now=now)
    assert owner is not None, "a policy without a handler is refused"
    return owner
