"""The morning list on its way. It goes to everybody of management, once a day, by the first channel that carries it.

`run_morning` is a scheduled task (background/schedule.py). It looks every minute of the day, on one machine at a time.
Each person has a purpose of the day, so that nobody is told twice by one channel. What a channel refuses, or gives up
after its tries, goes by the person's next one, and the list says why. Who is left over stands on the page. Nobody can
switch it off, because what a person likes to be told by only orders the channels, and a STOP closes one of them.
Knows: whom, when, by what. Must not know: how a channel sends, what stands on the list.
Source: complaints.md D-07.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from zoneinfo import ZoneInfo

from voicebot.domain.instants import written_day
from voicebot.domain.sms import Draft, SmsState
from voicebot.domain.staff import ChannelName, StaffMember
from voicebot.domain.staff_message import MessageState
from voicebot.domain.ticket import Ticket
from voicebot.domain.watch_alarm import MorningRecord
from voicebot.domain.watch_rules import due_list
from voicebot.service.hotline import Context, Hotline, StaffChannel, context_of
from voicebot.service.outbox.channels import every_channel
from voicebot.service.outbox.compose import Template
from voicebot.service.outbox.purpose import TextKind, purpose
from voicebot.service.staff.readers import seen_by
from voicebot.service.ticket.house_case import house_case
from voicebot.service.watch.morning import MorningList, begin_list, morning_text, view_morning

TASK = "morning"
_LOST = frozenset(
    {SmsState.FAILED, SmsState.UNDELIVERED, SmsState.SUPPRESSED, MessageState.FAILED, MessageState.SUPPRESSED}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """What became of the day's list for one person."""

    member: StaffMember
    channel: str
    """By which it went, empty while it went by none."""
    said: str
    """In words that follow the name."""

    @property
    def is_told(self) -> bool:
        """Whether some channel has taken it and not given it up."""
        return bool(self.channel)


def run_morning(hotline: Hotline) -> None:
    """Tell everybody of management who was not told yet, while the day's list is due."""
    with hotline.unit_of_work() as work:
        context = context_of(hotline, work)
        due = due_list(context.policy.calendar, context.policy.watch.morning, context.now)
        if due is None:
            return
        day = due.day.isoformat()
        waiting = _waiting(context, day)
        # This is asked each minute until work ends.
        if not waiting and work.watch.list_of(day) is not None:
            return
        begun = begin_list(context)
        # Each reads their own, without cases that complain about them.
        own = {each.id: view_morning(seen_by(hotline, partial(str, each.id))) for each, _ in waiting}
        record = MorningRecord(id=begun.day.isoformat(), since_at=begun.since_at, made_at=context.now)
        work.watch.add_list(record)
        for member, tried in waiting:
            made = replace(own[member.id], since_at=begun.since_at, not_sent=begun.not_sent)
            _tell(context, made, member, tried)
        work.commit()


def management(context: Context) -> tuple[StaffMember, ...]:
    """Return who gets the list."""
    roles = context.policy.watch.morning.tell or context.policy.management
    return tuple(member for member in context.policy.staff if member.role in roles)


def view_deliveries(hotline: Hotline) -> tuple[Delivery, ...]:
    """Return what became of today's list for each person, for a page or a terminal. Reads only."""
    with hotline.look() as work:
        context = context_of(hotline, work)
        return deliveries(context, context.now.astimezone(ZoneInfo(context.policy.calendar.zone)).date().isoformat())


def delivery_lines(told: Sequence[Delivery]) -> tuple[str, ...]:
    """Say what became of a list, a person a line."""
    return tuple(f"{each.member.name}: {each.said}" for each in told) or (
        "nobody has a role of management: see morning_list in watch.yaml",
    )


def deliveries(context: Context, day: str) -> tuple[Delivery, ...]:
    """Return what became of a day's list for each person, in the order of the policy. Reads only."""
    return tuple(_delivery(context, day, member) for member in management(context))


def _waiting(context: Context, day: str) -> Sequence[tuple[StaffMember, Sequence["_Try"]]]:
    """Return whom some channel can still tell, and none has told, with their channels."""
    found = ((member, list(_tries(context, day, member))) for member in management(context))
    return [(member, tried) for member, tried in found if _next_of(tried) is not None]


