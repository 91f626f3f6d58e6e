"""Values with plain defaults for tests: name only what the test is about, `a_ticket(status=TicketStatus.CLOSED)`."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from voicebot.domain.business_calendar import ALL_DAY, WEEKDAYS, BusinessCalendar, DaySpan
from voicebot.domain.calendar_feed import CalendarFeed
from voicebot.domain.call import Call, CallStatus, Turn, Way
from voicebot.domain.callback_window import WindowRules
from voicebot.domain.case_task import CaseTask, TaskKind
from voicebot.domain.decision_term import DecisionTerm, TermState
from voicebot.domain.drill import Drill
from voicebot.domain.escalation import EscalationLadder, EscalationStep, StepAction, StepTaken, WarningStep
from voicebot.domain.notice import Notice, NoticeEvent
from voicebot.domain.picture import Picture, PictureState
from voicebot.domain.promise import Breach, Promise, PromiseState
from voicebot.domain.retention import CaseAtRest
from voicebot.domain.rota import ChangeKind, Person, RotaChange, RotaProfile, Shift
from voicebot.domain.sms import Sms, SmsState
from voicebot.domain.staff import StaffMember
from voicebot.domain.staff_message import MessageState, StaffMessage
from voicebot.domain.text_request import KeptTextRequest
from voicebot.domain.ticket import Answer, AnswerState, Channel, HistoryEntry, Ticket, TicketStatus
from voicebot.domain.watch_alarm import WatchAlarm
from voicebot.flow.policy_values import read_hours
from voicebot.flow.session import CallFacts

MONDAY_TEN = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
"""A Monday, ten in the morning, UTC."""

# --- the store's nouns -------------------------------------------------------------------------------------


def a_ticket(**changes: Any) -> Ticket:
    """Build an open ticket of the telephone, just opened."""
    ticket = Ticket(
        id="ticket-1",
        case_number="482913756",
        pin="4071",
        status=TicketStatus.OPEN,
        channel=Channel.PHONE,
        locale="en",
        opened_at=MONDAY_TEN,
        owner_id="owner_1",
        complainant_number="+12025550143",
    )
    return replace(ticket, **changes)


def a_call(**changes: Any) -> Call:
    """Build a live call of ticket-1."""
    call = Call(
        id="call-1",
        carrier_call_id="CA00000000000000000000000000000001",
        ticket_id="ticket-1",
        caller_number="+12025550143",
        called_number="+12025550100",
        status=CallStatus.LIVE,
        way=Way.STREAM,
        locale="en",
        flow_name="complaint",
        flow_digest="flow-digest",
        policy_digest="policy-digest",
        started_at=MONDAY_TEN,
        last_heard_at=MONDAY_TEN,
    )
    return replace(call, **changes)


def a_turn(**changes: Any) -> Turn:
    """Build the answer to call-1 itself."""
    turn = Turn(call_id="call-1", number=0, event="{}", session="{}", instructions="[]", at=MONDAY_TEN)
    return replace(turn, **changes)


def an_answer(**changes: Any) -> Answer:
    """Build the spooled story of call-1."""
    answer = Answer(
        id="answer-1",
        ticket_id="ticket-1",
        call_id="call-1",
        turn_number=2,
        slot="story",
        at=MONDAY_TEN,
        text="",
        words_json="[]",
        duration_s=0.0,
        audio_key=None,
        state=AnswerState.SPOOLED,
    )
    return replace(answer, **changes)


def a_promise(**changes: Any) -> Promise:
    """Build an open promise of ticket-1: today between two and four."""
    promise = Promise(
        id="promise-1",
        ticket_id="ticket-1",
        target="standard",
        window_opens_at=MONDAY_TEN + timedelta(hours=4),
        window_closes_at=MONDAY_TEN + timedelta(hours=6),
        made_at=MONDAY_TEN,
        words="A person will call you today, between two and four.",
        locale="en",
        state=PromiseState.OPEN,
    )
    return replace(promise, **changes)


def a_breach(**changes: Any) -> Breach:
    """Build the breach of promise-1, its first step due at once."""
    closed_at = MONDAY_TEN + timedelta(hours=6)
    breach = Breach(id="breach-1", promise_id="promise-1", ticket_id="ticket-1", at=closed_at, next_step_at=closed_at)
    return replace(breach, **changes)


def a_calendar_feed(**changes: Any) -> CalendarFeed:
    """Build the calendar of Anna's absences, never fetched yet."""
    feed = CalendarFeed(
        id="feed-1",
        staff_id="anna",
        kind=ChangeKind.AWAY,
        address="https://calendar.example/anna.ics",
        made_at=MONDAY_TEN,
        made_by="anna",
        next_fetch_at=MONDAY_TEN,
    )
    return replace(feed, **changes)


