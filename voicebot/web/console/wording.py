"""What the console calls things: statuses, outcomes, texts and lines of the history, in words for staff.

A name that is not listed is said as it is written, without underscores: nothing is ever hidden for want of a word.
Knows: names of states and deeds. Must not know: pages.
"""

import re
from collections.abc import Mapping
from datetime import datetime

from voicebot.domain.call import CallEnd, Way
from voicebot.domain.consent import ConsentAnswer
from voicebot.domain.promise import CallOutcome, PromiseState
from voicebot.domain.sms import Sms, SmsErrorClass, SmsState, error_class
from voicebot.domain.ticket import Channel, HistoryEntry
from voicebot.service.staff.decision import StaffDeed
from voicebot.web.console.instants import Instants

_SPAN = re.compile(r"(\d{4}-\d\d-\d\dT[^/]+)/(\d{4}-\d\d-\d\dT.+)")
"""How a window stands in the history (service/promise.py)."""

_NAME = re.compile(r"[A-Za-z0-9_]+")
_DUE_KINDS = {"warning": "Warning", "step": "Ladder"}

OUTCOMES = {
    CallOutcome.REACHED: "I spoke with the complainant",
    CallOutcome.VOICEMAIL: "Voicemail or a machine answered",
    CallOutcome.NO_ANSWER: "Nobody answered",
    CallOutcome.BUSY: "The line was busy",
    CallOutcome.SOMEBODY_ELSE: "Somebody else answered",
    CallOutcome.FAILED: "The number could not be reached",
}

CHANNELS = {Channel.PHONE: "phone", Channel.SMS: "text message"}

_WORDS: Mapping[str, str] = {
    "story": "What happened",
    "remedy": "What would put it right",
    "message": "Message left",
    "sms": "Written by text message",
    "ask_story": "What happened",
    "ask_remedy": "What would put it right",
    "call standard": "call",
    "acknowledged": "seen",
    "not_stored": "not kept",
    "caller_hung_up": "the caller hung up",
    "completed": "said goodbye",
    "callback_number": "number to call back",
    "may_text": "texts",
    "landline": "a landline takes no texts",
    "opted_out": "they asked for no texts",
    "unknown_handset": "the number is unknown to the network",
    "not_a_number": "not a telephone number",
}

_ENDS = {
    CallEnd.COMPLETED: "went to its end",
    CallEnd.CALLER_HUNG_UP: "the caller hung up",
    CallEnd.CARRIER: "ended by the carrier",
    CallEnd.LOST: "the connection was lost",
}

_WAYS = {Way.STREAM: "listened live", Way.RECORD: "recorded, heard afterwards"}

_CONSENTS = {
    ConsentAnswer.RECORDED: "heard the notice to its end and went on",
    ConsentAnswer.REFUSED: "refused to be recorded",
}

_PROMISE_STATES = {
    PromiseState.OPEN: "open",
    PromiseState.KEPT: "kept",
    PromiseState.BREACHED: "missed",
    PromiseState.MOVED: "moved to another window",
}

_SMS_STATES = {
    SmsState.WAITING: "waiting to be sent",
    SmsState.SENDING: "being sent",
    SmsState.QUEUED: "with the carrier",
    SmsState.SENT: "sent, no receipt yet",
    SmsState.DELIVERED: "delivered",
    SmsState.UNDELIVERED: "not delivered",
    SmsState.FAILED: "failed",
    SmsState.UNKNOWN: "unknown: being looked up at the carrier",
    SmsState.SUPPRESSED: "held back on purpose",
}

_SMS_TROUBLES = {
    SmsErrorClass.PERMANENT: "this number takes no texts",
    SmsErrorClass.CONSENT: "they asked for no texts",
    SmsErrorClass.CONFIGURATION: "a setting of our account refuses it: tell the administrator",
    SmsErrorClass.CONTENT: "the carrier filtered the wording: tell the administrator",
    SmsErrorClass.TEMPORARY: "the network was busy or the telephone off",
    SmsErrorClass.OTHER: "the carrier gives a reason that we do not know: tell the administrator",
}

