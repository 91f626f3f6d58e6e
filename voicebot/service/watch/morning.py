"""The morning list. It has misses by name, what is at risk today, the oldest cases, decisions that wait, and who was
not told.

It is made afresh whenever somebody asks. What it tells of the past begins where the list of the day before was due, so
that nothing falls between two lists. No number of a complainant and no word of theirs is in it.
Knows: what a list is made of, names of people, instants as staff read them. Must not know: channels' addresses, pages.
Source: complaints.md D-07, section 2 (every miss stands in it, acknowledged or not).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from voicebot.domain.case_number import written
from voicebot.domain.drill import Drill
from voicebot.domain.instants import Instants, length, written_day
from voicebot.domain.rota import Rota
from voicebot.domain.watch_rules import list_before, missed_lists
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.lookup import ticket_of
from voicebot.service.outbox.channels import wanted_channels, why_unreachable
from voicebot.service.outbox.limits import TOO_MANY_TEXTS
from voicebot.service.outbox.purpose import FOR_STAFF
from voicebot.service.outbox.staff_outbox import TOO_MANY_MESSAGES
from voicebot.service.outbox.text_channel import TextBarrier
from voicebot.service.ports import MissedCall, PromisedCall, Untold, WaitingCase
from voicebot.service.staff.members import member_name
from voicebot.service.staff.rota import rota_of
from voicebot.service.watch.canary_report import morning_words

MOST_SHOWN = 20
"""Lines of a part. Whoever needs more opens the console."""
OLDEST_SHOWN = 5
HELD_BACK = (*TextBarrier, TOO_MANY_TEXTS, TOO_MANY_MESSAGES)
"""Why something that was true was not sent."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MorningLine:
    """One line of a part. What a line does not have is empty."""

    case_number: str = ""
    who: str = ""
    """A person's name."""
    said: str

    @property
    def case(self) -> str:
        """The case number as people write it."""
        return written(self.case_number) if self.case_number else ""

    @property
    def words(self) -> str:
        """The line as plain text."""
        head = ", ".join(part for part in (self.case, self.who) if part)
        return f"{head}: {self.said}" if head else self.said


@dataclass(frozen=True, kw_only=True, slots=True)
class MorningPart:
    """One part of the list."""

    key: str
    """Short and stable, because programs read it."""
    title: str
    nothing: str
    """What is said when it has no line."""
    lines: tuple[MorningLine, ...]
    is_cut: bool = False
    """Whether there is more than is shown."""

    @property
    def count(self) -> str:
        """How many lines it has, `20+` when it has more than it shows."""
        return f"{len(self.lines)}+" if self.is_cut else str(len(self.lines))


@dataclass(frozen=True, kw_only=True, slots=True)
class MorningList:
    """What management reads in the morning."""

    day: date
    zone: str
    made_at: datetime
    since_at: datetime
    """From when on misses, and what reached nobody, are told."""
    not_sent: tuple[date, ...]
    """Working days before this one on which no list was sent."""
    parts: tuple[MorningPart, ...]

    def count(self, key: str) -> str:
        """Return how many lines a part has, `20+` when it has more than it shows."""
        return next(part for part in self.parts if part.key == key).count


def view_morning(hotline: Hotline) -> MorningList:
    """Make today's list for a page or a terminal. Reads only."""
    with hotline.look() as work:
        return make_list(context_of(hotline, work))


def make_list(context: Context) -> MorningList:
    """Make the list of the local day that it is now."""
    begun = begin_list(context)
    return replace(begun, parts=tuple(_parts(context, begun)))


def begin_list(context: Context) -> MorningList:
    """Return the same list before anything stands on it: its day, since when, and which ones were not sent."""
    calendar, rules = context.policy.calendar, context.policy.watch.morning
    zone = ZoneInfo(calendar.zone)
    day = context.now.astimezone(zone).date()
    record, newest = context.work.watch.list_of(day.isoformat()), context.work.watch.newest_list()
    before = list_before(calendar, rules, day)
    since_at = context.now - timedelta(days=1) if before is None else before.at
    not_sent: tuple[date, ...] = ()
    if record is not None:
        since_at = record.since_at
    elif newest is not None:
        last = date.fromisoformat(newest.id)
        since_at = min(since_at, newest.made_at)
        not_sent = missed_lists(calendar, rules, last=last, day=day)
    return MorningList(day=day, zone=calendar.zone, made_at=context.now, since_at=since_at, not_sent=not_sent, parts=())


