"""What a caller is still asked about the complaint: the questions of the kind that their own words suggest clearly.

The kind itself is set by nobody here. A question costs a caller some seconds, so none is asked where the words were
hard to hear, nor about what is known already: by an entry, by the company's books, or from an answer before.
Knows: kinds of the policy, words of this call, what is known of who complains. Must not know: what the flow says.
Source: complaints.md S0-15 and section 3 (each kind has its own fields), V-08 (low confidence: listen first).
"""

from collections.abc import Iterator, Sequence

from voicebot.domain.case_field import CUSTOMER_FIELDS, all_standing
from voicebot.domain.category import Category, clearest
from voicebot.domain.ticket import Answer
from voicebot.domain.utterance import WORDS
from voicebot.flow.events import QuestionsFound
from voicebot.flow.instructions import FindQuestions
from voicebot.flow.listens import ASK_FIELD
from voicebot.service.answer.keep import DEMAND_SLOT, STORY_SLOT
from voicebot.service.call_context import CallContext

SURE_ENOUGH = 0.85
"""Mean confidence of the words of an answer. Nonsense from another language averages 0.79 (speech.md 2)."""


def find_questions(context: CallContext, effect: FindQuestions) -> QuestionsFound:
    """Return which fields to ask for, at most as many as the flow has room for."""
    ticket = context.ticket()
    answers = context.work.tickets.answers(ticket.id)
    kind = None if ticket.is_listen_first else _kind_of(context, answers)
    if kind is None:
        return QuestionsFound()
    known, said = set(_known(context, answers)), context.flow.prompts.get(context.call.locale, {})
    wanted = [name for name in kind.asks if name not in known and f"{ASK_FIELD}{name}" in said]
    return QuestionsFound(fields=tuple(wanted[: effect.at_most]))


def _kind_of(context: CallContext, answers: Sequence[Answer]) -> Category | None:
    told = [
        answer for answer in answers if answer.call_id == context.call.id and answer.slot in (STORY_SLOT, DEMAND_SLOT)
    ]
    return clearest(context.policy.categories, [answer.text for answer in told if _is_heard_well(answer)])


def _is_heard_well(answer: Answer) -> bool:
    words = WORDS.validate_json(answer.words_json)
    return sum(word.confidence for word in words) >= SURE_ENOUGH * len(words)


def _known(context: CallContext, answers: Sequence[Answer]) -> Iterator[str]:
    """Yield the names of fields that nobody need be asked for."""
    ticket = context.ticket()
    yield from all_standing(context.work.fields.of_ticket(ticket.id))
    yield from (answer.slot for answer in answers)
    number = ticket.complainant_number
    for found in context.work.customers.of_numbers([number] if number else []):
        yield from (name for name in CUSTOMER_FIELDS if found.customer.value(name))
