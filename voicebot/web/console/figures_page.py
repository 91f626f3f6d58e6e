"""The figures as a page. They are plots, and a table beside each that says the same.

Knows: figures, how they are drawn. Must not know: how they are counted, routes.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from markupsafe import Markup

from voicebot.domain.instants import Instants
from voicebot.service.ports import FigureLine, GroupBy
from voicebot.service.queries.figures import FiguresView, NamedLine, said_count, said_share, said_time
from voicebot.service.wording.names import worded
from voicebot.web.console import ending_figures as endings
from voicebot.web.console.plot import Bar, bars

CHOICES = {
    GroupBy.WEEK: "By week",
    GroupBy.CATEGORY: "By category of contact",
    GroupBy.CHANNEL: "By channel",
    GroupBy.OWNER: "By owner",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column of a table."""

    title: str
    say: Callable[[FigureLine], str]


PROMISES = (
    Column(title="Kept in time", say=lambda line: str(line.kept)),
    Column(title="Missed", say=lambda line: str(line.missed)),
    Column(title="Kept rate", say=lambda line: said_share(line.kept_rate)),
    Column(title="Missed, called since", say=lambda line: str(line.kept_late)),
    Column(title="Kept by word of staff alone", say=lambda line: said_share(line.attested_share)),
    Column(title="Moved", say=lambda line: str(line.moved)),
    Column(title="Moved by us", say=lambda line: said_share(line.moved_by_us_share)),
    Column(title="Median window offered ends after", say=lambda line: said_time(line.offered_s)),
)
CASES = (
    Column(title="Cases", say=lambda line: str(line.cases)),
    Column(title="Answered within an hour", say=lambda line: said_share(line.golden_share)),
    Column(title="Median to contact", say=lambda line: said_time(line.contact_s)),
    Column(title="Median to decision", say=lambda line: said_time(line.decision_s)),
    Column(title="Given up or not reached", say=lambda line: str(line.given_up)),
    Column(title="Calls that came in", say=lambda line: str(line.calls)),
    Column(title="Calls abandoned", say=lambda line: said_share(line.abandoned_share)),
)
EFFORT = (
    Column(title="Cases", say=lambda line: str(line.cases)),
    Column(title="Median of calls and texts", say=lambda line: said_count(line.contacts)),
    Column(title="Median time on the line", say=lambda line: said_time(line.on_line_s)),
    Column(title="Waited on the line", say=lambda line: str(line.waited)),
    Column(title="Median wait of these", say=lambda line: said_time(line.waited_s)),
)


IN_ALL = "in all"


@dataclass(frozen=True, kw_only=True, slots=True)
class LinePart:
    """A part of the page with a line for each group."""

    key: str
    title: str
    alternative: str
    """What a screen reader says of the plot."""
    legend: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]
    bar: Callable[[NamedLine], Bar]


def _promise_bar(each: NamedLine) -> Bar:
    line = each.figures
    return Bar(name=each.name, parts=(line.kept, line.missed, line.moved), said=said_share(line.kept_rate))


def _case_bar(each: NamedLine) -> Bar:
    line = each.figures
    return Bar(name=each.name, parts=(line.golden, line.cases - line.golden), said=said_share(line.golden_share))


def _wait_bar(each: NamedLine) -> Bar:
    line = each.figures
    return Bar(name=each.name, parts=(line.waited, line.cases - line.waited), said=f"{line.waited} of {line.cases}")


