"""Who listened to the voices of a case. No case ends of which nobody has listened to the voice.

One person who has listened to an answer is enough. A voice whose file is not to be found holds nothing up. Where one
cannot be listened to for another reason, somebody with a say may end the case all the same, and says why.
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
from voicebot.service.lookup import find_ticket
from voicebot.service.queries.answer_voice import missing_voices
from voicebot.service.staff.decision import CaseContext, StaffAction, Step, act, lock_case, tidy
from voicebot.service.staff.members import has_say

_ENDS = frozenset({StaffAction.ANSWERED, StaffAction.CLOSED, StaffAction.DISMISSED})


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


def act_heard(hotline: Hotline, case: str, *steps: Step) -> bool:
    """Take steps on a case as `act` does, of which one may end it.

    Which voices are not to be found is asked before, because no transaction waits for the store. Raises: as `act`.
    """
    is_end = any(step.decision.action in _ENDS for step in steps)
    return act(hotline, case, *steps, missing=_not_found(hotline, case) if is_end else frozenset())


def refuse_unheard(at: CaseContext, *, actor: str, why: str) -> None:
    """Let a case end only when somebody has listened to its voices, or somebody with a say says why nobody has.

    Raises: Refused when neither is so.
    """
    unheard = voices_unheard(at.work, at.ticket.id)
    left = [each for each in unheard if each.id not in at.missing]
    if left:
        _refuse_handler(at, left, actor=actor, why=why)
    if unheard:
        said = tidy(why) if left else "the voice is not to be found"
        after = f"{_named(unheard)}: {said}"
        note_case(at.work, at.ticket.id, Verb.ENDED_UNHEARD, at=at.now, actor=actor, after=after)


def _not_found(hotline: Hotline, case: str) -> frozenset[str]:
    with hotline.look() as work:
        unheard = voices_unheard(work, find_ticket(work, case).id)
    return missing_voices(hotline, unheard)


def _refuse_handler(at: CaseContext, left: Sequence[Answer], *, actor: str, why: str) -> None:
    if not tidy(why) or not has_say(at.work, at.policy, actor):
        raise Refused(_why_not(left), code="voice-unheard")


def _why_not(left: Sequence[Answer]) -> str:
    return (
        f"nobody has listened to the voice of this case ({_named(left)}): play it, or say that you have heard it. "
        "Where it cannot be played, a supervisor ends the case and says why nobody listened"
    )


def _named(answers: Sequence[Answer]) -> str:
    return ", ".join(answer.slot.replace("_", " ") for answer in answers)
