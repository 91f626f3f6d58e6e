"""How much strangers may take: the edge of each measure, and whose budget a contact takes from."""

import doctest
from datetime import timedelta

import pytest

from voicebot.domain import budget
from voicebot.domain.budget import (
    WITHHELD,
    Budget,
    CallLimits,
    CodeLimits,
    Measure,
    OverBudget,
    Party,
    ReceivedTextLimits,
    Scope,
    Use,
    block_of,
    may_take_place,
    measure_over,
    parties_of_call,
    parties_of_code,
    parties_of_text,
    prefix_of,
)

CALLER = "+12025550143"
SMALL = Budget(at_once=2, an_hour=3, a_day=4, talk_a_day=timedelta(minutes=5))


@pytest.mark.parametrize(
    ("use", "over"),
    [
        (Use(), None),
        (Use(at_once=1, an_hour=2, a_day=3, talk_a_day=timedelta(minutes=4, seconds=59)), None),
        (Use(at_once=2), Measure.AT_ONCE),
        (Use(an_hour=3), Measure.AN_HOUR),
        (Use(a_day=4), Measure.A_DAY),
        (Use(talk_a_day=timedelta(minutes=5)), Measure.TALK_A_DAY),
        (Use(at_once=9, a_day=9), Measure.AT_ONCE),
    ],
)
def test_the_measure_that_one_more_would_break_is_named(use: Use, over: Measure | None) -> None:
    assert measure_over(SMALL, use) is over


def test_what_is_not_stated_is_not_limited() -> None:
    assert measure_over(Budget(), Use(at_once=9, an_hour=9, a_day=9, talk_a_day=timedelta(days=9))) is None


def test_a_call_takes_from_its_number_its_block_and_all() -> None:
    limits = CallLimits()
    assert parties_of_call(limits, CALLER) == (
        Party(Scope.NUMBER, limits.per_number, CALLER),
        Party(Scope.PREFIX, limits.per_prefix, "1202555"),
        Party(Scope.ALL, limits.in_all),
    )


def test_callers_without_a_number_share_one_budget_and_no_block() -> None:
    limits = CallLimits()
    assert parties_of_call(limits, WITHHELD) == (
        Party(Scope.WITHHELD, limits.withheld),
        Party(Scope.ALL, limits.in_all),
    )


def test_a_named_number_has_a_budget_of_its_own_and_leaves_its_block_alone() -> None:
    switchboard = Budget(at_once=20)
    limits = CallLimits(named={CALLER: switchboard})
    assert parties_of_call(limits, CALLER) == (
        Party(Scope.NUMBER, switchboard, CALLER),
        Party(Scope.ALL, limits.in_all),
    )
    assert block_of(CALLER, named=limits.named) == CALLER


def test_a_text_takes_from_its_sender_its_block_and_all() -> None:
    limits = ReceivedTextLimits()
    assert [party.key for party in parties_of_text(limits, CALLER)] == [CALLER, "1202555", ""]
    assert [party.key for party in parties_of_text(limits, "parcelfirm")] == ["parcelfirm", "parcelfirm", ""]


def test_whoever_is_upset_and_rings_five_times_in_a_row_is_within_every_budget_that_we_ship() -> None:
    limits = CallLimits()
    four_before = Use(at_once=4, an_hour=4, a_day=4, talk_a_day=timedelta(minutes=40))
    for party in (*parties_of_call(limits, CALLER), *parties_of_call(limits, WITHHELD)):
        assert measure_over(party.budget, four_before) is None


@pytest.mark.parametrize(
    ("taken", "own", "may"),
    [(0, 0, True), (5, 1, True), (6, 1, False), (6, 0, True), (7, 0, True), (7, 3, False), (8, 0, False)],
)
def test_the_last_two_places_go_to_nobody_who_holds_one(taken: int, own: int, may: bool) -> None:
    assert may_take_place(limit=8, taken=taken, own=own, for_others=2) is may


def test_one_place_is_for_whoever_comes_first() -> None:
    assert may_take_place(limit=1, taken=0, own=0, for_others=2)


def test_a_limit_has_a_name() -> None:
    assert OverBudget(Scope.NUMBER, Measure.AT_ONCE).name == "number:at_once"


def test_numbers_of_one_block_share_their_beginning() -> None:
    assert {prefix_of(f"+1202555{last:04}") for last in (0, 9999)} == {"1202555"}
    assert prefix_of("+12025560000") != prefix_of("+12025550000")


def test_what_is_kept_of_a_number_is_too_short_to_ring() -> None:
    assert all(len(number.lstrip("+")) - len(prefix_of(number)) >= 3 for number in ("+38591123456", "+37061234567"))


def test_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(budget).failed == 0


def test_a_wrong_code_takes_from_its_case_from_who_shows_a_number_or_none_and_from_all() -> None:
    limits = CodeLimits()
    case, everybody = Party(Scope.CASE, limits.per_case, "482719300"), Party(Scope.ALL, limits.in_all)
    number = Party(Scope.NUMBER, limits.per_number, CALLER)
    assert parties_of_code(limits, CALLER, case_number="482719300") == (case, number, everybody)
    withheld = parties_of_code(limits, WITHHELD, case_number="482719300")
    assert withheld == (case, Party(Scope.WITHHELD, limits.withheld), everybody)
