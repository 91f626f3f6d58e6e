"""The second way is an alarm about the watch itself, sent now by whoever noticed, and not through what it is about.

It goes to the operator's addresses (`VOICEBOT_ALARM_URLS`). Without any, or where none takes it, people of management
are told by mail and chat. By text only those who have nothing else, for texts are what staff are told by usually.
Each letter has the same key when it is sent again, so that a mailbox shows it once.
Knows: addresses, people, how one sends at once. Must not know: what is wrong, how often it is told.
Source: complaints.md section 3, "Escalation noise" (who watches the watchman must not use his legs).
"""

from dataclasses import replace

import structlog

from voicebot.domain.staff import ChannelName, StaffMember
from voicebot.flow.prompts import render_text
from voicebot.service.hotline import Context, Hotline, StaffChannel, context_of
from voicebot.service.outbox.at_once import UNCERTAIN, loose_message, post_at_once, send_at_once
from voicebot.service.outbox.channels import every_channel
from voicebot.service.outbox.compose import Template
from voicebot.service.ports import Letter

log = structlog.get_logger(__name__)


def tell_second_way(hotline: Hotline, *, template: Template, slots: dict[str, str], key: str) -> bool:
    """Tell it now, and return whether anybody took it. Raises: Unavailable when the database is away."""
    with hotline.look() as work:
        context = context_of(hotline, work)
        letter = _letter(context, template, slots, key=key)
        people = alarmed_people(context)
        wanted = [(member, _channels(context, member)) for member in people]
    if _post(hotline, letter):
        return True
    told = [_tell(hotline, member, channels, letter, template) for member, channels in wanted]
    if not any(told):
        log.error("second_way_reached_nobody", name=template)
    return any(told)


def alarmed_people(context: Context) -> tuple[StaffMember, ...]:
    """Return who is told where no address takes an alarm."""
    roles = context.policy.watch.second_way.tell or context.policy.management
    return tuple(member for member in context.policy.staff if member.role in roles)


def is_told_by_texts_alone(context: Context) -> bool:
    """Tell whether alarms about the watch would go by the way that it uses itself."""
    if context.hotline.alarm_addresses is not None:
        return False
    channels = [channel for member in alarmed_people(context) for channel in _channels(context, member)]
    return all(channel.name == ChannelName.TEXT for channel in channels)


def _letter(context: Context, template: Template, slots: dict[str, str], *, key: str) -> Letter:
    company = context.hotline.rules.company
    body = render_text(context.flow, context.flow.locales[0], template, {"company": company, **slots})
    return Letter(key=key, subject=f"{company}: the watch over promises", body=body, written_at=context.now)


def _post(hotline: Hotline, letter: Letter) -> bool:
    addresses = hotline.alarm_addresses
    if addresses is None:
        return False
    troubles = {name: post_at_once(addresses.sender, name, letter) for name in addresses.names}
    for name in (name for name, trouble in troubles.items() if trouble):
        log.error("alarm_address_failed", address=name)
    return not all(troubles.values())


def _channels(context: Context, member: StaffMember) -> tuple[StaffChannel, ...]:
    """Return the channels that reach a member. These are all but texts, and texts where there is no other."""
    reaching = [each for each in every_channel(context.hotline, member) if not each.why_not(context, member)]
    others = [each for each in reaching if each.name != ChannelName.TEXT]
    return tuple(others or reaching)


def _tell(
    hotline: Hotline, member: StaffMember, channels: tuple[StaffChannel, ...], letter: Letter, template: Template
) -> bool:
    own = replace(letter, key=f"{letter.key}-{member.id}")
    message = loose_message(own, member, template=template, at=letter.written_at)
    troubles = [send_at_once(hotline, channel, member, message) for channel in channels]
    # What may have been sent is not sent again: a carrier that hangs would get it every minute.
    return any(trouble in ("", UNCERTAIN) for trouble in troubles)
