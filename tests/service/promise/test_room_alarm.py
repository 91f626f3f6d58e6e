"""Management learns that callbacks no longer fit, before anything is missed."""

import pytest

from tests.builders import a_shift, at
from tests.service.lines import CALLER, EXECUTIVE, OTHER, OWNER, SUPERVISOR, Line
from voicebot.domain.promise import Promise
from voicebot.service.hotline import context_of
from voicebot.service.promise.make import PromiseRequest, make_promise
from voicebot.service.promise.room_alarm import NO_ROOM
from voicebot.service.staff.rota import add_shift


def one_handler_an_hour_a_day(line: Line) -> None:
    """Four calls an hour, 80 %: three callbacks a day, from eleven to noon."""
    for day in ("Wednesday", "Thursday", "Friday"):
        add_shift(line.hotline, a_shift("owner_1", f"{day} 11:00-12:00"), actor="boss")


def promised(line: Line, number: int, **changes: bool) -> Promise | None:
    ticket = line.ticket(line.ring(OTHER, f"CA-{number}"))
    request = PromiseRequest(ticket=ticket, target="standard", **changes)
    with line.work() as work:
        promise = make_promise(context_of(line.hotline, work), request)
        work.commit()
    return promise


def alarms(line: Line) -> list[str]:
    """Return the phones that were told."""
    line.run_jobs()
    return [recipient for recipient, body in line.sender.sent if body.startswith("Callbacks no longer fit")]


@pytest.mark.requirement("S2-23")
def test_window_holds_what_the_people_of_the_rota_make(line_on_both: Line) -> None:
    line = line_on_both
    one_handler_an_hour_a_day(line)
    windows = [promise.window_opens_at for number in range(7) if (promise := promised(line, number))]
    wednesday, thursday = at("Wednesday 18 November 2026 11:00:00"), at("Thursday 19 November 2026 10:00:00")
    # A window that opens at ten holds the hour from eleven to noon as well.
    assert windows == [wednesday] * 3 + [thursday] * 3 + [at("Friday 20 November 2026 10:00:00")]


def test_management_is_told_once_a_day_when_no_window_inside_the_target_has_room(line: Line) -> None:
    one_handler_an_hour_a_day(line)
    for number in range(3):
        promised(line, number)
    assert alarms(line) == []
    for number in range(3, 6):
        promised(line, number)
    told = alarms(line)
    assert SUPERVISOR in told
    assert EXECUTIVE in told
    assert OWNER not in told
    assert len(told) == len(set(told))
    line.step(days=1)
    for number in range(6, 13):
        promised(line, number)
    assert len(alarms(line)) == 2 * len(told)


def test_later_time_that_a_caller_wished_for_is_no_want_of_room(line: Line) -> None:
    one_handler_an_hour_a_day(line)
    ticket = line.ticket(line.ring(CALLER))
    for is_later in (False, True, True):
        with line.work() as work:
            request = PromiseRequest(ticket=ticket, target="standard", is_later=is_later)
            assert make_promise(context_of(line.hotline, work), request) is not None
            work.commit()
    assert alarms(line) == []


def test_no_window_at_all_is_told_too(line: Line) -> None:
    add_shift(line.hotline, a_shift("owner_1", "Sunday 11:00-12:00"), actor="boss")  # nobody works when windows open
    assert promised(line, 1, is_silent=True) is None
    assert alarms(line) == []
    assert promised(line, 2) is None
    assert SUPERVISOR in alarms(line)
    assert promised(line, 3, ignores_capacity=True) is not None
    with line.work() as work:
        assert not work.limits.alarm_once(f"{NO_ROOM}:{line.clock.now().date().isoformat()}", line.clock.now())
