"""The rota as people and their hours, and every way in which staff edit it.

On the rota stands everybody whom the policy names, and everybody with an account of whom the rota says when they work
or what they can do. An absence alone puts nobody on it.
Knows: the policy's staff, accounts, the rota's rows. Must not know: cases, pages, calendar files.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from voicebot.domain.rota import (
    ChangeKind,
    Person,
    Rota,
    RotaChange,
    RotaProfile,
    Shift,
    check_change,
    check_shift,
    holds,
)
from voicebot.domain.staff import StaffMember
from voicebot.errors import Refused
from voicebot.flow.policy import Policy
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.ports import UnitOfWork

LONGEST_NOTE = 200
"""Characters of why somebody is away."""
MOST_NAMES = 20
"""Roles or languages of one person."""
LONGEST_NAME = 60

LOOK_BACK = timedelta(days=1)
"""Changes that ended longer ago do not matter, because promises reach back no further (window_room.py)."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """From when until when, of whom, and why."""

    staff_id: str
    begins_at: datetime
    ends_at: datetime
    role: str = ""
    note: str = ""


def rota_of(work: UnitOfWork, policy: Policy, *, now: datetime) -> Rota:
    """Return the rota as it stands.

    It has the policy's staff in their order, then accounts, each with shifts and changes. Beside it stands who is away
    now.
    """
    return _rota_with(work, policy, now=now, is_beside=lambda absence: holds(absence, now))


def _rota_with(work: UnitOfWork, policy: Policy, *, now: datetime, is_beside: Callable[[RotaChange], bool]) -> Rota:
    shifts, changes = work.rota.shifts(), work.rota.changes(now - LOOK_BACK)
    profiles = {profile.staff_id: profile for profile in work.rota.profiles()}
    named = {*profiles, *(shift.staff_id for shift in shifts)}
    named |= {change.staff_id for change in changes if change.kind is ChangeKind.HERE}
    away = {change.staff_id for change in changes if change.kind is ChangeKind.AWAY and is_beside(change)}
    named |= {member.id for member in policy.staff}
    people = [
        Person(
            member=member,
            profile=profiles.get(member.id, RotaProfile(staff_id=member.id)),
            shifts=tuple(shift for shift in shifts if shift.staff_id == member.id),
            changes=tuple(change for change in changes if change.staff_id == member.id),
        )
        for member in _members(work, policy, named | away)
    ]
    return Rota(
        people=tuple(person for person in people if person.id in named),
        calendar=policy.calendar,
        beside=tuple(person for person in people if person.id not in named),
    )


def view_rota(hotline: Hotline) -> Rota:
    """Return the rota for a page. Beside it stands also who will be away. Reads only."""
    with hotline.look() as work:
        now = context_of(hotline, work).now
        return _rota_with(
            work, hotline.flows.current_policy(), now=now, is_beside=lambda absence: absence.ends_at > now
        )


def possible_people(hotline: Hotline) -> tuple[StaffMember, ...]:
    """Return everybody who may be put on the rota, that is the policy's staff and all active accounts."""
    policy = hotline.flows.current_policy()
    with hotline.look() as work:
        return tuple(_members(work, policy, {member.id for member in work.staff.all()}))


def add_shift(hotline: Hotline, shift: Shift, *, actor: str) -> Shift:
    """Add a weekly shift. Its id is given here. The same shift again changes nothing.

    Raises: Refused when there is no such person, or it meets another.
    """
    with hotline.unit_of_work() as work:
        refuse_unknown(context_of(hotline, work), shift.staff_id)
        added = replace(shift, id=hotline.ids.new_id(), role=_readable(shift.role))
        for known in work.rota.shifts():
            if replace(known, id=added.id) == added:
                return known
        check_shift(added, work.rota.shifts())
        if not work.rota.add_shift(added):
            raise Refused("adding a shift: the person has it already", code="rota-shift")
        work.commit()
    log.info("rota_shift_added", staff=shift.staff_id, by=actor)
    return added


def remove_shift(hotline: Hotline, shift_id: str, *, actor: str) -> None:
    """Forget a weekly shift. Raises: Refused when it is gone."""
    with hotline.unit_of_work() as work:
        if not work.rota.remove_shift(shift_id):
            raise _gone()
        work.commit()
    log.info("rota_shift_removed", shift=shift_id, by=actor)


def add_change(hotline: Hotline, kind: ChangeKind, stretch: Stretch, *, actor: str) -> RotaChange:
    """Say that somebody is away, or here, for a stretch. Raises: Refused when the stretch or the person is none."""
    with hotline.unit_of_work() as work:
        change = write_change(context_of(hotline, work), kind, stretch, actor=actor)
        work.commit()
    log.info("rota_changed", staff=stretch.staff_id, kind=kind.value, by=actor)
    return change


def swap(hotline: Hotline, stretch: Stretch, *, stands_in: str, actor: str) -> tuple[RotaChange, RotaChange]:
    """Let one person stand in for another. One is away for the stretch and the other is here. Both are taken back
    together.

    Raises: Refused.
    """
    if stands_in == stretch.staff_id:
        raise Refused("swapping: nobody stands in for themselves", code="rota-change")
    swap_id = hotline.ids.new_id()
    halves = ((ChangeKind.AWAY, stretch), (ChangeKind.HERE, replace(stretch, staff_id=stands_in)))
    with hotline.unit_of_work() as work:
        context = context_of(hotline, work)
        known = [{each.swap_id: each for each in _known(context, *half, is_swap=True)} for half in halves]
        for swapped in known[0].keys() & known[1].keys():
            return known[0][swapped], known[1][swapped]
        away, here = (write_change(context, kind, half, actor=actor, swap_id=swap_id) for kind, half in halves)
        work.commit()
    log.info("rota_swapped", staff=stretch.staff_id, stands_in=stands_in, by=actor)
    return away, here


