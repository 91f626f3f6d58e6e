"""Who may come in: strangers who ring without end hear a busy line, and everybody else gets through."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests import quick_yaml
from tests.service.lines import (
    CALLER,
    OTHER,
    OWN,
    OWNER,
    Line,
    a_policy_dir,
    settled,
    with_flows,
    with_rules,
)
from voicebot.domain.budget import Measure, OverBudget, Scope
from voicebot.domain.call import CallEnd
from voicebot.service.call.budget import is_turned_away, list_turned_away, may_come_in
from voicebot.service.call.incoming import IncomingCall, answer_call
from voicebot.service.call.missed_call import MissedCallResult, take_up_missed_call
from voicebot.service.call.turn import end_call
from voicebot.service.hotline import context_of
from voicebot.service.ports import ListedCall

NEIGHBOUR, STRANGER = "+12025550188", "+12125557001"
ANONYMOUS = "anonymous"


def with_budgets(line: Line, folder: Path, **budgets: object) -> None:
    """Give the policy these budgets of calls; what is not named is not limited."""
    policy = a_policy_dir(folder / "policy")
    levels = policy / "service_levels.yaml"
    told = quick_yaml.load(levels.read_text())
    open_to_all: dict[str, object] = {"per_number": {}, "per_prefix": {}, "withheld": {}, "in_all": {}}
    told["limits"]["calls"] = open_to_all | budgets
    levels.write_text(quick_yaml.dump(told))
    with_flows(line, settled(policy))
    with_rules(line, gate_exceptions=("+1202555", "+1212555"))


def ring(line: Line, sid: str, caller: str = CALLER) -> OverBudget | None:
    """Ring as the carrier does: only who may come in is answered."""
    incoming = IncomingCall(carrier_call_id=sid, caller=caller, called=OWN)
    over = may_come_in(line.hotline, incoming)
    if over is None:
        answer_call(line.hotline, incoming)
    return over


def hang_up(line: Line, sid: str) -> None:
    end_call(line.hotline, sid, CallEnd.CALLER_HUNG_UP)


def listed(line: Line, sid: str, caller: str = CALLER, *, status: str = "busy") -> ListedCall:
    """Return a call as the carrier lists it."""
    return ListedCall(
        carrier_call_id=sid, caller=caller, started_at=line.clock.at, is_over=True, status=status, seconds=0
    )


def cases(line: Line) -> int:
    with line.work() as work:
        return len(work.tickets.all())


@pytest.mark.requirement("S0-11")
@pytest.mark.danger("one number, many calls")
def test_whoever_is_upset_and_rings_five_times_in_a_row_gets_through(line_on_both: Line) -> None:
    assert [ring(line_on_both, f"CA{n}") for n in range(5)] == [None] * 5


@pytest.mark.danger("one number, many calls")
def test_calls_at_once_of_one_number_end_at_its_budget_and_another_number_gets_through(
    line_on_both: Line, tmp_path: Path
) -> None:
    line = line_on_both
    with_budgets(line, tmp_path, per_number={"at_once": 2})
    assert [ring(line, "CA1"), ring(line, "CA2")] == [None, None]
    assert ring(line, "CA3") == OverBudget(Scope.NUMBER, Measure.AT_ONCE)
    assert ring(line, "CA4", NEIGHBOUR) is None
    assert cases(line) == 3, "a call that is turned away opens no case"
    hang_up(line, "CA1")
    assert ring(line, "CA5") is None


@pytest.mark.danger("one number, many calls")
def test_a_block_of_numbers_has_a_budget_and_the_town_beside_it_gets_through(
    line_on_both: Line, tmp_path: Path
) -> None:
    line = line_on_both
    with_budgets(line, tmp_path, per_prefix={"at_once": 3})
    assert [ring(line, f"CA{n}", f"+1202555011{n}") for n in range(4)] == [
        *[None] * 3,
        OverBudget(Scope.PREFIX, Measure.AT_ONCE),
    ]
    assert ring(line, "CA9", STRANGER) is None


@pytest.mark.danger("one number, many calls")
def test_the_calls_of_a_day_and_their_minutes_are_counted_to_the_second(line_on_both: Line, tmp_path: Path) -> None:
    line = line_on_both
    with_budgets(line, tmp_path, per_number={"a_day": 6, "talk_a_day": "10 minutes"})
    for n in range(5):
        assert ring(line, f"CA{n}") is None
    line.step(minutes=9, seconds=59)
    hang_up(line, "CA0")
    assert ring(line, "CA5") is None, "a second of talk was left"
    assert ring(line, "CA6") == OverBudget(Scope.NUMBER, Measure.A_DAY)
    line.step(hours=23, minutes=50)
    assert ring(line, "CA7") == OverBudget(Scope.NUMBER, Measure.A_DAY)
    line.step(seconds=1)
    assert ring(line, "CA8") is None, "the first calls are a day old"


@pytest.mark.danger("one number, many calls")
def test_minutes_alone_use_up_a_budget(line: Line, tmp_path: Path) -> None:
    with_budgets(line, tmp_path, per_number={"talk_a_day": "10 minutes"})
    ring(line, "CA1")
    line.step(minutes=10)
    hang_up(line, "CA1")
    assert ring(line, "CA2") == OverBudget(Scope.NUMBER, Measure.TALK_A_DAY)


@pytest.mark.danger("one number, many calls")
def test_callers_without_a_number_share_a_budget_of_the_hour_and_shown_numbers_are_not_in_it(
    line_on_both: Line, tmp_path: Path
) -> None:
    line = line_on_both
    with_budgets(line, tmp_path, withheld={"an_hour": 3})
    for n, caller in enumerate((ANONYMOUS, "+266696687", "sip:x@example.com")):
        assert ring(line, f"CA{n}", caller) is None
    assert ring(line, "CA7", ANONYMOUS) == OverBudget(Scope.WITHHELD, Measure.AN_HOUR)
    assert ring(line, "CA8", CALLER) is None
    line.step(hours=1)
    assert ring(line, "CA9", ANONYMOUS) is None, "nobody is locked out for longer than an hour"


@pytest.mark.danger("one number, many calls")
def test_over_the_budget_in_all_whoever_has_told_us_something_still_gets_through(line: Line, tmp_path: Path) -> None:
    with_budgets(line, tmp_path, in_all={"a_day": 3})
    assert ring(line, "CA1") is None
    line.told_call("CA1")
    assert [ring(line, f"CA{n}", f"+1212555000{n}") for n in (2, 3)] == [None, None]
    assert ring(line, "CA4", STRANGER) == OverBudget(Scope.ALL, Measure.A_DAY)
    assert ring(line, "CA5", "+12125550002") == OverBudget(Scope.ALL, Measure.A_DAY), "a case without a word is no pass"
    assert ring(line, "CA6") is None


def test_a_switchboard_that_the_policy_names_has_a_budget_of_its_own(line: Line, tmp_path: Path) -> None:
    named = [{"number": OTHER, "at_once": 4}]
    with_budgets(line, tmp_path, per_number={"at_once": 1}, per_prefix={"at_once": 2}, named_numbers=named)
    assert [ring(line, f"CA{n}", OTHER) for n in range(5)] == [
        *[None] * 4,
        OverBudget(Scope.NUMBER, Measure.AT_ONCE),
    ]
    assert ring(line, "CA9") is None, "the switchboard takes nothing from its block"


@pytest.mark.danger("one number, many calls")
def test_twelve_calls_that_arrive_at_once_are_no_more_than_the_budget(line_on_both: Line, tmp_path: Path) -> None:
    line = line_on_both
    with_budgets(line, tmp_path, per_number={"at_once": 5})
    with ThreadPoolExecutor(12) as threads:
        overs = list(threads.map(lambda n: ring(line, f"CA{n}"), range(12)))
    assert overs.count(None) == 5
    assert cases(line) == 5


def test_a_webhook_that_comes_again_is_no_new_call(line_on_both: Line, tmp_path: Path) -> None:
    line = line_on_both
    with_budgets(line, tmp_path, per_number={"at_once": 2})
    assert [ring(line, "CA1") for _ in range(4)] == [None] * 4
    assert ring(line, "CA2") is None
    assert ring(line, "CA3") is not None
    assert ring(line, "CA1") is None, "who is in stays in"


def test_calls_of_another_process_and_of_before_a_restart_are_counted(line_on_both: Line, tmp_path: Path) -> None:
    line = line_on_both
    with_budgets(line, tmp_path, per_number={"at_once": 1})
    ring(line, "CA1")
    other = replace(line.hotline, started_at=line.clock.at)
    assert may_come_in(other, IncomingCall(carrier_call_id="CA2", caller=CALLER, called=OWN)) is not None


def test_a_call_whose_end_nobody_told_us_holds_its_line_no_longer_than_any_call_lasts(
    line: Line, tmp_path: Path
) -> None:
    with_budgets(line, tmp_path, per_number={"at_once": 1})
    ring(line, "CA1")
    line.step(minutes=39)
    assert ring(line, "CA2") is not None
    line.step(minutes=1)
    assert ring(line, "CA3") is None


def test_a_call_that_an_older_release_answered_is_not_turned_away(line: Line, tmp_path: Path) -> None:
    with_budgets(line, tmp_path, per_number={"at_once": 1})
    line.ring(carrier_call_id="CA0")
    assert ring(line, "CA1") is None
    assert ring(line, "CA0") is None


def test_our_own_number_is_a_loop_and_no_stranger(line: Line, tmp_path: Path) -> None:
    with_budgets(line, tmp_path, per_number={"at_once": 1})
    assert [ring(line, f"CA{n}", OWN) for n in range(3)] == [None] * 3


# --- what is left of it --------------------------------------------------------------------------------------


@pytest.mark.requirement("S0-11")
def test_who_is_turned_away_keeps_the_case_which_says_so_once_a_day(line: Line, tmp_path: Path) -> None:
    with_budgets(line, tmp_path, per_number={"a_day": 6})
    for n in range(6):
        ring(line, f"CA{n}")
        line.step(seconds=1)
    answer = line.told_call("CA5")
    for n in range(6, 16):
        assert ring(line, f"CA{n}") is not None
    assert line.verbs(answer.call.ticket_id).count("call_turned_away") == 1
    assert line.promise(answer.call.ticket_id).words
    (refused,) = list_turned_away(line.hotline)
    assert (refused.sender, refused.limit, refused.times) == (CALLER, "number:a_day", 10)
    line.step(days=1)
    assert [ring(line, f"CA{n}") is None for n in range(20, 27)] == [*[True] * 6, False]
    assert [each.times for each in list_turned_away(line.hotline)] == [1, 10]
    line.step(days=8)
    assert list_turned_away(line.hotline) == ()


@pytest.mark.parametrize(
    ("budgets", "callers", "said"),
    [
        ({"per_number": {"at_once": 1}}, (CALLER, CALLER), "calls at once from one number"),
        ({"per_number": {"at_once": 1}}, (STRANGER, STRANGER), "calls at once from one number"),
        ({"per_prefix": {"a_day": 1}}, (CALLER, OTHER), "calls in a day from one block of numbers"),
        ({"withheld": {"an_hour": 1}}, (ANONYMOUS, ANONYMOUS), "calls in an hour without a number"),
        ({"in_all": {"at_once": 1}}, (CALLER, STRANGER), "calls at once in all"),
    ],
)
def test_each_limit_has_an_alarm_once_a_day_that_names_it_and_no_number(
    line: Line, tmp_path: Path, budgets: dict[str, object], callers: tuple[str, str], said: str
) -> None:
    with_budgets(line, tmp_path, **budgets)
    with capture_logs() as logs:
        for n in range(5):
            ring(line, f"CA{n}", callers[min(n, 1)])
        line.run_jobs()
    (told,) = [body for body in line.sender.to(OWNER) if "turned away" in body]
    assert said in told
    assert not any(number.strip("+") in told for number in callers if number != ANONYMOUS)
    assert [entry["log_level"] for entry in logs if entry["event"] == "alarm"] == ["error"]
    assert all(number not in str(entry) for entry in logs for number in callers if number != ANONYMOUS)


def test_minutes_used_up_are_an_alarm_too(line: Line, tmp_path: Path) -> None:
    with_budgets(line, tmp_path, per_number={"talk_a_day": "1 minute"})
    ring(line, "CA1")
    line.step(minutes=1)
    hang_up(line, "CA1")
    ring(line, "CA2")
    line.run_jobs()
    assert any("minutes in a day from one number" in body for body in line.sender.to(OWNER))


@pytest.mark.requirement("S0-11")
def test_the_carriers_list_makes_no_missed_call_of_one_that_we_turned_away(line_on_both: Line, tmp_path: Path) -> None:
    line = line_on_both
    with_budgets(line, tmp_path, per_number={"at_once": 1})
    ring(line, "CA1")
    ring(line, "CA2")
    line.step(seconds=5)
    assert take_up_missed_call(line.hotline, listed(line, "CA2")) is MissedCallResult.TURNED_AWAY
    assert take_up_missed_call(line.hotline, listed(line, "CA3", OTHER)) is MissedCallResult.OPENED
    assert take_up_missed_call(line.hotline, listed(line, "CA4", status="no-answer")) is MissedCallResult.JOINED


def test_a_busy_call_of_another_day_was_not_ours_to_refuse(line: Line, tmp_path: Path) -> None:
    with_budgets(line, tmp_path, per_number={"at_once": 1})
    ring(line, "CA1")
    ring(line, "CA2")
    line.step(minutes=6)
    with line.work() as work:
        assert not is_turned_away(context_of(line.hotline, work), listed(line, "CA3"))
        soon = replace(listed(line, "CA4"), started_at=line.clock.at - timedelta(minutes=2))
        assert is_turned_away(context_of(line.hotline, work), soon)


def test_who_is_turned_away_before_there_is_any_case_alarms_nobody_and_hears_the_busy_line(
    line: Line, tmp_path: Path
) -> None:
    with_budgets(line, tmp_path, per_number={"at_once": 1})
    first, second = (IncomingCall(carrier_call_id=sid, caller=CALLER, called=OWN) for sid in ("CA1", "CA2"))
    assert may_come_in(line.hotline, first) is None, "counted, and then the database went away"
    assert may_come_in(line.hotline, second) == OverBudget(Scope.NUMBER, Measure.AT_ONCE)
    line.run_jobs()
    assert (cases(line), line.sender.sent) == (0, [])
