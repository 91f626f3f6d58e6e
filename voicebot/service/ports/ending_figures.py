"""How cases ended, each end counted for itself. Who gave up or was never reached is not counted as helped.

Knows: what each figure counts. Must not know: SQL, how a figure is drawn.
Source: complaints.md S4-16 (given up is not solved), S1-14 and S1-15 (no answer is an outcome of its own), D-01.
"""

from dataclasses import dataclass, fields

from voicebot.domain.ticket import SOLVED, CloseReason, NotComplaint


@dataclass(frozen=True, kw_only=True, slots=True)
class EndingLine:
    """Of the cases opened in a period, as they stand now. Joined ones count once."""

    agreed: int = 0
    """Closed because the complainant said that it is settled, which is the only end that counts as solved."""
    waited: int = 0
    """Closed because nothing was said against the answer in time."""
    not_reached: int = 0
    """Closed after all tries in vain."""
    no_decision: int = 0
    """Closed with nothing to offer."""
    withdrawn: int = 0
    """Closed because the complainant no longer pursued it."""
    silence: int = 0
    """No complaint, because nothing was said."""
    pocket_dial: int = 0
    wrong_number: int = 0
    prank: int = 0
    praise: int = 0

    @property
    def closed(self) -> int:
        """Return how many complaints are closed, for whatever reason."""
        return sum(getattr(self, reason.value) for reason in CLOSINGS)

    @property
    def no_complaint(self) -> int:
        """Return how many cases held no complaint."""
        return sum(getattr(self, kind.value) for kind in NotComplaint)

    @property
    def solved_share(self) -> float | None:
        """Return the share of closed complaints of which the complainant said that they are settled."""
        return sum(getattr(self, reason.value) for reason in SOLVED) / self.closed if self.closed else None


CLOSINGS = tuple(reason for reason in CloseReason if reason.value in {each.name for each in fields(EndingLine)})
"""Reasons that end a complaint. An alarm of the hotline's own is none."""
