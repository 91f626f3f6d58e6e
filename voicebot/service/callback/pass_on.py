"""Key 3 of a ladder's call. With it the step goes on to the next person now, and both learn of it.

An owner who passes it on gives the case away, to whoever would own it now and is on duty. Where there is nobody, and of
any other person's step, the next is whoever a later step of the ladder tells, those on duty first. Nobody is next whom
the ladder has told already. It counts as a hand-off and has the same cap (ticket/hand_over.py).
The call says to whom it went. The next person is told by their own channels, as a step tells. What is said on a call is
found from its result, so that a key that is reported twice is answered alike.
Knows: steps, hand-offs, who is on duty. Must not know: keys, TwiML.
Source: script.md 7 (ladder); complaints.md S1-01 (hand-offs counted, shown and capped).
"""

from dataclasses import replace

from voicebot.domain.escalation import DueStep, Ladder, StepTaken, steps_of
from voicebot.domain.sms import Draft
from voicebot.domain.staff import StaffMember
from voicebot.domain.staff_call import StaffCall, StaffCallState
from voicebot.domain.ticket import Ticket
from voicebot.flow.call_words import CallWords
from voicebot.service.callback.dial import end_within
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.ladder.duty import is_on_duty, people_of
from voicebot.service.ladder.plan import kept_plan
from voicebot.service.lookup import ticket_of
from voicebot.service.outbox.channels import is_reachable, tell_member
from voicebot.service.outbox.compose import Template, slots_of
from voicebot.service.outbox.purpose import TextKind, kind_of, purpose, why_no_longer_true
from voicebot.service.staff.assignment import choose_owner
from voicebot.service.staff.members import member_name
from voicebot.service.staff.readers import barred
from voicebot.service.staff.rota import rota_of
from voicebot.service.ticket.hand_over import count_hand_off, is_handed_on_enough, pass_to

PASSED_TO = "passed on to "
NOBODY_NEXT = "they pass it on, and there is nobody else"
TOO_OFTEN = "they pass it on, and it was handed on too often"
_WARNINGS = (TextKind.WARNING, TextKind.DECISION_WARNING)
_OF_CALLS = (TextKind.WARNING, TextKind.STEP)


def pass_on(hotline: Hotline, call_id: str) -> StaffCall:
    """Pass the step of a call on and end the call. One that has ended stays as it is. Return it as it ended."""
    with hotline.unit_of_work() as work:
        call = work.staff_calls.get(call_id)
        assert call is not None, "asked of a call that rings"
        # The case first, as everywhere: two people may pass it on at the same moment.
        work.tickets.hold(call.ticket_id)
        context, held = context_of(hotline, work), work.staff_calls.lock(call_id)
        assert held is not None, "calls are never deleted"
        if held.state is StaffCallState.ENDED:
            return held
        result = _pass_on(context, held)
        end_within(context, held, result)
        work.commit()
        return replace(held, result=result)


def words_of_passing(context: Context, call: StaffCall) -> tuple[CallWords, str]:
    """Return what is said of a step that was passed on, or was not, and the name that this may say."""
    if call.result.startswith(PASSED_TO):
        name = member_name(context.work, context.policy, call.result.removeprefix(PASSED_TO))
        return CallWords.PASSED_ON, name
    said = {NOBODY_NEXT: CallWords.NOBODY_NEXT, TOO_OFTEN: CallWords.PASSED_TOO_OFTEN}
    return said.get(call.result, CallWords.OVER), ""


def _pass_on(context: Context, call: StaffCall) -> str:
    """Hand the step on, and return what came of it."""
    ticket = ticket_of(context.work, call.ticket_id)
    if why := why_no_longer_true(context.work, call, context.now):
        return why
    if is_handed_on_enough(context, ticket, by=call.member_id):
        return TOO_OFTEN
    _, subject_id, name, *_ = call.purpose.split(":")
    taken = steps_of(subject_id, context.work.promises.steps(ticket.id))
    told = {call.member_id, *(staff_id for step in taken for staff_id in step.told.split(","))}
    owner = _next_owner(context, ticket, told) if ticket.owner_id == call.member_id else None
    following = owner or _next_on_ladder(context, ticket, call, told)
    if following is None:
        return NOBODY_NEXT
    if owner is not None:
        pass_to(context, ticket, owner.id, by=call.member_id, knows=(owner.id,))
        _note(context, call, Verb.TICKET_GIVEN, before=ticket.owner_id, after=owner.id)
    else:
        count_hand_off(context, ticket)
    _note(context, call, Verb.STEP_PASSED_ON, before=name, after=following.id)
    _tell(context, call, following, next((step for step in taken if step.step == name), None))
    return PASSED_TO + following.id


def _next_owner(context: Context, ticket: Ticket, told: set[str]) -> StaffMember | None:
    work, policy, now = context.work, context.policy, context.now
    chosen = choose_owner(work, policy, locale=ticket.locale, now=now, besides=told | barred(context, ticket))
    if chosen is None or not is_reachable(context, chosen, rings=True):
        return None
    return chosen if is_on_duty(rota_of(work, policy, now=now), chosen, now=now) else None


def _next_on_ladder(context: Context, ticket: Ticket, call: StaffCall, told: set[str]) -> StaffMember | None:
    people = [people_of(context, step, ticket=ticket) for step in _later_steps(context, call)]
    on_duty = [member for each in people for member in each.on_duty]
    off_duty = [member for each in people for member in each.off_duty]
    return next((member for member in (*on_duty, *off_duty) if member.id not in told), None)


def _later_steps(context: Context, call: StaffCall) -> tuple[DueStep, ...]:
    """Return the steps after that of the call, as its climb was planned. After a warning, those of the ladder too."""
    _, subject_id, name, *_ = call.purpose.split(":")
    plan, kind, policy = kept_plan(context.work, subject_id) or (), kind_of(call), context.policy
    at = next((at for at, step in enumerate(plan, 1) if step.name == name), len(plan))
    ladder: Ladder = policy.ladder if kind in _OF_CALLS else policy.late_decision
    climb = ladder.steps if kind in _WARNINGS else ()
    steps = (*plan[at:], *(DueStep(name=step.name, due_at=context.now, tell=step.tell) for step in climb))
    return tuple(replace(step, rings=True) for step in steps)


def _tell(context: Context, call: StaffCall, member: StaffMember, step: StepTaken | None) -> None:
    """Tell the next person as a step does, and write that this step has told them."""
    work, ticket = context.work, ticket_of(context.work, call.ticket_id)
    kind, subject_id, name, *_ = call.purpose.split(":")
    if step is not None:
        work.promises.save_step(replace(step, told=f"{step.told},{member.id}"))
    passed_by = member_name(work, context.policy, call.member_id)
    draft = Draft(
        purpose=purpose(TextKind(kind), subject_id, name, member.id),
        template=Template.STAFF_PASSED_ON,
        slots=slots_of(context, ticket, None) | {"passed_by": passed_by},
        rings=True,
    )
    tell_member(context, ticket, member=member, draft=draft)


def _note(context: Context, call: StaffCall, verb: Verb, *, before: str, after: str) -> None:
    note_case(context.work, call.ticket_id, verb, at=context.now, actor=call.member_id, before=before, after=after)
