"""Numbers of payment cards that are destroyed, where `card_numbers: destroy` stands in `retention.yaml`.

The samples of the voice in which one is said are overwritten first, then the words, so that a crash in between leaves
words by which the next run finds the voice again. All else of voice and words stays. A case with a live call or a voice
on its way waits, and so does one under a hold. With `mask` nothing is destroyed, and nothing is shown either.
Knows: which cases hold such numbers, the audio store. Must not know: tables, how a number is recognised.
Source: PCI DSS 4.0, 3.3.1 (no code of a card is kept after authorisation) and 3.5.1 (a number is unreadable wherever it
is kept).
"""

from collections.abc import Collection, Sequence

import structlog

from voicebot.domain.call import CallStatus
from voicebot.domain.private.masking import Beside, beside_of
from voicebot.domain.private.spans import OF_CARDS
from voicebot.domain.retention import RETENTION_ACTOR, CardNumbers
from voicebot.domain.ticket import Answer, AnswerState
from voicebot.errors import Unavailable
from voicebot.service.answer.shown import masked_answer, private_stretches
from voicebot.service.failure_log import log_failure
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.ports import UnitOfWork
from voicebot.speech.audio import read_sides, silenced, write_wav

log = structlog.get_logger(__name__)

TASK = "card numbers"
MOST = 1_000
"""Cases in one run. The next run goes on."""
_ON_ITS_WAY = (AnswerState.SPOOLED, AnswerState.AWAITING_RECORDING, AnswerState.AWAITING_TRANSCRIPT)


def destroy_card_numbers(hotline: Hotline) -> int:
    """Destroy what is due, and return in how many cases. Raises: Unavailable when the audio store failed for some."""
    if hotline.flows.current_policy().retention.card_numbers is CardNumbers.MASK:
        return 0
    with hotline.look() as work:
        found = work.retention.with_cards(MOST)
    done = failed = 0
    for ticket_id in found:
        try:
            done += _destroy(hotline, ticket_id)
        except Unavailable as problem:
            failed += 1
            log_failure(log.warning, "card_numbers_put_off", problem)
    if done:
        hotline.clear_erased()
        log.info("card_numbers_destroyed", cases=done)
    if failed:
        raise Unavailable(f"card numbers of {failed} cases stay until the audio store is there and writable")
    return done


def _destroy(hotline: Hotline, ticket_id: str) -> bool:
    with hotline.unit_of_work() as work:
        answers = work.tickets.answers(ticket_id) if _may_go(work, ticket_id) else None
        lifted = work.tickets.lifted(ticket_id)
    if answers is None:
        return False
    for answer in answers:
        _silence(hotline, answer, _beside(answer, answers), lifted)
    with hotline.unit_of_work() as work:
        is_as_it_was = work.tickets.answers(ticket_id) == answers and work.tickets.lifted(ticket_id) == lifted
        if not (is_as_it_was and _may_go(work, ticket_id)):
            return False
        if not work.retention.destroy_cards(ticket_id):
            return False
        note_case(work, ticket_id, Verb.CARD_NUMBERS_DESTROYED, at=context_of(hotline, work).now, actor=RETENTION_ACTOR)
        work.commit()
        return True


def _may_go(work: UnitOfWork, ticket_id: str) -> bool:
    """Tell whether nobody is on the line, no voice is on its way and no hold lies on the case."""
    is_live = any(call.status is CallStatus.LIVE for call in work.calls.of_ticket(ticket_id))
    is_coming = any(answer.state in _ON_ITS_WAY for answer in work.tickets.answers(ticket_id))
    return not (is_live or is_coming or any(hold.ticket_id == ticket_id for hold in work.retention.holds()))


def _beside(answer: Answer, answers: Sequence[Answer]) -> Beside:
    """Return what was said in the same call before an answer and after it, where a number may begin or go on."""
    of_call = [each for each in answers if each.call_id == answer.call_id and (each.text or each is answer)]
    told = sorted(of_call, key=lambda each: each.turn_number)
    return beside_of([each.text for each in told], told.index(answer))


def _silence(hotline: Hotline, answer: Answer, beside: Beside, lifted: Collection[str]) -> None:
    """Overwrite the samples in which a card's number is said. What is stored otherwise stays as it is."""
    masked = masked_answer(answer, pins=(), kinds=OF_CARDS, beside=beside, lifted=lambda: lifted)
    stretches = private_stretches(masked)
    if not stretches or answer.audio_key is None:
        return
    kept = hotline.audio.get(answer.audio_key)
    left = write_wav(*(silenced(side, stretches) for side in read_sides(kept)))
    if left != kept:
        hotline.audio.put(answer.audio_key, left)
