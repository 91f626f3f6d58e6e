"""The picture has every card, and who follows a line or a name comes to where the call goes."""

from itertools import pairwise
from xml.etree import ElementTree

from tests.flow.sample_turns import sample_flow
from tests.flow.small_flow import project_texts
from voicebot.flow.draw_svg import as_svg
from voicebot.flow.outline import NOWHERE, Card, Exit, Group, outline_of
from voicebot.flow.reader import parse_flow

SVG = "{http://www.w3.org/2000/svg}"
LONG = "Is it so? " * 20
GROUPS = (
    Group("ask", (
        Card("ask_it", "listen", (LONG,), (Exit("yes", "other"), Exit("no", "end_it"), Exit("", "return"))),
        Card("think", "promise", (), (Exit("made", "end_it"), Exit("none of all the windows " * 5, "ask_it"))),
        Card("end_it", "end", (), ()),
    )),
    Group("other & more", (Card("other", "say", (), (Exit("", "end_it"),)),)),
)  # fmt: skip


def _picture(groups: tuple[Group, ...]) -> ElementTree.Element:
    return ElementTree.fromstring(as_svg(groups, title="a & b"))


def _texts(picture: ElementTree.Element) -> list[str]:
    return ["".join(text.itertext()) for text in picture.iter(f"{SVG}text")]


def test_every_card_stands_in_the_picture_once_with_its_ways() -> None:
    groups = outline_of(parse_flow(project_texts("complaint", "shared")))
    picture = _picture(groups)
    names = [card.name for group in groups for card in group.cards]
    assert [group.get("id") for group in picture.iter(f"{SVG}g") if group.get("id")] == names
    targets = [link.get("href") for link in picture.iter(f"{SVG}a")]
    ways = [way.target for group in groups for card in group.cards for way in card.exits if way.target not in NOWHERE]
    assert targets == [f"#{target}" for target in ways]


def test_long_words_are_wrapped_and_the_way_back_is_said() -> None:
    texts = _texts(_picture(GROUPS))
    assert sum("Is it so?" in text for text in texts) > 2
    assert "\u21ba back to the question" in texts
    assert "then" in texts
    assert any(text.startswith("none of all") and text.endswith(" \u2026") for text in texts)
    assert "other & more" in texts


def test_lines_run_within_a_section_only_one_for_each_card_led_to() -> None:
    lines = [path for path in _picture(GROUPS).iter(f"{SVG}path") if path.get("fill") == "none"]
    assert len(lines) == 2  # to end_it from two cards, and to ask_it; `other` and back again are names


def test_no_two_panels_lie_on_each_other() -> None:
    picture = _picture(outline_of(sample_flow()))
    panels = [group for group in picture.iter(f"{SVG}g") if group.get("transform")]
    places = [tuple(map(int, (group.get("transform") or "")[10:-1].split(","))) for group in panels]
    heights = [int(rect.get("height") or 0) for group in panels if (rect := group.find(f"{SVG}rect")) is not None]
    for ((x, y), height), ((next_x, next_y), _) in pairwise(zip(places, heights, strict=True)):
        assert next_x > x or next_y >= y + height


def test_a_section_without_cards_is_drawn_empty() -> None:
    assert "nothing" in _texts(_picture((Group("nothing", ()),)))
