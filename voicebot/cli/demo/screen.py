"""The demo's terminal, with finished lines above, what is still moving in one line below.

Without a terminal only the finished lines are printed. Everything printed can also be drawn as a picture (SVG).
Knows: rich. Must not know: calls, cases.
"""

import io
import re
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text
from rich.theme import Theme

from voicebot.cli.terminal import harmless

_STYLES = {
    "hotline": "cyan",
    "caller": "bold green",
    "keys": "bold green",
    "heard": "green",
    "case": "bold yellow",
    "promise": "bold yellow",
    "text": "magenta",
    "receipt": "magenta",
    "warning": "yellow",
    "breach": "bold red",
    "ladder": "red",
    "owner": "green",
    "console": "bold cyan",
    "demo": "dim",
}
_WIDTH_OF_PICTURE = 118
_FETCHED_FONTS = re.compile(r"@font-face \{.*?\}", re.DOTALL)
"""What a reader's browser would have to fetch from elsewhere, since any font of even width will do."""
_GAPS_IN_CLIPS = re.compile(r"(?<=>)\s+(?=<rect[^>]*/>\s*</clipPath>|</clipPath>)")
_EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n)+")


class Screen(AbstractContextManager["Screen"]):
    """Prints the story. Use it in a `with`, so that the moving line is taken away at the end."""

    def __init__(self, console: Console | None = None, *, picture: Path | None = None) -> None:
        self._console = console or Console(highlight=False)
        self._console.push_theme(Theme(_STYLES))
        self._picture = picture
        self._copy = Console(
            file=io.StringIO(),
            record=True,
            width=_WIDTH_OF_PICTURE,
            force_terminal=True,
            highlight=False,
            theme=Theme(_STYLES),
        )
        self._live = Live(console=self._console, transient=True, refresh_per_second=8, auto_refresh=True)
        self._spinner = Spinner("dots")
        self._zero = time.monotonic()

    @property
    def is_watched(self) -> bool:
        """Whether a person may be looking."""
        return self._console.is_terminal

    def __enter__(self) -> Self:
        if self.is_watched:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.settle()
        self._live.stop()
        if self._picture is not None:
            self._picture.write_text(_plain(self._copy.export_svg(title="make demo")))

    def start_clock(self) -> None:
        """Count the time beside the lines from now."""
        self._zero = time.monotonic()

    def heading(self, text: str) -> None:
        """Print the title of an act."""
        self._print(Text(harmless(f"\n{text}"), style="bold"))

    def line(self, who: str, text: str) -> None:
        """Print one finished line."""
        seconds = int(time.monotonic() - self._zero)
        row = Table.grid(padding=(0, 2))
        row.add_column(width=5, style="dim")
        row.add_column(width=8, style=who)
        row.add_column(ratio=1, overflow="fold")
        row.add_row(f"{seconds // 60:02d}:{seconds % 60:02d}", who, Text(harmless(text), style=who))
        self._print(row)

    def moving(self, text: str) -> None:
        """Show what is still moving, its end if it is long, which is replaced by the next, never kept."""
        if not self.is_watched:
            return
        room = self._console.width - len("⠋ … ")
        shown = text if len(text) <= room else f"… {text[-room:]}"
        self._spinner.update(text=Text(harmless(shown), style="dim", no_wrap=True))
        self._live.update(self._spinner if text else Text(""))

    def settle(self) -> None:
        """Take the moving line away."""
        self.moving("")

    def table(self, title: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
        """Print a table."""
        table = Table(title=title, title_justify="left", title_style="bold", header_style="dim", expand=False)
        for name in head:
            table.add_column(name, overflow="fold")
        for row in rows:
            table.add_row(*(Text(harmless(cell)) for cell in row))
        self._print(table)

    def panel(self, text: str, title: str, *, is_bad: bool = False) -> None:
        """Print a box of text."""
        self._print(
            Panel(Text(harmless(text)), title=title, title_align="left", border_style="red" if is_bad else "dim")
        )

    def _print(self, what: RenderableType) -> None:
        self._console.print(what)
        self._copy.print(what)


def _plain(picture: str) -> str:
    """Return a picture that fetches nothing, and takes one line of its file for each line of the terminal's."""
    return _EMPTY_LINES.sub("\n", _GAPS_IN_CLIPS.sub("", _FETCHED_FONTS.sub("", picture)))
