"""Texts composed. They go from template, slots and recipient into one row of the outbox, with its job, in one
transaction.

Knows: templates' keys and slots, where texts of a case go. Must not know: the carrier, when a text is due.
"""

from dataclasses import dataclass
from enum import StrEnum

from voicebot.domain.promise import Promise
from voicebot.domain.sms import Draft, Sms, SmsState
from voicebot.domain.ticket import Ticket
from voicebot.flow.prompts import render_text, written_case, written_window
from voicebot.flow.session import SpokenWindow
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context, HotlineRules
from voicebot.service.job_names import SEND_SMS
from voicebot.service.number_gate import text_number, wants_no_texts
from voicebot.service.outbox.purpose import is_answer, is_of_case


class Template(StrEnum):
    """Keys of `flows/shared/texts.<locale>.yaml`."""

    CONFIRMATION = "sms_confirmation"
    CONFIRMATION_NO_WINDOW = "sms_confirmation_no_window"
    TEXT_ME = "sms_text_me"
    TEXT_ME_AGAIN = "sms_text_me_again"
    CASE_FROM_TEXT = "sms_case_from_text"
    CUT_OFF = "sms_call_cut_off"
    CALL_MISSED = "sms_call_missed"
    SILENT_CALLER = "sms_silent_caller"
    CALL_SOON = "sms_call_soon"
    NOT_REACHED = "sms_not_reached"
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
    ADDED = "sms_added"
    ADDED_CALL = "sms_added_call"
    STATUS_CALL = "sms_status_call"
    STATUS_OPEN = "sms_status_open"
    STATUS_DECISION = "sms_status_decision"
    STATUS_WAITING = "sms_status_waiting"
    STATUS_ANSWERED = "sms_status_answered"
    STATUS_CLOSED = "sms_status_closed"
    MOVE = "sms_move"
    MOVE_OPEN = "sms_move_open"
    MOVE_FULL = "sms_move_full"
    MOVE_FULL_OWED = "sms_move_full_owed"
    WINDOW = "sms_window"
    MOVED_EARLY = "sms_promise_moved_early"
    REOPENED = "sms_reopened"
    STAFF_NEW_CASE = "sms_staff_new_case"
    STAFF_SUPERVISOR_WANTED = "sms_staff_supervisor_wanted"
    STAFF_DANGER_HEARD = "sms_staff_danger_heard"
    STAFF_NEW_WORDS = "sms_staff_new_words"
    STAFF_REPEAT_CALL = "sms_staff_repeat_call"
    STAFF_OWNER_CHANGED = "sms_staff_owner_changed"
    STAFF_ABOUT_SAID = "sms_staff_about_said"
    STAFF_CATEGORY_SET = "sms_staff_category_set"
    STAFF_NOTICE_WARNING = "sms_staff_notice_warning"
    STAFF_NOTICE_MISS = "sms_staff_notice_miss"
    STAFF_NOTICE_DECISION = "sms_staff_notice_decision"
    STAFF_TRIAL = "sms_staff_trial"
    STAFF_SECOND_FACTOR_RESET = "sms_staff_second_factor_reset"
    STAFF_SEVERAL = "sms_staff_several"
    STAFF_SUBJECT = "staff_subject"
    STAFF_MORNING = "sms_staff_morning"
    WORKER_SILENT = "sms_staff_worker_silent"
    WORKER_BACK = "sms_staff_worker_back"
    OVERDUE = "sms_staff_overdue"
    OVERDUE_OVER = "sms_staff_overdue_over"
    LIST_UNTOLD = "sms_staff_list_untold"
    DRILL = "sms_staff_drill"
    DRILL_FAILED = "sms_staff_drill_failed"
    CANARY_FAILED = "sms_staff_canary_failed"
    CANARY_BACK = "sms_staff_canary_back"
    MORNING_LIST = "staff_morning"
    MORNING_SUBJECT = "staff_morning_subject"
    DECISION_LATE = "sms_decision_late"
    DECISION_LATE_OUTSIDE = "sms_decision_late_outside"
    DECISION_LATE_WHY = "decision_late_why"
    DECISION_LATE_WHY_AGAIN = "decision_late_why_again"
    DECISION_LATE_LAST = "sms_decision_late_last"
    DECISION_LATE_LAST_OUTSIDE = "sms_decision_late_last_outside"
    STAFF_DECISION_SOON = "sms_staff_decision_soon"
    STAFF_DECISION_LATE = "sms_staff_decision_late"
    LEAD_UPDATE = "sms_lead_update"
    THANKS = "sms_thanks"
    STAFF_TASK = "sms_staff_task"
    STAFF_TASK_DONE = "sms_staff_task_done"
    STAFF_TASK_LATE = "sms_staff_task_late"
    STAFF_WAITING_OVER = "sms_staff_waiting_over"
    STAFF_WARNING = "sms_staff_warning"
    STAFF_MISSED = "sms_staff_missed"
    STAFF_MISSED_NO_TEXT = "sms_staff_missed_no_text"
    STAFF_MISSED_AGAIN = "sms_staff_missed_again"
    STAFF_PASSED_ON = "sms_staff_passed_on"
    STAFF_FLOOD = "sms_staff_flood"
    STAFF_FIND_NUMBER = "sms_staff_find_number"
    STAFF_LOOP = "sms_staff_loop"
    STAFF_LOGINS = "sms_staff_logins"
    STAFF_MANY = "sms_staff_many"
    STAFF_NO_ROOM = "sms_staff_no_room"
    STAFF_CALENDAR_STALE = "sms_staff_calendar_stale"
    STAFF_WEBHOOK_OFF = "sms_staff_webhook_off"
    STAFF_SILENT_SHARE = "sms_staff_silent_share"
    STAFF_CODES = "sms_staff_codes"
    STAFF_UNANSWERED = "sms_staff_unanswered"
    STAFF_TURNED_AWAY = "sms_staff_turned_away"


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """Where texts about a case go, or why none can be sent. One of the two is empty."""

    number: str = ""
    why_not: str = ""


