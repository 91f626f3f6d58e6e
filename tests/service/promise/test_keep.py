"""What staff's calls do to a promise."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from tests.builders import at
from tests.databases import postgres_database
from tests.fakes_outside import RunningClock
from tests.service.callback.callers import a_case, ordered, talk
from tests.service.lines import Line
from tests.service.promise.watched import run_until
from voicebot.adapters.flow_files import FlowFiles
from voicebot.adapters.store import migrate, open_engine
from voicebot.domain.promise import CallOutcome, Promise, PromiseState
from voicebot.errors import Refused
from voicebot.service.ports import UnitOfWork
from voicebot.service.promise.breach import breach_if_closed
from voicebot.service.promise.escalation import climb
from voicebot.service.promise.keep import log_callback


@pytest.mark.requirement("S2-21")
@pytest.mark.parametrize("after_minutes", [1, 61, 179])
def test_a_logged_call_keeps_the_promise_also_before_its_window_opens(line: Line, after_minutes: int) -> None:
    answer = line.told_call()
    line.step(minutes=after_minutes)
    kept = log_callback(line.hotline, line.ticket(answer).case_number, reason="spoke to her", actor="owner_1")
    assert kept is not None
    assert (kept.state, kept.kept_by, kept.kept_reason) == (PromiseState.KEPT, "owner_1", "spoke to her")
    line.step(days=2)
    line.sweep()
    assert len(line.sender.sent) == 1


def test_everything_that_a_logged_call_changes_has_one_instant(line: Line) -> None:
    answer = line.told_call()
    line.step(hours=3, minutes=1)
    line.use(clock=RunningClock(line.clock.at))
    kept = log_callback(line.hotline, line.ticket(answer).case_number, reason="reached him", actor="owner_1")
    assert kept is not None
    with line.work() as work:
        (breach,) = work.promises.breaches_of_ticket(answer.call.ticket_id)
        history = work.tickets.history(answer.call.ticket_id)
    noted = {entry.at for entry in history if entry.verb in ("promise_broken", "complainant_called")}
    assert noted == {kept.settled_at, breach.ended_at}
    assert len(noted) == 1


@pytest.mark.requirement("S0-12")
def test_a_late_call_keeps_the_promise_leaves_the_breach_and_stops_the_climb(line: Line) -> None:
    answer = line.told_call()
    line.step(hours=3, minutes=1)
    line.sweep()
    told = len(line.sender.sent)
    log_callback(line.hotline, line.ticket(answer).case_number, reason="reached him", actor="owner_1")
    line.step(days=1)
    line.sweep()
    assert len(line.sender.sent) == told
    with line.work() as work:
        (breach,) = work.promises.breaches_of_ticket(answer.call.ticket_id)
        states = [promise.state for promise in work.promises.of_ticket(answer.call.ticket_id)]
    assert breach.ended_at is not None
    assert states == [PromiseState.BREACHED, PromiseState.KEPT]


def test_a_call_logged_after_the_window_and_before_any_sweep_is_a_breach_kept_late(line: Line) -> None:
    answer = line.told_call()
    line.step(hours=3, minutes=1)
    kept = log_callback(line.hotline, line.ticket(answer).case_number, reason="reached him", actor="owner_1")
    assert kept is not None
    assert kept.state is PromiseState.KEPT
    line.sweep()
    with line.work() as work:
        (breach,) = work.promises.breaches_of_ticket(answer.call.ticket_id)
    assert breach.ended_at is not None
    assert len(line.sender.sent) == 1


@contextmanager
def interrupted(line: Line, happens: Callable[[], object]) -> Iterator[UnitOfWork]:
    """Let something happen elsewhere right after a case was found to have no open promise."""
    with line.work() as work:
        look, waiting = work.promises.open_of_ticket, [happens]

        def open_of_ticket(ticket_id: str) -> Promise | None:
            found = look(ticket_id)
            if found is None and waiting:
                waiting.pop()()
            return found

        work.promises.open_of_ticket = open_of_ticket  # type: ignore[method-assign]
        yield work


@pytest.mark.requirement("S0-12")
def test_a_call_logged_while_the_ladder_promises_a_new_window_leaves_nothing_to_be_missed(
    postgres: str, definitions: FlowFiles
) -> None:
    with postgres_database(postgres) as url:
        engine = open_engine(url)
        migrate(engine)
        line = Line(engine, definitions, at("Wednesday 18 November 2026 10:00:00"))
        answer = line.told_call()
        first = line.promise(answer.call.ticket_id)
        line.clock.at = first.window_closes_at
        breach_if_closed(line.hotline, first.id)
        with line.work() as work:
            (breach,) = work.promises.breaches_of_ticket(answer.call.ticket_id)
        meanwhile = replace(line.hotline, unit_of_work=lambda: interrupted(line, lambda: climb(line.hotline, breach)))
        log_callback(meanwhile, line.ticket(answer).case_number, reason="reached him", actor="owner_1")
        with line.work() as work:
            assert len(work.promises.of_ticket(answer.call.ticket_id)) == 2, "the climb has promised a new window"
            assert work.promises.open_of_ticket(answer.call.ticket_id) is None
        engine.dispose()


def test_a_second_call_about_a_kept_promise_is_noted_and_keeps_nothing(line: Line) -> None:
    answer = line.told_call()
    case = line.ticket(answer).case_number
    log_callback(line.hotline, case, reason="spoke", actor="owner_1")
    assert log_callback(line.hotline, case, reason="again", actor="owner_1") is None
    assert line.verbs(answer.call.ticket_id).count("complainant_called") == 2


@pytest.mark.parametrize(("case", "reason"), [("123", "spoke"), ("482-719-305", "spoke"), ("482-719-306", "spoke")])
def test_a_call_for_no_case_of_ours_is_refused(line: Line, case: str, reason: str) -> None:
    with pytest.raises(Refused):
        log_callback(line.hotline, case, reason=reason, actor="owner_1")


def test_a_call_without_a_reason_is_refused(line: Line) -> None:
    case = line.ticket(line.told_call()).case_number
    with pytest.raises(Refused, match="needs a reason"):
        log_callback(line.hotline, case, reason="  ", actor="owner_1")


@pytest.mark.requirement("S2-04")
def test_what_was_promised_of_a_supervisor_is_kept_by_one_or_says_why_not(line: Line) -> None:
    answer = line.key(line.reach("ask_story"), "0")
    line.go_to(answer, "tell_case_number")
    case = line.ticket(answer).case_number
    assert line.promise(answer.call.ticket_id).target == "supervisor"
    with pytest.raises(Refused, match="a supervisor was promised") as refusal:
        log_callback(line.hotline, case, reason="spoke to her", actor="owner_1")
    assert refusal.value.code == "supervisor-promised"
    assert line.promise(answer.call.ticket_id).state is PromiseState.OPEN
    log_callback(line.hotline, case, reason="", actor="owner_1", outcome=CallOutcome.VOICEMAIL)
    kept = log_callback(line.hotline, case, reason="spoke to her", actor="owner_1", stand_in="she did not want to wait")
    assert kept is not None
    assert kept.kept_reason == "instead of a supervisor (she did not want to wait): spoke to her"


@pytest.mark.requirement("S2-04")
def test_a_supervisor_keeps_what_was_promised_of_one(line: Line) -> None:
    answer = line.key(line.reach("ask_story"), "0")
    line.go_to(answer, "tell_case_number")
    kept = log_callback(line.hotline, line.ticket(answer).case_number, reason="spoke to her", actor="supervisor_1")
    assert kept is not None
    assert kept.kept_reason == "spoke to her"


def test_the_newest_of_two_missed_promises_is_kept_by_a_late_call(line: Line) -> None:
    answer = line.told_call()
    run_until(line, "Wednesday 18 November 2026 16:30:00")
    log_callback(line.hotline, line.ticket(answer).case_number, reason="reached him at last", actor="owner_1")
    first, second = line.promises(answer.call.ticket_id)
    assert (first.state, second.state) == (PromiseState.BREACHED, PromiseState.KEPT)
    assert second.attempt == 2


@pytest.mark.requirement("D-03")
@pytest.mark.parametrize(("actor", "evidence"), [("owner_1", "attested"), ("supervisor_1", "supervisor")])
def test_a_call_that_staff_note_is_kept_as_their_word(line: Line, actor: str, evidence: str) -> None:
    answer = line.told_call()
    kept = log_callback(line.hotline, line.ticket(answer).case_number, reason="spoke to her", actor=actor)
    assert kept is not None
    assert kept.kept_evidence == evidence


@pytest.mark.parametrize(
    ("is_bridged", "state", "verb"), [(True, "kept", "complainant_called"), (False, "open", "complainant_tried")]
)
def test_a_call_that_the_product_made_keeps_the_promise_by_a_talk_alone(
    line: Line, *, is_bridged: bool, state: str, verb: str
) -> None:
    ticket = a_case(line)
    talk(line, ordered(line, ticket), bridged=is_bridged, keyed="1", status="completed" if is_bridged else "busy")
    assert (line.promise(ticket.id).state, verb in line.verbs(ticket.id)) == (state, True)


@pytest.mark.parametrize(("seconds", "is_asked"), [(1, True), (599, True), (600, False)])
def test_a_second_talk_within_minutes_by_another_person_is_asked_about(
    line: Line, seconds: int, is_asked: bool
) -> None:
    answer = line.told_call()
    case = line.ticket(answer).case_number
    log_callback(line.hotline, case, reason="spoke to her", actor="deputy_1")
    line.step(seconds=seconds)
    if is_asked:
        with pytest.raises(Refused, match=r"Deputy spoke with the complainant .* ago") as refusal:
            log_callback(line.hotline, case, reason="spoke to her, too", actor="owner_1")
        assert refusal.value.code == "second-talk"
        assert line.verbs(answer.call.ticket_id).count("complainant_called") == 1
    log_callback(line.hotline, case, reason="spoke to her, too", actor="owner_1", is_second=is_asked)
    assert line.verbs(answer.call.ticket_id).count("complainant_called") == 2


def test_a_try_and_another_talk_of_the_same_person_are_asked_about_by_nobody(line: Line) -> None:
    answer = line.told_call()
    case = line.ticket(answer).case_number
    log_callback(line.hotline, case, reason="spoke to her", actor="deputy_1")
    log_callback(line.hotline, case, reason="and once more", actor="deputy_1")
    log_callback(line.hotline, case, reason="", actor="owner_1", outcome=CallOutcome.BUSY)
    assert line.verbs(answer.call.ticket_id)[-3:] == ["complainant_called", "complainant_called", "complainant_tried"]