def morning_text(made: MorningList) -> str:
    """Return the list as plain text, for mails and the terminal."""
    return "\n".join(_text_lines(made)) + "\n"


def exported(made: MorningList) -> dict[str, object]:
    """Return the list for programs. Instants in UTC."""
    days = {"day": made.day.isoformat(), "not_sent": [day.isoformat() for day in made.not_sent]}
    return {**days, "since": made.since_at, "made": made.made_at, **exported_parts(made.parts)}


def exported_parts(parts: Sequence[MorningPart]) -> dict[str, object]:
    """Return parts for programs, by key."""
    return {
        part.key: {
            "lines": [{"case": line.case, "who": line.who, "said": line.said} for line in part.lines],
            "is_cut": part.is_cut,
        }
        for part in parts
    }


def said_not_sent(made: MorningList) -> str:
    """Say on which days no list was sent, empty when each had its own."""
    if not made.not_sent:
        return ""
    days = ", ".join(written_day(day) for day in made.not_sent)
    return f"No list was sent on {days}: the hotline did not run, or could not send. This one tells of those days, too."


def _text_lines(made: MorningList) -> Iterator[str]:
    at = Instants(zone=made.zone, now=made.made_at)
    yield f"Morning list, {at.said(made.made_at)}; since {at.said(made.since_at)}"
    if made.not_sent:
        yield said_not_sent(made)
    yield from text_of_parts(made.parts)


def text_of_parts(parts: Sequence[MorningPart]) -> Iterator[str]:
    """Yield the lines of parts as plain text."""
    for part in parts:
        yield ""
        yield f"{part.title}: {part.count if part.lines else part.nothing}"
        yield from (f"- {line.words}" for line in part.lines)
        if part.is_cut:
            yield "- and more: see the console"


def _parts(context: Context, made: MorningList) -> Iterator[MorningPart]:
    lines = LineWords(context, Instants(zone=made.zone, now=context.now))
    midnight = datetime.combine(made.day + timedelta(days=1), time(), ZoneInfo(made.zone))
    book, more = context.work.morning, MOST_SHOWN + 1
    missed = [lines.missed(each) for each in book.missed(made.since_at, more)]
    yield part_of("missed", "Promised calls that we missed", "none", missed)
    promised = [lines.promised(each) for each in book.promised(midnight, more)]
    yield part_of(
        "at_risk", "At risk: promised for today and not called yet", "nothing is promised for today", promised
    )
    oldest = [lines.waiting(each, "opened {}") for each in book.oldest(OLDEST_SHOWN)]
    yield part_of("oldest", "Open for the longest", "no case is open", oldest)
    yield part_of("decisions", "Decisions that wait", "none", list(_decisions(context, lines, midnight)))
    yield part_of("tasks", "Tasks that are late", "none", list(_late_tasks(context, lines))[:more])
    untold = book.untold(made.since_at, more, text_kinds=FOR_STAFF, held_back=HELD_BACK)
    yield part_of("drill", "The last drill", "none since the list before", list(_drill(context, lines, made.since_at)))
    test_call = MorningLine(said=f"the test call {morning_words(context, lines.at)}")
    yield part_of("test_call", "Whether calls come through", "", [test_call])
    yield part_of("untold", "Who could not be told", "everybody was", [lines.untold(each) for each in untold])
    yield part_of("channels", "What the channels cannot do", "everybody can be reached", list(_unreached(context)))


def part_of(key: str, title: str, nothing: str, lines: Sequence[MorningLine]) -> MorningPart:
    """Return a part with as many lines as are shown."""
    is_cut = len(lines) > MOST_SHOWN
    return MorningPart(key=key, title=title, nothing=nothing, lines=tuple(lines[:MOST_SHOWN]), is_cut=is_cut)


