"""Staff mend a transcript: records beside the words, seen by the next reviewer, and in the summary at once."""

from dataclasses import replace

import pytest

from tests.service.lines import Line
from tests.service.texting import write_text
from voicebot.domain.review import ReviewEntry, ReviewKind, Span
from voicebot.domain.ticket import Answer, AnswerState
from voicebot.domain.utterance import WORDS
from voicebot.errors import Refused
from voicebot.service.answer.keep import destroy, retell
from voicebot.service.answer.shown import pieces_of
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.hotline import context_of
from voicebot.service.ports import PieceKind
from voicebot.service.queries.search import find_cases
from voicebot.service.staff.decision import act
from voicebot.service.ticket.review import Reviewed, accept, correct, undo
from voicebot.service.ticket.splitting import joining, splitting, taking_out


class Desk:
    """A told case ("my parcel came broken", "a refund please") and its reviewers."""

    def __init__(self, line: Line, told: CallAnswer | None = None) -> None:
        self.line = line
        self.told = told or line.told_call()
        self.case = line.ticket(self.told).case_number

    @property
    def story(self) -> Answer:
        with self.line.work() as work:
            return work.tickets.answers(self.told.call.ticket_id)[0]

    @property
    def entries(self) -> list[ReviewEntry]:
        story = self.story
        with self.line.work() as work:
            return list(work.reviews.of_answer(story.id))

    def words(self, first: int, end: int, *, by: str = "olive", seen: int | None = None) -> Reviewed:
        return Reviewed(answer_id=self.story.id, span=Span(first=first, end=end), actor=by, seen=seen)

    def correct(self, first: int, end: int, text: str, *, by: str = "olive", seen: int | None = None) -> bool:
        return correct(self.line.hotline, self.case, self.words(first, end, by=by, seen=seen), text=text)

    def problem(self) -> str:
        return self.line.ticket(self.told).problem


@pytest.fixture
def desk(line: Line) -> Desk:
    return Desk(line)


def test_a_correction_stands_in_the_summary_and_the_words_stay_as_they_were_heard(line_on_both: Line) -> None:
    desk = Desk(line_on_both)
    before = desk.story
    what = desk.words(1, 2)
    assert correct(desk.line.hotline, desk.case, what, text=" fridge\n door ", why="heard twice")
    assert desk.problem() == "my fridge door came broken"
    assert desk.story == before
    (entry,) = desk.entries
    assert (entry.kind, entry.text, entry.why, entry.by) == (
        ReviewKind.CORRECTED,
        "fridge door",
        "heard twice",
        "olive",
    )
    assert entry.at == desk.line.clock.now()


def test_a_correction_is_found_and_its_moment_in_the_voice_with_it(line_on_both: Line) -> None:
    desk = Desk(line_on_both)
    assert find_cases(desk.line.hotline, "fridge").cases == ()
    desk.correct(1, 2, "fridge")
    (found,) = find_cases(desk.line.hotline, "fridge").cases
    assert found.found.case_number == desk.case
    hit = next(each for each in found.hits if each.piece.kind is PieceKind.CORRECTED)
    assert hit.starts_s == WORDS.validate_json(desk.story.words_json)[1].start_s


def test_taking_back_is_an_entry_and_the_original_stands_again(desk: Desk) -> None:
    desk.correct(1, 2, "fridge")
    again = {"answer_id": desk.story.id, "number": 1, "actor": "dan"}
    assert undo(desk.line.hotline, desk.case, **again)
    assert desk.problem() == "my parcel came broken"
    assert [entry.kind for entry in desk.entries] == [ReviewKind.CORRECTED, ReviewKind.UNDONE]
    assert not undo(desk.line.hotline, desk.case, **again)
    with pytest.raises(Refused, match="nothing of that number"):
        undo(desk.line.hotline, desk.case, answer_id=desk.story.id, number=2, actor="dan")


def test_an_accepted_range_holds_what_was_shown(desk: Desk) -> None:
    desk.correct(1, 2, "fridge")
    assert accept(desk.line.hotline, desk.case, desk.words(0, 3, by="dan"))
    assert [piece.is_checked for piece in pieces_of(desk.story, desk.entries)] == [True, True, True, False]
    assert desk.entries[-1].text == "my fridge came"
    assert desk.problem() == "my fridge came broken"


