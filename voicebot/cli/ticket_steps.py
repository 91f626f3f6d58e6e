"""`voicebot tickets …` holds what is decided about a case, one command for each decision, with the words of the
console.

Knows: the terminal, steps of a case. Must not know: what a step changes, how a case is shown.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TypedDict, TypeVar

import click

from voicebot.cli.login_name import login_name
from voicebot.cli.ticket_windows import chosen_window, list_windows
from voicebot.domain.case_task import TaskKind
from voicebot.domain.ticket import CloseReason, NotComplaint, Ruling, ToldBy
from voicebot.service.decision.explain import explaining
from voicebot.service.decision.kind import being_of_kind
from voicebot.service.decision.waiting import waiting_for, waiting_no_longer
from voicebot.service.hotline import Hotline
from voicebot.service.promise.choose import choosing, giving_number, running_late
from voicebot.service.promise.take_back import taking_back
from voicebot.service.staff.decision import Step
from voicebot.service.ticket.about import complaining_about
from voicebot.service.ticket.actions import write_note
from voicebot.service.ticket.category import categorising
from voicebot.service.ticket.ending import answering, closing, dismissing, reopening
from voicebot.service.ticket.hand_over import give, take_over
from voicebot.service.ticket.heard import act_heard
from voicebot.service.ticket.offer import ending_offer
from voicebot.service.ticket.refusal import asking_refusal, confirming_refusal, overruling_refusal
from voicebot.service.ticket.splitting import joining, splitting, taking_out
from voicebot.service.ticket.tasks import NewTask, asking, finishing

Command = TypeVar("Command", bound=Callable[..., object])


UNHEARD = click.option("--unheard", default="", help="Nobody has listened to the voice: why you end the case anyway.")


def add_steps(tickets: click.Group, open_hotline: Callable[[], Hotline]) -> None:
    """Add the commands to `voicebot tickets`, where each opens the hotline when it is run."""
    for command in (
        *_endings(open_hotline),
        *_others(open_hotline),
        *_clocks(open_hotline),
        *_joins(open_hotline),
        *_owners(open_hotline),
        *_tasks(open_hotline),
    ):
        tickets.add_command(command)


def _endings(open_hotline: Callable[[], Hotline]) -> Sequence[click.Command]:
    @_case_command("answered", "Note that a decision on CASE was told, and text the day on which it stands.")
    @_choice("--decided", "ruling", Ruling, "What was decided; refused takes a second person first.")
    @_choice("--told-by", "told_by", ToldBy, "How it was told; a call must be logged first.")
    @click.option("--rule-told", is_flag=True, help="The day on which the case is closed was named in it.")
    @UNHEARD
    def answered(case: str, ruling: str, told_by: str, *, rule_told: bool, **given: str) -> None:
        step = answering(ruling=Ruling(ruling), told_by=ToldBy(told_by), is_rule_told=rule_told, **_why(given))
        _do(open_hotline(), case, step, said="Noted. The case waits for the complainant's yes or no.")

    @_case_command("close", "Close CASE for a reason; the complainant is told.")
    @_choice("--why", "why", CloseReason, "What the end rests on.")
    @UNHEARD
    def close(case: str, why: str, **given: str) -> None:
        step = closing(reason=CloseReason(why), **_why(given))
        _do(open_hotline(), case, step, said="Closed. Who comes back finds it open again.")

    @_case_command("not-a-complaint", "Note that CASE holds no complaint; `reopen` takes it back.")
    @_choice("--kind", "kind", NotComplaint, "What it is instead.")
    @UNHEARD
    def not_a_complaint(case: str, kind: str, **given: str) -> None:
        step = dismissing(kind=NotComplaint(kind), **_why(given))
        _do(open_hotline(), case, step, said="Noted: no complaint. Nothing is owed.")

    @_case_command("reopen", "Open CASE again, with a call that is owed.")
    def reopen(case: str, reason: str, actor: str) -> None:
        _do(open_hotline(), case, reopening(words=reason, actor=actor), said="Open again. A call is owed.")

    return (answered, close, not_a_complaint, reopen)


def _others(open_hotline: Callable[[], Hotline]) -> Sequence[click.Command]:
    @_case_command("second-look", "Say that we cannot help in CASE, or look at what somebody else said.")
    @click.option("--say", type=click.Choice(list(_LOOKS)), required=True, help="What you say.")
    def second_look(case: str, say: str, reason: str, actor: str) -> None:
        _do(open_hotline(), case, _LOOKS[say](words=reason, actor=actor), said="Noted.")

    @_case_command("move", "Promise the call of CASE for another window; without --window list those with room.")
    @click.option("--window", type=int, default=None, help="Number of the window in the list.")
    @click.option("--our-fault", is_flag=True, help="It is we who cannot keep the time; the text says so.")
    def move(case: str, window: int | None, our_fault: bool, reason: str, actor: str) -> None:
        hotline = open_hotline()
        if window is None:
            list_windows(hotline, case)
            return
        step = choosing(chosen_window(hotline, case, window), words=reason, actor=actor, is_our_fault=our_fault)
        _do(hotline, case, step, said="Promised, and the complainant is told.")

    @_case_command("number", "Write down NUMBER as the one to call for CASE.")
    @click.argument("number")
    def number(case: str, number: str, reason: str, actor: str) -> None:
        _do(
            open_hotline(),
            case,
            giving_number(number, words=reason, actor=actor),
            said="The number stands on the case.",
        )

    @_case_command("take-back", "Take back the last talk of CASE, logged by mistake; what it kept is owed again.")
    def take_back(case: str, reason: str, actor: str) -> None:
        _do(
            open_hotline(), case, taking_back(words=reason, actor=actor), said="Taken back. What it kept is owed again."
        )

    return (second_look, move, number, take_back)


def _joins(open_hotline: Callable[[], Hotline]) -> Sequence[click.Command]:
    @_case_command("join", "Join CASE into OTHER, which goes on; `take-out` takes it back.")
    @click.argument("other")
    def join(case: str, other: str, reason: str, actor: str) -> None:
        _do(open_hotline(), case, joining(other, words=reason, actor=actor), said=f"{case} leads to {other} now.")

    @_case_command("take-out", "Take JOINED, which was joined into CASE, out again with all that came with it.")
    @click.argument("joined")
    def take_out(case: str, joined: str, reason: str, actor: str) -> None:
        _do(
            open_hotline(),
            case,
            taking_out(joined, words=reason, actor=actor),
            said="Two cases again, each with a call.",
        )

    @_case_command("split", "Make a case of its own of some answers of CASE, by their ids (`show CASE --json`).")
    @click.option("--answer", "answers", multiple=True, required=True, help="Id of an answer; may be given again.")
    def split(case: str, answers: tuple[str, ...], reason: str, actor: str) -> None:
        _do(
            open_hotline(), case, splitting(answers, words=reason, actor=actor), said="Split. The new case owes a call."
        )

    return (join, take_out, split)


def _tasks(open_hotline: Callable[[], Hotline]) -> Sequence[click.Command]:
    @_case_command("ask", "Ask somebody to do something on CASE until a day, or promise a remedy; its owner stays.")
    @_choice("--kind", "kind", TaskKind, "What is to be done.")
    @click.option("--to", required=True, help="Staff id of who is to do it.")
    @click.option("--amount", type=int, help="Of a remedy, in whole units of your currency.")
    @click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The day; without it as the policy has it.")
    @click.option("--thank", is_flag=True, help="Thank the complainant in a text, and say when we call.")
    def ask(
        case: str, kind: str, to: str, amount: int | None, until: datetime | None, thank: bool, reason: str, actor: str
    ) -> None:
        day = None if until is None else until.date()
        new = NewTask(kind=TaskKind(kind), to=to, words=reason, amount=amount, until=day, tells_complainant=thank)
        _do(open_hotline(), case, asking(new, actor=actor), said="Asked, and told at once. The owner stays.")

    @_case_command("done", "Note that TASK of CASE is done (`show CASE --json` has its id); --reason has the result.")
    @click.argument("task")
    def done(case: str, task: str, reason: str, actor: str) -> None:
        _do(open_hotline(), case, finishing(task, words=reason, actor=actor), said="Done, and whoever asked is told.")

    return (ask, done)


def _clocks(open_hotline: Callable[[], Hotline]) -> Sequence[click.Command]:
    @_case_command("late", "Say before the miss that the call of CASE comes later: an apology and the next window.")
    def late(case: str, reason: str, actor: str) -> None:
        step = running_late(words=reason, actor=actor)
        _do(open_hotline(), case, step, said="Moved by us, and the complainant is told.")

    @_case_command("wait", "Wait for the complainant of CASE until a day; the time to decide rests meanwhile.")
    @click.option("--until", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day on which it comes back.")
    def wait(case: str, until: datetime, reason: str, actor: str) -> None:
        step = waiting_for(reason, until=until.date(), actor=actor)
        _do(open_hotline(), case, step, said="The time to decide rests. The case comes back when work begins that day.")

    @_case_command("go-on", "Wait for the complainant of CASE no longer.")
    def go_on(case: str, reason: str, actor: str) -> None:
        _do(open_hotline(), case, waiting_no_longer(actor=actor), said="The time to decide runs again.")

    @_case_command("kind", "Say what KIND of case CASE is: that sets by when it is decided.")
    @click.argument("kind")
    def kind(case: str, kind: str, reason: str, actor: str) -> None:
        _do(open_hotline(), case, being_of_kind(kind, actor=actor), said="Noted. The decision is due by that kind.")

    @_case_command("category", 'Say what KIND of complaint CASE is (categories.yaml); "" takes back what was said.')
    @click.argument("kind")
    def category(case: str, kind: str, reason: str, actor: str) -> None:
        _do(open_hotline(), case, categorising(kind, actor=actor), said="Noted, and told to whom that kind names.")

    @_case_command("why-late", "Write down for the complainant of CASE why the decision takes longer (--reason).")
    def why_late(case: str, reason: str, actor: str) -> None:
        step = explaining(reason, actor=actor)
        _do(open_hotline(), case, step, said="Kept. The complainant reads it if the decision is late.")

    return (late, wait, go_on, kind, category, why_late)


def _owners(open_hotline: Callable[[], Hotline]) -> Sequence[click.Command]:
    @_case_command("assign", "Give CASE to somebody by staff id.")
    @click.option("--to", required=True, help="Staff id of the new owner.")
    def assign(case: str, to: str, reason: str, actor: str) -> None:
        give(open_hotline(), case, to=to, actor=actor)
        click.echo("The case is theirs now. The promise stands as it was given.")

    @_case_command("take", "Take CASE over: you own it.")
    def take(case: str, reason: str, actor: str) -> None:
        take_over(open_hotline(), case, actor=actor)
        click.echo("The case is yours now. The promise stands as it was given.")

    @_case_command("note", "Keep a note on CASE for colleagues; --reason has its words.")
    def note(case: str, reason: str, actor: str) -> None:
        write_note(open_hotline(), case, text=reason, actor=actor)
        click.echo("Note kept.")

    @_case_command("end-offer", "Offer CASE to nobody beside its owner: say no to the offer, or take it back.")
    def end_offer(case: str, reason: str, actor: str) -> None:
        step = ending_offer(actor=actor)
        _do(open_hotline(), case, step, said="The case is offered to nobody else. Its owner stays.")

    @_case_command("about", "Say whom of the staff CASE complains about: they do not see it any more.")
    @click.option("--member", default="", help="Their staff id; without it the case is about nobody of the staff.")
    def about(case: str, member: str, reason: str, actor: str) -> None:
        step = complaining_about(member, actor=actor)
        _do(open_hotline(), case, step, said="Noted. Whoever a case is about does not see it.")

    return (assign, take, note, end_offer, about)


_LOOKS: dict[str, Callable[..., Step]] = {
    "cannot-help": asking_refusal,
    "agreed": confirming_refusal,
    "can-help": overruling_refusal,
}


class _Why(TypedDict):
    """What every end of a case is given: its words, who decides, and why nobody listened."""

    words: str
    actor: str
    unheard: str


def _why(given: Mapping[str, str]) -> _Why:
    return _Why(words=given["reason"], actor=given["actor"], unheard=given["unheard"])


def _do(hotline: Hotline, case: str, step: Step, *, said: str) -> None:
    act_heard(hotline, case, step)
    click.echo(said)


def _case_command(name: str, said: str) -> Callable[[Callable[..., None]], click.Command]:
    """Make a command that names a case, says why, and who decides."""

    def make(run: Callable[..., None]) -> click.Command:
        by = click.option("--by", "actor", default=login_name, help="Who decides (staff id); default: your login.")
        why = click.option("--reason", default="", help="Why, in words; the history of the case keeps them.")
        return click.command(name, help=said)(click.argument("case")(by(why(run))))

    return make


def _choice(option: str, name: str, kinds: type[StrEnum], said: str) -> Callable[[Command], Command]:
    return click.option(option, name, type=click.Choice([kind.value for kind in kinds]), required=True, help=said)
