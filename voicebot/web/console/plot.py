"""Bars drawn on the server as SVG, readable without colour, without a script, and by a screen reader through its table.

Kept and missed are told apart by their filling (full, striped, dotted) and by the number at each bar. Ours and not a
library's, because three dozen lines draw what we need, in the console's own fonts, with nothing that its policy for
content forbids (no style attribute, no script).
Knows: numbers and names. Must not know: what they count.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

_ROW, _BAR, _NAME, _WIDTH, _NUMBER = 26, 16, 190, 360, 80
"""Heights and widths of the drawing, in its own units."""

FILLS = ("full", "striped", "dotted")
"""Fillings, in the order of a bar's parts, where static/console.css has their colours."""

_PATTERNS = Markup(
    '<defs><pattern id="{key}-striped" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)">'
    '<rect class="plot-paper" width="6" height="6"/><rect class="plot-ink" width="3" height="6"/></pattern>'
    '<pattern id="{key}-dotted" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<rect class="plot-paper" width="6" height="6"/><circle class="plot-ink" cx="3" cy="3" r="1.5"/></pattern></defs>'
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """One line of a plot, with parts that follow one another, and what stands behind them."""

    name: str
    parts: tuple[float, ...]
    said: str
    """The number in words, beside the bar."""


def bars(bars: Sequence[Bar], *, key: str, title: str, most: float | None = None) -> Markup:
    """Draw horizontal bars, where `most` is the value that fills the width, by default the longest bar's.

    `key` tells the drawing from others of its page, since fillings have ids.
    """
    full = most or max((sum(bar.parts) for bar in bars), default=0) or 1
    height = _ROW * len(bars)
    drawn = (_drawn(bar, row, full, key) for row, bar in enumerate(bars))
    return Markup(
        '<svg class="plot" viewBox="0 0 {width} {height}" role="img" aria-label="{title}">{patterns}{drawn}</svg>'
    ).format(
        width=_NAME + _WIDTH + _NUMBER,
        height=height,
        title=title,
        patterns=_PATTERNS.format(key=key),
        drawn=Markup("").join(drawn),
    )


def _drawn(bar: Bar, row: int, full: float, key: str) -> Markup:
    middle, top = _ROW * row + _ROW // 2, _ROW * row + (_ROW - _BAR) // 2
    name = Markup('<text class="plot-name" x="{}" y="{}">{}</text>').format(_NAME - 8, middle + 4, bar.name)
    begin, parts = 0.0, Markup("")
    for fill, part in zip(FILLS, bar.parts, strict=False):
        width = _WIDTH * part / full
        if width:
            ink = "" if fill == FILLS[0] else Markup(' fill="url(#{}-{})"').format(key, fill)
            parts += Markup('<rect class="plot-{}" x="{}" y="{}" width="{}" height="{}"{}/>').format(
                fill, f"{_NAME + begin:.1f}", top, f"{width:.1f}", _BAR, ink
            )
        begin += width
    said = Markup('<text class="plot-said" x="{}" y="{}">{}</text>').format(
        f"{_NAME + begin + 6:.1f}", middle + 4, bar.said
    )
    return name + parts + said
