"""Who of a step's people is on duty, and whether a step that has none is skipped.

A step tells those of its people who are on duty. When none of them is, but somebody of a later step is, the step is
skipped. It tells nobody, its history says why, and the next one with somebody is taken at once. When nobody of the
whole climb is on duty, a step tells its people where they are, so that a missed promise is never kept from everybody.
Knows: the rota, channels, roles of a step. Must not know: when steps are due, what a step does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from voicebot.domain.escalation import OWNER, DueStep, people_to_tell
from voicebot.domain.rota import Rota
from voicebot.domain.staff import StaffMember
from voicebot.domain.ticket import Ticket
from voicebot.service.hotline import Context
from voicebot.service.outbox.channels import is_reachable
from voicebot.service.staff.readers import barred
from voicebot.service.staff.rota import rota_of

JUST_LEFT = timedelta(minutes=15)
"""Whose shift ended within this time counts as on duty, because windows close when shifts end (our judgement)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StepPeople:
    """Those of a step whom some channel reaches."""

    on_duty: tuple[StaffMember, ...]
    off_duty: tuple[StaffMember, ...]

    @property
    def to_tell(self) -> tuple[StaffMember, ...]:
        """Return who is told, those on duty or else the others."""
        return self.on_duty or self.off_duty


def people_of(context: Context, step: DueStep, *, ticket: Ticket) -> StepPeople:
    """Return whom a step reaches now, those on duty apart from the others, without those who may not see the case."""
    rota = rota_of(context.work, context.policy, now=context.now)
    reaches = partial(is_reachable, context, rings=step.rings)

    def is_there(member: StaffMember) -> bool:
        return is_on_duty(rota, member, step.tell, now=context.now)

    named = people_to_tell(
        step.tell,
        allowed(context, ticket, _in_each_role(rota)),
        owner_id=ticket.owner_id,
        is_reachable=lambda member: reaches(member) and is_there(member),
    )
    reached = [member for member in named if reaches(member)]
    return StepPeople(
        on_duty=tuple(filter(is_there, reached)),
        off_duty=tuple(member for member in reached if not is_there(member)),
    )


def is_skipped(context: Context, step: DueStep, later: Sequence[DueStep], *, ticket: Ticket) -> bool:
    """Tell whether a step has people, none of them on duty, while a later one has somebody who is.

    Whoever may not see the case is not there for it, so a step that names nobody else is skipped like that.
    """
    people = people_of(context, step, ticket=ticket)
    if people.on_duty or not (people.off_duty or _is_barred(context, step, ticket)):
        return False
    return any(people_of(context, each, ticket=ticket).on_duty for each in later)


def allowed(context: Context, ticket: Ticket, people: Iterable[StaffMember]) -> tuple[StaffMember, ...]:
    """Return those of some people who may have to do with a case."""
    out = barred(context, ticket)
    return tuple(member for member in people if member.id not in out)


def _is_barred(context: Context, step: DueStep, ticket: Ticket) -> bool:
    out = barred(context, ticket)
    return any(member.id in out and member.role in step.tell for member in context.policy.staff)


def _in_each_role(rota: Rota) -> Iterable[StaffMember]:
    """Yield everybody once for each of their roles."""
    for person in rota.people:
        yield person.member
        yield from (person.member.model_copy(update={"role": role}) for role in person.roles[1:])


def is_on_duty(rota: Rota, member: StaffMember, tell: Sequence[str] = (), *, now: datetime) -> bool:
    """Tell whether somebody is on duty, in the role in which the step means them, or was a moment ago."""
    person = rota.person(member.id)
    role = member.role if member.role in tell and OWNER not in tell else ""
    if person is None or rota.away_until(person, now) is not None:
        return False
    return any(rota.is_on_duty(person, at, role) for at in (now, now - JUST_LEFT))
