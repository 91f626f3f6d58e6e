"""What somebody should know before they ring the complainant, and what else is known of the case.

Source: complaints.md D-04 (a card before the call), console.md 1 (silence where words are needed).
Knows: a case's view, instants, wording. Must not know: how a page looks.
"""

from collections.abc import Collection, Iterator

from voicebot.domain.call import CallStatus
from voicebot.domain.consent import ConsentAnswer
from voicebot.domain.instants import Instants
from voicebot.domain.promise import PromiseState
from voicebot.domain.ticket import AnswerState, HistoryEntry, is_open
from voicebot.service.history import Verb, standing
from voicebot.service.promise.make import SUPERVISOR_TARGET
from voicebot.service.queries.case_view import CaseView
from voicebot.service.wording import names as wording
from voicebot.web.console.panels.timeline import Row

_ORDINALS = {2: "Second", 3: "Third", 4: "Fourth", 5: "Fifth"}


def flags_of(view: CaseView) -> Iterator[str]:
    """Yield what changes how somebody rings, in a few words each."""
    ticket = view.ticket
    for each in view.customer.adjustments:
        yield f"{each.said[0].upper()}{each.said[1:]}"
    yield from _of_a_supervisor(view)
    if ticket.recording_refused:
        yield "Recording refused"
    if not view.answers and not _is_on_the_line(view):
        yield "Said nothing"
    if ticket.is_listen_first:
        yield "Listen first: not understood"
    if ticket.about_id is not None:
        yield f"Complains about {view.names.get(ticket.about_id, ticket.about_id)}"
    if view.open_beside:
        yield _beside(len(view.open_beside) + 1)
    if ticket.repeats:
        yield f"Called again {'once' if ticket.repeats == 1 else f'{ticket.repeats} times'}"


def _of_a_supervisor(view: CaseView) -> Iterator[str]:
    if any(one.state is PromiseState.OPEN and one.target == SUPERVISOR_TARGET for one in view.promises):
        yield "A supervisor was promised"
    elif view.ticket.supervisor_asks:
        yield "Asked for a supervisor"


def _beside(cases: int) -> str:
    """Say how many cases of a number are open, which are counted up to a few."""
    return f"{_ORDINALS[cases]} open case of this number" if cases in _ORDINALS else "Many open cases of this number"


def last_try(view: CaseView, instants: Instants) -> str:
    """Say who tried last to reach the complainant, what came of it, and how often that was tried since a talk."""
    calls = [
        entry for entry in standing(view.history) if entry.verb in (Verb.COMPLAINANT_TRIED, Verb.COMPLAINANT_CALLED)
    ]
    if not calls:
        return ""
    last = calls[-1]
    who = wording.actor_said(last.actor, view.names)
    if last.verb == Verb.COMPLAINANT_CALLED:
        return f"{who} spoke with them {instants.said(last.at)}."
    said = f"{who} tried {instants.said(last.at)}: {wording.tried_said(last.after)}."
    tries = _tries_since_a_talk(calls)
    return said if tries == 1 else f"{said} {tries} tries since anybody was reached."


def last_note(view: CaseView, instants: Instants) -> Row | None:
    """Return what a colleague wrote last."""
    notes = [entry for entry in view.history if entry.verb == Verb.NOTE_WRITTEN]
    if not notes:
        return None
    who = wording.actor_said(notes[-1].actor, view.names)
    return Row(what=f"{who} noted", at=instants.said(notes[-1].at), words=notes[-1].after, is_note=True)


def _tries_since_a_talk(calls: list[HistoryEntry]) -> int:
    talks = [number for number, entry in enumerate(calls) if entry.verb == Verb.COMPLAINANT_CALLED]
    return len(calls) - (talks[-1] + 1 if talks else 0)


def _is_on_the_line(view: CaseView) -> bool:
    return any(call.status is CallStatus.LIVE for call in view.calls)


def _recording(view: CaseView) -> str:
    if view.ticket.recording_refused:
        return "refused"
    if any(entry.verb == Verb.RECORDINGS_DESTROYED for entry in view.history) and view.answers:
        return "destroyed, as the caller wished"
    if any(consent.answer is ConsentAnswer.RECORDED for consent in view.consents):
        return "made, after its notice"
    return "none: nobody was asked"


def _gone(view: CaseView, missing: Collection[str]) -> Iterator[str]:
    """Yield which voices were there and are not to be heard any more."""
    lost = [each for each in view.answers if each.answer.id in missing]
    if lost:
        yield f"{_of_answers(len(lost), len(view.answers))} is not to be found. Tell whoever runs this service."
    destroyed = [each for each in view.answers if each.answer.state is AnswerState.DESTROYED]
    if destroyed:
        yield f"{_of_answers(len(destroyed), len(view.answers))} was destroyed, with its words."
    if any(entry.verb in (Verb.AUDIO_ERASED, Verb.ERASED_ON_REQUEST) for entry in view.history):
        yield "The voices of this case were erased: there is nothing to hear."


