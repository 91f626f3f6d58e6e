"""What we call things to staff, such as statuses, outcomes, texts and lines of the history, in words for staff.

A name that is not listed is said as it is written, without underscores, so that nothing is hidden.
Knows: names of states and actions. Must not know: pages, terminals.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from voicebot.domain.access import AccessKind
from voicebot.domain.call import CallEnd, Way
from voicebot.domain.case_task import TaskKind
from voicebot.domain.consent import ConsentAnswer
from voicebot.domain.instants import Instants
from voicebot.domain.promise import CallOutcome, PromiseState
from voicebot.domain.sms import Sms, SmsErrorClass, SmsState, error_class
from voicebot.domain.ticket import Channel, CloseReason, NotComplaint, Ruling, ToldBy
from voicebot.service.history import Verb

OUTCOMES = {
    CallOutcome.REACHED: "I spoke with the complainant",
    CallOutcome.VOICEMAIL: "Voicemail or a machine answered",
    CallOutcome.NO_ANSWER: "Nobody answered",
    CallOutcome.BUSY: "The line was busy",
    CallOutcome.SOMEBODY_ELSE: "Somebody else answered",
    CallOutcome.FAILED: "The number could not be reached",
}

RULINGS = {
    Ruling.GRANTED: "We do what they asked",
    Ruling.PARTLY: "We do a part of it",
    Ruling.REFUSED: "We cannot do it (two people have said so)",
}

TELLINGS = {
    ToldBy.CALL: "in a call that is logged",
    ToldBy.LETTER: "by letter or e-mail",
    ToldBy.TEXT: "by text message only",
}

CLOSINGS = {
    CloseReason.AGREED: "They said that it is settled",
    CloseReason.WITHDRAWN: "They no longer pursue it",
    CloseReason.NOT_REACHED: "They were not reached, after all tries",
    CloseReason.NO_DECISION: "Nothing is decided (two people have said so)",
    CloseReason.WAITED: "Nothing was said against the answer in time",
    CloseReason.HOUSE: "It holds an alarm or a drill of the hotline",
}

KINDS = {
    NotComplaint.SILENCE: "Silence",
    NotComplaint.POCKET_DIAL: "Pocket dial",
    NotComplaint.WRONG_NUMBER: "Wrong number",
    NotComplaint.PRANK: "Prank",
    NotComplaint.PRAISE: "Praise",
}

TASKS = {
    TaskKind.CONSULT: "Ask a colleague; the case stays mine",
    TaskKind.BLOCKED: "The script blocks: somebody with a say decides",
    TaskKind.DELEGATED: "Somebody settles it for me, by name",
    TaskKind.REMEDY: "A remedy was promised, and is to be done",
}

_TASKS_SET = {
    TaskKind.CONSULT: "a colleague is asked",
    TaskKind.BLOCKED: "the script blocks: somebody with a say decides",
    TaskKind.DELEGATED: "somebody settles it",
    TaskKind.REMEDY: "a remedy that was promised",
}
"""The same of a task that is set, after whose turn it is."""

LOOKS = {
    AccessKind.PAGE: "opened the case",
    AccessKind.VOICE: "fetched the voice",
    AccessKind.FILE: "saved a file",
    AccessKind.EXPORT: "took its words along",
    AccessKind.FOUND: "read words of it in a search",
    AccessKind.ORIGINAL: "saw or heard its private numbers",
    AccessKind.TERMINAL: "had it shown on a terminal",
}
"""What somebody who looked at a case did, after their name."""

CHANNELS = {Channel.PHONE: "phone", Channel.SMS: "text message"}

_WORDS: Mapping[str, str] = {
    "story": "What happened",
    "remedy": "What would put it right",
    "message": "Message left",
    "sms": "Written by text message",
    "talk_recording": "The call back, recorded",
    "ask_story": "What happened",
    "ask_remedy": "What would put it right",
    "call standard": "call",
    "acknowledged": "seen",
    "caller_hung_up": "the caller hung up",
    "completed": "said goodbye",
    "callback_number": "number to call back",
    "asked_case": "the number of a case that they gave",
    "asked_code": "the code that they gave",
    "case_wanted": "the case that they look for",
    "contact_by": "how they wish to be reached",
    "wish": "what they want of the case",
    "is_own_number": "whether we call the number they rang from",
    "settled": "whether it is settled",
    "matter": "whether it is about the case we know",
    "may_text": "texts",
    "wants_call": "whether they want a call",
    "window": "when we call",
    "call after_miss": "call after a miss",
    "call repeat": "call after they called again",
    "call supervisor": "call by a supervisor",
    "blocked": "the script blocks",
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
    PromiseState.WITHDRAWN: "withdrawn: the case went on without the call",
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

_LANGUAGES = {
    "ar": "Arabic",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "he": "Hebrew",
    "it": "Italian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "tr": "Turkish",
    "uk": "Ukrainian",
}

_ACTORS = {
    "caller": "The complainant",
    "carrier": "The carrier",
    "system": "The hotline",
    "worker": "The hotline",
}
"""Those who are no people of ours, as the first words of a line."""

_VERBS: Mapping[Verb, str] = {
    Verb.ALARM_RAISED: "raised an alarm",
    Verb.ANSWER_KEPT: "answered",
    Verb.AUDIO_ERASED: "erased the voice",
    Verb.ORIGINAL_OPENED: "opened the private numbers",
    Verb.MASK_LIFTED: "said that a number is no private one",
    Verb.MASK_PUT_BACK: "said that a number is a private one",
    Verb.CARD_NUMBERS_DESTROYED: "destroyed the numbers of payment cards",
    Verb.AUDIO_LOST: "could not save a recording",
    Verb.CALL_ENDED: "ended the call",
    Verb.CALL_FORWARDED: "reached us by call forwarding",
    Verb.CALL_FROM_OWN_NUMBER: "came from our own number",
    Verb.CALL_MISSED: "rang while we did not answer",
    Verb.CALL_PUT_OFF: "put a call off",
    Verb.CALL_NOT_MADE: "could not connect a call",
    Verb.COMPLAINANT_WAITED: "measured how long they waited on the line",
    Verb.OWNER_ASKED_FOR: "rang in and asked for",
    Verb.CALL_ORDERED: "called back from the case",
    Verb.CALL_REFUSED: "said that nobody asked for our call",
    Verb.CALL_TURNED_AWAY: "turned a call away with a busy line",
    Verb.CASE_ABOUT_SAID: "said whom it complains about",
    Verb.CASE_ANSWERED: "told the decision",
    Verb.CASE_CLOSED: "closed the case",
    Verb.CASE_DISMISSED: "found no complaint in it",
    Verb.CASE_JOINED: "said that this case belongs to another",
    Verb.CASE_MERGED: "joined this case to another",
    Verb.CASE_FOLLOWED: "let another case follow this one",
    Verb.CASE_FOLLOWS: "let the case follow another one",
    Verb.CASE_FOLLOWS_NONE: "let the case follow none",
    Verb.LEAD_UPDATE_SENT: "sent an update to all that follow",
    Verb.CASE_REOPENED: "opened the case again",
    Verb.CASE_SPLIT: "made a case of its own of a part",
    Verb.CASE_TAKEN_IN: "took in what another case holds",
    Verb.CASE_TAKEN_OUT: "took a joined case out again",
    Verb.CODE_GIVEN: "gave the code of the case on the telephone",
    Verb.CODE_REFUSED: "could not open an older case by number and code:",
    Verb.COMPLAINANT_CALLED: "spoke with the complainant",
    Verb.COMPLAINANT_TRIED: "tried to call the complainant",
    Verb.CONSENT_LOGGED: "answered the recording notice",
    Verb.CONSENT_UNCHANGED: "answered the recording notice again",
    Verb.ENDED_UNHEARD: "ended the case though nobody had listened to",
    Verb.ERASED_ON_REQUEST: "erased the case on request",
    Verb.PERSON_EXPORTED: "saved all that is kept of the person",
    Verb.ERASURE_WAITS_FOR_FOLDERS: "waits for another machine to erase its voice",
    Verb.ADJUSTMENT_KEPT: "wrote down how they are to be contacted",
    Verb.ADJUSTMENT_WITHDRAWN: "deleted how they are to be contacted",
    Verb.CUSTOMER_LOOKED_UP: "looked up who has the number",
    Verb.CUSTOMER_NOT_FOUND_OUT: "could not look up who has the number",
    Verb.FIELDS_KEPT: "wrote down",
    Verb.FILE_LOST: "could not save a file",
    Verb.FILE_STORED: "saved a file",
    Verb.FILES_RECEIVED: "sent files",
    Verb.HOLD_LAID: "put the case on legal hold",
    Verb.HOLD_LIFTED: "lifted the legal hold",
    Verb.LISTEN_FIRST: "could not be understood: listen first",
    Verb.MARKED_UNANSWERED: "marked the case as never answered",
    Verb.MESSAGE_SETTLED: "reported on a message to staff",
    Verb.MESSAGE_WRITTEN: "wrote a message to staff",
    Verb.NOTE_WRITTEN: "wrote a note",
    Verb.NUMBER_GIVEN: "wrote down a number to call",
    Verb.NOTICE_UNTOLD: "could not tell a member of staff",
    Verb.NUMBER_REFUSED: "could not take the number",
    Verb.NUMBERS_ERASED: "erased the number",
    Verb.OFFER_ENDED: "ended the offer to a second person",
    Verb.ORPHAN_TAKEN_UP: "saved a voice after an interruption",
    Verb.OWNER_AWAY: "gave the case to somebody on duty, for its owner is away",
    Verb.PART_GIVEN: "gave a part to a case of its own",
    Verb.PROMISE_BROKEN: "noticed a missed promise",
    Verb.PROMISE_CHOSEN: "chose when we call",
    Verb.PROMISE_MADE: "promised a call",
    Verb.PROMISE_MOVED: "moved the promise",
    Verb.PROMISE_SAID: "said the promise",
    Verb.PROMISE_UNTOLD: "could not tell of the promise",
    Verb.PROMISE_WITHDRAWN: "withdrew the promise: the case went on without it",
    Verb.PROMISE_WITHHELD: "promised no call",
    Verb.RECORDINGS_DESTROYED: "wanted nothing kept of the recording",
    Verb.REFUSAL_ASKED: "said that we cannot help: a second person is to look",
    Verb.REFUSAL_CONFIRMED: "agreed that we cannot help",
    Verb.REFUSAL_OVERRULED: "found that we can help",
    Verb.REPEAT_CALL: "called again about the same case",
    Verb.RESTORED: "brought the case back from a backup",
    Verb.RANG_IN: "added the call in which they rang in and talked",
    Verb.SILENT_CALL_JOINED: "added a silent call",
    Verb.CATEGORY_SET: "said what kind of complaint it is",
    Verb.DANGER_HEARD: "heard words that may tell of danger",
    Verb.DECISION_KIND_SET: "said what kind of case it is",
    Verb.DELAY_EXPLAINED: "wrote down for the complainant why it takes longer",
    Verb.DECISION_LATE: "found that the decision is late",
    Verb.WAITING_BEGUN: "waits for the complainant",
    Verb.WAITING_ENDED: "waits no longer",
    Verb.STATUS_ASKED: "rang to hear how it stands",
    Verb.STEP_PASSED_ON: "passed a step of the ladder on",
    Verb.STEP_TAKEN: "climbed the ladder",
    Verb.SUPERVISOR_ASKED: "asked for a supervisor",
    Verb.TALK_TAKEN_BACK: "took back a talk that was logged by mistake",
    Verb.TEXT_ASKED: "asked by text",
    Verb.TEXT_COMPOSED: "wrote a text",
    Verb.TEXT_IMPOSSIBLE: "could not text",
    Verb.TEXT_RECEIVED: "sent a text",
    Verb.TEXT_SETTLED: "reported on a text",
    Verb.TEXTS_ASKED_ABOUT: "asked about texts",
    Verb.TEXTS_ERASED: "erased our texts",
    Verb.TEXTS_STARTED: "asked for texts again",
    Verb.TEXTS_STOPPED: "asked for no more texts",
    Verb.TASK_DONE: "finished a task",
    Verb.TASK_SET: "set a task",
    Verb.TICKET_ACKNOWLEDGED: "has seen the case",
    Verb.TICKET_GIVEN: "gave the case away",
    Verb.TICKET_OPENED: "opened the case",
    Verb.TICKET_TAKEN_OVER: "took the case over",
    Verb.TRACES_ERASED: "erased the course of the calls",
    Verb.TRANSCRIPT_MISSING: "could not make words of a recording",
    Verb.VOICE_BROUGHT_HERE: "found a voice from another machine",
    Verb.VOICE_ERASED_IN_FOLDER: "erased the voice on its machine",
    Verb.WARNING_TAKEN: "gave a warning",
    Verb.WINDOWS_OFFERED: "offered other times",
    Verb.WORDS_ERASED: "erased the words",
}


def who_said(name: str, number_end: str) -> str:
    """Say who complains, by name, else by the last digits to call."""
    return name or (f"…{number_end}" if number_end else "no number")


def here_said(names: Sequence[str]) -> str:
    """Say who has a case open, such as `Dan is here`, empty when nobody has."""
    return "" if not names else f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'} here"


def away_said(until: datetime | None, instants: Instants) -> str:
    """Say until when somebody is away, such as `away until 14:00 EST`, empty while they are not."""
    return "" if until is None else f"away until {instants.brief(until)}"


def worded(name: str) -> str:
    """Say a name of the house in words."""
    if name.startswith("sms_"):
        return template_said(name)
    return _WORDS.get(name, name.replace("_", " "))


def task_said(kind: str) -> str:
    """Say what kind of task is set."""
    return _TASKS_SET[TaskKind(kind)]


def call_ended(end: CallEnd | None) -> str:
    """Say why a call ended, or of one that has not, that it goes on."""
    return "still on the line" if end is None else _ENDS[end]


def call_heard(way: Way) -> str:
    """Say how a call was heard."""
    return _WAYS[way]


def consent_said(answer: ConsentAnswer) -> str:
    """Say what a caller did at the recording notice."""
    return _CONSENTS[answer]


def tried_said(after: str) -> str:
    """Say what came of a try, from its line of the history, such as `nobody answered: rang twice`."""
    outcome, colon, words = after.partition(": ")
    if outcome not in set(CallOutcome):
        return after
    said = OUTCOMES[CallOutcome(outcome)]
    return f"{said[0].lower()}{said[1:]}{colon}{words}"


def language_said(locale: str) -> str:
    """Say a language by its name, and the country where one is meant, such as `English (US)`."""
    language, _, country = locale.partition("-")
    name = _LANGUAGES.get(language, language)
    return f"{name} ({country})" if country else name


def promise_said(state: PromiseState) -> str:
    """Say how a promise stands."""
    return _PROMISE_STATES[state]


def text_state_said(state: SmsState) -> str:
    """Say how far a text has come."""
    return _SMS_STATES[state]


def text_said(sms: Sms) -> str:
    """Say how a text stands, and why where something is wrong."""
    state = text_state_said(sms.state)
    if sms.error_code is not None:
        return f"{state}: {_SMS_TROUBLES[error_class(sms.error_code)]} (error {sms.error_code})"
    return f"{state}: {worded(sms.reason)}" if sms.reason else state


def template_said(template: str) -> str:
    """Say which text it is, such as `confirmation`, `promise missed`, `staff warning`."""
    return template.removeprefix("sms_").replace("_", " ")


def actor_said(actor: str, names: Mapping[str, str]) -> str:
    """Say who did what a line of the history tells."""
    return _ACTORS.get(actor) or names.get(actor, actor)


def verb_said(verb: str) -> str:
    """Say a line of the history."""
    return _VERBS[Verb(verb)] if verb in set(Verb) else verb.replace("_", " ")


def first_words(text: str, most: int) -> str:
    """Return a text on one line, and of a long one its first whole words with a sign that there are more."""
    words = " ".join(text.split())
    return words if len(words) <= most else f"{words[:most].rsplit(' ', 1)[0]} …"