_VERBS: Mapping[str, str] = {
    "ticket_opened": "opened the case",
    StaffDeed.ACKNOWLEDGED: "has seen the case",
    StaffDeed.TAKEN_OVER: "took the case over",
    StaffDeed.CALLED: "spoke with the complainant",
    StaffDeed.TRIED: "tried to call the complainant",
    StaffDeed.NOTED: "wrote a note",
    "promise_made": "promised a call",
    "promise_said": "said the promise",
    "promise_moved": "moved the promise",
    "promise_untold": "could not tell of the promise",
    "promise_broken": "noticed a missed promise",
    "step_taken": "climbed the ladder",
    "warning_taken": "gave a warning",
    "text_composed": "wrote a text",
    "text_settled": "reported on a text",
    "text_impossible": "could not text",
    "text_received": "sent a text",
    "files_received": "sent files",
    "file_stored": "saved a file",
    "file_lost": "could not save a file",
    "texts_stopped": "asked for no more texts",
    "texts_started": "asked for texts again",
    "texts_asked_about": "asked about texts",
    "call_ended": "call ended",
    "call_turned_away": "turned a call away with a busy line",
    "consent_logged": "answered the recording notice",
    "consent_unchanged": "answered the recording notice again",
    "recordings_destroyed": "had the recording destroyed",
    "listen_first": "could not be understood: listen first",
    "answer_kept": "answered",
    "supervisor_asked": "asked for a supervisor",
    "audio_lost": "could not save a recording",
    "transcript_missing": "could not make words of a recording",
}


def worded(name: str) -> str:
    """Say a name of the house in words."""
    if name.startswith("sms_"):
        return template_said(name)
    return _WORDS.get(name, name.replace("_", " "))


def call_ended(end: CallEnd | None) -> str:
    """Say why a call ended; of one that has not: that it goes on."""
    return "still on the line" if end is None else _ENDS[end]


def call_heard(way: Way) -> str:
    """Say how a call was heard."""
    return _WAYS[way]


def consent_said(answer: ConsentAnswer) -> str:
    """Say what a caller did at the recording notice."""
    return _CONSENTS[answer]


def promise_said(state: PromiseState) -> str:
    """Say how a promise stands."""
    return _PROMISE_STATES[state]


def text_said(sms: Sms) -> str:
    """Say how a text stands, and why where something is wrong."""
    state = _SMS_STATES[sms.state]
    if sms.error_code is not None:
        return f"{state}: {_SMS_TROUBLES[error_class(sms.error_code)]} (error {sms.error_code})"
    return f"{state}: {worded(sms.reason)}" if sms.reason else state


def template_said(template: str) -> str:
    """Say which text it is: `confirmation`, `promise missed`, `staff warning`."""
    return template.removeprefix("sms_").replace("_", " ")


def verb_said(verb: str) -> str:
    """Say a line of the history."""
    return _VERBS.get(verb, verb.replace("_", " "))


def due_said(what: str) -> str:
    """Say what is due: `Call the complainant (standard)`, `Warning: half gone`, `Ladder: heads`."""
    kind, _, name = what.partition(" ")
    if kind == "call":
        return f"Call the complainant ({worded(name)})"
    return f"{_DUE_KINDS.get(kind, kind)}: {worded(name)}"


def detail_said(entry: HistoryEntry, instants: Instants, names: Mapping[str, str]) -> str:
    """Say what a line of the history changed: windows on the company's clock, people by name, staff word for word."""
    if entry.verb == StaffDeed.TAKEN_OVER:
        return f"from {names.get(entry.before, entry.before)}"
    if entry.verb in set(StaffDeed):
        return entry.after
    parts = (_detail(part, instants, names) for part in (entry.before, entry.after) if part)
    return " → ".join(parts)


def _detail(part: str, instants: Instants, names: Mapping[str, str]) -> str:
    span = _SPAN.fullmatch(part)
    if span is None:
        return _NAME.sub(lambda name: names.get(name[0]) or worded(name[0]), part)
    opens_at, closes_at = (datetime.fromisoformat(at) for at in span.groups())
    return instants.window(opens_at, closes_at)
