"""Cases as the demo would read them, for the tests of its parts."""

from datetime import timedelta
from typing import Any

from tests.builders import MONDAY_TEN, a_breach, a_call, a_promise, a_step, a_ticket, an_answer, an_sms
from tests.domain.test_staff_call import a_staff_call
from voicebot.cli.demo.case_reader import Case
from voicebot.cli.demo.sandbox import CALLER
from voicebot.domain.promise import PromiseState
from voicebot.domain.sms import SmsState
from voicebot.domain.ticket import AnswerState

SUPERVISOR = "+12025550163"
STORY = "my kettle arrived broken and nobody answered my letters"


def a_case(**changes: Any) -> Case:
    """Build a case as it stands at the end of a good demo."""
    ended = {
        "ticket": a_ticket(complainant_number=CALLER),
        "call": a_call(caller_number=CALLER),
        "answers": (an_answer(text=STORY, state=AnswerState.DONE, duration_s=4.2),),
        "promises": (
            a_promise(state=PromiseState.BREACHED),
            a_promise(
                id="promise-2",
                attempt=2,
                words="",
                made_at=MONDAY_TEN + timedelta(hours=6),
                state=PromiseState.KEPT,
                kept_reason="connected, and keyed as spoken with",
            ),
        ),
        "breaches": (a_breach(next_step_at=None),),
        "calls_back": (a_staff_call(result="reached", was_bridged=True, talk_s=9, keyed="1", dialled_at=MONDAY_TEN),),
        "steps": (a_step(step="missed", told="owner_1,supervisor_1"), a_step(step="heads", told="area_1")),
        "texts": (
            an_sms(recipient=CALLER, state=SmsState.DELIVERED),
            an_sms(id="sms-2", recipient=CALLER, template="sms_promise_missed", state=SmsState.DELIVERED),
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
