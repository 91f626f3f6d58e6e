"""Counts what a run left behind against what it must have left: nothing lost, nothing doubled, nothing unwatched.

Expected comes from the carrier and its callers, who saw the calls from outside; found comes from the hotline's own
database and audio store. `Count.allowance` is how far both may differ, and `why` says which physics allows it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from tests.chaos.crowd import Guest
from tests.chaos.voices import is_kept, pieces_said
from voicebot.domain.call import Call, CallStatus
from voicebot.domain.promise import PromiseState
from voicebot.domain.sms import Sms, SmsState
from voicebot.domain.ticket import AnswerState, Ticket, TicketStatus
from voicebot.service.ports import UnitOfWork
from voicebot.simulator.carrier import PretendCarrier
from voicebot.simulator.line import Happening
from voicebot.simulator.sound import read_wav

UNDER_WAY = (AnswerState.SPOOLED, AnswerState.AWAITING_RECORDING, AnswerState.AWAITING_TRANSCRIPT)
NOT_HANDED_OVER = (SmsState.WAITING, SmsState.SENDING, SmsState.UNKNOWN)
WATCH_WITHIN = timedelta(minutes=1)
"""A closed window must have been noticed by then, and a breach must have taken its first step."""


class Left(Protocol):
    """What a run has left, as it is looked at."""

    carrier: PretendCarrier
    pace: float

    def work(self) -> UnitOfWork: ...
    def now(self) -> datetime: ...
    def audio(self, key: str) -> bytes: ...
    def spooled(self) -> list[str]: ...
    def waiting_jobs(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Count:
    """One line of the report."""

    what: str
    expected: int
    found: int
    which: tuple[str, ...] = ()
    """Call sids or ids of what differs; never numbers or words."""
    allowance: int = 0
    why: str = ""
    """What allows the allowance."""

    @property
    def differs(self) -> bool:
        """Whether something was lost or doubled."""
        return bool(self.which) or abs(self.expected - self.found) > self.allowance


@dataclass(frozen=True, slots=True)
class Books:
    """Everything the hotline wrote, read in one transaction."""

    tickets: Sequence[Ticket]
    calls: Sequence[Call]
    texts: Sequence[Sms]
    voices: dict[str, list[bytes]]
    """Stored voices by ticket."""
    under_way: tuple[str, ...]
    lost: tuple[str, ...]
    """Ids of answers given up."""


def read_books(left: Left) -> Books:
    """Read everything."""
    with left.work() as work:
        tickets = work.tickets.all()
        answers = [answer for ticket in tickets for answer in work.tickets.answers(ticket.id)]
        calls = [call for ticket in tickets for call in work.calls.of_ticket(ticket.id)]
        texts = [sms for ticket in tickets for sms in work.sms.of_ticket(ticket.id)]
    voices: dict[str, list[bytes]] = {}
    for answer in answers:
        if answer.audio_key:
            voices.setdefault(answer.ticket_id, []).append(read_wav(left.audio(answer.audio_key)))
    return Books(
        tickets=tickets,
        calls=calls,
        texts=texts,
        voices=voices,
        under_way=tuple(answer.id for answer in answers if answer.state in UNDER_WAY),
        lost=tuple(answer.id for answer in answers if answer.state is AnswerState.LOST),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Allowed:
    """What physics lets a fault cost, and why."""

    unanswered: int = 0
    """Callers who found nobody."""
    voice_s: int = 0
    """Seconds of voice that could be stored nowhere."""
    before_death_s: float = 0.3
    """Real seconds of voice before the end of a stream that are not asked for: they are still in a socket's buffer."""
    why: str = ""


NOTHING = Allowed()


def count(left: Left, guests: Sequence[Guest], allowed: Allowed = NOTHING) -> list[Count]:
    """Count a run."""
    books = read_books(left)
    return [
        *_count_calls(books, guests, allowed),
        *_count_voices(left, books, guests, allowed),
        *_count_texts(left, books),
        *_count_promises(left, books),
        *_count_rest(left, books),
    ]


def was_answered(guest: Guest) -> bool:
    """Tell whether the hotline put an answer to the caller's ringing."""
    return any(event.kind is Happening.FETCHED for event in guest.call.transcript)


# --- calls and voices --------------------------------------------------------------------------------------


def _count_calls(books: Books, guests: Sequence[Guest], allowed: Allowed) -> Iterator[Count]:
    answered = {guest.call.sid for guest in guests if was_answered(guest)}
    yield Count("callers answered", len(guests), len(answered), allowance=allowed.unanswered, why=allowed.why)
    found = Counter(call.carrier_call_id for call in books.calls)
    wrong = tuple(sid for sid in answered if found[sid] != 1)
    yield Count("tickets of them", len(answered), sum(found[sid] for sid in answered), wrong)
    nameless = tuple(call.carrier_call_id for call in books.calls if call.caller_number is None)
    yield Count("tickets that do not know who rang", 0, len(nameless), nameless)
    of_tickets = Counter(call.ticket_id for call in books.calls)
    stray = tuple(each.id for each in books.tickets if of_tickets[each.id] != 1)
    yield Count("tickets without or with two calls", 0, len(stray), stray)
    live = tuple(call.id for call in books.calls if call.status is CallStatus.LIVE)
    yield Count("calls that never ended", 0, len(live), live)