def test_the_second_reviewer_is_to_see_the_first_ones_change_before_saving_over_it(line_on_both: Line) -> None:
    desk = Desk(line_on_both)
    desk.correct(1, 2, "fridge", seen=0)
    for theirs in (lambda: desk.correct(0, 3, "a package came", by="dan", seen=0), lambda: accepts(desk, 1, 2, seen=0)):
        with pytest.raises(Refused, match="reviewed since you opened the page") as refused:
            theirs()
        assert refused.value.code == "review-changed"
    assert desk.problem() == "my fridge came broken"
    assert desk.correct(0, 1, "the", by="dan", seen=0), "other words are in nobody's way"
    assert desk.correct(0, 3, "a package came", by="dan", seen=2)
    assert desk.problem() == "a package came broken"


def accepts(desk: Desk, first: int, end: int, *, seen: int) -> bool:
    return accept(desk.line.hotline, desk.case, desk.words(first, end, by="dan", seen=seen))


def test_a_double_click_is_one_entry(desk: Desk) -> None:
    assert desk.correct(1, 2, "fridge", seen=0)
    assert not desk.correct(1, 2, "fridge", seen=0)
    assert len(desk.entries) == 1


def test_what_was_taken_back_meanwhile_is_no_repetition(desk: Desk) -> None:
    desk.correct(1, 2, "fridge", seen=0)
    undo(desk.line.hotline, desk.case, answer_id=desk.story.id, number=1, actor="olive", seen=1)
    with pytest.raises(Refused, match="reviewed since you opened the page"):
        desk.correct(1, 2, "fridge", seen=0)
    assert desk.correct(1, 2, "fridge", seen=2)
    assert desk.problem() == "my fridge came broken"


def test_the_code_of_the_case_is_blotted_in_what_a_reviewer_writes(desk: Desk) -> None:
    pin = desk.line.ticket(desk.told).pin
    correct(desk.line.hotline, desk.case, desk.words(1, 2), text=f"code {pin}", why=f"{pin} is heard")
    assert pin not in desk.problem()
    assert all(pin not in entry.text + entry.why for entry in desk.entries)


@pytest.mark.parametrize("slot", ["story", "own_words"])
def test_a_destroyed_answer_is_found_by_no_word_of_its_corrections(line_on_both: Line, slot: str) -> None:
    desk = Desk(line_on_both)
    with desk.line.work() as work:
        (story, _remedy) = work.tickets.answers(desk.told.call.ticket_id)
        work.tickets.save_answer(replace(story, slot=slot, text="", words_json=WORDS.dump_json(()).decode()))
        work.commit()
    correct(desk.line.hotline, desk.case, desk.words(0, 0), text="zebra", why="giraffe")
    with desk.line.work() as work:
        (story, _remedy) = work.tickets.answers(desk.told.call.ticket_id)
        destroy(context_of(desk.line.hotline, work), story)
        retell(work, desk.told.call.ticket_id)
        work.commit()
    assert [find_cases(desk.line.hotline, word).cases for word in ("zebra", "giraffe")] == [(), ()]


def test_what_makes_no_sense_is_refused_with_the_way_out(desk: Desk) -> None:
    desk.correct(1, 3, "fridge came in")
    for action, why in (
        (lambda: desk.correct(4, 9, "x"), "no such words"),
        (lambda: desk.correct(2, 2, "x"), "no such words"),
        (lambda: desk.correct(2, 4, "x"), "take all of its words"),
        (lambda: desk.correct(0, 1, "my"), "accept it instead"),
        (lambda: desk.correct(0, 1, "x" * 2_001), "2000 is the most"),
    ):
        with pytest.raises(Refused, match=why):
            action()
    assert len(desk.entries) == 1
    with pytest.raises(Refused, match="no such answer"):
        accept(desk.line.hotline, desk.case, replace(desk.words(0, 1), answer_id="nobody's"))