def a_case_task(**changes: Any) -> CaseTask:
    """Build a consult on ticket-1, due in four hours."""
    task = CaseTask(
        id="task-1",
        ticket_id="ticket-1",
        kind=TaskKind.CONSULT,
        asked_by="owner_1",
        assignee_id="deputy_1",
        words="does branch five have the part",
        asked_at=MONDAY_TEN,
        due_at=MONDAY_TEN + timedelta(hours=4),
        next_step_at=MONDAY_TEN + timedelta(hours=4),
    )
    return replace(task, **changes)


def a_decision_term(**changes: Any) -> DecisionTerm:
    """Build the first term of ticket-1, due in a fortnight."""
    term = DecisionTerm(
        id="term-1",
        ticket_id="ticket-1",
        attempt=1,
        target="standard",
        state=TermState.RUNNING,
        started_at=MONDAY_TEN,
        due_at=MONDAY_TEN + timedelta(days=14),
        next_step_at=MONDAY_TEN + timedelta(days=7),
    )
    return replace(term, **changes)


def a_step(**changes: Any) -> StepTaken:
    """Build the first step after breach-1."""
    at = MONDAY_TEN + timedelta(hours=6)
    step = StepTaken(subject_id="breach-1", ticket_id="ticket-1", step="owner", due_at=at, taken_at=at, told="owner_1")
    return replace(step, **changes)


def an_sms(**changes: Any) -> Sms:
    """Build the confirmation to the complainant of ticket-1, waiting and due."""
    sms = Sms(
        id="sms-1",
        ticket_id="ticket-1",
        purpose="sms_confirmation:ticket-1",
        template="sms_confirmation",
        recipient="+12025550143",
        body="Your case is 482-913-756.",
        state=SmsState.WAITING,
        created_at=MONDAY_TEN,
        not_before=MONDAY_TEN,
        state_at=MONDAY_TEN,
    )
    return replace(sms, **changes)


def a_staff_message(**changes: Any) -> StaffMessage:
    """Build a mail to owner_1 about the first warning of promise-1, waiting and due."""
    message = StaffMessage(
        id="message-1",
        ticket_id="ticket-1",
        purpose="warning:promise-1:half_gone:owner_1",
        channel="e-mail",
        member_id="owner_1",
        template="sms_staff_warning",
        subject="Harbour Goods: case 482-913-756",
        body="Case 482-913-756: please ring now.",
        state=MessageState.WAITING,
        created_at=MONDAY_TEN,
        not_before=MONDAY_TEN,
        state_at=MONDAY_TEN,
    )
    return replace(message, **changes)


def a_notice(**changes: Any) -> Notice:
    """Build what owner_1 is to be told of ticket-1 now: it is new."""
    notice = Notice(
        id="notice-1",
        ticket_id="ticket-1",
        event=NoticeEvent.NEW_CASE,
        step="",
        member_id="owner_1",
        at=MONDAY_TEN,
        opens_at=MONDAY_TEN,
        due_at=MONDAY_TEN,
    )
    return replace(notice, **changes)


def a_watch_alarm(**changes: Any) -> WatchAlarm:
    """Build an alarm about the worker that nobody was told of yet."""
    return replace(WatchAlarm(id="alarm-1", name="worker", began_at=MONDAY_TEN), **changes)


def a_drill(**changes: Any) -> Drill:
    """Build a drill on ticket-1 that nobody has answered yet."""
    ends_at = MONDAY_TEN + timedelta(hours=2)
    return replace(Drill(id="2026-03", ticket_id="ticket-1", began_at=MONDAY_TEN, ends_at=ends_at), **changes)


def a_picture(**changes: Any) -> Picture:
    """Build the first picture of a text, at the carrier still."""
    picture = Picture(
        id="picture-1",
        ticket_id="ticket-1",
        answer_id="answer-1",
        message_sid="SM1",
        media_sid="ME1",
        number=0,
        kind="image/jpeg",
        at=MONDAY_TEN,
        state=PictureState.AWAITED,
    )
    return replace(picture, **changes)


def a_text_request(**changes: Any) -> KeptTextRequest:
    """Build a request for no more texts, said in none of ours."""
    facts = {
        "message_sid": None,
        "recipient": "+12025550143",
        "sender": "+12025550100",
        "is_out": True,
        "at": MONDAY_TEN,
    }
    return KeptTextRequest(**{**facts, **changes})


def a_history_entry(**changes: Any) -> HistoryEntry:
    """Build the first line of ticket-1's history."""
    return replace(HistoryEntry(ticket_id="ticket-1", at=MONDAY_TEN, actor="system", verb="opened"), **changes)


def a_case_at_rest(**changes: Any) -> CaseAtRest:
    """Build ticket-1 at rest since MONDAY_TEN, called and recorded."""
    case = CaseAtRest(
        ticket_id="ticket-1",
        case_number="482913756",
        last_activity_at=MONDAY_TEN,
        is_unanswered=False,
        is_recording_refused=False,
    )
    return replace(case, **changes)


