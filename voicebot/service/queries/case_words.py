"""The words of a case to be taken elsewhere, as plain text and as subtitles of a voice.

Corrections stand in their places, and words are no more than words. What nobody sees in them is a mark, as on pages.
Who takes them along has seen the case, so whoever serves this notes it.
Knows: answers, what is shown of them. Must not know: pages, files.
Source: SubRip's form as players read it (number, `00:00:01,500 --> 00:00:03,000`, text, blank line).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from voicebot.domain.case_field import standing
from voicebot.domain.case_number import written
from voicebot.domain.category import fields_of
from voicebot.domain.instants import exact_instant
from voicebot.domain.review import Piece
from voicebot.domain.ticket import Answer, Ticket
from voicebot.domain.typed_field import TypedField
from voicebot.domain.utterance import WORDS, Word
from voicebot.domain.visible import visible
from voicebot.errors import Refused
from voicebot.flow.policy import Policy
from voicebot.service.answer.shown import pieces_of, shown_text
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.lookup import find_ticket
from voicebot.service.ports import UnitOfWork
from voicebot.service.staff.field_access import entries_for_all

LINE_PAUSE_S = 1.0
"""So long a pause ends a subtitle."""
LINE_WORDS = 12
"""Words of a subtitle at most, as two lines of a screen hold them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerWords:
    """One answer of the case."""

    id: str
    slot: str
    at: datetime
    text: str
    pieces: tuple[Piece, ...]
    words: tuple[Word, ...]
    """With their times. Empty where nothing was heard word by word."""
    is_corrected: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseWords:
    """Who complains, and all answers of a case, in their order."""

    case: str
    zone: str
    locale: str
    answers: tuple[AnswerWords, ...]
    fields: tuple[tuple[TypedField, str], ...] = ()
    """What is written down of the complainant and of what happened, as people read it."""


def words_of_case(hotline: Hotline, case: str) -> CaseWords:
    """Return the words of a case as they stand now. Raises: Refused when there is none of that number."""
    with hotline.look() as work:
        ticket, context = find_ticket(work, case), context_of(hotline, work)
        entries = work.reviews.of_ticket(ticket.id)
        return CaseWords(
            case=written(ticket.case_number),
            zone=context.policy.calendar.zone,
            locale=ticket.locale,
            fields=tuple(_fields(work, context.policy, ticket)),
            answers=tuple(
                _words_of(answer, pieces_of(answer, entries), shown_text(answer, entries))
                for answer in work.tickets.answers(ticket.id)
            ),
        )


def _fields(work: UnitOfWork, policy: Policy, ticket: Ticket) -> Iterator[tuple[TypedField, str]]:
    """Yield what stands in each field of the case that all who see the case may read, since words are passed on."""
    fields = fields_of(policy.categories.get(ticket.category))
    for name, entry in standing(entries_for_all(policy, work.fields.of_ticket(ticket.id)), fields).items():
        yield fields[name], fields[name].shown(entry.value)


def as_text(case: CaseWords) -> str:
    """Return the words as plain text, one paragraph for each answer below what was asked."""
    known = (f"{field.label}: {visible(said)}" for field, said in case.fields)
    parts = ["\n".join((f"Case {case.case}", *known))]
    for answer in case.answers:
        mended = ", corrected by staff" if answer.is_corrected else ""
        head = f"{answer.slot.replace('_', ' ')}, {exact_instant(answer.at, case.zone)}{mended}"
        parts.append(f"{head}\n{visible(answer.text) or '(no words)'}")
    return "\n\n".join(parts) + "\n"


def as_srt(case: CaseWords, answer_id: str) -> str:
    """Return an answer as subtitles of its voice. Raises: Refused when it is not there, or nobody timed its words."""
    answer = next((each for each in case.answers if each.id == answer_id), None)
    if answer is None:
        raise Refused("the case has no such answer: go back to its page", code="answer-unknown")
    if not answer.words:
        raise Refused("nothing was heard word by word in this answer: take its words as text", code="words-untimed")
    lines = enumerate(_lines(answer.pieces, answer.words), start=1)
    return "".join(f"{number}\n{_stamp(start)} --> {_stamp(end)}\n{text}\n\n" for number, (start, end, text) in lines)


def _words_of(answer: Answer, pieces: tuple[Piece, ...], text: str) -> AnswerWords:
    return AnswerWords(
        id=answer.id,
        slot=answer.slot,
        at=answer.at,
        text=text,
        pieces=pieces,
        words=WORDS.validate_json(answer.words_json),
        is_corrected=any(piece.correction for piece in pieces),
    )


def _lines(pieces: Sequence[Piece], words: Sequence[Word]) -> Iterator[tuple[float, float, str]]:
    """Yield from when to when each subtitle stands, and its text. What is shown as nothing stands nowhere."""
    gathered: list[Piece] = []
    for piece in pieces:
        if gathered and _ends_line(gathered, piece, words):
            yield _line(gathered, words)
            gathered = []
        if piece.shown:
            gathered.append(piece)
    if gathered:
        yield _line(gathered, words)


def _ends_line(gathered: Sequence[Piece], piece: Piece, words: Sequence[Word]) -> bool:
    pause = words[piece.first].start_s - words[gathered[-1].end - 1].end_s
    return pause >= LINE_PAUSE_S or piece.end - gathered[0].first > LINE_WORDS


def _line(gathered: Sequence[Piece], words: Sequence[Word]) -> tuple[float, float, str]:
    text = visible(" ".join(piece.shown for piece in gathered))
    return words[gathered[0].first].start_s, words[gathered[-1].end - 1].end_s, text


def _stamp(seconds: float) -> str:
    """Return `00:01:02,500`."""
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02},{thousandths:03}"
