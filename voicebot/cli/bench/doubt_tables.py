"""What the marks of doubt catch, as tables: ours, and what other thresholds would have caught.

Knows: heard clips, counts. Must not know: recognisers.
"""

from collections.abc import Collection, Mapping
from types import MappingProxyType

from rich.console import Console
from rich.table import Table

from voicebot.cli.bench.doubt_run import count_marks
from voicebot.cli.bench.heard_clips import HeardClip
from voicebot.domain.doubt import UNSURE_ABOVE, Doubt

THRESHOLDS = (0.2, 0.25, UNSURE_ABOVE, 0.35, 0.4, 0.45, 0.5, 0.6)
KINDS: Mapping[str, Collection[Doubt]] = MappingProxyType(
    {
        "unsure": {Doubt.UNSURE},
        "to be heard": {each for each in Doubt if each.is_to_hear},
        "all marks": set(Doubt),
    }
)


def show_thresholds(console: Console, heard: list[HeardClip]) -> None:
    """Show what else could be had: the fewer words are marked, the fewer wrong ones are caught."""
    table = Table("doubt that marks, after the call", "caught, odd", "marked", "caught, even", "marked")
    for above in THRESHOLDS:
        halves = [[clip for clip in heard if clip.is_to_tune is which] for which in (True, False)]
        found = [count_marks(half, set(Doubt), unsure_above=above) for half in halves]
        shares = [f"{share:.0%}" for half in found for share in (half.share_caught, half.share_marked)]
        table.add_row(f"{above:.2f}{' (ours)' if above == UNSURE_ABOVE else ''}", *shares)
    console.print(table)


def show_marks(console: Console, when: str, heard: list[HeardClip]) -> None:
    """Show how many words are marked, and how many wrong ones they catch."""
    halves = {"odd lines (to tune)": (True,), "even lines": (False,), "all": (True, False)}
    for marks, kinds in KINDS.items():
        table = Table(f"{marks}, {when}", "words", "wrong", "caught", "marked", "precision")
        for half, which in halves.items():
            found = count_marks((clip for clip in heard if clip.is_to_tune in which), kinds)
            shares = (f"{share:.0%}" for share in (found.share_caught, found.share_marked, found.precision))
            table.add_row(half, str(found.words), str(found.wrong), *shares)
        console.print(table)
