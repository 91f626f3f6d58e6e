"""A story heard by `<Record>`: what the carrier has of it, and what became of it."""

from tests.service.lines import Line
from voicebot.domain.ticket import Answer
from voicebot.domain.utterance import Utterance
from voicebot.flow.events import FinishedBy, UtteranceHeard
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.speech.audio import write_wav

SID = "RE" + "1" * 32


def recorded(line: Line, story: CallAnswer, words: str = "my parcel came broken") -> bytes:
    """Answer the story by a recording that the carrier has."""
    mulaw = line.recognisers.voice.says(words, 2.0)
    line.carrier.recordings[SID] = write_wav(mulaw)
    heard = UtteranceHeard(utterance=Utterance(recording_sid=SID, duration_s=2.0), finished_by=FinishedBy.KEY)
    line.tell(story, heard)
    return mulaw


def answers(line: Line, story: CallAnswer) -> list[Answer]:
    with line.work() as work:
        return list(work.tickets.answers(story.call.ticket_id))
