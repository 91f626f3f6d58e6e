"""What a case has cost its complainant: calls and texts, minutes on the line, waiting, telling it anew, new people.

Knows: calls both ways, what was said. Must not know: tables, pages.
Source: complaints.md S4-03.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from voicebot.domain.call import Call
from voicebot.domain.promise import CallOutcome
from voicebot.domain.staff_call import StaffCall, StaffCallKind, waiting_of
from voicebot.domain.ticket import Answer
from voicebot.service.answer.keep import MESSAGE_SLOT, STORY_SLOT, TEXT_SLOT
from voicebot.service.queries.figures import said_time


@dataclass(frozen=True, kw_only=True, slots=True)
class Effort:
    """The effort of one complainant."""

    calls: int = 0
    """Theirs, and ours in which they were spoken with."""
    texts: int = 0
    """That they wrote."""
    on_line_s: int = 0
    """Seconds of these calls, once they are over, waiting among them."""
    waited_s: int = 0
    """Seconds on the line with nobody to talk to."""
    told: int = 0
    """Calls in which they told what happened; texts count as one telling."""
    hand_offs: int = 0

    @property
    def contacts(self) -> int:
        """Return how often they were in touch with us."""
        return self.calls + self.texts

    @property
    def talk_s(self) -> int:
        """Return the seconds in which somebody, or the hotline, talked with them."""
        return max(0, self.on_line_s - self.waited_s)

    @property
    def said(self) -> str:
        """Say it in one line."""
        parts = (
            _counted(self.calls, "call"),
            _counted(self.texts, "text"),
            f"{said_time(self.talk_s)} of talk",
            f"waited {said_time(self.waited_s)}",
            f"told {_counted(self.told, 'time')}",
            f"changed hands {_counted(self.hand_offs, 'time')}",
        )
        return ", ".join(parts)


def effort_of(
    *, calls: Iterable[Call], staff_calls: Iterable[StaffCall], answers: Iterable[Answer], hand_offs: int
) -> Effort:
    """Return the effort that these calls and answers took. A talk after ringing in is a part of their own call."""
    own = tuple(calls)
    lasted = (call.ended_at - call.started_at for call in own if call.ended_at is not None)
    known = tuple(staff_calls)
    ours = [call for call in known if call.kind is not StaffCallKind.RANG_IN and call.result == CallOutcome.REACHED]
    said = tuple(answers)
    texts = sum(answer.slot == TEXT_SLOT for answer in said)
    tellings = {answer.call_id for answer in said if answer.slot in (STORY_SLOT, MESSAGE_SLOT)}
    return Effort(
        calls=len(own) + len(ours),
        texts=texts,
        on_line_s=sum(round(each.total_seconds()) for each in lasted) + sum(call.talk_s for call in ours),
        waited_s=sum(waiting_of(call) for call in known),
        told=len(tellings) + bool(texts),
        hand_offs=hand_offs,
    )


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