def _count_voices(left: Left, books: Books, guests: Sequence[Guest], allowed: Allowed) -> Iterator[Count]:
    ticket_of = {call.carrier_call_id: call.ticket_id for call in books.calls}
    allowance_s = allowed.before_death_s * left.pace
    said = {
        guest.call.sid: pieces_said(guest.call, allowance_s=allowance_s, vanished_at_s=guest.vanished_at_s)
        for guest in guests
    }
    kept = {sid: books.voices.get(ticket_of.get(sid, ""), []) for sid, pieces in said.items() if pieces}
    mute = tuple(sid for sid, voices in kept.items() if not voices)
    is_lenient = allowed.voice_s > 0
    heard, borne = len(kept) - len(mute), len(mute) if is_lenient else 0
    yield Count("callers who said a word", len(kept), heard, () if is_lenient else mute, borne, allowed.why)
    found = {sid: [is_kept(piece, voices) for piece in said[sid]] for sid, voices in kept.items()}
    torn = tuple(f"{sid} ({each.count(False)} s of {len(each)})" for sid, each in found.items() if not all(each))
    yield Count(
        "seconds of voice heard and kept",
        sum(map(len, found.values())),
        sum(map(sum, found.values())),
        () if is_lenient else torn,
        allowance=allowed.voice_s,
        why=allowed.why,
    )
    yield from _count_recordings(left, books)


def _count_recordings(left: Left, books: Books) -> Iterator[Count]:
    there = tuple(left.carrier.ledger.recordings)
    yield Count("recordings left at the carrier", 0, len(there), there)
    yield Count("answers given up as lost", 0, len(books.lost), books.lost)


# --- texts and promises ------------------------------------------------------------------------------------


def _count_texts(left: Left, books: Books) -> Iterator[Count]:
    sent = [text for text in left.carrier.ledger.messages.values() if text.direction != "inbound"]
    left_for = Counter((text.recipient, text.body) for text in sent)
    wanted = Counter((sms.recipient, sms.body) for sms in books.texts)
    doubled = left_for - wanted
    yield Count("texts sent twice", 0, doubled.total(), tuple("a text" for _ in doubled.elements()))
    arrived = {(text.recipient, text.body) for text in sent if text.status == "delivered"}
    for kind, texts in sorted(_by_kind(books.texts).items()):
        due = [sms for sms in texts if sms.state is not SmsState.SUPPRESSED]
        late = tuple(sms.id for sms in due if (sms.recipient, sms.body) not in arrived)
        yield Count(f"texts: {kind}", len(due), len(due) - len(late), late)
    ends = Counter(sms.ticket_id for sms in books.texts if sms.purpose.startswith("call_end"))
    with left.work() as work:
        told = {
            each.id: any(entry.verb == "text_impossible" for entry in work.tickets.history(each.id))
            for each in books.tickets
        }
    wrong = tuple(each.id for each in books.tickets if ends[each.id] != 1 and not told[each.id])
    yield Count("tickets without their one text", 0, len(wrong), wrong)


def _by_kind(texts: Sequence[Sms]) -> dict[str, list[Sms]]:
    found: dict[str, list[Sms]] = {}
    for sms in texts:
        found.setdefault(sms.template.removeprefix("sms_"), []).append(sms)
    return found


def _count_promises(left: Left, books: Books) -> Iterator[Count]:
    now, unwatched, promised, open_twice = left.now(), [], 0, []
    with left.work() as work:
        for ticket in books.tickets:
            promises = work.promises.of_ticket(ticket.id)
            promised += bool(promises)
            open_ones = [promise for promise in promises if promise.state is PromiseState.OPEN]
            open_twice += [ticket.id] if len(open_ones) > 1 else []
            unwatched += [each.id for each in open_ones if each.window_closes_at + WATCH_WITHIN < now]
            climbed = {step.subject_id for step in work.promises.steps(ticket.id)}
            for breach in work.promises.breaches_of_ticket(ticket.id):
                is_new = breach.at + WATCH_WITHIN >= now
                unwatched += [] if breach.id in climbed or breach.ended_at or is_new else [breach.id]
    callable_ones = [t for t in books.tickets if t.complainant_number and t.status is not TicketStatus.MERGED]
    yield Count("tickets with a promise", len(callable_ones), promised)
    yield Count("promises unwatched", 0, len(unwatched), tuple(unwatched))
    yield Count("tickets with two open promises", 0, len(open_twice), tuple(open_twice))


# --- the rest ----------------------------------------------------------------------------------------------


def _count_rest(left: Left, books: Books) -> Iterator[Count]:
    spooled = tuple(left.spooled())
    yield Count("spool files left", 0, len(spooled), spooled)
    yield Count("answers on their way for ever", 0, len(books.under_way), books.under_way)
    passing = tuple(sms.id for sms in books.texts if sms.state in NOT_HANDED_OVER)
    yield Count("texts on their way for ever", 0, len(passing), passing)
    unsaid = sum(sms.state in (SmsState.QUEUED, SmsState.SENT) for sms in books.texts)
    why = "the carrier says it once, perhaps to nobody; it is asked for after an hour (service/outbox/sms.py)"
    yield Count("texts whose receipt is missing", 0, unsaid, (), unsaid, why)
    yield Count("jobs stuck", 0, left.waiting_jobs())
