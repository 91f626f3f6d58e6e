"""The monthly drill reaches a person by the real ladder, says in every word that it is one, and is counted nowhere."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.builders import at
from tests.service.chaos import Death, Dying, DyingWork, Fate
from tests.service.lines import FLOWS_DIR, OWNER, SECOND_SUPERVISOR, SUPERVISOR, Line, a_policy_dir, settled, with_flows
from voicebot.errors import Refused
from voicebot.service.background.schedule import TASKS, run_tasks
from voicebot.service.callback import hops
from voicebot.service.callback.voice_channel import VoiceChannel
from voicebot.service.hotline import context_of
from voicebot.service.ladder.drill import answer_drill
from voicebot.service.outbox.text_channel import TextChannel
from voicebot.service.queries.figures import view_figures
from voicebot.service.watch.drill import TASK, answer_running, said_drill, view_drill
from voicebot.service.watch.morning import view_morning

pytestmark = pytest.mark.requirement("D-10")

DRILL = tuple(task for task in TASKS if task.name == TASK)
BEGINS = "Tuesday 10 November 2026 11:00:00"


@pytest.fixture(autouse=True)
def drilled(line: Line, tmp_path: Path) -> None:
    """The shipped rules of drills, and telephones that ring."""
    folder = a_policy_dir(tmp_path / "drilled")
    shutil.copy(FLOWS_DIR / "policy" / "watch.yaml", folder / "watch.yaml")
    with_flows(line, settled(folder))
    line.use(staff_channels=(TextChannel(), VoiceChannel(TextChannel())))
    line.clock.at = at(BEGINS)


def look(line: Line, *, minutes: int = 1) -> None:
    """Let the worker look each minute, for so long."""
    for _ in range(minutes):
        run_tasks(line.hotline, DRILL)
        line.sweep()
        line.step(minutes=1)


def texts(line: Line, phone: str) -> list[str]:
    return [body for body in line.sender.to(phone) if "DRILL" in body]


def drill_part(line: Line) -> list[str]:
    part = next(each for each in view_morning(line.hotline).parts if each.key == "drill")
    return [each.words for each in part.lines]


def test_it_begins_on_its_day_once_and_climbs_until_somebody_answers(line: Line) -> None:
    line.clock.at = at("Tuesday 10 November 2026 10:58:00")
    look(line, minutes=2)
    assert view_drill(line.hotline) is None
    look(line, minutes=5)
    assert [len(texts(line, phone)) for phone in (OWNER, SUPERVISOR, SECOND_SUPERVISOR)] == [1, 1, 0]
    assert texts(line, OWNER)[0].startswith("THIS IS A DRILL")
    assert "https://hotline.example/console/drill" in texts(line, OWNER)[0]
    look(line, minutes=30)
    assert [len(texts(line, phone)) for phone in (OWNER, SUPERVISOR, SECOND_SUPERVISOR)] == [1, 1, 1]
    answer_running(line.hotline, member_id="supervisor_2")
    look(line, minutes=10)
    line.clock.at = at("Wednesday 18 November 2026 11:00:00")
    look(line, minutes=3)
    assert [len(texts(line, phone)) for phone in (OWNER, SUPERVISOR, SECOND_SUPERVISOR)] == [1, 1, 1]
    assert "Second supervisor was reached after 3" in said_drill(line.hotline)


def test_the_telephone_says_that_it_is_a_drill_and_key_1_ends_it(line: Line) -> None:
    look(line, minutes=5)
    with line.work() as work:
        drill = work.watch.newest_drill()
        assert drill is not None
        rung = [call for call in work.staff_calls.of_ticket(drill.ticket_id) if call.carrier_call_id]
    assert rung, "a telephone rings after the text"
    call = rung[0]
    asked = hops.greet(line.hotline, call.id, call.carrier_call_id or "")
    assert isinstance(asked, hops.Ask)
    assert asked.words.startswith("This is a drill.")
    for key in ("", "2", "3"):
        told = hops.accept(line.hotline, call.id, key)
        assert isinstance(told, hops.Tell), "nobody is connected, and nothing is passed on"
        assert "The drill goes on" in told.words
    assert "The drill is over" in getattr(hops.accept(line.hotline, call.id, "1"), "words", "")
    answered = view_drill(line.hotline)
    assert answered is not None
    assert answered.answered_by == call.member_id
    look(line, minutes=60)
    assert texts(line, SECOND_SUPERVISOR) == []


def test_a_drill_that_nobody_answers_stands_on_the_morning_list(line: Line) -> None:
    look(line, minutes=5)
    assert drill_part(line)[0].endswith("and runs")
    line.clock.at = at("Tuesday 10 November 2026 17:00:00")
    look(line, minutes=2)
    line.clock.at = at("Thursday 12 November 2026 08:30:00")  # the day before was a holiday
    assert "NOBODY answered in time" in drill_part(line)[0]
    line.clock.at = at("Friday 13 November 2026 08:30:00")
    assert drill_part(line) == []
    with pytest.raises(Refused, match="no drill is running"):
        answer_running(line.hotline, member_id="owner_1")


def test_who_answers_after_its_time_did_not_answer_it(line: Line) -> None:
    look(line, minutes=5)
    drill = view_drill(line.hotline)
    assert drill is not None
    line.clock.at = drill.ends_at
    for _ in range(2):
        with pytest.raises(Refused, match="no drill is running"):
            answer_drill(line.hotline, drill.id, member_id="owner_1")
        look(line)
    assert "NOBODY answered it in time" in said_drill(line.hotline)
    with line.work() as work:
        (call, *_) = (call for call in work.staff_calls.of_ticket(drill.ticket_id) if call.carrier_call_id)
    told = hops.accept(line.hotline, call.id, "1")
    assert isinstance(told, hops.Tell)
    assert "The drill is over" not in told.words, "nobody is thanked for what came too late"


def test_a_clock_that_is_set_back_by_a_month_begins_no_drill_and_opens_no_case_again(line: Line) -> None:
    look(line)
    line.clock.at = at("Thursday 10 December 2026 11:00:00")
    look(line)
    with line.work() as work:
        before = len(work.tickets.all())
    line.clock.at = at(BEGINS)
    look(line, minutes=3)
    with line.work() as work:
        assert len(work.tickets.all()) == before


def test_it_is_counted_nowhere(line: Line) -> None:
    before = view_figures(line.hotline, weeks=1).total
    look(line, minutes=40)
    assert view_figures(line.hotline, weeks=1).total == before
    with line.work() as work:
        context = context_of(line.hotline, work)
        assert work.promises.open_windows(context.now) == {}
        assert work.tickets.open_counts(["owner_1"]).get("owner_1", 0) == 0
    made = view_morning(line.hotline)
    assert {part.key for part in made.parts if part.lines} <= {"drill", "channels", "test_call"}


def test_a_worker_killed_between_any_two_ports_tells_nobody_twice_and_skips_no_step(line: Line) -> None:
    """Each month the worker dies somewhat later: at every step of the drill's own task, then here and there."""
    whole, fate, deaths = line.hotline, Fate(), 0
    for month, step in enumerate((*range(16), *range(16, 72, 8)), 1):
        tenth = datetime(2026 + (10 + month) // 12, (10 + month) % 12 + 1, 10, 16, tzinfo=UTC)
        line.clock.at = line.policy.calendar.next_opening(tenth)
        line.use(unit_of_work=lambda: DyingWork(whole.unit_of_work(), fate), sms_sender=Dying(whole.sms_sender, fate))
        fate.dies_in = step
        try:
            look(line)
        except Death:
            deaths += 1
        fate.dies_in, line.hotline = None, whole
        for _ in range(4):
            look(line)
            line.step(minutes=1)
        told = [len(texts(line, phone)) for phone in (OWNER, SUPERVISOR, SECOND_SUPERVISOR)]
        assert told == [month, month, 0], step
        answer_running(line.hotline, member_id="owner_1")
    assert deaths > 20


def test_before_the_first_drill_there_is_none_to_answer(line: Line) -> None:
    assert said_drill(line.hotline) == "No drill has begun yet."
    with pytest.raises(Refused) as refusal:
        answer_running(line.hotline, member_id="owner_1")
    assert refusal.value.code == "no-drill"


def test_a_drill_that_runs_is_said_to_run_until_its_end(line: Line) -> None:
    look(line)
    assert "It runs until somebody answers, or until Tue 10 Nov 2026" in said_drill(line.hotline)


def test_only_somebody_who_is_known_can_say_that_they_were_reached(line: Line) -> None:
    look(line, minutes=2)
    with pytest.raises(Refused) as refused:
        answer_running(line.hotline, member_id="nobody")
    assert refused.value.code == "member-unknown"
    assert "runs until somebody answers" in said_drill(line.hotline)
