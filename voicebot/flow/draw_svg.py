"""A flow's cards as one SVG picture, without any program beside us.

A graph of eighty nodes and three hundred links drawn with lines alone is a ball of wool. So sections stand in columns
and are read downwards, as a script is. Only a link within a section is a line, one for each node that it leads to. A
link to another section is the name of its node, in that section's colour, and a click on it goes there.

Knows: cards. Must not know: nodes, links.
"""

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from xml.sax.saxutils import escape, quoteattr

from voicebot.flow.outline import NOWHERE, Card, Exit, Group

CARD = 470
"""Width of a card, in pixels as all lengths here."""
_HEAD, _ROW, _LINE, _GAP, _PAD = 22, 17, 15, 14, 12
_TITLE, _TOP = 30, 36
"""Heights of the title of a section, and of the picture's own."""
_SPACE = 74
"""Letters for an outcome and its target together. A longer outcome is cut."""
_LANE = 9
"""Between two lines beside the cards."""
_LETTERS = 76
"""Letters of 11.5 px that fit into a line of a card."""
_LETTER = 6.9
"""Width of such a letter, taken wide."""
_TINTS = ("#e3edf7", "#e6f2e3", "#fbeede", "#f3e6f3", "#e0f1f0", "#f8e3e3", "#efeadb", "#e8e6f6")
_LINES = ("#1f5f99", "#2f7d32", "#a35200", "#7b2d8b", "#00706b", "#b3261e", "#6b5900", "#4a3fa0")
_KINDS = {"listen": "#ffffff", "say": "#ffffff", "end": "#ececec"}
_OTHER_KIND = "#fff7d6"
"""Of nodes that ask something of the policy, the number gate or the cases."""
_STYLE = (
    "text{font:11.5px sans-serif;fill:#222}.t{font-size:14px;font-weight:bold}.n{font-weight:bold}.k{fill:#555}"
    ".w{font-style:italic}a{cursor:pointer}a:hover text{text-decoration:underline}"
    ":target>rect:first-of-type{stroke:#d00;stroke-width:3}"
)


