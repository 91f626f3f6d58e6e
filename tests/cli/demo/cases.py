"""Cases as the demo would read them, for the tests of its parts."""

from datetime import timedelta
from typing import Any

from tests.builders import MONDAY_TEN, a_breach, a_call, a_promise, a_step, a_ticket, an_answer, an_sms
from tests.domain.test_staff_call import a_staff_call
from voicebot.cli.demo.case_reader import Case
from voicebot.cli.demo.sandbox import ADA, BEN
from voicebot.domain.promise import PromiseState
from voicebot.domain.sms import SmsState
from voicebot.domain.ticket import AnswerState, Ruling, TicketStatus, ToldBy

SUPERVISOR = "+12025550163"
STORY = "my kettle arrived broken and nobody answered my letters"


def a_kept_case(**changes: Any) -> Case:
    """Build Ada's case as it stands at the end of a good demo: called back, and wrapped up."""
    answered = {
        "status": TicketStatus.ANSWERED,
        "ruling": Ruling.GRANTED,
        "told_by": ToldBy.CALL,
        "closes_at": MONDAY_TEN + timedelta(days=14),
    }
    talk = {"result": "reached", "was_bridged": True, "talk_s": 9, "keyed": "1", "dial_status": "completed"}
    ended = {
        "ticket": a_ticket(complainant_number=ADA, **answered),
        "call": a_call(caller_number=ADA),
        "answers": (an_answer(text=STORY, state=AnswerState.DONE, duration_s=4.2),),
        "promises": (a_promise(state=PromiseState.KEPT, kept_reason="connected, and keyed as spoken with"),),
        "calls_back": (a_staff_call(dialled_at=MONDAY_TEN, ended_at=MONDAY_TEN, **talk),),
        "texts": (
            an_sms(recipient=ADA, state=SmsState.DELIVERED),
            an_sms(id="sms-2", recipient=ADA, template="sms_answer_granted", state=SmsState.DELIVERED),
        ),
    }
    return Case(**{**ended, **changes})


def a_broken_case(**changes: Any) -> Case:
    """Build Ben's case as it stands at the end of a good demo: nobody called."""
    ended = {
        "ticket": a_ticket(complainant_number=BEN, recording_refused=True),
        "call": a_call(caller_number=BEN),
        "promises": (
            a_promise(state=PromiseState.BREACHED),
            a_promise(id="promise-2", attempt=2, words="", made_at=MONDAY_TEN + timedelta(hours=6)),
        ),
        "breaches": (a_breach(next_step_at=None),),
        "steps": (a_step(step="missed", told="owner_1,supervisor_1"), a_step(step="heads", told="area_1")),
        "texts": (
            an_sms(recipient=BEN, state=SmsState.DELIVERED),
            an_sms(id="sms-2", recipient=BEN, template="sms_promise_missed", state=SmsState.DELIVERED),
            an_sms(
                id="sms-3",
                recipient=SUPERVISOR,
                template="sms_staff_missed",
                purpose="step:breach-1:missed:supervisor_1",
                state=SmsState.DELIVERED,
            ),
        ),
    }
    return Case(**{**ended, **changes})
