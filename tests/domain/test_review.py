"""What is shown of an answer follows from its words and all entries about them, in whatever order these are read."""

from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reviews import a_review_entry
from voicebot.domain.review import (
    Coverage,
    Piece,
    ReviewEntry,
    ReviewKind,
    Span,
    coverage,
    cuts,
    fold,
    is_range,
    is_undoable,
    is_undone,
    newest_standing,
    plain,
    within,
)

History = tuple[tuple[str, ...], list[ReviewEntry]]
WORDS = ("the", "bridge", "you", "delivered", "was", "broken")


def corrected(number: int, first: int, end: int, text: str, **changes: object) -> ReviewEntry:
    return replace(a_review_entry(number=number, first=first, end=end, text=text), **changes)


def accepted(number: int, first: int, end: int, text: str) -> ReviewEntry:
    return corrected(number, first, end, text, kind=ReviewKind.ACCEPTED)


def undone(number: int, of: ReviewEntry) -> ReviewEntry:
    return corrected(number, of.first, of.end, "", kind=ReviewKind.UNDONE, undoes=of.number)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Draw words and whatever several reviewers did with them, sensible or not."""
    words = tuple(draw(st.lists(st.sampled_from("abcd"), max_size=6)))
    entries: list[ReviewEntry] = []
    for number in range(1, draw(st.integers(0, 7)) + 1):
        kind = draw(st.sampled_from(ReviewKind))
        undoes = draw(st.integers(1, number)) if kind is ReviewKind.UNDONE else None
        first, end = draw(st.integers(-1, 6)), draw(st.integers(-1, 7))
        text = draw(st.sampled_from(("", "a", "b", "x y")))
        entries.append(corrected(number, first, end, text, kind=kind, undoes=undoes))
    return words, entries


@settings(max_examples=150)
@given(histories(), st.randoms(use_true_random=False))
def test_the_order_in_which_entries_are_read_changes_nothing(history: History, random: Random) -> None:
    words, entries = history
    mixed = list(entries)
    random.shuffle(mixed)
    assert fold(words, mixed) == fold(words, entries)


@settings(max_examples=150)
@given(histories())
def test_each_word_stands_in_one_piece_and_no_original_is_ever_lost(history: History) -> None:
    words, entries = history
    pieces = fold(words, entries)
    assert [at for piece in pieces for at in range(piece.first, piece.end)] == list(range(len(words)))
    assert " ".join(piece.original for piece in pieces if piece.original) == " ".join(words)
    assert all(piece.shown == (piece.correction.text if piece.correction else piece.original) for piece in pieces)


@settings(max_examples=150)
@given(histories())
def test_when_everything_is_taken_back_the_words_stand_as_they_were_heard(history: History) -> None:
    words, entries = history
    back = [undone(len(entries) + at, of=each) for at, each in enumerate(entries, 1) if is_undoable(each)]
    assert fold(words, [*entries, *back]) == fold(words, ())
    assert plain(fold(words, ())) == " ".join(words)


def test_a_correction_stands_for_its_words_and_keeps_them_beside() -> None:
    first = corrected(1, 1, 2, "fridge")
    pieces = fold(WORDS, [first])
    assert plain(pieces) == "the fridge you delivered was broken"
    assert pieces[1] == Piece(first=1, end=2, original="bridge", shown="fridge", correction=first)


def test_the_later_correction_stands_and_the_earlier_one_comes_back_when_it_is_taken_back() -> None:
    first, wider = corrected(1, 1, 2, "fridge"), corrected(2, 0, 3, "a fridge that you")
    assert plain(fold(WORDS, [first, wider])) == "a fridge that you delivered was broken"
    assert plain(fold(WORDS, [first, wider, undone(3, of=wider)])) == "the fridge you delivered was broken"


def test_words_corrected_to_nothing_are_not_shown() -> None:
    assert plain(fold(WORDS, [corrected(1, 0, 2, "")])) == "you delivered was broken"


def test_an_answer_without_words_takes_what_a_reviewer_heard_in_it() -> None:
    heard = corrected(1, 0, 0, "it is about my father")
    assert plain(fold((), [heard])) == "it is about my father"
    assert is_range((), Span(first=0, end=0))
    assert not is_range((), Span(first=0, end=1))


def test_what_is_accepted_counts_only_while_that_text_is_shown() -> None:
    heard = accepted(1, 1, 2, "bridge")
    mended = corrected(2, 1, 2, "fridge")
    again = accepted(3, 1, 2, "fridge")
    assert [piece.acceptance for piece in fold(WORDS, [heard, mended])] == [None] * 6
    assert fold(WORDS, [heard, mended, again])[1].acceptance == again
    assert fold(WORDS, [heard, mended, again, undone(4, of=mended)])[1].acceptance == heard


def test_a_range_may_be_accepted_at_once_and_a_cut_one_is_not() -> None:
    mended = corrected(1, 1, 3, "fridge")
    pieces = fold(WORDS, [mended, accepted(2, 0, 4, "the fridge delivered"), accepted(3, 2, 5, "delivered was")])
    assert [piece.is_checked for piece in pieces] == [True, True, True, False, False]
    assert cuts(pieces, Span(first=2, end=4))
    assert not cuts(pieces, Span(first=1, end=4))
    assert plain(within(pieces, Span(first=1, end=4))) == "fridge delivered"


def test_coverage_counts_doubtful_words_that_somebody_has_looked_at() -> None:
    pieces = fold(WORDS, [corrected(1, 1, 3, "fridge"), accepted(2, 5, 6, "broken")])
    assert coverage(pieces, [1, 2, 4, 5]) == Coverage(checked=3, doubtful=4)
    assert coverage(pieces, [1, 2, 4, 5]).said == "3 of 4 doubtful words checked"
    assert coverage(pieces, [4]).said == "0 of 1 doubtful word checked"
    assert coverage(pieces, []).said == ""


def test_the_last_action_of_a_reviewer_that_still_stands_is_found() -> None:
    mine, theirs = corrected(1, 0, 1, "a"), corrected(2, 1, 2, "b", by="dan")
    assert newest_standing([theirs, mine], by="olive") == mine
    back = undone(3, of=mine)
    assert is_undone(mine, [mine, theirs, back])
    assert newest_standing([mine, theirs, back], by="olive") is None
    assert newest_standing([mine, theirs, back], by="dan") == theirs


def test_ranges_outside_the_answer_are_none() -> None:
    spans = [(0, 6), (5, 6), (0, 0), (-1, 2), (3, 2), (5, 7)]
    assert [is_range(WORDS, Span(first=first, end=end)) for first, end in spans] == [True, True, *[False] * 4]