@dataclass(frozen=True)
class _Panel:
    """A group with the heights of its cards, counted from its own top."""

    group: Group

    @cached_property
    def tops(self) -> Mapping[str, int]:
        """Return where each card begins."""
        found, top = {}, _TITLE
        for card in self.group.cards:
            found[card.name] = top
            top += _height(card) + _GAP
        return found

    @cached_property
    def height(self) -> int:
        """Return the height of all."""
        return _TITLE + sum(_height(card) + _GAP for card in self.group.cards)

    def row(self, card: Card, at: int) -> int:
        """Return the middle of the row of a card's exit."""
        return self.tops[card.name] + _HEAD + _LINE * len(_lines_of(card)) + _ROW * at + _ROW // 2 + 2

    @cached_property
    def spans(self) -> Mapping[str, tuple[int, int]]:
        """Return, by each card that another one of the panel leads to, from where to where its line goes."""
        ends: dict[str, list[int]] = {}
        for card in self.group.cards:
            for at, way in enumerate(card.exits):
                if way.target in self.tops:
                    ends.setdefault(way.target, [self.tops[way.target] + _HEAD // 2]).append(self.row(card, at))
        return {name: (min(places), max(places)) for name, places in ends.items()}

    @cached_property
    def lanes(self) -> Mapping[str, int]:
        """Return the lane of each line, the short ones near the cards, so that no two lie on each other."""
        taken: list[list[tuple[int, int]]] = []
        found = {}
        for name, (top, bottom) in sorted(self.spans.items(), key=lambda item: item[1][1] - item[1][0]):
            free = (at for at, lane in enumerate(taken) if all(top > low or bottom < high for high, low in lane))
            lane = next(free, len(taken))
            taken += [[]] * (lane == len(taken))
            taken[lane] = [*taken[lane], (top, bottom)]
            found[name] = lane
        return found


def as_svg(groups: tuple[Group, ...], *, title: str) -> str:
    """Return the picture as the text of an SVG file."""
    panels = tuple(_Panel(group) for group in groups)
    width = CARD + 2 * _PAD + _LANE * (2 + max((len(panel.lanes) for panel in panels), default=0))
    places = _places(panels, width + 2 * _PAD)
    tints = {card.name: _TINTS[at % len(_TINTS)] for at, group in enumerate(groups) for card in group.cards}
    right = max(x for x, _ in places) + width + _PAD
    bottom = max(y + panel.height for panel, (_, y) in zip(panels, places, strict=True)) + _PAD
    body = [
        f'<g transform="translate({x},{y})">{"".join(_drawn(panel, width, tints))}</g>'
        for panel, (x, y) in zip(panels, places, strict=True)
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{right}" height="{bottom}" viewBox="0 0 {right} {bottom}">'
    said = f"{title}: read each section downwards; a line or a coloured name says where the call goes on"
    shown = f'<title>{escape(title)}</title><style>{_STYLE}</style><rect width="100%" height="100%" fill="#fff"/>'
    return "\n".join([head, shown, _text(_PAD, 22, said, kind="t"), *body, "</svg>", ""])


def _places(panels: tuple[_Panel, ...], width: int) -> tuple[tuple[int, int], ...]:
    """Return where each panel stands, in columns of about the same height, so that the whole is about a square."""
    total = sum(panel.height + 2 * _GAP for panel in panels)
    columns = max(1, round(sqrt(total / width)))
    found, column, top = [], 0, _TOP
    for panel in panels:
        if top - _TOP + panel.height / 2 > total / columns and top > _TOP:
            column, top = column + 1, _TOP
        found.append((_PAD + column * width, top))
        top += panel.height + 2 * _GAP
    return tuple(found)


def _drawn(panel: _Panel, width: int, tints: Mapping[str, str]) -> Iterator[str]:
    first = panel.group.cards[0].name if panel.group.cards else ""
    yield _box(0, 0, width, panel.height, fill=tints.get(first, "#fff"))
    yield _text(_PAD, 20, panel.group.title, kind="t")
    for name in panel.lanes:
        yield from _line(panel, name)
    for card in panel.group.cards:
        yield from _card(panel, card, tints)


def _card(panel: _Panel, card: Card, tints: Mapping[str, str]) -> Iterator[str]:
    top = panel.tops[card.name]
    lines = _lines_of(card)
    yield f"<g id={quoteattr(card.name)}>"
    yield _box(_PAD, top, CARD, _height(card), fill=_KINDS.get(card.kind, _OTHER_KIND) if card.kind else "#fff")
    yield _text(_PAD + 8, top + 15, card.name, kind="n")
    yield _text(_PAD + CARD - 8, top + 15, card.kind.replace("_", " "), kind="k", anchor="end")
    for at, line in enumerate(lines):
        yield _text(_PAD + 8, top + _HEAD + 11 + _LINE * at, line, kind="w")
    for at, way in enumerate(card.exits):
        yield from _exit(panel, way, middle=panel.row(card, at), tints=tints)
    yield "</g>"


def _exit(panel: _Panel, way: Exit, *, middle: int, tints: Mapping[str, str]) -> Iterator[str]:
    outcome = textwrap.shorten(way.outcome or "then", max(12, _SPACE - len(way.target)), placeholder=" \u2026")
    yield _text(_PAD + 16, middle + 4, outcome, kind="k")
    end = _PAD + CARD - 8
    if way.target in NOWHERE:
        yield _text(end, middle + 4, f"\u21ba {NOWHERE[way.target]}", kind="k", anchor="end")
        return
    name = _text(end, middle + 4, way.target, anchor="end", colour=_colour(panel, way.target))
    wide = round(_LETTER * len(way.target)) + 8
    tint = (
        "" if way.target in panel.tops else _box(end - wide + 4, middle - 8, wide, 16, fill=tints.get(way.target, ""))
    )
    yield f"<a href={quoteattr('#' + way.target)}>{tint}{name}</a>"


def _line(panel: _Panel, name: str) -> Iterator[str]:
    """Draw the line beside the cards that gathers all exits to one card, with its arrow there."""
    edge, lane = _PAD + CARD, _PAD + CARD + _LANE * (panel.lanes[name] + 1)
    (top, bottom), target = panel.spans[name], panel.tops[name] + _HEAD // 2
    rows = [
        panel.row(card, at) for card in panel.group.cards for at, way in enumerate(card.exits) if way.target == name
    ]
    path = "".join(f"M{edge} {row}H{lane}" for row in rows) + f"M{lane} {top}V{bottom}M{lane} {target}H{edge + 2}"
    colour = _colour(panel, name)
    yield f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="1.4"/>'
    yield f'<path d="M{edge} {target}l7 -4v8z" fill="{colour}"/>'


def _colour(panel: _Panel, name: str) -> str:
    """Return the colour of a card's line, which its neighbours do not have."""
    names = list(panel.tops)
    return _LINES[names.index(name) % len(_LINES)] if name in panel.tops else "#222"


def _lines_of(card: Card) -> tuple[str, ...]:
    return tuple(line for words in card.words for line in textwrap.wrap(f"\u201c{words}\u201d", _LETTERS))


def _height(card: Card) -> int:
    return _HEAD + _LINE * len(_lines_of(card)) + _ROW * len(card.exits) + 6


def _box(x: int, y: int, width: int, height: int, *, fill: str) -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="4" fill="{fill}" stroke="#9a9a9a"/>'


def _text(x: int, y: int, text: str, *, kind: str = "", anchor: str = "start", colour: str = "") -> str:
    style = f' style="fill:{colour}"' if colour else ""
    return f'<text x="{x}" y="{y}" class="{kind}" text-anchor="{anchor}"{style}>{escape(text)}</text>'
