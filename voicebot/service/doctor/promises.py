"""Whether a promise would be watched by people. It looks at who owns cases, who stands on the ladder, when anybody
works.

Knows: policy, staff, the calendar. Must not know: logins, how people are told.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from voicebot.domain.business_calendar import BusinessCalendar
from voicebot.domain.calendar_feed import CalendarFeed, is_stale
from voicebot.domain.escalation import EscalationLadder, people_to_tell
from voicebot.domain.instants import exact_instant
from voicebot.domain.permission import PERMISSIONS
from voicebot.domain.rota import RotaRules
from voicebot.domain.staff import Role, StaffAccount, StaffMember
from voicebot.flow.policy import Policy
from voicebot.service.doctor.finding import Finding, broken, doubt, fine
from voicebot.service.staff.members import handlers

DAYS_AHEAD = 7
_NEEDED = (Role.HANDLER, Role.SUPERVISOR, Role.ADMINISTRATOR)
"""Without somebody who may what these roles may, something stays undone. The others are there for who wants them."""
ESCALATION_FILE = "escalation.yaml"
CALENDAR_FILE = "calendar.yaml"
WhyUnreached = Callable[[StaffMember], str]
"""Says why no channel reaches a member, in words that follow their name, empty when one does."""


def definitions(faults: Callable[[], Iterable[str]]) -> Iterator[Finding]:
    """Look whether flows, policy and clips are clean. `faults` names each fault as `voicebot flows check` does."""
    found = tuple(faults())
    if not found:
        yield fine("flows, policy and clips have no fault")
        return
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    yield broken(f"{found[0]}{more}", cure="mend what `voicebot flows check` names")


def logins(accounts: Sequence[StaffAccount]) -> Iterator[Finding]:
    """Look whether somebody can log in, and in every role that the hotline needs."""
    active = [account for account in accounts if account.is_active]
    if not active:
        yield broken(
            "nobody can log in to the console",
            cure="add yourself: `voicebot staff add EMAIL --name … --role administrator`",
        )
        return
    lacking = [role for role in _NEEDED if not any(PERMISSIONS[each.role] >= PERMISSIONS[role] for each in active)]
    if lacking:
        yield doubt(
            f"{_people(len(active))} can log in, and nobody as {' or '.join(lacking)}",
            cure=f"add somebody: `voicebot staff add EMAIL --name … --role {lacking[-1]}`",
        )
        return
    yield fine(f"{_people(len(active))} can log in, and somebody in every role")


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def owner(policy: Policy, accounts: Sequence[StaffAccount]) -> Iterator[Finding]:
    """Look whether those who own new cases can log in and see them."""
    able = {account.staff_id for account in accounts if account.is_active}
    unable = [member for member in handlers(policy) if member.id not in able]
    if not unable:
        yield fine(f"new cases are owned by {_names(handlers(policy))}, who can log in")
        return
    who = ", ".join(f"{member.name} ({member.id})" for member in unable)
    yield doubt(
        f"new cases are owned by {who}, who cannot log in to the console",
        cure=f"give them an account: `voicebot staff add EMAIL --name … --role handler --member {unable[0].id}`",
    )


def _names(members: Sequence[StaffMember]) -> str:
    return ", ".join(member.name for member in members)


def ladder(policy: Policy, why_unreached: WhyUnreached) -> Iterator[Finding]:
    """Look whether some channel reaches the people whom the ladder names."""
    reaches = partial(_reaches, why_unreached)
    told = {name: _told(policy, tell, reaches) for name, tell in _steps(policy.ladder)}
    named = {member.id: member for members in told.values() for member in members}.values()
    silent = {member.id: why for member in named if (why := why_unreached(member))}
    if len(silent) == len(named):
        yield broken(
            "nobody on the ladder can be told anything, so a missed promise reaches no one",
            cure=f"write telephones like +12025550123 into {ESCALATION_FILE}",
        )
        return
    unreachable = [name for name, members in told.items() if not any(map(reaches, members))]
    if unreachable:
        yield doubt(
            f"steps of the ladder that reach nobody: {', '.join(unreachable)}",
            cure=f"give the people of these steps addresses in {ESCALATION_FILE}",
        )
        return
    if silent:
        yield doubt(
            f"on the ladder and not to be reached: {_by_reason(silent)}",
            cure=f"write their addresses into {ESCALATION_FILE}",
        )
        return
    yield fine(f"every step reaches somebody; {len(named)} people stand on the ladder")


def _steps(climb: EscalationLadder) -> list[tuple[str, tuple[str, ...]]]:
    warnings = [(warning.name, warning.tell) for warning in climb.warnings]
    return [*warnings, *((step.name, step.tell) for step in climb.steps)]


def _told(policy: Policy, tell: Sequence[str], reaches: Callable[[StaffMember], bool]) -> tuple[StaffMember, ...]:
    """Return whom a step means for a new case."""
    return people_to_tell(tell, policy.staff, owner_id=handlers(policy)[0].id, is_reachable=reaches)


def _reaches(why_unreached: WhyUnreached, member: StaffMember) -> bool:
    return not why_unreached(member)


def _by_reason(silent: Mapping[str, str]) -> str:
    """Return who cannot be reached, those with the same reason together."""
    reasons = dict.fromkeys(silent.values())
    return "; ".join(f"{', '.join(id for id in silent if silent[id] == why)} {why}" for why in reasons)


def opening_hours(calendar: BusinessCalendar, now: datetime) -> Iterator[Finding]:
    """Look whether anybody works within the next seven days. Raises: NeverOpens."""
    worked = calendar.working_time_between(now, now + timedelta(days=DAYS_AHEAD))
    if worked:
        yield fine(f"{worked.total_seconds() / 3600:g} working hours in the next {DAYS_AHEAD} days ({calendar.zone})")
        return
    opens = calendar.next_opening(now).date().isoformat()
    yield broken(
        f"nobody works in the next {DAYS_AHEAD} days (the calendar opens again on {opens}): nobody is called in them",
        cure=f"give at least one day hours in {CALENDAR_FILE}, or tell callers that you are away",
    )


def holidays(calendar: BusinessCalendar, now: datetime) -> Iterator[Finding]:
    """Look whether public holidays are known for this year and the next."""
    if not calendar.country:
        yield doubt(
            "no public holidays are kept, so a promise may fall on one",
            cure=f"name your country under `holidays` in {CALENDAR_FILE}, or list the days under `special_days`",
        )
        return
    counts = {year: len(calendar.holidays_in(year)) for year in (now.year, now.year + 1)}
    unknown = [str(year) for year, count in counts.items() if not count]
    if unknown:
        yield doubt(
            f"no public holidays of {calendar.country} are known for {' and '.join(unknown)}",
            cure=f"update the package `holidays`, or list the days under `special_days` in {CALENDAR_FILE}",
        )
        return
    known = ", ".join(f"{count} in {year}" for year, count in counts.items())
    yield fine(f"public holidays of {calendar.country} are known: {known}")


def watch(troubles: Sequence[str]) -> Iterator[Finding]:
    """Look whether the worker lives and nothing is overdue. `troubles` has one line for each thing that is wrong."""
    for trouble in troubles:
        yield broken(trouble, cure="start the worker (`voicebot serve`, or `voicebot worker`) and read its log")
    if not troubles:
        yield fine("the worker lives, and no deadline is overdue")


def calendars(feeds: Sequence[CalendarFeed], rules: RotaRules, now: datetime) -> Iterator[Finding]:
    """Look whether calendars of the rota that are fetched still come. None are fetched where nobody asked for it."""
    if not feeds:
        return
    stale = [feed for feed in feeds if is_stale(feed, rules, now)]
    troubled = [feed for feed in feeds if feed.problem and feed not in stale]
    if not stale and not troubled:
        yield fine(f"calendars that are fetched: {len(feeds)}, each of them lately")
    for feed in (*stale, *troubled):
        last = "never" if feed.good_at is None else exact_instant(feed.good_at, "UTC")
        yield doubt(
            f"the calendar of {feed.staff_id} at {feed.host} was fetched {last}: {feed.problem or 'no try since'}",
            cure="what it said last stays in force; give it its new address, or end it, on the page of the rota",
        )


def test_call(off: str) -> Iterator[Finding]:
    """Look whether the hotline rings itself each morning. `off` is why not, in words that follow "the test call"."""
    if not off:
        yield fine("the hotline rings itself each working morning")
        return
    yield doubt(
        f"the test call {off}, so that a line which nobody can reach is noticed by callers alone",
        cure="rent a second number at Twilio and write it into VOICEBOT_CANARY_NUMBER",
    )


def second_way(addresses: int, *, is_texts_alone: bool) -> Iterator[Finding]:
    """Look whether an alarm about the watch itself takes another way than the watch does."""
    cure = "name an address in VOICEBOT_ALARM_URLS that is nobody's telephone, such as ntfys://ntfy.sh/our-alarms"
    if addresses:
        yield fine(
            f"{addresses} {'address takes' if addresses == 1 else 'addresses take'} alarms about the watch itself"
        )
    elif is_texts_alone:
        yield doubt("alarms about the watch itself would go by text alone, as all else does", cure=cure)
    else:
        yield doubt(
            "alarms about the watch itself go to management by mail or chat, and to no address of yours", cure=cure
        )