def _decisions(context: Context, lines: "LineWords", until: datetime) -> Iterator[MorningLine]:
    found = context.work.morning.decisions(until, MOST_SHOWN + 1)
    yield from (lines.waiting(each, "was due {} and is LATE") for each in found.late)
    yield from (lines.waiting(each, "due {}") for each in found.due)
    yield from (lines.waiting(each, "asks a second person to confirm that we cannot help") for each in found.refusals)


def _late_tasks(context: Context, lines: "LineWords") -> Iterator[MorningLine]:
    """Yield tasks that nobody has finished by their day, the longest late first. Their words stay on the case."""
    for task in context.work.case_tasks.waiting():
        if task.due_at <= context.now:
            case = ticket_of(context.work, task.ticket_id).case_number
            who = member_name(context.work, context.policy, task.assignee_id)
            yield MorningLine(case_number=case, who=who, said=f"{task.kind} was due {lines.at.said(task.due_at)}")


def _drill(context: Context, lines: "LineWords", since: datetime) -> Iterator[MorningLine]:
    """Yield how the last drill ended, or that it runs, unless the list before told it."""
    drill = context.work.watch.newest_drill()
    if drill is None or (drill.ended_at or context.now) < since:
        return
    yield lines.drill(drill, context.now)


def _unreached(context: Context) -> Iterator[MorningLine]:
    """Yield whom no channel reaches, and whom one does not although their address is known."""
    for member in context.policy.staff:
        why = why_unreachable(context, member)
        if why:
            yield MorningLine(who=member.name, said=f"cannot be told anything: {why}")
            continue
        for channel in wanted_channels(context.hotline, member):
            why = channel.why_not(context, member)
            if why and not channel.why_no_address(context.hotline.rules, member):
                yield MorningLine(who=member.name, said=f"gets no {channel.name}: {why}")


class LineWords:
    """Says what is found with names of people and instants of the company's clock."""

    def __init__(self, context: Context, at: Instants) -> None:
        self.at = at
        self._name = partial(member_name, context.work, context.policy)
        self._rota: Rota = rota_of(context.work, context.policy, now=context.now)

    def missed(self, call: MissedCall) -> MorningLine:
        steps = f"{call.steps} {'step' if call.steps == 1 else 'steps'} taken"
        ended = "NOT REACHED YET" if call.ended_at is None else f"settled {self.at.brief(call.ended_at)}"
        said = f"missed {self.at.said(call.at)}; {ended}, {steps}"
        return MorningLine(case_number=call.case_number, who=self._name(call.owner_id), said=said)

    def promised(self, call: PromisedCall) -> MorningLine:
        window = self.at.window(call.opens_at, call.closes_at)
        away = "" if self._is_there(call) else "; AWAY then: give it to somebody"
        return MorningLine(case_number=call.case_number, who=self._name(call.owner_id), said=f"{window}{away}")

    def waiting(self, each: WaitingCase, said: str) -> MorningLine:
        at = self.at.said(each.at)
        return MorningLine(case_number=each.case_number, who=self._name(each.owner_id), said=said.format(at))

    def drill(self, drill: Drill, now: datetime) -> MorningLine:
        began = f"began {self.at.said(drill.began_at)}"
        if drill.answered_at is not None:
            took = length(drill.answered_at - drill.began_at)
            return MorningLine(who=self._name(drill.answered_by), said=f"{began}, and was reached after {took}")
        return MorningLine(said=f"{began}: NOBODY answered in time" if drill.has_failed(now) else f"{began}, and runs")

    def untold(self, each: Untold) -> MorningLine:
        who = each.who.rpartition(":")[2]
        what = each.what.removeprefix("sms_staff_").replace("_", " ")
        said = f"{what}, {self.at.brief(each.at)}: {each.why}"
        return MorningLine(case_number=each.case_number, who=self._name(who) if who else "", said=said)

    def _is_there(self, call: PromisedCall) -> bool:
        """Tell whether its owner is on duty for some of the window. Of who is not on the rota nothing is known."""
        person = self._rota.person(call.owner_id)
        return person is None or bool(self._rota.duty_spans(person, call.opens_at, call.closes_at))
