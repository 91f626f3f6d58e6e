"""The part of the page of figures that says how complaints ended."""

from voicebot.service.ports import EndingLine, FigureLine
from voicebot.service.queries.figures import NamedLine
from voicebot.web.console.ending_figures import HEADINGS, ending_bars, ending_rows

LINE = NamedLine(
    name="Anna", figures=FigureLine(), endings=EndingLine(agreed=1, not_reached=3, wrong_number=2, praise=1)
)


def test_a_row_names_each_end_under_its_heading() -> None:
    (row,) = ending_rows([LINE])
    said = dict(zip(HEADINGS, row, strict=True))
    assert (said["Closed"], said["Settled by their own word"]) == ("4", "25 %")
    assert said["They were not reached, after all tries"] == "3"
    assert (said["No complaint: wrong number"], said["No complaint: praise"]) == ("2", "1")


def test_a_bar_shows_what_was_settled_apart_from_the_rest() -> None:
    (bar,) = ending_bars([LINE])
    assert (bar.parts, bar.said) == ((1, 3, 3), "25 %")


def test_nothing_is_shown_while_nothing_has_ended() -> None:
    assert ending_rows([NamedLine(name="Anna", figures=FigureLine())]) == ()
