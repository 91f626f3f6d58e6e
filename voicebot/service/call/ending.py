"""The end of a call, whoever noticed it first. It is marked once, and what every ended contact leaves is left.

A call without a word waits a moment if it may join a case that stands (silent_call.py). Who has said which case it is
about waits for nothing. A caller who has talked to
whoever is responsible is owed nothing more for it.

Knows: calls, the last session. Must not know: how the news came.
"""

from dataclasses import replace

from voicebot.domain.call import SURVEY_FLOW, Call, CallEnd, CallStatus, end_call
from voicebot.service.call.canary_call import end_canary_call
from voicebot.service.call.repeat_end import claims_case, leave_follow_up
from voicebot.service.call.silent_call import end_without_words
from voicebot.service.call.survey_answer import end_survey
from voicebot.service.call_context import CallContext
from voicebot.service.callback.rang_in import has_talked
from voicebot.service.history import Verb


def finish_call(context: CallContext, end: CallEnd) -> Call:
    """Mark the call ended and leave promise and text behind. A call that has ended already stays as it is."""
    call = context.call
    if call.status is CallStatus.ENDED:
        return call
    ended = end_call(call, end, context.now)
    context.work.calls.save(ended)
    context.work.contacts.end(call.carrier_call_id, context.now)
    last = context.work.calls.turn(call.id, call.turn_number)
    assert last is not None, "an answered call has a turn"
    context.note(Verb.CALL_ENDED, actor="carrier", after=end)
    over = replace(context, call=ended)
    if ended.is_canary:
        end_canary_call(over)
        return ended
    if ended.flow_name == SURVEY_FLOW:
        end_survey(over)
        return ended
    if has_talked(over) or (not claims_case(last) and end_without_words(over, last)):
        return ended
    return leave_follow_up(over, last)
