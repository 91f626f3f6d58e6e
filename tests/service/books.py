"""What the carrier's books hold in tests of reconciling: calls and recordings that we may know or not."""

from datetime import timedelta

from tests.service.lines import CALLER, OWN, Line
from voicebot.domain.ticket import Answer, Ticket
from voicebot.service.ports import CarrierNumber, ListedCall, ListedRecording, ListedText
from voicebot.speech.audio import write_wav

PN = "PN" + "1" * 32


def connect(line: Line, *, voice_url: str = "https://hotline.example/twilio/voice", **settings: str) -> None:
    """Put our number into the account, with its calls sent to us."""
    settings = {"voice_url": voice_url, **settings}
    line.numbers.numbers = [CarrierNumber(sid=PN, number=OWN, takes_calls=True, takes_texts=True, settings=settings)]


def rang(line: Line, sid: str, caller: str = CALLER, *, status: str = "completed", ago_s: float = 300) -> ListedCall:
    """Let a call be in the carrier's list."""
    call = ListedCall(
        carrier_call_id=sid,
        caller=caller,
        started_at=line.clock.now() - timedelta(seconds=ago_s),
        is_over=status not in ("ringing", "in-progress"),
        status=status,
        seconds=4,
    )
    line.listing.calls.append(call)
    return call


def left(
    line: Line, sid: str, call_sid: str, words: str = "please call me", *, status: str = "completed", ago_s: float = 200
) -> ListedRecording:
    """Let a recording lie at the carrier."""
    line.carrier.recordings[sid] = write_wav(line.recognisers.voice.says(words, 2.0))
    recording = ListedRecording(
        recording_sid=sid,
        carrier_call_id=call_sid,
        recorded_at=line.clock.now() - timedelta(seconds=ago_s),
        is_available=status == "completed",
        is_absent=status == "absent",
        seconds=2,
    )
    line.listing.listed.append(recording)
    return recording


def wrote(
    line: Line, sid: str, body: str, sender: str = CALLER, *, to: str = OWN, ago_s: float = 300, files: int = 0
) -> ListedText:
    """Let a text be in the carrier's list."""
    sent_at = line.clock.now() - timedelta(seconds=ago_s)
    text = ListedText(message_sid=sid, sender=sender, body=body, sent_at=sent_at, files=files)
    line.listing.texts.setdefault(to, []).append(text)
    return text


def tickets(line: Line) -> list[Ticket]:
    """Return every case."""
    with line.work() as work:
        return list(work.tickets.all())


def answers(line: Line, ticket: Ticket) -> list[Answer]:
    """Return a case's answers."""
    with line.work() as work:
        return list(work.tickets.answers(ticket.id))
