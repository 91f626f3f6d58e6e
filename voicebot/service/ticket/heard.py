"""Who listened to the voices of a case. No case ends of which nobody has listened to the voice.

One person who has listened to an answer is enough. Where a voice cannot be listened to, somebody with a say may end the
case all the same, and says why.
Knows: voices, listeners, who has a say. Must not know: players, the ways in which a case ends.
Source: complaints.md S3-09, console.md 6.
"""

from collections.abc import Collection, Sequence

from voicebot.domain.heard import VoiceHeard
from voicebot.domain.ticket import Answer
from voicebot.errors import Refused
from voicebot.service.answer.unheard import voices_unheard
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.staff.decision import CaseContext, lock_case, tidy
from voicebot.service.staff.members import has_say


def keep_heard(hotline: Hotline, case: str, *, actor: str, answer_ids: Collection[str] = ()) -> int:
    """Keep that somebody has listened to answers of a case, or to all of them where none is named.

    Returns how many were new. Raises: Refused when there is no such case or answer, or no voice to listen to.
    """
    with hotline.unit_of_work() as work:
        ticket = lock_case(work, case)
        answers = [each for each in work.tickets.answers(ticket.id) if each.audio_key is not None]
        chosen = [each for each in answers if not answer_ids or each.id in answer_ids]
        if not chosen or len(chosen) < len(answer_ids):
            raise Refused("there is no such voice in the case to listen to", code="voice-missing")
        now = context_of(hotline, work).now
        new = [
            work.reviews.add_heard(VoiceHeard(ticket_id=ticket.id, answer_id=each.id, by=actor, at=now))
            for each in chosen
        ]
        work.commit()
        return sum(new)


def refuse_unheard(at: CaseContext, *, actor: str, why: str) -> None:
    """Let a case end only when somebody has listened to its voices, or somebody with a say says why nobody has.

    Raises: Refused when neither is so.
    """
    left = voices_unheard(at.work, at.ticket.id)
    if not left:
        return
    said = tidy(why)
    if not said or not has_say(at.work, at.policy, actor):
        raise Refused(_why_not(left), code="voice-unheard")
    after = f"{_named(left)}: {said}"
    note_case(at.work, at.ticket.id, Verb.ENDED_UNHEARD, at=at.now, actor=actor, after=after)


def _why_not(left: Sequence[Answer]) -> str:
    return (
        f"nobody has listened to the voice of this case ({_named(left)}): play it, or say that you have heard it. "
        "Where it cannot be played, a supervisor ends the case and says why nobody listened"
    )


def _named(answers: Sequence[Answer]) -> str:
    return ", ".join(answer.slot.replace("_", " ") for answer in answers)
