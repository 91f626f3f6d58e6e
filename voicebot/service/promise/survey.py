"""After a promised call was kept, its complainant is asked whether the matter is settled, where policy says so.

The question is ordered with the talk that kept the promise, as a row of calls that we make, so its sweep costs what is
due and not what is stored. Whether it may still be asked is looked at when its time has come (callback/survey.py).

Knows: promises, rows of calls. Must not know: how a call is dialled, what is asked.
Source: complaints.md S1-17, S2-08.
"""

from voicebot.domain.promise import Promise
from voicebot.domain.staff_call import StaffCall, StaffCallKind, StaffCallState
from voicebot.service.hotline import Context


def order_survey(context: Context, kept: Promise) -> None:
    """Order the one question about a promise that was kept just now. A talk that was taken back has asked for none."""
    after = context.policy.callbacks.survey_after
    if after is None:
        return
    question = StaffCall(
        id=context.hotline.ids.new_id(),
        purpose=f"{StaffCallKind.SURVEY}:{kept.id}:{context.now.isoformat()}",
        kind=StaffCallKind.SURVEY,
        ticket_id=kept.ticket_id,
        promise_id=kept.id,
        member_id="",
        ordered_by="worker",
        ordered_at=context.now,
        state=StaffCallState.WAITING,
        state_at=context.now,
        not_before=context.now + after,
    )
    context.work.staff_calls.add(question)
