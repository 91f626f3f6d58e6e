"""Turns are stored short and come back as they were, older rows and erased ones included."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_turn
from voicebot.adapters.store.turn_text import WORTH_KEEPING, Session, follow, shorten, whole
from voicebot.domain.call import Turn

PHRASES = [*(f"phrase number {number}" for number in range(200)), "[unk]"]
QUESTION = {"kind": "listen", "node": "ask_story", "grammar": PHRASES, "short": ["yes", "no"]}

NAMES = st.sampled_from(["node", "slots", "listen", "window", "since", "odd ["])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just(PHRASES) | st.just(QUESTION),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
SESSIONS = st.dictionaries(NAMES.filter(lambda name: name != "since"), VALUES, max_size=5)


def compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def stored(turns: list[Turn]) -> tuple[list[Turn], dict[str, str]]:
    """Write turns one after the other; return their rows and the lists of phrases kept beside them."""
    rows, kept, before = list[Turn](), dict[str, str](), None
    for turn in turns:
        row, before = shorten(turn, before, kept.__setitem__)
        rows.append(row)
    return rows, kept


def read(rows: list[Turn], kept: dict[str, str]) -> list[Turn]:
    found, session = list[Turn](), None
    for row in rows:
        session = follow(session, row)
        found.append(whole(row, session, kept.__getitem__))
    return found


def as_values(turns: list[Turn]) -> list[tuple[Any, Any]]:
    return [(json.loads(turn.session), json.loads(turn.instructions)) for turn in turns]


@given(st.lists(st.tuples(SESSIONS, st.lists(VALUES, max_size=3), st.booleans()), max_size=6))
def test_what_was_stored_comes_back_also_behind_rows_that_are_whole(
    told: list[tuple[Session, list[Any], bool]],
) -> None:
    turns, rows, kept, before = list[Turn](), list[Turn](), dict[str, str](), None
    for number, (session, instructions, is_old) in enumerate(told):
        asked = {**session, "listen": instructions[-1]} if instructions else session
        turn = a_turn(number=number, session=compact(asked), instructions=compact(instructions))
        turns.append(turn)
        row, now = shorten(turn, before, kept.__setitem__)
        rows.append(turn if is_old else row)
        before = follow(before, turn) if is_old else now
    assert as_values(read(rows, kept)) == as_values(turns)


def test_a_question_is_stored_once_and_its_phrases_once_for_all() -> None:
    session = {"flow": "complaint", "facts": {"company": "Harbour Goods"}, "listen": QUESTION}
    turns = [
        a_turn(number=number, session=compact({**session, "node": str(number)}), instructions=compact([QUESTION]))
        for number in range(5)
    ]
    rows, kept = stored(turns)
    assert list(map(json.loads, kept.values())) == [PHRASES]
    assert json.loads(rows[3].session) == {"since": {"node": "3"}, "gone": []}
    assert all(len(row.session) + len(row.instructions) < 400 for row in rows)
    assert read(rows, kept) == turns


def test_what_a_caller_said_is_never_among_the_phrases_that_outlive_the_case() -> None:
    said = "my parcel came broken " * 50
    assert len(said) > WORTH_KEEPING
    rows, kept = stored([a_turn(session=compact({"slots": {"story": said}}), instructions=compact([{"text": said}]))])
    assert kept == {}
    assert said in rows[0].session


def test_erased_turns_stay_erased() -> None:
    session = compact({"node": "ask_story", "listen": QUESTION})
    rows, kept = stored([a_turn(number=number, session=session, instructions=compact([QUESTION])) for number in (0, 1)])
    blank = [a_turn(number=row.number) for row in rows]
    assert read(blank, kept) == blank


def test_a_session_that_is_no_json_is_left_alone() -> None:
    turn = a_turn(session="", instructions="[]")
    rows, kept = stored([turn])
    assert (rows, read(rows, kept)) == ([turn], [turn])


@pytest.mark.parametrize("odd", ["a [bracket", "another ]", '["'])
def test_a_list_of_strings_with_a_bracket_stays_where_it_is_and_those_around_it_do_not(odd: str) -> None:
    told = [["yes", "[unk]"], PHRASES, [*PHRASES, odd], PHRASES[1:]]
    rows, kept = stored([a_turn(session=compact({"lists": told}), instructions="[]")])
    assert list(map(json.loads, kept.values())) == [PHRASES, PHRASES[1:]]
    assert read(rows, kept)[0].session == compact({"lists": told})