def _of_answers(count: int, all_of_them: int) -> str:
    if count == all_of_them:
        return "The voice of the only answer" if count == 1 else f"The voice of all {count} answers"
    return f"The voice of {count} of {all_of_them} answers"


def facts_of(view: CaseView, instants: Instants) -> Iterator[tuple[str, str]]:
    """Yield what else is known of the case, each by its name."""
    ticket = view.ticket
    yield "Status", wording.worded(ticket.status)
    yield "Owner", f"{view.owner}{_hand_offs(view.ticket.hand_offs)}"
    if ticket.about_id is not None:
        name = view.names.get(ticket.about_id, ticket.about_id)
        yield "About", f"{name}, who does not see this case, is told nothing of it, and is not asked about it."
    yield "Their effort", view.effort.said
    yield "Opened", f"{instants.said(ticket.opened_at)}, by {wording.CHANNELS[ticket.channel]}"
    if ticket.written_from is not None:
        yield "Wrote from", ticket.written_from
    yield "Language", wording.language_said(ticket.locale)
    yield "Texts", "wanted" if ticket.may_text else f"no: {wording.worded(ticket.text_trouble) or 'not wanted'}"
    yield "Recording", _recording(view)
    if ticket.is_listen_first:
        yield "Listen first", "The caller was not understood: the words may be wrong, the voice is right."
    if ticket.supervisor_asked_at is not None:
        times = "once" if ticket.supervisor_asks == 1 else f"{ticket.supervisor_asks} times"
        yield "Supervisor", f"asked for {times}, first {instants.said(ticket.supervisor_asked_at)}"
    if ticket.repeats:
        yield "Called again", "once" if ticket.repeats == 1 else f"{ticket.repeats} times"
    if ticket.offered_to is not None:
        yield "Offered to", view.names.get(ticket.offered_to, ticket.offered_to)
    if view.breaches:
        yield "Misses", str(len(view.breaches))


def warnings_of(view: CaseView, missing: Collection[str] = ()) -> Iterator[str]:
    """Yield a sentence for each thing that stands in the way of a good call, where `missing` are ids of answers whose
    voice is not to be found.
    """
    yield from _gone(view, missing)
    if not _is_on_the_line(view):
        yield from _what_is_missing(view)
    if view.customer.lookup is not None and view.customer.lookup.failures:
        why = next(each.after for each in reversed(view.history) if each.verb == Verb.CUSTOMER_NOT_FOUND_OUT)
        yield f"The company's system could not be asked who has this number: {why}."
    if is_open(view.ticket) and view.why_owner_unreached:
        yield f"{view.owner} {view.why_owner_unreached}. No warning reaches them{_in_their_place(view)}"
    if is_open(view.ticket):
        yield from view.untold


def _in_their_place(view: CaseView) -> str:
    """Say who is told instead of an owner who is not reached."""
    if view.told_for_owner:
        return f"; we tell {' and '.join(view.told_for_owner)} instead."
    return ", and nobody is told in their place; after a miss the ladder goes on to others."


def _what_is_missing(view: CaseView) -> Iterator[str]:
    """Yield what a case lacks once its calls are over."""
    if view.ticket.written_from is not None:
        yield f"They wrote from {view.ticket.written_from}, which can be neither called nor texted from here."
    elif view.ticket.complainant_number is None:
        yield "There is no number to call back." + (" What was said may hold one: listen." if _is_left(view) else "")
    yield from _silence(view)


def _silence(view: CaseView) -> Iterator[str]:
    """Yield why there is nothing to read or to hear, if so."""
    if _has_told(view):
        return
    ask = "" if view.ticket.complainant_number is None else " Ask when you call."
    if view.ticket.recording_refused:
        yield f"The caller refused to be recorded: there is neither a voice to hear nor words.{ask}"
    elif view.calls:
        yield f"The caller said nothing: there is no voice to hear.{ask}"


def _is_left(view: CaseView) -> bool:
    """Tell whether there is still a voice to hear or a word to read."""
    return any(each.answer.audio_key is not None or each.shown for each in view.answers)


def _has_told(view: CaseView) -> bool:
    return bool(view.answers)


def _hand_offs(count: int) -> str:
    if not count:
        return ""
    return f" (changed hands {'once' if count == 1 else f'{count} times'})"
