"""How cases ended, as a part of the page of figures.

Knows: figures, wording. Must not know: how they are counted, other parts of the page.
"""

from collections.abc import Sequence

from voicebot.domain.ticket import NotComplaint
from voicebot.service.ports import EndingLine
from voicebot.service.ports.ending_figures import CLOSINGS
from voicebot.service.queries.figures import NamedLine, said_share
from voicebot.service.wording.names import CLOSINGS as SAID
from voicebot.service.wording.names import KINDS
from voicebot.web.console.plot import Bar

TITLE = "How complaints ended"
LEGEND = (("full", "they said that it is settled"), ("striped", "closed otherwise"), ("dotted", "no complaint"))
HEADINGS = (
    "Group",
    "Closed",
    "Settled by their own word",
    *(SAID[reason] for reason in CLOSINGS),
    *(f"No complaint: {KINDS[kind].lower()}" for kind in NotComplaint),
)


def ending_bars(lines: Sequence[NamedLine]) -> list[Bar]:
    """Return a bar for each group, for those settled, closed otherwise, and no complaint."""
    return [
        Bar(
            name=each.name,
            parts=(each.endings.agreed, each.endings.closed - each.endings.agreed, each.endings.no_complaint),
            said=said_share(each.endings.solved_share),
        )
        for each in lines
    ]


def ending_rows(lines: Sequence[NamedLine]) -> tuple[tuple[str, ...], ...]:
    """Return the table that says the same, with no row while nothing has ended."""
    if all(each.endings == EndingLine() for each in lines):
        return ()
    return tuple(
        (
            each.name,
            str(each.endings.closed),
            said_share(each.endings.solved_share),
            *(str(getattr(each.endings, end.value)) for end in (*CLOSINGS, *NotComplaint)),
        )
        for each in lines
    )
