"""What happened, written down. These are the lines of a case's history and the events of its calls. Nobody else writes
either.

A line says who did what to the case, and staff read it. An event belongs to the machinery of a call (a stream lost, a
file stored), for those who look into how the call went.
Knows: the verbs, and what the rest of a line may hold. Must not know: why something happened, how staff read it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from voicebot.domain.call import Call
from voicebot.domain.call_event import CallEvent, Part
from voicebot.domain.retention import RetentionClass
from voicebot.domain.sms import Sms
from voicebot.domain.ticket import Answer, HistoryEntry
from voicebot.domain.webhook import WebhookEvent
from voicebot.service.ports import UnitOfWork


class Verb(StrEnum):
    """What a line of a case's history may say.

    Values are stored, so a verb is never renamed, and dropped only unused.
    """

    ADJUSTMENT_KEPT = "adjustment_kept"
    ADJUSTMENT_WITHDRAWN = "adjustment_withdrawn"
    ALARM_RAISED = "alarm_raised"
    ANSWER_KEPT = "answer_kept"
    AUDIO_ERASED = "audio_erased"
    AUDIO_LOST = "audio_lost"
    CALL_ENDED = "call_ended"
    CALL_FORWARDED = "call_forwarded"
    CALL_FROM_OWN_NUMBER = "call_from_own_number"
    CALL_MISSED = "call_missed"
    CALL_NOT_MADE = "call_not_made"
    CALL_PUT_OFF = "call_put_off"
    CALL_ORDERED = "call_ordered"
    CALL_REFUSED = "call_refused"
    CALL_TURNED_AWAY = "call_turned_away"
    CASE_ABOUT_SAID = "case_about_said"
    CARD_NUMBERS_DESTROYED = "card_numbers_destroyed"
    CASE_ANSWERED = "case_answered"
    CASE_CLOSED = "case_closed"
    CASE_DISMISSED = "case_dismissed"
    CASE_JOINED = "case_joined"
    CASE_FOLLOWED = "case_followed"
    CASE_FOLLOWS = "case_follows"
    CASE_FOLLOWS_NONE = "case_follows_none"
    LEAD_UPDATE_SENT = "lead_update_sent"
    CASE_MERGED = "case_merged"
    CASE_REOPENED = "case_reopened"
    CASE_SPLIT = "case_split"
    CASE_TAKEN_IN = "case_taken_in"
    CASE_TAKEN_OUT = "case_taken_out"
    CATEGORY_SET = "category_set"
    CODE_GIVEN = "code_given"
    CODE_REFUSED = "code_refused"
    COMPLAINANT_CALLED = "complainant_called"
    COMPLAINANT_TRIED = "complainant_tried"
    COMPLAINANT_WAITED = "complainant_waited"
    CONSENT_LOGGED = "consent_logged"
    CONSENT_UNCHANGED = "consent_unchanged"
    CUSTOMER_LOOKED_UP = "customer_looked_up"
    CUSTOMER_NOT_FOUND_OUT = "customer_not_found_out"
    DANGER_HEARD = "danger_heard"
    DECISION_KIND_SET = "decision_kind_set"
    DECISION_LATE = "decision_late"
    DELAY_EXPLAINED = "delay_explained"
    ENDED_UNHEARD = "ended_unheard"
    ERASED_ON_REQUEST = "erased_on_request"
    PERSON_EXPORTED = "person_exported"
    """All about the person was saved for them. `after` is the reason."""
    ERASURE_WAITS_FOR_FOLDERS = "erasure_waits_for_folders"
    FIELDS_KEPT = "fields_kept"
    FILES_RECEIVED = "files_received"
    FILE_LOST = "file_lost"
    FILE_STORED = "file_stored"
    HOLD_LAID = "hold_laid"
    HOLD_LIFTED = "hold_lifted"
    LISTEN_FIRST = "listen_first"
    MARKED_UNANSWERED = "marked_unanswered"
    MASK_LIFTED = "mask_lifted"
    """A number is no private one. `before` is its key (domain/private/masking.py), `after` the reason."""
    MASK_PUT_BACK = "mask_put_back"
    MESSAGE_SETTLED = "message_settled"
    MESSAGE_WRITTEN = "message_written"
    NOTE_WRITTEN = "note_written"
    NOTICE_UNTOLD = "notice_untold"
    NUMBERS_ERASED = "numbers_erased"
    NUMBER_REFUSED = "number_refused"
    OFFER_ENDED = "offer_ended"
    ORIGINAL_OPENED = "original_opened"
    ORPHAN_TAKEN_UP = "orphan_taken_up"
    OWNER_ASKED_FOR = "owner_asked_for"
    OWNER_AWAY = "owner_away"
    NUMBER_GIVEN = "number_given"
    PART_GIVEN = "part_given"
    PROMISE_BROKEN = "promise_broken"
    PROMISE_CHOSEN = "promise_chosen"
    PROMISE_MADE = "promise_made"
    PROMISE_MOVED = "promise_moved"
    PROMISE_SAID = "promise_said"
    PROMISE_UNTOLD = "promise_untold"
    PROMISE_WITHDRAWN = "promise_withdrawn"
    PROMISE_WITHHELD = "promise_withheld"
    RANG_IN = "rang_in"
    RECORDINGS_DESTROYED = "recordings_destroyed"
    REFUSAL_ASKED = "refusal_asked"
    REFUSAL_CONFIRMED = "refusal_confirmed"
    REFUSAL_OVERRULED = "refusal_overruled"
    REPEAT_CALL = "repeat_call"
    RESTORED = "restored"
    SILENT_CALL_JOINED = "silent_call_joined"
    STATUS_ASKED = "status_asked"
    STEP_PASSED_ON = "step_passed_on"
    STEP_TAKEN = "step_taken"
    SUPERVISOR_ASKED = "supervisor_asked"
    TALK_TAKEN_BACK = "talk_taken_back"
    """`before` is the instant of the talk in ISO 8601, and `after` says what was wrong."""
    TEXTS_ASKED_ABOUT = "texts_asked_about"
    TEXTS_ERASED = "texts_erased"
    TEXTS_STARTED = "texts_started"
    TEXTS_STOPPED = "texts_stopped"
    TEXT_ASKED = "text_asked"
    TEXT_COMPOSED = "text_composed"
    TEXT_IMPOSSIBLE = "text_impossible"
    TEXT_RECEIVED = "text_received"
    TEXT_SETTLED = "text_settled"
    TASK_DONE = "task_done"
    TASK_SET = "task_set"
    TICKET_GIVEN = "ticket_given"
    TICKET_ACKNOWLEDGED = "ticket_acknowledged"
    TICKET_OPENED = "ticket_opened"
    TICKET_TAKEN_OVER = "ticket_taken_over"
    TRACES_ERASED = "traces_erased"
    TRANSCRIPT_MISSING = "transcript_missing"
    VOICE_BROUGHT_HERE = "voice_brought_here"
    VOICE_ERASED_IN_FOLDER = "voice_erased_in_folder"
    WAITING_BEGUN = "waiting_begun"
    WAITING_ENDED = "waiting_ended"
    WARNING_TAKEN = "warning_taken"
    WINDOWS_OFFERED = "windows_offered"
    WORDS_ERASED = "words_erased"


NAMING_NOBODY = frozenset(
    {
        Verb.CUSTOMER_LOOKED_UP,
        Verb.CUSTOMER_NOT_FOUND_OUT,
        Verb.ADJUSTMENT_KEPT,
        Verb.ADJUSTMENT_WITHDRAWN,
        Verb.ALARM_RAISED,
        Verb.AUDIO_LOST,
        Verb.CALL_ENDED,
        Verb.CALL_NOT_MADE,
        Verb.CALL_ORDERED,
        Verb.CALL_PUT_OFF,
        Verb.CALL_REFUSED,
        Verb.CALL_TURNED_AWAY,
        Verb.CASE_ABOUT_SAID,
        Verb.CATEGORY_SET,
        Verb.CODE_GIVEN,
        Verb.CODE_REFUSED,
        Verb.COMPLAINANT_WAITED,
        Verb.CONSENT_LOGGED,
        Verb.CONSENT_UNCHANGED,
        Verb.MESSAGE_SETTLED,
        Verb.MESSAGE_WRITTEN,
        Verb.NOTICE_UNTOLD,
        Verb.DANGER_HEARD,
        Verb.DECISION_KIND_SET,
        Verb.DECISION_LATE,
        Verb.FIELDS_KEPT,
        Verb.NUMBER_REFUSED,
        Verb.OFFER_ENDED,
        Verb.OWNER_ASKED_FOR,
        Verb.OWNER_AWAY,
        Verb.PART_GIVEN,
        Verb.PROMISE_SAID,
        Verb.STATUS_ASKED,
        Verb.STEP_PASSED_ON,
        Verb.STEP_TAKEN,
        Verb.SUPERVISOR_ASKED,
        Verb.TEXT_COMPOSED,
        Verb.TEXT_SETTLED,
        Verb.TICKET_GIVEN,
        Verb.TICKET_OPENED,
        Verb.TICKET_TAKEN_OVER,
        Verb.TRANSCRIPT_MISSING,
        Verb.WARNING_TAKEN,
    }
)
"""Verbs whose `after` names states, templates, reasons of ours and staff ids. They hold nothing of the complainant."""

OF_OWNERS = frozenset({Verb.CASE_ABOUT_SAID, Verb.OWNER_AWAY, Verb.TICKET_GIVEN, Verb.TICKET_TAKEN_OVER})
"""Verbs whose `before` and `after` are staff ids."""

WORDS_OF_PEOPLE = frozenset(
    {
        Verb.CASE_ANSWERED,
        Verb.CASE_CLOSED,
        Verb.CASE_DISMISSED,
        Verb.CASE_FOLLOWS,
        Verb.CASE_JOINED,
        Verb.CASE_REOPENED,
        Verb.CASE_SPLIT,
        Verb.CASE_TAKEN_OUT,
        Verb.COMPLAINANT_CALLED,
        Verb.COMPLAINANT_TRIED,
        Verb.DELAY_EXPLAINED,
        Verb.LEAD_UPDATE_SENT,
        Verb.MASK_LIFTED,
        Verb.MASK_PUT_BACK,
        Verb.NOTE_WRITTEN,
        Verb.NUMBER_GIVEN,
        Verb.PROMISE_CHOSEN,
        Verb.REFUSAL_ASKED,
        Verb.REFUSAL_CONFIRMED,
        Verb.REFUSAL_OVERRULED,
        Verb.TALK_TAKEN_BACK,
        Verb.TASK_DONE,
        Verb.TASK_SET,
        Verb.TEXT_ASKED,
        Verb.WAITING_BEGUN,
    }
)
"""Verbs whose `after` holds what somebody wrote. The search finds it."""

LIFTS = frozenset({Verb.MASK_LIFTED, Verb.MASK_PUT_BACK})
"""Verbs whose `before` is the key of a number. The last one of a key says whether the number is masked."""

OF_A_WINDOW = frozenset({Verb.PROMISE_MADE, Verb.PROMISE_MOVED, Verb.PROMISE_BROKEN, Verb.PROMISE_WITHDRAWN})
"""Verbs whose `before` or `after` is a window. That is two instants, ISO 8601, a slash between them."""


ERASED_AS: Mapping[RetentionClass, Verb] = MappingProxyType(
    {
        RetentionClass.AUDIO: Verb.AUDIO_ERASED,
        RetentionClass.WORDS: Verb.WORDS_ERASED,
        RetentionClass.NUMBERS: Verb.NUMBERS_ERASED,
        RetentionClass.TEXTS: Verb.TEXTS_ERASED,
        RetentionClass.TRACES: Verb.TRACES_ERASED,
    }
)
"""The line by which a class of what is kept of a case went."""

EVENTS_OF: Mapping[Verb, tuple[WebhookEvent, ...]] = MappingProxyType(
    {
        Verb.TICKET_OPENED: (WebhookEvent.CASE_OPENED,),
        Verb.OWNER_AWAY: (WebhookEvent.CASE_OWNER_CHANGED,),
        Verb.TICKET_GIVEN: (WebhookEvent.CASE_OWNER_CHANGED,),
        Verb.TICKET_TAKEN_OVER: (WebhookEvent.CASE_OWNER_CHANGED,),
        Verb.CATEGORY_SET: (WebhookEvent.CASE_CATEGORY_CHANGED,),
        Verb.CASE_ANSWERED: (WebhookEvent.CASE_ANSWERED,),
        Verb.CASE_CLOSED: (WebhookEvent.CASE_ENDED,),
        Verb.CASE_DISMISSED: (WebhookEvent.CASE_ENDED,),
        Verb.CASE_REOPENED: (WebhookEvent.CASE_REOPENED,),
        Verb.CASE_MERGED: (WebhookEvent.CASE_JOINED,),
        Verb.CASE_TAKEN_OUT: (WebhookEvent.CASE_TAKEN_OUT,),
        Verb.ERASED_ON_REQUEST: (WebhookEvent.CASE_ERASED,),
        Verb.ERASURE_WAITS_FOR_FOLDERS: (WebhookEvent.CASE_ERASED,),
        **dict.fromkeys(ERASED_AS.values(), (WebhookEvent.CASE_PART_DELETED,)),
        Verb.CARD_NUMBERS_DESTROYED: (WebhookEvent.CASE_PART_DELETED,),
        Verb.DECISION_LATE: (WebhookEvent.DECISION_LATE,),
        Verb.PROMISE_MADE: (WebhookEvent.PROMISE_MADE,),
        Verb.PROMISE_MOVED: (WebhookEvent.PROMISE_MOVED,),
        Verb.PROMISE_WITHDRAWN: (WebhookEvent.PROMISE_WITHDRAWN,),
        Verb.PROMISE_BROKEN: (WebhookEvent.PROMISE_MISSED,),
        Verb.COMPLAINANT_CALLED: (WebhookEvent.TALK_LOGGED, WebhookEvent.PROMISE_KEPT),
        Verb.TALK_TAKEN_BACK: (WebhookEvent.TALK_TAKEN_BACK,),
        Verb.TEXT_SETTLED: (WebhookEvent.APOLOGY_SENT, WebhookEvent.APOLOGY_FAILED),
    }
)
"""Of which events a line may tell other systems. Which of them it is, `webhook/payload.py` sees in the rest of it."""


def standing(history: Sequence[HistoryEntry]) -> tuple[HistoryEntry, ...]:
    """Return the lines of a history without talks that were taken back.

    Where the words of the case have gone, no line names the talk any more. Then it is the last one that stood, since
    no other is ever taken back.
    """
    talks: list[HistoryEntry] = []
    for entry in history:
        if entry.verb == Verb.COMPLAINANT_CALLED:
            talks.append(entry)
        elif entry.verb == Verb.TALK_TAKEN_BACK:
            meant = [talk for talk in talks if entry.before in ("", talk.at.isoformat())]
            talks = [talk for talk in talks if talk not in meant[-1:]]
    return tuple(entry for entry in history if entry.verb != Verb.COMPLAINANT_CALLED or entry in talks)


def note_case(
    work: UnitOfWork,
    ticket_id: str,
    verb: Verb,
    *,
    at: datetime,
    actor: str,
    before: str = "",
    after: str = "",
    is_told: bool = True,
) -> None:
    """Write a line of a case's history in the transaction under way.

    `actor` is a StaffMember.id, or one of the names that no account may have (staff/members.py). `is_told=False` is
    for a fact that another line tells other systems of, so that they hear of each fact once, whatever becomes of the
    words of both lines until then.
    """
    entry = HistoryEntry(
        ticket_id=ticket_id,
        at=at,
        actor=actor,
        verb=verb,
        before=before,
        after=after,
        untold_since=at if is_told and verb in EVENTS_OF else None,
    )
    work.tickets.note(entry)


def mark_call(work: UnitOfWork, call: Call, at: datetime, *, what: str, part: Part, detail: str = "") -> None:
    """Write an event of a call in the transaction under way."""
    event = CallEvent(ticket_id=call.ticket_id, call_id=call.id, at=at, part=part, what=what, detail=detail)
    work.events.add(event)


def mark_answer(work: UnitOfWork, answer: Answer, at: datetime, *, what: str, detail: str) -> None:
    """Write what the worker did with an answer.

    A written answer has no call. What stands in its place is the id of its text.
    """
    event = CallEvent(
        ticket_id=answer.ticket_id, call_id=answer.call_id, at=at, part=Part.WORKER, what=what, detail=detail
    )
    work.events.add(event)


def mark_text(work: UnitOfWork, sms: Sms, at: datetime, *, what: str, detail: str) -> None:
    """Write what the worker did with a text of a case."""
    told = f"{sms.template}: {detail}"
    work.events.add(CallEvent(ticket_id=sms.ticket_id, at=at, part=Part.WORKER, what=what, detail=told))