def _tell(context: Context, made: MorningList, member: StaffMember, tried: Sequence["_Try"]) -> None:
    """Hand the list to the next channel of somebody who waits for it."""
    day = made.day.isoformat()
    free = _next_of(tried)
    assert free is not None, "who waits has a channel left"
    # Every message stands with a case; this one is not of it (outbox/purpose.py).
    ticket = house_case(context)
    draft = _draft(context, made, ticket, purpose=_purpose(day, member))
    why = [f"{each.channel.name}: {each.said}" for each in tried[: tried.index(free)] if each.is_worth_telling]
    if free.channel.name != ChannelName.TEXT:
        instead = f"\nTold by {free.channel.name}, because you cannot be told by {'; '.join(why)}.\n" if why else ""
        draft = replace(
            draft,
            template=Template.MORNING_LIST,
            subject=Template.MORNING_SUBJECT,
            slots=draft.slots | {"list": morning_text(made) + instead},
        )
    free.channel.hand_over(context, replace(ticket, locale=context.flow.locales[0]), member=member, draft=draft)


def _draft(context: Context, made: MorningList, ticket: Ticket, *, purpose: str) -> Draft:
    rules = context.hotline.rules
    slots = {
        "company": rules.company,
        "date": written_day(made.day),
        "missed": made.count("missed"),
        "today": made.count("at_risk"),
        "decisions": made.count("decisions"),
        "link": f"{rules.public_url}/console/morning" if rules.public_url else "voicebot morning",
    }
    return Draft(purpose=purpose, template=Template.STAFF_MORNING, slots=slots)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Try:
    """One channel of one person on one day."""

    channel: StaffChannel
    state: str = ""
    """Of the message, empty while there is none."""
    said: str = ""
    is_free: bool = False
    """Whether it can be taken. That is so when it reaches the person, and was not tried yet."""
    is_worth_telling: bool = False
    """Whether the person has an address there, so that they wonder why it did not come."""

    @property
    def is_told(self) -> bool:
        return bool(self.state) and self.state not in _LOST


def _tries(context: Context, day: str, member: StaffMember) -> Iterator[_Try]:
    states = _states(context, _purpose(day, member))
    for channel in every_channel(context.hotline, member):
        state, reason = states.get(channel.name, ("", ""))
        if state:
            said = f"{state}, {reason}" if reason else state
            yield _Try(channel=channel, state=state, said=said, is_worth_telling=True)
            continue
        why = channel.why_not(context, member)
        has_address = not channel.why_no_address(context.hotline.rules, member)
        yield _Try(channel=channel, said=why, is_free=not why, is_worth_telling=has_address)


def _next_of(tried: Sequence[_Try]) -> _Try | None:
    """Return the channel that is to have the list. None when one has it or none is left."""
    if any(each.is_told for each in tried):
        return None
    return next((each for each in tried if each.is_free), None)


def _states(context: Context, purpose: str) -> dict[str, tuple[str, str]]:
    """Return state and reason of the day's messages to a person, by channel."""
    messages = context.work.staff_messages.of_purpose(purpose)
    states = {message.channel: (str(message.state), message.reason) for message in messages}
    text = context.work.sms.of_purpose(purpose)
    return states if text is None else states | {str(ChannelName.TEXT): (str(text.state), text.reason)}


def _delivery(context: Context, day: str, member: StaffMember) -> Delivery:
    tried = list(_tries(context, day, member))
    told = next((each for each in tried if each.is_told), None)
    if told is not None:
        return Delivery(member=member, channel=told.channel.name, said=f"told by {told.channel.name}: {told.said}")
    if any(each.is_free for each in tried):
        return Delivery(member=member, channel="", said="not told yet")
    why = " and ".join(f"{each.said} ({each.channel.name})" for each in tried)
    return Delivery(member=member, channel="", said=f"could NOT be told: {why}")


def _purpose(day: str, member: StaffMember) -> str:
    return purpose(TextKind.MORNING, day, member.id)
