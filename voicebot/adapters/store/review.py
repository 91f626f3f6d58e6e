"""What staff make of a transcript, and who listened to which voice, as rows.

Knows: the tables review_entries and voice_hearings. Must not know: what is shown of an answer.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from sqlalchemy import Connection, bindparam, update

from voicebot.adapters.store.erasure import blanks_of
from voicebot.adapters.store.rows import Heed, Rows, heed_nothing, whole_rows
from voicebot.adapters.store.tables.review import review_entries, voice_hearings
from voicebot.domain.heard import VoiceHeard
from voicebot.domain.retention import RetentionClass
from voicebot.domain.review import ReviewEntry


class ReviewRows:
    """Fulfils `service.ports.Reviews`."""

    def __init__(
        self, connection: Connection, *, is_new_case: Callable[[str], bool], heed: Heed = heed_nothing
    ) -> None:
        self._connection = connection
        self._is_new_case = is_new_case
        self._heed = heed
        self._entries = Rows(connection, review_entries, ReviewEntry, heed=heed)
        self._heard = Rows(connection, voice_hearings, VoiceHeard)

    def add(self, entry: ReviewEntry) -> None:
        """Append, unique on (answer, number)."""
        self._entries.add(entry)

    def of_ticket(self, ticket_id: str) -> Sequence[ReviewEntry]:
        """Return a ticket's entries in the order in which they were kept."""
        return self._entries.of_case(_OF_TICKET, ticket_id, is_new=self._is_new_case(ticket_id))

    def of_answer(self, answer_id: str) -> Sequence[ReviewEntry]:
        """Return an answer's entries in the order in which they were kept."""
        return self.of_answers([answer_id])

    def of_answers(self, answer_ids: Collection[str]) -> Sequence[ReviewEntry]:
        """Return entries of several answers, those of each in the order in which they were kept."""
        return self._entries.every(_OF_ANSWERS, answer_ids=list(answer_ids))

    def add_heard(self, heard: VoiceHeard) -> bool:
        """Keep once who listened to an answer."""
        return self._heard.add_once(heard)

    def heard_of(self, ticket_id: str) -> Sequence[VoiceHeard]:
        """Return who listened to a ticket's voices, oldest first."""
        return self._heard.every(_HEARD, ticket_id=ticket_id)

    def move(self, answer_ids: Collection[str], to: str) -> None:
        """Let entries and listeners follow their answers to another ticket."""
        for answer_id in sorted(answer_ids):
            for entry in self.of_answer(answer_id):
                self._entries.save(replace(entry, ticket_id=to))
        of_these = voice_hearings.c.answer_id.in_(sorted(answer_ids))
        self._connection.execute(update(voice_hearings).where(of_these).values(ticket_id=to))

    def blank(self, answer_id: str) -> None:
        """Leave no word in the entries of an answer."""
        of_answer = review_entries.c.answer_id == answer_id
        blanks = blanks_of(review_entries, RetentionClass.WORDS)
        blanked = [{"ticket_id": entry.ticket_id} for entry in self.of_answer(answer_id)]
        self._connection.execute(update(review_entries).where(of_answer).values(**blanks))
        self._heed(review_entries, tuple(blanks), *blanked)


_ENTRY, _LISTENED = review_entries.c, voice_hearings.c
_OF_TICKET = (
    whole_rows(review_entries, ReviewEntry)
    .where(_ENTRY.ticket_id == bindparam("ticket_id"))
    .order_by(_ENTRY.at, _ENTRY.answer_id, _ENTRY.number)
)
_OF_ANSWERS = (
    whole_rows(review_entries, ReviewEntry)
    .where(_ENTRY.answer_id.in_(bindparam("answer_ids", expanding=True)))
    .order_by(_ENTRY.answer_id, _ENTRY.number)
)
_HEARD = (
    whole_rows(voice_hearings, VoiceHeard)
    .where(_LISTENED.ticket_id == bindparam("ticket_id"))
    .order_by(_LISTENED.at, _LISTENED.answer_id, _LISTENED.by)
)