LINE_PARTS = (
    LinePart(
        key="promises",
        title="Promised calls",
        alternative="Promised calls, kept and missed",
        legend=(("full", "kept in time"), ("striped", "missed"), ("dotted", "moved")),
        columns=PROMISES,
        bar=_promise_bar,
    ),
    LinePart(
        key="cases",
        title="Cases and calls",
        alternative="Cases, answered within an hour or later",
        legend=(("full", "answered within an hour"), ("striped", "later, or not yet")),
        columns=CASES,
        bar=_case_bar,
    ),
    LinePart(
        key="effort",
        title="What a case costs its complainant",
        alternative="Cases whose complainant waited on the line, and the others",
        legend=(("full", "waited on the line for somebody"), ("striped", "did not")),
        columns=EFFORT,
        bar=_wait_bar,
    ),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Tile:
    """A headline figure, with what keeps it honest."""

    title: str
    said: str
    beside: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PlotAndTable:
    """One part of the page."""

    key: str
    title: str
    legend: tuple[tuple[str, str], ...]
    """Filling and what it means."""
    plot: Markup
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FiguresPage:
    """The page."""

    tiles: tuple[Tile, ...]
    parts: tuple[PlotAndTable, ...]
    is_empty: bool
    by: str
    weeks: int
    zone: str
    since: str
    choices: tuple[tuple[str, str, bool], ...]
    """Name, label, whether it is chosen."""


def figures_page(view: FiguresView, instants: Instants) -> FiguresPage:
    """Return the page of the figures."""
    return FiguresPage(
        tiles=_tiles(view.total),
        parts=tuple(part for part in _parts(view) if part.rows),
        is_empty=view.is_empty,
        by=view.by,
        weeks=len(view.period.edges) - 1,
        zone=view.zone,
        since=instants.said(view.period.begins_at),
        choices=tuple((by.value, label, by is view.by) for by, label in CHOICES.items()),
    )


def _tiles(total: FigureLine) -> tuple[Tile, ...]:
    kept = f"{total.kept} of {total.kept + total.missed} promised calls"
    honest = (
        f"{kept}; moved by us {said_share(total.moved_by_us_share)}, by word of staff alone "
        f"{said_share(total.attested_share)}, median window ends after {said_time(total.offered_s)}"
    )
    return (
        Tile(title="Promises kept", said=said_share(total.kept_rate), beside=honest),
        Tile(
            title="Answered within an hour",
            said=said_share(total.golden_share),
            beside=f"{total.golden} of {total.cases} cases",
        ),
        Tile(
            title="Median time to contact",
            said=said_time(total.contact_s),
            beside=f"{total.contacted} of {total.cases} cases were spoken with",
        ),
        Tile(
            title="Median time to decision",
            said=said_time(total.decision_s),
            beside=f"{total.decided} of {total.cases} cases were decided",
        ),
    )


def _parts(view: FiguresView) -> tuple[PlotAndTable, ...]:
    lines = tuple(replace(each, name=_named(each.name, view.by)) for each in view.lines)
    named = (*lines, NamedLine(name=IN_ALL, figures=view.total, endings=view.total_endings)) if lines else ()
    return (
        *(_part_of_lines(part, lines, named) for part in LINE_PARTS),
        PlotAndTable(
            key="endings",
            title=endings.TITLE,
            legend=endings.LEGEND,
            plot=bars(endings.ending_bars(lines), key="endings", title=endings.TITLE),
            headings=endings.HEADINGS,
            rows=endings.ending_rows(named),
        ),
        _step_part(view),
        _load_part(view),
    )


def _part_of_lines(part: LinePart, lines: tuple[NamedLine, ...], named: tuple[NamedLine, ...]) -> PlotAndTable:
    return PlotAndTable(
        key=part.key,
        title=part.title,
        legend=part.legend,
        plot=bars([part.bar(each) for each in lines], key=part.key, title=part.alternative),
        headings=("Group", *(column.title for column in part.columns)),
        rows=tuple((each.name, *(column.say(each.figures) for column in part.columns)) for each in named),
    )


def _step_part(view: FiguresView) -> PlotAndTable:
    steps = [(worded(step) if step != "none" else "no step yet", count) for step, count in view.steps.items()]
    return PlotAndTable(
        key="steps",
        title="Misses by the step that the ladder reached",
        legend=(),
        plot=bars(
            [Bar(name=name, parts=(count,), said=str(count)) for name, count in steps],
            key="steps",
            title="Misses by the step reached",
        ),
        headings=("Step", "Misses"),
        rows=tuple((name, str(count)) for name, count in steps),
    )


def _load_part(view: FiguresView) -> PlotAndTable:
    return PlotAndTable(
        key="load",
        title="What lies with whom now",
        legend=(("full", "open cases"),),
        plot=bars(
            [Bar(name=load.owner, parts=(load.open_cases,), said=str(load.open_cases)) for load in view.loads],
            key="load",
            title="Open cases of each owner",
        ),
        headings=("Owner", "Open cases", "A call is promised", "Missed, not reached", "Hand-offs"),
        rows=tuple(
            (load.owner, str(load.open_cases), str(load.promised), str(load.missed), str(load.hand_offs))
            for load in view.loads
        ),
    )


def _named(name: str, by: GroupBy) -> str:
    return name if by in (GroupBy.WEEK, GroupBy.OWNER) else worded(name)
