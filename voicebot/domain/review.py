"""What staff make of the words of an answer. They correct some, accept others, and take either back.

The words themselves never change. Each action of a reviewer is an entry over a range of words, and what is shown is
found from the entries anew. An entry that is taken back stays, and so does the one that takes it back. Where two
corrections overlap, the later one stands, and the earlier one comes back when the later one is undone. An acceptance
holds the text that was accepted. It counts only while that text is shown.

A range is counted in words, from `first` up to but not including `end`. An answer without words has the one range 0 to
0, for what a reviewer heard where the recogniser heard nothing.
Knows: words, ranges, entries. Must not know: confidences, players, who may review.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class ReviewKind(StrEnum):
    """What a reviewer did."""

    CORRECTED = "corrected"
    ACCEPTED = "accepted"
    UNDONE = "undone"


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A range of words of an answer."""

    first: int
    end: int
    """The word behind the last one."""

    def touches(self, other: "Span") -> bool:
        """Tell whether the two have a word in common, or are the one range of an answer without words."""
        return self == other or (self.first < other.end and other.first < self.end)

    def holds(self, other: "Span") -> bool:
        """Tell whether the other lies within this one."""
        return self.first <= other.first and other.end <= self.end


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewEntry:
    """One action of a reviewer, kept for good."""

    id: str
    ticket_id: str
    answer_id: str
    number: int
    """1, 2, 3 … within its answer, in the order in which they were kept."""
    kind: ReviewKind
    first: int
    end: int
    text: str
    """What stands there instead, what was accepted, or empty text for what was taken back."""
    why: str
    by: str
    """StaffMember.id, or the login name of whoever is at the terminal."""
    at: datetime
    undoes: int | None = None
    """Number of the entry that this one takes back."""

    @property
    def span(self) -> Span:
        """The range that it is about."""
        return Span(first=self.first, end=self.end)


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A part of an answer as it is shown. That is one word, or the range of one correction."""

    first: int
    end: int
    original: str
    shown: str
    correction: ReviewEntry | None = None
    acceptance: ReviewEntry | None = None

    @property
    def span(self) -> Span:
        """The words that it stands for."""
        return Span(first=self.first, end=self.end)

    @property
    def is_checked(self) -> bool:
        """Whether somebody has corrected or accepted it."""
        return self.correction is not None or self.acceptance is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """How many of the doubtful words somebody has looked at."""

    checked: int
    doubtful: int

    @property
    def said(self) -> str:
        """Return it in words, empty where nothing was doubtful."""
        if not self.doubtful:
            return ""
        return f"{self.checked} of {self.doubtful} doubtful {'word' if self.doubtful == 1 else 'words'} checked"


def fold(words: Sequence[str], entries: Iterable[ReviewEntry]) -> tuple[Piece, ...]:
    """Return an answer as it is shown, from its original words and all entries about them, given in any order."""
    standing = _standing(words, entries)
    corrections = _uppermost(entry for entry in standing if entry.kind is ReviewKind.CORRECTED)
    pieces = tuple(_pieces(words, corrections))
    for entry in standing:
        if entry.kind is ReviewKind.ACCEPTED:
            pieces = _accepted(pieces, entry)
    return pieces


def is_range(words: Sequence[str], span: Span) -> bool:
    """Tell whether there are such words in an answer."""
    if not words:
        return span == Span(first=0, end=0)
    return 0 <= span.first < span.end <= len(words)


def cuts(pieces: Sequence[Piece], span: Span) -> bool:
    """Tell whether a range takes a part of a correction, and leaves a part of it."""
    return any(piece.span.touches(span) and not span.holds(piece.span) for piece in pieces)


def within(pieces: Sequence[Piece], span: Span) -> tuple[Piece, ...]:
    """Return the pieces of a range that cuts none."""
    return tuple(piece for piece in pieces if span.holds(piece.span))


def plain(pieces: Iterable[Piece]) -> str:
    """Return what is shown as text."""
    return " ".join(piece.shown for piece in pieces if piece.shown)


def coverage(pieces: Iterable[Piece], doubtful: Collection[int]) -> Coverage:
    """Return how many of the doubtful words, given by their places, were corrected or accepted."""
    checked = {at for piece in pieces if piece.is_checked for at in range(piece.first, piece.end)}
    return Coverage(checked=len(checked.intersection(doubtful)), doubtful=len(set(doubtful)))


def newest_standing(entries: Iterable[ReviewEntry], *, by: str) -> ReviewEntry | None:
    """Return the last entry of a reviewer that can still be taken back, or None."""
    known = tuple(entries)
    undone = _undone(known)
    mine = [each for each in known if each.by == by and is_undoable(each) and each.number not in undone]
    return max(mine, key=lambda each: each.number, default=None)


def is_undoable(entry: ReviewEntry) -> bool:
    """Tell whether an entry is of a kind that can be taken back. What takes back is not."""
    return entry.kind is not ReviewKind.UNDONE


def is_undone(entry: ReviewEntry, entries: Iterable[ReviewEntry]) -> bool:
    """Tell whether an entry was taken back."""
    return entry.number in _undone(entries)


def _standing(words: Sequence[str], entries: Iterable[ReviewEntry]) -> list[ReviewEntry]:
    """Return what was not taken back and is about words that are there, in the order in which it was kept."""
    known = sorted(entries, key=lambda each: each.number)
    undone = _undone(known)
    return [each for each in known if is_undoable(each) and each.number not in undone and is_range(words, each.span)]


def _undone(entries: Iterable[ReviewEntry]) -> frozenset[int]:
    return frozenset(each.undoes for each in entries if each.kind is ReviewKind.UNDONE and each.undoes is not None)


def _uppermost(corrections: Iterable[ReviewEntry]) -> list[ReviewEntry]:
    """Return corrections that no later one lies over, in the order of their words."""
    upper: list[ReviewEntry] = []
    for entry in reversed(list(corrections)):
        if not any(entry.span.touches(other.span) for other in upper):
            upper.append(entry)
    return sorted(upper, key=lambda each: each.first)


def _pieces(words: Sequence[str], corrections: Iterable[ReviewEntry]) -> Iterator[Piece]:
    at = 0
    for entry in corrections:
        yield from _single(words, at, entry.first)
        original = " ".join(words[entry.first : entry.end])
        yield Piece(first=entry.first, end=entry.end, original=original, shown=entry.text, correction=entry)
        at = entry.end
    yield from _single(words, at, len(words))


def _single(words: Sequence[str], first: int, end: int) -> Iterator[Piece]:
    for at in range(first, end):
        yield Piece(first=at, end=at + 1, original=words[at], shown=words[at])


def _accepted(pieces: tuple[Piece, ...], entry: ReviewEntry) -> tuple[Piece, ...]:
    """Mark what an acceptance covers, if what was accepted still stands there."""
    if cuts(pieces, entry.span) or plain(within(pieces, entry.span)) != entry.text:
        return pieces
    return tuple(replace(piece, acceptance=entry) if entry.span.holds(piece.span) else piece for piece in pieces)
