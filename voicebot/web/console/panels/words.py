"""What was said and written in a case, answer by answer, with its voice, its words and the files that came with it.

Knows: answers, pictures, calls of ours. Must not know: players, colours.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from voicebot.domain.instants import Instants
from voicebot.domain.picture import Picture, PictureState, pictures_said
from voicebot.domain.ticket import Answer
from voicebot.service.answer.keep import DEMAND_SLOT, TALK_SLOT
from voicebot.service.queries.case_view import AnswerView, CaseView
from voicebot.service.wording import names as wording
from voicebot.web.console.panels.review import AnswerReview, answer_review
from voicebot.web.console.transcript import Transcript, transcript_of


@dataclass(frozen=True, kw_only=True, slots=True)
class FileView:
    """A file that came with a text."""

    id: str
    said: str
    """Kind and size."""
    is_kept: bool
    why_not: str
    """Why it cannot be saved from here, or what else staff should know of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SpokenAnswer:
    """An answer with its voice."""

    id: str
    question: str
    voices: str
    """Whose voice is heard."""
    is_demand: bool
    at: str
    transcript: Transcript
    review: AnswerReview
    files_said: str
    """How many pictures or other files came with it. It is empty without any."""
    files: tuple[FileView, ...]


def answers_of(
    view: CaseView, instants: Instants, *, missing: Collection[str], member_id: str
) -> Iterator[SpokenAnswer]:
    """Yield the answers of a case, as a member sees them, where `missing` are ids of those whose voice is not to be
    found.
    """
    return (_answer(each, view, instants, missing=missing, member_id=member_id) for each in view.answers)


def _answer(
    each: AnswerView, view: CaseView, instants: Instants, *, missing: Collection[str], member_id: str
) -> SpokenAnswer:
    answer = each.answer
    mine = [picture for picture in view.pictures if picture.answer_id == answer.id]
    return SpokenAnswer(
        id=answer.id,
        question=_question(answer, view),
        voices="both voices" if answer.slot == TALK_SLOT else "the caller’s voice",
        is_demand=answer.slot == DEMAND_SLOT,
        at=instants.exact(answer.at),
        transcript=transcript_of(answer, each.reviews, locale=view.ticket.locale, is_missing=answer.id in missing),
        review=answer_review(each, names=view.names, member_id=member_id, instants=instants),
        files_said=pictures_said(mine),
        files=tuple(_file(picture) for picture in mine),
    )


def _question(answer: Answer, view: CaseView) -> str:
    """Say what was asked, or of a talk who spoke and for how long."""
    call = next((call for call in view.staff_calls if call.id == answer.call_id), None)
    if call is None:
        asked = wording.worded(answer.slot)
        return f"{asked[0].upper()}{asked[1:]}"
    lasted = f", {answer.duration_s:.0f} s" if answer.duration_s else ""
    who = view.names.get(call.member_id, call.member_id)
    return f"{wording.worded(answer.slot)}: {who} and the complainant{lasted}"


def _file(picture: Picture) -> FileView:
    is_kept = picture.file_key is not None
    why_not = picture.reason or ("" if is_kept else _WHY_NO_FILE[picture.state])
    return FileView(id=picture.id, said=pictures_said([picture]), is_kept=is_kept, why_not=why_not)


_WHY_NO_FILE = {
    PictureState.AWAITED: "on its way from the carrier",
    PictureState.STORED: "erased when its time had come",
    PictureState.LOST: "it could not be had",
}