def test_what_was_written_stands_as_it_was_written(line: Line) -> None:
    write_text(line, "my parcel came broken", "SM1", sender="+12025550144")
    with line.work() as work:
        (written,) = (each for each in work.tickets.all() if each.channel == "sms")
        (text,) = work.tickets.answers(written.id)
    with pytest.raises(Refused, match="stands as they wrote it"):
        accept(line.hotline, written.case_number, Reviewed(answer_id=text.id, span=Span(first=0, end=1), actor="olive"))


def test_no_word_of_a_correction_stays_when_the_caller_has_the_answer_destroyed(desk: Desk) -> None:
    desk.correct(1, 2, "fridge")
    story = desk.story
    with desk.line.work() as work:
        destroy(context_of(desk.line.hotline, work), story)
        work.commit()
    assert [entry.text for entry in desk.entries] == [""]
    with pytest.raises(Refused, match="destroyed"):
        desk.correct(0, 1, "x")


def test_a_reviewer_writes_down_what_the_recogniser_did_not_make_out(desk: Desk) -> None:
    wordless = replace(desk.story, text="", words_json=WORDS.dump_json(()).decode())
    with desk.line.work() as work:
        work.tickets.save_answer(wordless)
        work.commit()
    assert desk.correct(0, 0, "it is about my father")
    assert desk.problem() == "it is about my father"


def test_corrections_and_listeners_go_with_their_answer_through_joining_taking_out_and_splitting(
    line_on_both: Line,
) -> None:
    desk = Desk(line_on_both)
    line = desk.line
    desk.correct(1, 2, "fridge")
    other = line.ticket(line.told_call("CA2", "+12025550144")).case_number
    act(line.hotline, desk.case, joining(other, words="one person", actor="owner_1"))
    assert problem_of(line, other) == "my fridge came broken\nmy parcel came broken"
    act(line.hotline, other, taking_out(desk.case, words="two", actor="owner_1"))
    assert problem_of(line, other) == "my parcel came broken"
    assert desk.problem() == "my fridge came broken"
    act(line.hotline, desk.case, splitting([desk.story.id], words="the fridge", actor="owner_1"))
    with line.work() as work:
        part = next(each for each in work.tickets.all() if each.problem == "my fridge came broken")
        assert {each.by for each in work.reviews.heard_of(part.id)} == {"owner_1"}
    assert desk.problem() == ""


def problem_of(line: Line, case: str) -> str:
    with line.work() as work:
        ticket = work.tickets.by_case_number(case)
    assert ticket is not None
    return ticket.problem


def test_words_that_are_still_being_made_and_places_without_words_are_refused_with_the_reason(desk: Desk) -> None:
    story, told = desk.story, desk.entries
    nothing = replace(story, text="", words_json="[]")
    for answer, what, code in (
        (replace(nothing, state=AnswerState.AWAITING_TRANSCRIPT), desk.words(0, 0), "review-early"),
        (nothing, desk.words(0, 0), "review-range"),
    ):
        with desk.line.work() as work:
            work.tickets.save_answer(answer)
            work.commit()
        with pytest.raises(Refused) as refused:
            accept(desk.line.hotline, desk.case, what)
        assert refused.value.code == code
    assert desk.entries == told


CARD = "4242 4242 4242 4242"


def test_a_card_s_number_that_a_reviewer_types_is_not_kept(line: Line) -> None:
    desk = Desk(line)
    assert desk.correct(1, 2, f"card {CARD}")
    correct(line.hotline, desk.case, desk.words(2, 3), text="left", why=f"it was {CARD}")
    assert [(entry.text, entry.why) for entry in desk.entries] == [
        ("card [card number]", ""),
        ("left", "it was [card number]"),
    ]


def test_who_accepts_a_masked_number_accepts_its_mark(line: Line) -> None:
    told = line.reach("ask_story")
    told = line.say(told, f"my card is {CARD} thanks")
    line.run_jobs()
    desk = Desk(line, told)
    assert accept(line.hotline, desk.case, desk.words(2, 7))
    assert accept(line.hotline, desk.case, desk.words(4, 6, by="omar"))
    assert [entry.text for entry in desk.entries] == ["is [card number]", ""]
    with line.hotline.look() as work:
        (answer, *_), entries = work.tickets.answers(told.call.ticket_id), desk.entries
    assert all(piece.is_checked for piece in pieces_of(answer, entries)[2:7])
