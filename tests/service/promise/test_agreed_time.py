"""Who agreed on the morning is promised the morning, offered the morning, and told why it is not the first window."""

from zoneinfo import ZoneInfo

import pytest

from tests.adjustments import keep
from tests.builders import at
from tests.service.lines import CALLER, Line
from voicebot.domain.adjustment import AdjustmentKind
from voicebot.domain.callback_window import CallbackWindow, WindowReason
from voicebot.service.hotline import context_of
from voicebot.service.promise.agreed_time import agreed_first, agreed_windows, next_agreed
from voicebot.service.promise.make import PromiseRequest, make_promise

NOON = at("Wednesday 18 November 2026 12:00:00")
THURSDAY_NINE = at("Thursday 19 November 2026 09:00:00")


def promised(line: Line) -> tuple[str, str]:
    """Promise the newest case a call anew; return its opening by New York's clock, and how it was found."""
    with line.work() as work:
        ticket = work.tickets.newest()
        assert ticket is not None
        promise = make_promise(context_of(line.hotline, work), PromiseRequest(ticket=ticket, target="standard"))
        work.commit()
    assert promise is not None
    return opening(promise.window), WindowReason.model_validate_json(promise.why_json).lines()[-1]


def opening(window: CallbackWindow) -> str:
    return f"{window.opens_at.astimezone(ZoneInfo('America/New_York')):%a %H:%M}"


@pytest.mark.requirement("V-05")
def test_the_window_falls_in_the_morning_and_says_why(line: Line) -> None:
    line.clock.at = NOON
    line.told_call()
    assert promised(line)[0] == "Wed 14:00"
    keep(line, AdjustmentKind.MORNINGS)
    opens, why = promised(line)
    assert opens == "Thu 09:00"
    assert why.startswith("first window left in the morning, as was agreed with them")


@pytest.mark.requirement("V-05")
def test_without_an_agreement_and_without_a_number_nothing_changes(line: Line) -> None:
    line.told_call()
    keep(line, AdjustmentKind.SLOW)
    with line.work() as work:
        context = context_of(line.hotline, work)
        assert agreed_windows(context, None) is None
        assert agreed_windows(context, CALLER) is None
    windows = (CallbackWindow(opens_at=NOON, closes_at=THURSDAY_NINE),)
    assert agreed_first(windows, None) == windows


@pytest.mark.requirement("V-05")
def test_the_morning_is_that_of_their_own_clock(line: Line) -> None:
    nine = at("Wednesday 18 November 2026 09:00:00")
    assert next_agreed(line.policy, CALLER, now=nine) is None
    assert next_agreed(line.policy, CALLER, now=NOON) == THURSDAY_NINE
    assert next_agreed(line.policy, "+442079460000", now=nine) == at("Thursday 19 November 2026 04:00:00")