def case_link(rules: HotlineRules, ticket: Ticket | None) -> str:
    """Return where staff see a case in the console, or the list of cases. Without an address it is a command."""
    if not rules.public_url:
        return "voicebot tickets" if ticket is None else f"voicebot tickets show {written_case(ticket.case_number)}"
    return f"{rules.public_url}/console/" + ("" if ticket is None else f"cases/{ticket.case_number}")


def slots_of(context: Context, ticket: Ticket, promise: Promise | None) -> dict[str, str]:
    """Return the slots that texts about a case may have. Window slots only with a promise."""
    slots = {
        "company": context.hotline.rules.company,
        "case": written_case(ticket.case_number),
        "pin": ticket.pin,
        "link": case_link(context.hotline.rules, ticket),
    }
    if promise is None:
        return slots
    window = SpokenWindow(
        opens_at=promise.window_opens_at, closes_at=promise.window_closes_at, zone=context.policy.calendar.zone
    )
    return slots | written_window(window, ticket.locale)


def why_no_text(context: Context, ticket: Ticket) -> str:
    """Return why no text can be sent to the complainant, in staff's words, empty when one can."""
    return address_of(context, ticket).why_not


def address_of(context: Context, ticket: Ticket, *, answers: bool = False) -> Address:
    """Return the number that texts about a case go to, or why none can be sent. `answers`: they asked for it."""
    if not ticket.may_text:
        return Address(why_not=f"no texts: {ticket.text_trouble or 'not wanted'}")
    number = text_number(context.work, context.hotline.rules, ticket=ticket, policy=context.policy)
    if number is None:
        return Address(why_not="no texts: no number that takes them")
    why_not = wants_no_texts(context.work, context.hotline.rules, number, is_answer=answers)
    return Address(why_not=f"no texts: {why_not}") if why_not else Address(number=number)


def compose_to_complainant(context: Context, ticket: Ticket, draft: Draft, *, to: Address | None = None) -> bool:
    """Write a text to the complainant once. Where none can be sent, the history tells the owner why.

    `to` is the address where it was asked for before. Returns whether a text is on its way (or was already).
    """
    address = to or address_of(context, ticket, answers=is_answer(draft.purpose))
    if address.why_not:
        note_no_text(context, ticket, template=draft.template, why=address.why_not)
        return False
    compose(context, ticket, draft, recipient=address.number)
    return True


def note_no_text(context: Context, ticket: Ticket, *, template: str, why: str) -> None:
    """Tell the owner, in the history, that a text was due and none can be sent."""
    note_case(
        context.work,
        ticket.id,
        Verb.TEXT_IMPOSSIBLE,
        at=context.now,
        actor="system",
        before=template,
        after=why,
    )


def compose(context: Context, ticket: Ticket, draft: Draft, *, recipient: str, held_back: str = "") -> None:
    """Write a text to a number that may be texted (E.164), once. Its job sends it.

    `held_back` is why it is written and not sent.
    """
    sms = Sms(
        id=context.hotline.ids.new_id(),
        ticket_id=ticket.id,
        purpose=draft.purpose,
        template=draft.template,
        recipient=recipient,
        body=render_text(context.flow, ticket.locale, draft.template, draft.slots),
        state=SmsState.SUPPRESSED if held_back else SmsState.WAITING,
        reason=held_back,
        created_at=context.now,
        not_before=context.now + draft.delay,
        state_at=context.now,
    )
    if context.work.sms.add(sms) and not held_back:
        context.work.jobs.enqueue(SEND_SMS, sms.id)
        if is_of_case(sms):
            verb = Verb.TEXT_COMPOSED
            note_case(context.work, ticket.id, verb, at=context.now, actor="system", after=draft.template)
