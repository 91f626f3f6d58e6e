"""Where it stays what staff make of a transcript, and who listened to a voice, as a port.

Knows: domain types. Must not know: SQL.
"""

from collections.abc import Collection, Sequence
from typing import Protocol

from voicebot.domain.heard import VoiceHeard
from voicebot.domain.review import ReviewEntry


class Reviews(Protocol):
    """Entries of reviewers, and voices heard. Append only, but that they follow their answer from case to case."""

    def add(self, entry: ReviewEntry) -> None:
        """Append. Its number within the answer is used once."""
        ...

    def of_ticket(self, ticket_id: str) -> Sequence[ReviewEntry]:
        """In the order in which they were kept."""
        ...

    def of_answer(self, answer_id: str) -> Sequence[ReviewEntry]:
        """In the order in which they were kept."""
        ...

    def of_answers(self, answer_ids: Collection[str]) -> Sequence[ReviewEntry]:
        """Those of each answer in the order in which they were kept."""
        ...

    def add_heard(self, heard: VoiceHeard) -> bool:
        """Keep once that a person has listened to an answer, and return False when it was known."""
        ...

    def heard_of(self, ticket_id: str) -> Sequence[VoiceHeard]:
        """Oldest first."""
        ...

    def move(self, answer_ids: Collection[str], to: str) -> None:
        """Let everything about these answers belong to another ticket."""
        ...

    def blank(self, answer_id: str) -> None:
        """Leave no word in what was written about an answer, since its own words are destroyed."""
        ...
