"""Texts composed: template, slots and recipient to one row of the outbox, with its job, in one transaction.

Knows: templates' keys and slots, where texts of a case go. Must not know: the carrier, when a text is due.
"""

from dataclasses import dataclass
from enum import StrEnum

from voicebot.domain.promise import Promise
from voicebot.domain.sms import Draft, Sms, SmsState
from voicebot.domain.ticket import Ticket
from voicebot.flow.definition import Flow
from voicebot.flow.policy import Policy
from voicebot.flow.prompts import render_text, written_case, written_window
from voicebot.flow.session import SpokenWindow
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Hotline
from voicebot.service.job_names import SEND_SMS
from voicebot.service.number_gate import text_number
from voicebot.service.ports import UnitOfWork


class Template(StrEnum):
    """Keys of `flows/shared/texts.<locale>.yaml`."""

    CONFIRMATION = "sms_confirmation"
    CONFIRMATION_NO_WINDOW = "sms_confirmation_no_window"
    TEXT_ME = "sms_text_me"
    CASE_FROM_TEXT = "sms_case_from_text"
    CUT_OFF = "sms_call_cut_off"
    CALL_MISSED = "sms_call_missed"
    SILENT_CALLER = "sms_silent_caller"
    MISSED = "sms_promise_missed"
    MISSED_AGAIN = "sms_promise_missed_again"
    ANSWER_GRANTED = "sms_answer_granted"
    ANSWER_PARTLY = "sms_answer_partly"
    ANSWER_REFUSED = "sms_answer_refused"
    CLOSED_AGREED = "sms_closed_agreed"
    CLOSED_WAITED = "sms_closed_waited"
    CLOSED_NOT_REACHED = "sms_closed_not_reached"
    CLOSED_NO_DECISION = "sms_closed_no_decision"
    CLOSED_WITHDRAWN = "sms_closed_withdrawn"
    WINDOW = "sms_window"
    MOVED_EARLY = "sms_promise_moved_early"
    REOPENED = "sms_reopened"
    STAFF_SUBJECT = "staff_subject"
    STAFF_WARNING = "sms_staff_warning"
    STAFF_MISSED = "sms_staff_missed"
    STAFF_MISSED_NO_TEXT = "sms_staff_missed_no_text"
    STAFF_MISSED_AGAIN = "sms_staff_missed_again"
    STAFF_FLOOD = "sms_staff_flood"
    STAFF_FIND_NUMBER = "sms_staff_find_number"
    STAFF_LOOP = "sms_staff_loop"
    STAFF_LOGINS = "sms_staff_logins"
    STAFF_NO_ROOM = "sms_staff_no_room"
    STAFF_SILENT_SHARE = "sms_staff_silent_share"
    STAFF_UNANSWERED = "sms_staff_unanswered"
    STAFF_TURNED_AWAY = "sms_staff_turned_away"


@dataclass(frozen=True, kw_only=True, slots=True)
class TextSetting:
    """What is at hand when a text is composed."""

    hotline: Hotline
    work: UnitOfWork
    flow: Flow
    policy: Policy


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """Where texts about a case go, or why none can be sent; one of the two is empty."""

    number: str = ""
    why_not: str = ""


def setting_of(hotline: Hotline, work: UnitOfWork) -> TextSetting:
    """Return the setting outside a call: flow and policy as they are now."""
    flow = hotline.flows.current_flow(hotline.rules.flow_name)
    return TextSetting(hotline=hotline, work=work, flow=flow, policy=hotline.flows.current_policy())


def slots_of(setting: TextSetting, ticket: Ticket, promise: Promise | None) -> dict[str, str]:
    """Return the slots that texts about a case may have; window slots only with a promise."""
    slots = {
        "company": setting.hotline.rules.company,
        "case": written_case(ticket.case_number),
        "pin": ticket.pin,
    }
    if promise is None:
        return slots
    window = SpokenWindow(
        opens_at=promise.window_opens_at, closes_at=promise.window_closes_at, zone=setting.policy.calendar.zone
    )
    return slots | written_window(window, ticket.locale)


def why_no_text(setting: TextSetting, ticket: Ticket) -> str:
    """Return why no text can be sent to the complainant, in staff's words; empty when one can."""
    return address_of(setting, ticket).why_not


def address_of(setting: TextSetting, ticket: Ticket) -> Address:
    """Return the number that texts about a case go to, or why none can be sent."""
    if not ticket.may_text:
        return Address(why_not=f"no texts: {ticket.text_trouble or 'not wanted'}")
    number = text_number(setting.work, setting.hotline.rules, ticket=ticket, policy=setting.policy)
    if number is None:
        return Address(why_not="no texts: no number that takes them")
    is_out = setting.work.sms.opted_out(number, setting.hotline.rules.own_number)
    return Address(why_not="no texts: opted out") if is_out else Address(number=number)


def compose_to_complainant(setting: TextSetting, ticket: Ticket, draft: Draft, *, to: Address | None = None) -> bool:
    """Write a text to the complainant once; where none can be sent, the history tells the owner why.

    `to` is the address where it was asked for before. Returns whether a text is on its way (or was already).
    """
    address = to or address_of(setting, ticket)
    if address.why_not:
        note_no_text(setting, ticket, template=draft.template, why=address.why_not)
        return False
    compose(setting, ticket, draft, recipient=address.number)
    return True


def note_no_text(setting: TextSetting, ticket: Ticket, *, template: str, why: str) -> None:
    """Tell the owner, in the history, that a text was due and none can be sent."""
    note_case(
        setting.work,
        ticket.id,
        Verb.TEXT_IMPOSSIBLE,
        at=setting.hotline.clock.now(),
        actor="system",
        before=template,
        after=why,
    )


def compose(setting: TextSetting, ticket: Ticket, draft: Draft, *, recipient: str) -> None:
    """Write a text to a number that may be texted (E.164), once; its job sends it."""
    now = setting.hotline.clock.now()
    sms = Sms(
        id=setting.hotline.ids.new_id(),
        ticket_id=ticket.id,
        purpose=draft.purpose,
        template=draft.template,
        recipient=recipient,
        body=render_text(setting.flow, ticket.locale, draft.template, draft.slots),
        state=SmsState.WAITING,
        created_at=now,
        not_before=now + draft.delay,
        state_at=now,
    )
    if setting.work.sms.add(sms):
        setting.work.jobs.enqueue(SEND_SMS, sms.id)
        note_case(
            setting.work,
            ticket.id,
            Verb.TEXT_COMPOSED,
            at=now,
            actor="system",
            after=draft.template,
        )
