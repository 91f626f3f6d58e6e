"""Bars as SVG: lengths in proportion, parts told apart by filling, names of people harmless."""

import re
from xml.etree import ElementTree

from voicebot.web.console.plot import Bar, bars

SVG = "{http://www.w3.org/2000/svg}"


def rects(drawn: str) -> list[tuple[str, float, float, str]]:
    """Return (class, x, width, fill) of each part of a bar."""
    found = re.findall(
        r'<rect class="plot-(full|striped|dotted)" x="([\d.]+)" y="\d+" width="([\d.]+)" height="16"( fill="[^"]+")?',
        drawn,
    )
    return [(kind, float(x), float(width), fill.strip()) for kind, x, width, fill in found]


def test_parts_follow_one_another_in_proportion_with_a_filling_each() -> None:
    drawn = bars(
        [Bar(name="one", parts=(30, 10, 20), said="75 %"), Bar(name="two", parts=(15, 0), said="–")], key="k", title="T"
    )
    first, second, third, other = rects(drawn)
    assert [part[0] for part in (first, second, third)] == ["full", "striped", "dotted"]
    assert (first[2], second[2], third[2], other[2]) == (180, 60, 120, 90)
    assert second[1] == first[1] + first[2]
    assert (first[3], second[3], third[3]) == ("", 'fill="url(#k-striped)"', 'fill="url(#k-dotted)"')
    assert "75 %" in drawn


def test_longest_bar_fills_the_width_unless_a_most_is_given() -> None:
    assert rects(bars([Bar(name="", parts=(7,), said="")], key="k", title="T"))[0][2] == 360
    assert rects(bars([Bar(name="", parts=(7,), said="")], key="k", title="T", most=14))[0][2] == 180


def test_a_plot_without_values_has_no_bar_and_does_not_fail() -> None:
    assert rects(bars([], key="k", title="T")) == []
    assert rects(bars([Bar(name="none", parts=(0, 0), said="–")], key="k", title="T")) == []


def test_drawing_is_one_xml_document_whatever_a_name_holds_and_has_no_style_of_its_own() -> None:
    drawn = bars([Bar(name='<script>"Ann" & Ben</script>', parts=(1,), said="<b>")], key="k", title='"quoted" <title>')
    root = ElementTree.fromstring(drawn)
    assert root.get("aria-label") == '"quoted" <title>'
    assert [element.text for element in root.iter("text")] == ['<script>"Ann" & Ben</script>', "<b>"]
    assert not [element for element in root.iter() if element.get("style") or element.tag.endswith("script")]
