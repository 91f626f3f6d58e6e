"""The clock at the head of a case. It says which call is owed, how long there still is, in the words that the caller
heard.

Knows: promises, misses, instants. Must not know: the rest of the page.
"""

from dataclasses import dataclass

from voicebot.domain.call import CallStatus
from voicebot.domain.instants import Instants
from voicebot.domain.promise import FIND_NUMBER, Breach, Promise, PromiseState
from voicebot.service.history import Verb
from voicebot.service.queries.case_view import UNTOLD, CaseView
from voicebot.service.wording import names as wording


@dataclass(frozen=True, kw_only=True, slots=True)
class PromiseClock:
    """What the head of the page says."""

    urgency: str
    """Name of a style, as in the list, one of missed, soon, ahead or quiet."""
    headline: str
    detail: str
    words: str
    """The promise as spoken or texted. It is empty when nothing was said."""
    locale: str
    brief: str = ""
    """How much time is left, in a few words. It is empty where none runs."""
    said_at: str = ""
    """When they were given."""
    said_by: str = ""
    """Who gave them."""
    means: str = ""
    """The window that they mean, by its date, since words such as "today" grow old."""


def promise_clock(view: CaseView, instants: Instants) -> PromiseClock:
    """Return what is owed now.

    First comes a missed call before an open promise, an open one before one that is settled.
    """
    standing = next((promise for promise in view.promises if promise.state is PromiseState.OPEN), None)
    missed = next((breach for breach in view.breaches if breach.ended_at is None), None)
    if missed is not None:
        broken = next((promise for promise in view.promises if promise.id == missed.promise_id), None)
        if broken is not None and broken.target == FIND_NUMBER:
            return _number_overdue(missed, instants)
        return _missed(missed, standing, view, instants)
    if standing is not None:
        return (
            _number_owed(standing, instants) if standing.target == FIND_NUMBER else _standing(standing, view, instants)
        )
    return _settled(view, instants)


def _missed(breach: Breach, standing: Promise | None, view: CaseView, instants: Instants) -> PromiseClock:
    detail = (
        f"The promised window closed {instants.said(breach.at)} and nobody has spoken with the complainant. Call now."
    )
    if standing is not None:
        window = instants.window(standing.window_opens_at, standing.window_closes_at)
        detail += f" New window, told with the apology: {window}."
    return PromiseClock(
        urgency="missed",
        headline=f"Missed: {instants.due(breach.at)}",
        brief=instants.due(breach.at),
        detail=detail,
        **({"words": "", "locale": ""} if standing is None else _given(standing, view, instants)),
    )


def _given(promise: Promise, view: CaseView, instants: Instants) -> dict[str, str]:
    """Return the words of a promise, with who gave them, when, and which window they mean."""
    chosen = (entry for entry in view.history if entry.verb == Verb.PROMISE_CHOSEN and entry.at == promise.made_at)
    by = next((wording.actor_said(entry.actor, view.names) for entry in chosen), "The hotline")
    return {
        "words": promise.words,
        "locale": promise.locale,
        "said_at": instants.said(promise.made_at),
        "said_by": by,
        "means": instants.stretch(promise.window_opens_at, promise.window_closes_at),
    }


def _number_owed(promise: Promise, instants: Instants) -> PromiseClock:
    """Return the step that staff owe a case without a number. Nobody was told of it."""
    closes_at = promise.window_closes_at
    return PromiseClock(
        urgency="missed" if closes_at <= instants.now else "ahead",
        headline=f"Find a number to call: {instants.due(closes_at)}",
        brief=f"find a number {instants.due(closes_at)}",
        detail=f"By {instants.said(closes_at)}. What was said or written may hold one; log here how it ended.",
        words="",
        locale="",
    )


def _number_overdue(breach: Breach, instants: Instants) -> PromiseClock:
    return PromiseClock(
        urgency="missed",
        headline=f"Find a number to call: {instants.due(breach.at)}",
        brief=instants.due(breach.at),
        detail=f"Nobody has logged one since {instants.said(breach.at)}. What was said or written may hold one.",
        words="",
        locale="",
    )


def _standing(promise: Promise, view: CaseView, instants: Instants) -> PromiseClock:
    window = instants.window(promise.window_opens_at, promise.window_closes_at)
    urgency, headline, brief = _phase(promise, instants)
    return PromiseClock(
        urgency=urgency,
        headline=headline,
        brief=brief,
        detail=f"Window {window}." if promise.words else f"Window {window}; {UNTOLD}.",
        **_given(promise, view, instants),
    )


def _phase(promise: Promise, instants: Instants) -> tuple[str, str, str]:
    opens, closes = instants.until(promise.window_opens_at), instants.until(promise.window_closes_at)
    if promise.window_closes_at <= instants.now:
        return "missed", f"Window closed {closes}, and no talk is logged", f"closed {closes}"
    if promise.window_opens_at <= instants.now:
        return "soon", f"Call now: the window closes {closes}", f"closes {closes}"
    return "ahead", f"Call promised: the window opens {opens}", f"opens {opens}"


def _settled(view: CaseView, instants: Instants) -> PromiseClock:
    kept = [promise for promise in view.promises if promise.state is PromiseState.KEPT]
    if not kept:
        headline, detail = _none_promised(view)
        return PromiseClock(urgency="quiet", headline=headline, detail=detail, words="", locale="")
    last = max(kept, key=lambda promise: promise.settled_at or promise.made_at)
    at = last.settled_at or last.made_at
    by = view.names.get(last.kept_by or "", last.kept_by or "somebody")
    return PromiseClock(
        urgency="quiet",
        headline=f"Called {instants.until(at)}",
        detail=f"{by} spoke with the complainant {instants.said(at)}: {last.kept_reason}",
        **_given(last, view, instants),
    )


def _none_promised(view: CaseView) -> tuple[str, str]:
    if any(call.status is CallStatus.LIVE for call in view.calls):
        return "On the line now", "What the caller says, and what is promised, stands here as soon as it is said."
    return "No call is promised", _why_none(view)


def _why_none(view: CaseView) -> str:
    if view.ticket.complainant_number is None:
        return "There is no number to call. What was said may hold one."
    return "No window was promised to this complainant. Call when you can, and log it here."
