"""A whole case on the terminal, from what staff need first to what explains it.

Knows: tables of rich. Must not know: where a case comes from.
"""

from collections.abc import Iterator
from datetime import datetime

from rich.console import RenderableType
from rich.table import Column, Table

from voicebot.cli.terminal import shown
from voicebot.domain.case_field import CUSTOMER_FIELDS
from voicebot.domain.case_number import written
from voicebot.domain.instants import Instants, exact_instant
from voicebot.domain.picture import pictures_said
from voicebot.domain.promise import Promise, shown_by
from voicebot.service.answer.doubt import marked_words
from voicebot.service.queries.case_view import UNTOLD, AnswerView, CaseView
from voicebot.service.wording.history import detail_said
from voicebot.service.wording.names import (
    LOOKS,
    actor_said,
    away_said,
    promise_said,
    template_said,
    text_said,
    verb_said,
    worded,
)
from voicebot.service.wording.policy import due_said, step_said, target_said, why_said


def case_page(view: CaseView, *, now: datetime) -> Iterator[RenderableType]:
    """Yield the parts of the page, empty ones left out."""
    instants = Instants(zone=view.zone, now=now)
    yield _head(view, instants)
    yield _deadlines(view)
    if view.answers:
        yield _answers(view)
    yield _promises(view)
    if view.steps:
        yield _steps(view)
    if view.texts:
        yield _texts(view)
    yield _history(view, instants)
    if view.accesses:
        yield _accesses(view)


def _agreed_and_lead(view: CaseView) -> Iterator[tuple[str, str]]:
    """Yield what was agreed with the complainant, and which cases are about the same cause."""
    yield from (("agreed with them", shown(each.said)) for each in view.customer.adjustments)
    if view.lead.lead:
        yield "follows", view.lead.lead
    if view.lead.followers:
        yield "followed by", ", ".join(number for number, _following in view.lead.followers)


def _head(view: CaseView, instants: Instants) -> Table:
    ticket = view.ticket
    table = Table(title=f"Case {written(ticket.case_number)}", show_header=False)
    table.add_row("status", worded(ticket.status))
    away = away_said(view.owner_away_until, instants)
    owner = ", ".join(filter(None, (f"{view.owner} ({ticket.owner_id})", away, f"changed hands: {ticket.hand_offs}")))
    table.add_row("owner", shown(owner))
    table.add_row("opened", exact_instant(ticket.opened_at, view.zone))
    table.add_row("their effort", view.effort.said)
    if view.category.id:
        table.add_row("kind of complaint", shown(view.category.name))
    for name, entry in view.customer.standing.items():
        table.add_row(CUSTOMER_FIELDS[name].said, shown(CUSTOMER_FIELDS[name].shown(entry.value)))
    for what, said in _agreed_and_lead(view):
        table.add_row(what, said)
    table.add_row("number to call", shown(ticket.complainant_number or "none: listen for one in the answers"))
    if ticket.written_from is not None:
        table.add_row("wrote from", shown(f"{ticket.written_from}: can be neither called nor texted from here"))
    table.add_row("texts", "wanted" if ticket.may_text else f"no: {worded(ticket.text_trouble or 'not wanted')}")
    table.add_row("recording", "refused" if ticket.recording_refused else "allowed or not asked")
    if ticket.is_listen_first:
        table.add_row("listen first", "the caller was not understood: the words may be wrong")
    if ticket.supervisor_asked_at is not None:
        asked = f"{ticket.supervisor_asks} times, first {exact_instant(ticket.supervisor_asked_at, view.zone)}"
        table.add_row("asked for a supervisor", asked)
    if ticket.repeats:
        offered = "" if ticket.offered_to is None else f", offered to {view.names[ticket.offered_to]}"
        table.add_row("came back", shown(f"{called_again(ticket.repeats)}{offered}"))
    table.add_row("what happened", shown(ticket.problem) or "not told, or not in words yet")
    table.add_row("what would put it right", shown(ticket.demand) or "not said")
    return table


def called_again(times: int) -> str:
    """Say how often somebody came back."""
    return "called again" if times == 1 else f"called again {times} times"


def _deadlines(view: CaseView) -> Table:
    table = Table("What", "When", "Why this instant", title="Due next", show_lines=True)
    for due in view.deadlines:
        why = "\n".join(why_said(line) for line in due.why)
        table.add_row(shown(due_said(due.what)), exact_instant(due.at, view.zone), shown(why))
    if not view.deadlines:
        table.add_row("nothing", "", "no promise is open, no time to decide is running and no ladder is being climbed")
    return table


