"""Which voices of a case nobody has listened to yet."""

from dataclasses import replace

from tests.service.lines import Line
from voicebot.service.answer.keep import TALK_SLOT
from voicebot.service.answer.unheard import voices_unheard


def test_every_voice_counts_but_that_of_a_talk_of_ours(line: Line) -> None:
    told = line.told_call(is_heard=False)
    with line.work() as work:
        story, remedy = work.tickets.answers(told.call.ticket_id)
        assert voices_unheard(work, told.call.ticket_id) == (story, remedy)
        work.tickets.save_answer(replace(remedy, slot=TALK_SLOT))
        assert voices_unheard(work, told.call.ticket_id) == (story,)
