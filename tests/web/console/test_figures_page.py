"""Figures in words."""

from dataclasses import replace
from datetime import timedelta

from tests.builders import MONDAY_TEN
from voicebot.domain.instants import Instants
from voicebot.service.ports import FigureLine, GroupBy, LoadLine, Period
from voicebot.service.queries.figures import FiguresView, NamedLine
from voicebot.web.console.figures_page import FiguresPage, figures_page

LINE = FigureLine(
    kept=8, missed=2, kept_late=1, attested=6, moved=1, moved_by_us=1, offered_s=4.5 * 3600, cases=4, golden=3,
    contacted=2, contact_s=3600, decided=1, decision_s=86400, given_up=1, calls=5, abandoned=1,
    contacts=2.5, on_line_s=400, waited=1, waited_s=42,
)  # fmt: skip
VIEW = FiguresView(
    zone="UTC",
    period=Period(edges=(MONDAY_TEN, MONDAY_TEN + timedelta(days=7))),
    by=GroupBy.CATEGORY,
    total=LINE,
    lines=(NamedLine(name="after_miss", figures=LINE), NamedLine(name="standard", figures=FigureLine())),
    steps={"none": 1, "heads": 2},
    loads=(LoadLine(owner_id="anna", owner="Anna", open_cases=7, promised=5, missed=1, hand_offs=2),),
)


def page(view: FiguresView = VIEW) -> FiguresPage:
    return figures_page(view, Instants(zone="UTC", now=MONDAY_TEN))


def test_kept_rate_is_never_shown_alone() -> None:
    tile = page().tiles[0]
    assert (tile.said, tile.beside) == (
        "80 %",
        "8 of 10 promised calls; moved by us 9 %, by word of staff alone 67 %, median window ends after 4 h 30 min",
    )
    assert [tile.said for tile in page().tiles[1:]] == ["75 %", "1 h", "1 day"]


def test_table_says_what_its_plot_shows() -> None:
    promises, cases, effort, steps, load = page().parts
    assert promises.rows[0] == ("after miss", "8", "2", "80 %", "1", "67 %", "1", "9 %", "4 h 30 min")
    assert promises.rows[1] == ("standard", "0", "0", "–", "0", "–", "0", "–", "–")
    assert cases.rows[0] == ("after miss", "4", "75 %", "1 h", "1 day", "1", "5", "20 %")
    assert effort.rows[0] == ("after miss", "4", "2.5", "6 min", "1", "42 s")
    assert effort.rows[1] == ("standard", "0", "–", "–", "0", "–")
    for part in (promises, cases, effort):
        assert part.rows[-1] == ("in all", *part.rows[0][1:])
    assert steps.rows == (("no step yet", "1"), ("heads", "2"))
    assert load.rows == (("Anna", "7", "5", "1", "2"),)
    for part in (promises, cases, effort, steps, load):
        assert all(len(row) == len(part.headings) for row in part.rows)
        assert all(part.headings), "each column says what stands in it"
        assert all(row[0] in part.plot for row in part.rows if row[0] != "in all")
    assert [means for _fill, means in promises.legend] == ["kept in time", "missed", "moved"]


def test_part_without_anything_is_left_out_and_an_empty_hotline_says_so() -> None:
    assert [part.key for part in page(replace(VIEW, steps={}, loads=())).parts] == ["promises", "cases", "effort"]
    empty = replace(VIEW, total=FigureLine(), lines=(), steps={}, loads=())
    assert page(empty).is_empty
    assert not page().is_empty
    assert page(empty).tiles[0].said == "–"