def _answers(view: CaseView) -> Table:
    table = Table("Question", "Words", "To check", "Seconds", _whole("Voice"), title="Answers", show_lines=True)
    for each in view.answers:
        words = "\n".join(part for part in (each.shown, _files(view, each)) if part)
        table.add_row(shown(_question(each)), shown(words), _to_check(each, view.ticket.locale), *_voice(each))
    return table


def _files(view: CaseView, each: AnswerView) -> str:
    mine = [picture for picture in view.pictures if picture.answer_id == each.answer.id]
    kept = sum(picture.file_key is not None for picture in mine)
    return f"{pictures_said(mine)}, {kept} kept: open the case in the console to save them" if mine else ""


def _question(each: AnswerView) -> str:
    return "written by text" if each.is_written else worded(each.answer.slot)


def _voice(each: AnswerView) -> tuple[str, str]:
    if each.is_written:
        return "", "none: written"
    return f"{each.answer.duration_s:.1f}", shown(each.answer.audio_key or each.answer.state)


def _to_check(each: AnswerView, locale: str) -> str:
    """Return the words that nobody should rely on unheard, since a terminal has no voice."""
    marked = marked_words(each.answer, locale)
    return shown(", ".join(dict.fromkeys(word.text for word, doubt in marked if doubt and doubt.is_to_hear)))


def _promises(view: CaseView) -> Table:
    table = Table("From", "To", "State", "Target", "Told in these words", title="Promises", show_lines=True)
    for promise in view.promises:
        by = view.names.get(promise.kept_by or "", promise.kept_by)
        kept = f"\nby {by}: {promise.kept_reason} ({shown_by(promise)})" if promise.kept_by else ""
        sure = "" if promise.confirmed_by_caller or not promise.words else "\nnot confirmed by the caller"
        span = [exact_instant(at, view.zone) for at in (promise.window_opens_at, promise.window_closes_at)]
        state = shown(f"{promise_said(promise.state)} (attempt {promise.attempt}){kept}{sure}")
        table.add_row(*span, state, shown(target_said(promise.target)), shown(_words(promise, view)))
    if not view.promises:
        table.add_row("none", "", "", "", "")
    return table


def _words(promise: Promise, view: CaseView) -> str:
    """Return the words with the day on which they were said, since their "today" is that one."""
    return f"{promise.words}\n(said {exact_instant(promise.made_at, view.zone)})" if promise.words else UNTOLD


def _steps(view: CaseView) -> Table:
    table = Table(_whole("Step"), "Due", "Taken", _whole("Told"), title="Ladder", show_lines=True)
    for step in view.steps:
        told = ", ".join(view.names.get(staff_id, staff_id) for staff_id in step.told.split(","))
        table.add_row(
            shown(step_said(step.step)),
            exact_instant(step.due_at, view.zone),
            exact_instant(step.taken_at, view.zone),
            shown(told),
        )
    return table


def _texts(view: CaseView) -> Table:
    table = Table("Text", "State", "Since", "Tries", "Words", title="Texts", show_lines=True)
    for sms in view.texts:
        table.add_row(
            template_said(sms.template),
            shown(text_said(sms)),
            _when(sms.state_at, view.zone),
            str(sms.attempts),
            shown(sms.body),
        )
    return table


def _history(view: CaseView, instants: Instants) -> Table:
    table = Table("When", "Who", "What", "Changed", title="History")
    for entry in view.history:
        who, detail = actor_said(entry.actor, view.names), detail_said(entry, instants, view.names)
        table.add_row(exact_instant(entry.at, view.zone), shown(who), verb_said(entry.verb), shown(detail))
    return table


def _accesses(view: CaseView) -> Table:
    table = Table("When", "Who", "What", _whole("Answer"), title="Who saw it")
    asked = {each.answer.id: _question(each) for each in view.answers}
    for access in view.accesses:
        at, who = exact_instant(access.at, view.zone), view.names.get(access.staff_id, access.staff_id)
        table.add_row(at, shown(who), LOOKS[access.kind], shown(asked.get(access.answer_id or "", "")))
    return table


def _whole(heading: str) -> Column:
    """Return a column that is never cut short, because it holds names that people copy."""
    return Column(heading, overflow="fold")


def _when(at: datetime | None, zone: str) -> str:
    return "" if at is None else exact_instant(at, zone)
