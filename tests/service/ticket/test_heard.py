"""Nobody ends a case of which nobody has listened to the voice."""

from collections.abc import Callable

import pytest

from tests.service.lines import Line
from tests.service.texting import write_text
from voicebot.domain.case_number import written
from voicebot.domain.ticket import CloseReason, NotComplaint, Ruling, TicketStatus, ToldBy
from voicebot.errors import Refused
from voicebot.service.answer.keep import destroy
from voicebot.service.answer.unheard import voices_unheard
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.history import Verb
from voicebot.service.hotline import context_of
from voicebot.service.promise.keep import log_callback
from voicebot.service.staff.decision import Step, act
from voicebot.service.ticket.ending import answering, closing, dismissing
from voicebot.service.ticket.heard import act_heard, keep_heard

ENDS: dict[str, tuple[Callable[..., Step], TicketStatus]] = {
    "answered": (
        lambda **given: answering(ruling=Ruling.GRANTED, told_by=ToldBy.CALL, words="paid back", **given),
        TicketStatus.ANSWERED,
    ),
    "closed": (
        lambda **given: closing(reason=CloseReason.AGREED, words="they said yes", **given),
        TicketStatus.CLOSED,
    ),
    "no complaint": (
        lambda **given: dismissing(kind=NotComplaint.PRAISE, words="a praise", **given),
        TicketStatus.NOT_A_COMPLAINT,
    ),
}


def case_of(line: Line, told: CallAnswer) -> str:
    return line.ticket(told).case_number


def spoken_with(line: Line) -> tuple[CallAnswer, str]:
    """A told call that nobody has listened to, and whose caller somebody has spoken with."""
    told = line.told_call(is_heard=False)
    log_callback(line.hotline, case_of(line, told), reason="spoke", actor="owner_1")
    return told, case_of(line, told)


@pytest.mark.parametrize("end", ENDS)
def test_a_case_ends_only_when_somebody_has_listened_to_it(line_on_both: Line, end: str) -> None:
    line, (step, status) = line_on_both, ENDS[end]
    told, case = spoken_with(line)
    with pytest.raises(Refused, match=r"nobody has listened to the voice of this case \(story, remedy\)") as refused:
        act(line.hotline, case, step(actor="owner_1"))
    assert refused.value.code == "voice-unheard"
    assert line.ticket(told).status is TicketStatus.OPEN
    assert keep_heard(line.hotline, case, actor="deputy_1") == 2
    assert act(line.hotline, case, step(actor="owner_1"))
    assert line.ticket(told).status is status


def test_each_answer_is_listened_to_once_by_each_person_and_the_last_one_counts_too(line: Line) -> None:
    told, case = spoken_with(line)
    with line.work() as work:
        story, remedy = work.tickets.answers(told.call.ticket_id)
    assert keep_heard(line.hotline, written(case), actor="owner_1", answer_ids=[story.id]) == 1
    line.step(minutes=1)
    assert keep_heard(line.hotline, case, actor="owner_1", answer_ids=[story.id]) == 0
    with line.work() as work:
        assert [answer.id for answer in voices_unheard(work, told.call.ticket_id)] == [remedy.id]
        (heard,) = work.reviews.heard_of(told.call.ticket_id)
    assert (heard.answer_id, heard.by) == (story.id, "owner_1")


@pytest.mark.parametrize("end", ENDS)
def test_a_supervisor_ends_it_unheard_and_the_history_says_why(line: Line, end: str) -> None:
    told, case = spoken_with(line)
    step, status = ENDS[end]
    with pytest.raises(Refused, match="a supervisor ends the case and says why"):
        act(line.hotline, case, step(actor="owner_1", unheard="the file is broken"))
    assert act(line.hotline, case, step(actor="supervisor_1", unheard="the file is broken"))
    assert line.ticket(told).status is status
    with line.work() as work:
        history = work.tickets.history(told.call.ticket_id)
    (line_of,) = (entry for entry in history if entry.verb == Verb.ENDED_UNHEARD)
    assert (line_of.actor, line_of.after) == ("supervisor_1", "story, remedy: the file is broken")


def test_a_voice_that_was_destroyed_holds_nothing_up(line: Line) -> None:
    told, case = spoken_with(line)
    with line.work() as work:
        for answer in work.tickets.answers(told.call.ticket_id):
            destroy(context_of(line.hotline, work), answer)
        work.commit()
    with pytest.raises(Refused, match="no such voice"):
        keep_heard(line.hotline, case, actor="owner_1")
    assert act(line.hotline, case, dismissing(kind=NotComplaint.PRANK, words="a prank", actor="owner_1"))


@pytest.mark.parametrize("end", ENDS)
def test_a_voice_that_is_not_to_be_found_holds_nothing_up_and_the_history_says_so(line: Line, end: str) -> None:
    told, case = spoken_with(line)
    step, status = ENDS[end]
    line.audio.files.clear()
    assert act_heard(line.hotline, case, step(actor="owner_1"))
    assert line.ticket(told).status is status
    with line.work() as work:
        history = work.tickets.history(told.call.ticket_id)
    (line_of,) = (entry for entry in history if entry.verb == Verb.ENDED_UNHEARD)
    assert (line_of.actor, line_of.after) == ("owner_1", "story, remedy: the voice is not to be found")


def test_what_can_still_be_listened_to_holds_it_up_beside_a_voice_that_cannot(line: Line) -> None:
    told, case = spoken_with(line)
    with line.work() as work:
        story, _remedy = work.tickets.answers(told.call.ticket_id)
    del line.audio.files[str(story.audio_key)]
    step, _status = ENDS["closed"]
    with pytest.raises(Refused, match=r"\(remedy\)"):
        act_heard(line.hotline, case, step(actor="owner_1"))
    assert line.ticket(told).status is TicketStatus.OPEN


def test_what_was_written_is_read_and_not_listened_to(line: Line) -> None:
    write_text(line, "my parcel came broken", "SM1")
    with line.work() as work:
        (ticket,) = work.tickets.all()
    assert act(line.hotline, ticket.case_number, dismissing(kind=NotComplaint.PRANK, words="a prank", actor="owner_1"))


def test_a_voice_that_is_still_on_its_way_is_waited_for(line: Line) -> None:
    told = line.say(line.reach("ask_story"), "my parcel came broken")
    with pytest.raises(Refused, match="nobody has listened"):
        act(line.hotline, case_of(line, told), dismissing(kind=NotComplaint.PRANK, words="a prank", actor="owner_1"))


def test_listening_to_an_answer_of_another_case_is_refused(line: Line) -> None:
    told, _case = spoken_with(line)
    with line.work() as work:
        (answer, *_) = work.tickets.answers(told.call.ticket_id)
    other = case_of(line, line.told_call("CA2", "+12025550144", is_heard=False))
    with pytest.raises(Refused, match="no such voice"):
        keep_heard(line.hotline, other, actor="owner_1", answer_ids=[answer.id])