def write_change(
    context: Context,
    kind: ChangeKind,
    stretch: Stretch,
    *,
    actor: str,
    swap_id: str | None = None,
) -> RotaChange:
    """Write a change in the transaction under way. A form sent twice changes nothing. Raises: Refused."""
    refuse_unknown(context, stretch.staff_id)
    role, note = _said_of(kind, stretch)
    change = RotaChange(
        id=context.hotline.ids.new_id(),
        staff_id=stretch.staff_id,
        kind=kind,
        begins_at=stretch.begins_at,
        ends_at=stretch.ends_at,
        made_at=context.now,
        made_by=actor,
        role=role,
        note=note,
        swap_id=swap_id,
    )
    check_change(change, now=context.now)
    if swap_id is None:
        for known in _known(context, kind, stretch, is_swap=False):
            return known
    context.work.rota.add_change(change)
    return change


def _known(context: Context, kind: ChangeKind, stretch: Stretch, *, is_swap: bool) -> Iterator[RotaChange]:
    """Yield what says this already: the same to the same end, from then or earlier. No calendar is asked."""
    wanted = (stretch.staff_id, kind, stretch.ends_at, *_said_of(kind, stretch))
    for each in context.work.rota.changes(context.now):
        is_same = (each.staff_id, each.kind, each.ends_at, each.role, each.note) == wanted
        is_ours = each.feed_uid is None and (each.swap_id is not None) == is_swap
        if is_same and is_ours and each.begins_at <= stretch.begins_at:
            yield each


def _said_of(kind: ChangeKind, stretch: Stretch) -> tuple[str, str]:
    return _readable(stretch.role) if kind is ChangeKind.HERE else "", _short(stretch.note)


def remove_change(hotline: Hotline, change_id: str, *, actor: str) -> None:
    """Take a change back, both halves of a swap. Raises: Refused when it is gone."""
    with hotline.unit_of_work() as work:
        if not work.rota.remove_change(change_id):
            raise _gone()
        work.commit()
    log.info("rota_change_removed", change=change_id, by=actor)


def save_profile(hotline: Hotline, profile: RotaProfile, *, actor: str) -> RotaProfile:
    """Keep a person's further roles, languages and load cap. The address of their calendar stays. Raises: Refused."""
    if profile.load_cap is not None and profile.load_cap < 0:
        raise Refused("the most open cases of a person are a number from 0 up", code="rota-person")
    with hotline.unit_of_work() as work:
        refuse_unknown(context_of(hotline, work), profile.staff_id)
        known = _profile(work, profile.staff_id)
        kept = replace(
            profile,
            roles=_names(profile.roles),
            languages=_names(profile.languages),
            feed_token=known.feed_token,
        )
        work.rota.save_profile(kept)
        work.commit()
    log.info("rota_person_saved", staff=profile.staff_id, by=actor)
    return kept


def open_feed(hotline: Hotline, staff_id: str, *, actor: str) -> str:
    """Give a person's calendar a new secret address. The one before leads nowhere from now on. Raises: Refused."""
    token = hotline.ids.new_token()
    with hotline.unit_of_work() as work:
        refuse_unknown(context_of(hotline, work), staff_id)
        work.rota.save_profile(replace(_profile(work, staff_id), feed_token=token))
        work.commit()
    log.info("rota_feed_opened", staff=staff_id, by=actor)
    return token


def feed_owner(hotline: Hotline, token: str) -> Person | None:
    """Return whose calendar a secret address is, or None."""
    return next((person for person in view_rota(hotline).people if token and person.profile.feed_token == token), None)


def _members(work: UnitOfWork, policy: Policy, named: set[str]) -> Iterable[StaffMember]:
    """Yield the policy's staff, then those of the accounts that are active and named."""
    yield from policy.staff
    beside = named - {member.id for member in policy.staff}
    if beside:
        yield from (member for member in work.staff.all() if member.id in beside)


def _profile(work: UnitOfWork, staff_id: str) -> RotaProfile:
    known = (profile for profile in work.rota.profiles() if profile.staff_id == staff_id)
    return next(known, RotaProfile(staff_id=staff_id))


def refuse_unknown(context: Context, staff_id: str) -> None:
    """Raise Refused when nobody goes by this id."""
    members = list(_members(context.work, context.policy, {staff_id}))
    if not any(member.id == staff_id for member in members):
        raise Refused(
            f"nobody here goes by {staff_id!r}: name somebody of the policy's escalation.yaml, or of "
            "`voicebot staff list` who may log in",
            code="rota-person",
        )


def _names(names: Sequence[str]) -> tuple[str, ...]:
    if len(names) > MOST_NAMES:
        raise Refused(f"a person has at most {MOST_NAMES} roles and {MOST_NAMES} languages", code="rota-person")
    return tuple(dict.fromkeys(readable for name in names if (readable := _readable(name))))


def _readable(name: str) -> str:
    """Return the name of a role or a language as policies write it. Raises: Refused."""
    readable = name.strip().lower()
    is_plain = readable.replace("_", "").isalnum() or not readable
    if not is_plain or len(readable) > LONGEST_NAME:
        raise Refused(
            "a role is written as in the policy's escalation.yaml, a language as a code like en", code="rota-person"
        )
    return readable


def _short(note: str) -> str:
    tidied = " ".join(note.replace("\x00", "").split())
    if len(tidied) > LONGEST_NOTE:
        raise Refused(f"the note has {len(tidied)} characters, and {LONGEST_NOTE} is the most", code="rota-change")
    return tidied


def _gone() -> Refused:
    return Refused("somebody else has changed the rota meanwhile: this line is gone, so look again", code="rota-gone")
