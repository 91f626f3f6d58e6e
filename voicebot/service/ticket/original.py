"""Private numbers of a case as they were said, for who may see them and says why.

The reason stands in the history. For a while after it that member reads the case and hears its voices without marks.
The code of the case is shown to nobody. What was destroyed by policy is not there to be seen.

A mark may stand for nothing private, since order numbers look like cards. Whoever may see the original lifts it for
good, with a reason. From then on everybody who sees the case reads that number in it, wherever and however it was said,
hears it, and finds it. So it may be put back. The history keeps the key of the number, never the number.
Knows: the history, who opened what. Must not know: roles, pages.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from voicebot.domain.private.masking import lift_key, private_spans
from voicebot.domain.private.spans import PrivateKind
from voicebot.domain.ticket import Answer
from voicebot.domain.utterance import WORDS
from voicebot.errors import Refused
from voicebot.service.history import WORDS_OF_PEOPLE, Verb, note_case
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.lookup import find_ticket
from voicebot.service.ports import UnitOfWork
from voicebot.service.staff.decision import lock_case, tidy

LASTS = timedelta(minutes=15)
"""So long the original stays open to who gave a reason."""


def open_original(hotline: Hotline, case: str, *, why: str, actor: str) -> None:
    """Note why somebody looks at the private numbers of a case, which opens them to that member for a while.

    Raises: Refused without a reason, or when there is no such case.
    """
    if not tidy(why):
        raise Refused("this needs a reason: what is to be checked, and who asked for it", code="reason-missing")
    with hotline.unit_of_work() as work:
        ticket, now = lock_case(work, case), context_of(hotline, work).now
        note_case(work, ticket.id, Verb.ORIGINAL_OPENED, at=now, actor=actor, after=tidy(why))
        work.commit()


def original_of(hotline: Hotline, case: str, *, actor: str) -> Hotline:
    """Return the hotline as this member may see it now, with private numbers as they were said.

    Raises: Refused when they gave no reason lately, or when there is no such case.
    """
    with hotline.look() as work:
        ticket, now = find_ticket(work, case), context_of(hotline, work).now
        if not _is_open(work, ticket.id, actor, now):
            raise Refused("say first why you look at the private numbers of this case", code="original-closed")
    return replace(hotline, look=hotline.look_at_original)


@dataclass(frozen=True, kw_only=True, slots=True)
class PrivateNumber:
    """Something private in the words of a case."""

    key: str
    """By which its mark is lifted (`lift_key`)."""
    kind: PrivateKind
    said: str
    """As it was said first."""
    is_lifted: bool


def private_numbers(original: Hotline, case: str) -> tuple[PrivateNumber, ...]:
    """Return what is private in a case, each number once. `original` is of `original_of`. Raises: Refused."""
    with original.look() as work:
        ticket = find_ticket(work, case)
        lifted = work.tickets.lifted(ticket.id)
        found = (
            PrivateNumber(key=key, kind=span.kind, said=said, is_lifted=key in lifted)
            for text in _words_of(work, ticket.id)
            for span in private_spans(text)
            for said in (text[span.begin : span.end],)
            for key in (lift_key(said),)
        )
        return tuple({each.key: each for each in reversed(list(found))}.values())[::-1]


def lift_mask(hotline: Hotline, case: str, key: str, *, why: str, actor: str, is_put_back: bool = False) -> None:
    """Let a number be shown from now on, or be masked again, where somebody has opened the original.

    Raises: Refused as `original_of`, without a reason, and when the case has no such number.
    """
    if not tidy(why):
        raise Refused("this needs a reason: what the number is, and how you know", code="reason-missing")
    known = {each.key: each for each in private_numbers(original_of(hotline, case, actor=actor), case)}
    if key not in known:
        raise Refused("the case has no such number any more: look at its private numbers again", code="mask-unknown")
    if known[key].is_lifted is not is_put_back:
        return
    verb = Verb.MASK_PUT_BACK if is_put_back else Verb.MASK_LIFTED
    with hotline.unit_of_work() as work:
        ticket, now = lock_case(work, case), context_of(hotline, work).now
        note_case(work, ticket.id, verb, at=now, actor=actor, before=key, after=tidy(why))
        work.commit()


def _words_of(work: UnitOfWork, ticket_id: str) -> Iterator[str]:
    """Yield what was said and written in a case and in what was joined into it, where a number may be private."""
    for each in (ticket_id, *work.tickets.merged_into(ticket_id)):
        answers = work.tickets.answers(each)
        yield from (text for answer in answers for text in (answer.text, _heard_again(answer)))
        # A number may go on in the next answer, and is another one then, with a mark of its own.
        yield " ".join(answer.text for answer in answers)
        yield from (entry.after for entry in work.tickets.history(each) if entry.verb in WORDS_OF_PEOPLE)
        yield from (entry.value for entry in work.fields.of_ticket(each))
        yield from (entry.text for entry in work.reviews.of_ticket(each))


def _heard_again(answer: Answer) -> str:
    """Return what the second hearing made of an answer, by which its voice is silent, too."""
    return " ".join(word.text for word in WORDS.validate_json(answer.second_words_json))


def _is_open(work: UnitOfWork, ticket_id: str, actor: str, now: datetime) -> bool:
    opened = (entry for entry in work.tickets.history(ticket_id) if entry.verb == Verb.ORIGINAL_OPENED)
    return any(entry.actor == actor and now - LASTS < entry.at <= now for entry in opened)
