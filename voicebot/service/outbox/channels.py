"""By which channels a member of staff can be reached, and if by none, why. How a message is handed to those that do.

The ladder and the alarms decide whom to tell what. A channel knows how. Each is a `StaffChannel` (hotline.py). It has a
name, it says why it does not reach somebody, and it takes a message over in the transaction under way. Text messages
are the first (text_channel.py). The others are `QueuedChannel`s. What they take over waits in the outbox for staff
(staff_outbox.py), which tries again, gives up and says so. `bootstrap` registers each with its settings. So the next
one is a file here, an adapter that sends, and a setting. Without its setting it is not registered.

A message goes by every channel that reaches its reader, since one alone may lie unread. What can wait goes by the
first. Somebody counts as reached when one channel does. Each person may say which channels, in which order (`tell_by`).
A step of a ladder keeps this order in time. A telephone that is not the first rings a while after what came before it,
and what stands after the telephone in somebody's own order follows it after the same while.
Knows: that there are channels. Must not know: telephones, what is told, when.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from voicebot.domain.sms import Draft
from voicebot.domain.staff import ChannelName, StaffMember
from voicebot.domain.ticket import Ticket
from voicebot.service.hotline import Context, Hotline, HotlineRules, QueuedChannel, RingingChannel, StaffChannel
from voicebot.service.staff.readers import may_have


def why_unreachable(context: Context, member: StaffMember, *, rings: bool = False) -> str:
    """Return why no channel reaches a member, in words that follow their name, empty when one does.

    `rings` says that the message is one for which telephones ring.
    """
    wanted = wanted_channels(context.hotline, member)
    return _why_none((channel.name, why_not(context, channel, member, rings=rings)) for channel in wanted)


def why_not(context: Context, channel: StaffChannel, member: StaffMember, *, rings: bool = False) -> str:
    """Return why a channel does not bring such a message to a member, empty when it does."""
    if rings and isinstance(channel, RingingChannel):
        return channel.why_not_rung(context, member)
    return channel.why_not(context, member)


def why_no_address(channels: Iterable[StaffChannel], rules: HotlineRules, member: StaffMember) -> str:
    """Return why no channel could reach a member by what is written down, as `why_unreachable` says it."""
    wanted = in_order(channels, member)
    return _why_none((channel.name, channel.why_no_address(rules, member)) for channel in wanted)


def in_order(channels: Iterable[StaffChannel], member: StaffMember) -> tuple[StaffChannel, ...]:
    """Return the channels by which a member wants to be told, in their own order. All of them where they name none.

    Raises: AssertionError without any channel, since bootstrap registers texts at least.
    """
    known = {channel.name: channel for channel in channels}
    if not known:
        raise AssertionError("bootstrap registers at least one channel")
    names: Sequence[str] = member.tell_by or tuple(known)
    return tuple(known[name] for name in names if name in known)


def wanted_channels(hotline: Hotline, member: StaffMember) -> tuple[StaffChannel, ...]:
    """Return the channels of this hotline by which a member wants to be told, in their own order."""
    return in_order(hotline.staff_channels, member)


def every_channel(hotline: Hotline, member: StaffMember) -> tuple[StaffChannel, ...]:
    """Return all channels that carry words, whether the member wants them or not. E-mail comes first, then their own
    order.

    For what nobody can switch off. A call carries none, since it rings after the text of a ladder's step.
    """
    known = {channel.name: channel for channel in hotline.staff_channels if channel.name != ChannelName.CALL}
    order = dict.fromkeys((ChannelName.MAIL, *member.tell_by, *known))
    return tuple(known[name] for name in order if name in known)


def channel_names(hotline: Hotline) -> tuple[str, ...]:
    """Return what the channels of this hotline are called."""
    return tuple(channel.name for channel in hotline.staff_channels)


def _why_none(asked: Iterable[tuple[str, str]]) -> str:
    reasons = list(asked)
    if not reasons:
        return "wants to be told by channels alone that are not set up here (tell_by in escalation.yaml)"
    if not all(why for _, why in reasons):
        return ""
    if len(reasons) == 1:
        return reasons[0][1]
    return " and ".join(f"{why} ({name})" for name, why in reasons)


def is_reachable(context: Context, member: StaffMember, *, rings: bool = False) -> bool:
    """Tell whether some channel reaches a member."""
    return not why_unreachable(context, member, rings=rings)


def queued_channels(hotline: Hotline) -> Mapping[str, QueuedChannel]:
    """Return by name the channels whose messages wait in the outbox for staff."""
    return {channel.name: channel for channel in hotline.staff_channels if isinstance(channel, QueuedChannel)}


def tell_member(context: Context, ticket: Ticket, *, member: StaffMember, draft: Draft) -> None:
    """Hand a message to every channel that reaches the member. The same message again changes nothing.

    What can wait goes by the first of them alone, in the member's own order. Whoever may not see the case is told
    nothing.
    """
    if not may_have(context, ticket, member.id):
        return
    wanted = wanted_channels(context.hotline, member)
    reaching = [channel for channel in wanted if not why_not(context, channel, member, rings=draft.rings)]
    for channel, delay in _in_turn(context, reaching[:1] if draft.can_wait else reaching, member=member, draft=draft):
        channel.hand_over(context, ticket, member=member, draft=replace(draft, delay=delay))


def _in_turn(
    context: Context, channels: Sequence[StaffChannel], *, member: StaffMember, draft: Draft
) -> Iterable[tuple[StaffChannel, timedelta]]:
    """Yield channels with how long each waits. A telephone that rings stands apart from those before and after it."""
    apart, delay = context.policy.callbacks.ladder_rings_after or timedelta(0), draft.delay
    for at, channel in enumerate(channels):
        is_call = draft.rings and isinstance(channel, RingingChannel)
        delay += apart if is_call and at else timedelta(0)
        yield channel, delay if is_call or member.tell_by else draft.delay
        delay += apart if is_call else timedelta(0)
