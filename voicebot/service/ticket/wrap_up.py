"""The wrap-up of a call. What comes next is said together with what came of the call.

The console and the terminal ask for the same. Each reads it in its own way.
Knows: what may come next. Must not know: forms, options of a command.
Source: script.md 7, console.md 6 ("what comes next, required").
"""

from enum import StrEnum

from voicebot.errors import Refused


class NextStep(StrEnum):
    """What comes after a call. One of them is to be said."""

    STANDS = "stands"
    """What is due stands as it is. That is the promised call, or the day of the decision."""
    WINDOW = "window"
    """We call again, in a window that is promised now."""
    WAITS = "waits"
    """The complainant is to send or say something until a day."""
    ANSWERED = "answered"
    CLOSED = "closed"
    NOT_A_COMPLAINT = "not_a_complaint"


def next_step(said: str) -> NextStep:
    """Return what comes next. Raises: Refused when it is none of the steps there are."""
    if said not in set(NextStep):
        raise Refused("logging a call needs what comes next: choose one of the list", code="next-missing")
    return NextStep(said)