# --- working time ------------------------------------------------------------------------------------------


def at(said: str, zone: str = "America/New_York") -> datetime:
    """Build the instant of a wall clock, weekday checked: `at("Friday 20 November 2026 17:59:59")`."""
    wall = datetime.strptime(said, "%A %d %B %Y %H:%M:%S")
    assert wall.strftime("%A") == said.split()[0], f"{said}: that day is a {wall.strftime('%A')}"
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def hours(*spans: str) -> tuple[DaySpan, ...]:
    """Build the spans of a day: `hours("9:00-13:00", "14:00-18:00")`."""
    return read_hours(list(spans))


def a_calendar(**changes: Any) -> BusinessCalendar:
    """Build Monday to Friday, 9 to 13 and 14 to 18 in New York, with the public holidays of the USA."""
    workday = hours("9:00-13:00", "14:00-18:00")
    calendar = BusinessCalendar(
        zone="America/New_York", week=(workday, workday, workday, workday, workday, (), ()), country="US"
    )
    return replace(calendar, **changes)


def always_open(zone: str = "Etc/UTC") -> BusinessCalendar:
    """Build a calendar that never closes."""
    return BusinessCalendar(zone=zone, week=(ALL_DAY,) * 7)


def window_rules(**changes: Any) -> WindowRules:
    """Build two-hour windows on whole hours, half an hour ahead, ten callbacks filled to 80 %."""
    rules = WindowRules(
        width=timedelta(hours=2),
        grain=timedelta(hours=1),
        lead=timedelta(minutes=30),
        callbacks_per_window=10,
        fill_percent=80,
    )
    return replace(rules, **changes)


def a_ladder(**changes: Any) -> EscalationLadder:
    """Build the default ladder of a missed call."""
    ladder = EscalationLadder(
        warnings=(
            WarningStep(name="half_gone", at_percent=50, tell=("owner",)),
            WarningStep(name="three_quarters_gone", at_percent=75, tell=("owner", "deputy")),
        ),
        steps=(
            EscalationStep(
                name="missed", after=timedelta(0), tell=("owner", "supervisor"), action=StepAction.APOLOGISE
            ),
            EscalationStep(name="second_supervisor", after=timedelta(minutes=30), tell=("second_supervisor",)),
            EscalationStep(name="heads", after=timedelta(hours=2), tell=("quality_head", "area_head")),
            EscalationStep(name="executive", after=timedelta(hours=4), tell=("executive",), at_once_from_miss=2),
        ),
        quiet_for=timedelta(minutes=30),
        apology_target="after_miss",
        management_roles=frozenset({"supervisor", "executive"}),
        responsible_after_second_miss="executive",
    )
    return replace(ladder, **changes)


# --- people on duty -----------------------------------------------------------------------------------------


def a_person(staff_id: str = "owner_1", *spans: str, **changes: Any) -> Person:
    """Build a handler with these shifts: `a_person("owner_1", "Monday 9:00-13:00")`; none: the opening hours."""
    member = StaffMember(id=staff_id, name=staff_id.title(), role=changes.pop("role", "handler"))
    known = {"changes": changes.pop("changes", ())}
    profile = RotaProfile(staff_id=staff_id, **changes)
    return Person(member=member, profile=profile, shifts=tuple(a_shift(staff_id, said) for said in spans), **known)


def a_shift(staff_id: str, said: str, *, role: str = "") -> Shift:
    """Build a weekly shift: `a_shift("owner_1", "Monday 9:00-13:00")`."""
    weekday, _, span = said.partition(" ")
    (day_span,) = hours(span)
    return Shift(
        id=f"{staff_id} {said} {role}".strip(),
        staff_id=staff_id,
        weekday=WEEKDAYS.index(weekday),
        opens_minute=day_span.opens_minute,
        closes_minute=day_span.closes_minute,
        role=role,
    )


def a_change(staff_id: str = "owner_1", **changes: Any) -> RotaChange:
    """Build a stretch of an hour in which somebody is away."""
    change = RotaChange(
        id=f"change-{staff_id}",
        staff_id=staff_id,
        kind=ChangeKind.AWAY,
        begins_at=MONDAY_TEN,
        ends_at=MONDAY_TEN + timedelta(hours=1),
        made_at=MONDAY_TEN,
        made_by="supervisor_1",
    )
    return replace(change, **changes)


# --- flows ---------------------------------------------------------------------------------------------------


def call_facts(**changes: Any) -> CallFacts:
    """Build the facts of a call from a known number that takes texts."""
    facts = CallFacts(
        company="Harbour Goods",
        case_number="482913756",
        caller_number="+12025550143",
        caller_digits="202 555 0143",
        can_text=True,
        zone="UTC",
    )
    return facts.model_copy(update=changes)
