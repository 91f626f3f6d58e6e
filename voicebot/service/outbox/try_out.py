"""Sends one message to one member by one channel, now, and so lets them see that it reaches them.

It stands on no case and waits in no outbox, and whoever asks is told what came of it. One a minute for each person and
channel, since it costs money and anybody who is logged in may ask.
Knows: channels, what a trial says. Must not know: who asked, pages.
Source: complaints.md D-10 (a drill for each person on the ladder).
"""

from dataclasses import dataclass

import structlog

from voicebot.domain.staff import StaffMember
from voicebot.domain.staff_message import StaffMessage
from voicebot.errors import Refused, Unavailable
from voicebot.flow.prompts import render_text
from voicebot.service.hotline import Context, Hotline, RingingChannel, StaffChannel, context_of
from voicebot.service.outbox.at_once import UNCERTAIN, loose_message, send_at_once
from voicebot.service.outbox.channels import channel_names, wanted_channels, why_not
from voicebot.service.outbox.compose import Template, case_link
from voicebot.service.ports import CallBusy, CallRefused, CallUncertain, Letter
from voicebot.service.staff.members import find_member

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """What came of trying one channel."""

    person: str
    """Their name."""
    channel: str
    is_sent: bool
    said: str
    """In words for whoever asked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """A channel by which somebody wants to be told, and why it does not reach them, if it does not."""

    channel: str
    why_not: str


def reach_of_staff(hotline: Hotline) -> tuple[tuple[StaffMember, tuple[Reach, ...]], ...]:
    """Return everybody whom the policy names, with the channels by which they want to be told."""
    with hotline.look() as work:
        context = context_of(hotline, work)
        return tuple((member, _reach(context, member)) for member in context.policy.staff)


def _reach(context: Context, member: StaffMember) -> tuple[Reach, ...]:
    wanted = wanted_channels(context.hotline, member)
    return tuple(Reach(channel=each.name, why_not=why_not(context, each, member, rings=True)) for each in wanted)


def try_out(hotline: Hotline, member_id: str, channel: str = "") -> tuple[Trial, ...]:
    """Send a member a trial by one channel, or by each that they are told by. Returns what came of each.

    Raises: Refused when nobody goes by that name, or no such channel is set up.
    """
    with hotline.unit_of_work() as work:
        context = context_of(hotline, work)
        member = find_member(work, context.policy, member_id)
        if member is None:
            raise Refused(f"nobody here goes by {member_id!r}; ids stand in escalation.yaml", code="member-unknown")
        wanted = [each for each in wanted_channels(hotline, member) if channel in ("", each.name)]
        if not wanted:
            names = ", ".join(channel_names(hotline))
            raise Refused(f"no channel of theirs is called {channel!r}; set up here: {names}", code="channel-unknown")
        barred = {each.name: _why_not(context, each, member) for each in wanted}
        message = word_at_once(context, member, Template.STAFF_TRIAL)
        work.commit()
    return tuple(_try(hotline, each, member, message, why_not=barred[each.name]) for each in wanted)


def _why_not(context: Context, channel: StaffChannel, member: StaffMember) -> str:
    """Return why nothing is sent. There is no way, or one was sent within the minute."""
    if why := why_not(context, channel, member, rings=True):
        return why
    minute = f"trial:{member.id}:{channel.name}:{int(context.now.timestamp()) // 60}"
    return "" if context.work.limits.alarm_once(minute, context.now) else "one was sent a moment ago; wait a minute"


def tell_of_account(hotline: Hotline, staff_id: str, template: Template) -> tuple[str, ...]:
    """Tell somebody what was done to their login, by every channel of theirs that does not ring. Returns those by which
    it went, none for who stands in no policy.
    """
    with hotline.unit_of_work() as work:
        context = context_of(hotline, work)
        member = find_member(work, context.policy, staff_id)
        if member is None:
            return ()
        wanted = [each for each in wanted_channels(hotline, member) if not isinstance(each, RingingChannel)]
        open_ones = [each for each in wanted if not why_not(context, each, member, rings=False)]
        message = word_at_once(context, member, template)
    return tuple(each.name for each in open_ones if not send_at_once(hotline, each, member, message))


def word_at_once(context: Context, member: StaffMember, template: Template) -> StaffMessage:
    """Return a message to a member that stands on no case."""
    slots = {"company": context.hotline.rules.company, "link": case_link(context.hotline.rules, None)}
    body = render_text(context.flow, context.flow.locales[0], template, slots)
    key, subject = context.hotline.ids.new_id(), context.hotline.rules.company
    letter = Letter(key=key, subject=subject, body=body, written_at=context.now)
    return loose_message(letter, member, template=template, at=context.now)


def _try(hotline: Hotline, channel: StaffChannel, member: StaffMember, message: StaffMessage, *, why_not: str) -> Trial:
    if why_not:
        return Trial(person=member.name, channel=channel.name, is_sent=False, said=why_not)
    trouble = _send(hotline, channel, member, message)
    log.info("staff_channel_tried", member=member.id, channel=channel.name, is_sent=not trouble)
    said = trouble or "sent: it is here within a minute, or it does not come at all"
    return Trial(person=member.name, channel=channel.name, is_sent=not trouble, said=said)


def _send(hotline: Hotline, channel: StaffChannel, member: StaffMember, message: StaffMessage) -> str:
    """Send it now, or ring, and return what kept it from being sent."""
    if not isinstance(channel, RingingChannel):
        return send_at_once(hotline, channel, member, message)
    try:
        channel.try_now(hotline, member)
    except CallRefused as refusal:
        return f"the carrier refused it with error {refusal.code}"
    except CallBusy:
        return "the carrier is busy; try again in a minute"
    except CallUncertain:
        return UNCERTAIN
    except Unavailable as problem:
        return str(problem)
    return ""
