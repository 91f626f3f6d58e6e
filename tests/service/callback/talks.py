"""Talks of calls back that are recorded: what a test does in one, and what it finds afterwards."""

from datetime import timedelta

from tests.service.callback.callers import CA
from tests.service.lines import Line
from voicebot.domain.staff_call import StaffCall
from voicebot.domain.ticket import Answer, Ticket
from voicebot.service.callback import hops
from voicebot.service.callback.talk import note_talk_recorded
from voicebot.speech.audio import write_wav

RE = f"RE{1:032x}"
"""What the fake carrier calls its first recording."""


def answered(line: Line, call: StaffCall, key: str = "") -> hops.Ask:
    """Let the member take the call and the complainant answer the announcement; return what that said."""
    hops.greet(line.hotline, call.id, CA)
    hops.accept(line.hotline, call.id, "1")
    asked = hops.announce(line.hotline, call.id)
    assert hops.agree(line.hotline, call.id, key) == hops.LetThrough()
    return asked


def over(line: Line, call: StaffCall) -> None:
    """End the complainant's leg, then the member's."""
    line.clock.step(timedelta(seconds=30))
    hops.close_dial(line.hotline, call.id, status="completed", is_bridged=True, seconds=30)
    hops.take_result(line.hotline, call.id, "1", is_last=False)
    hops.end(line.hotline, call.id, status="completed")
    line.run_jobs()


def talk_of(line: Line, call: StaffCall) -> Answer | None:
    with line.work() as work:
        return work.tickets.answer_of_turn(call.id, 0)


def consents(line: Line, call: StaffCall) -> list[str]:
    """Return what the history holds of the notice, without the digest of its wording."""
    with line.work() as work:
        lines = [entry for entry in work.tickets.history(call.ticket_id) if entry.verb == "consent_logged"]
    return [entry.after.partition(",")[0] for entry in lines if "before a talk (en, wording " in entry.after]


def lost(line: Line, call: StaffCall) -> list[str]:
    with line.work() as work:
        return [entry.after for entry in work.tickets.history(call.ticket_id) if entry.verb == "audio_lost"]


def case_of(line: Line, call: StaffCall) -> Ticket:
    with line.work() as work:
        ticket = work.tickets.get(call.ticket_id)
    assert ticket is not None
    return ticket


def two_voices() -> bytes:
    """Return a recording as the carrier makes it: one second, each side on a channel of its own."""
    return write_wav(b"\x80" * 8000, b"\xff" * 8000)


def reported(line: Line, call: StaffCall) -> Answer:
    """Let the carrier tell of the recording, let it be fetched, and return what stands on the case."""
    note_talk_recorded(line.hotline, call.id, recording_sid=RE, is_available=True)
    line.run_jobs()
    talk = talk_of(line, call)
    assert talk is not None
    return talk
