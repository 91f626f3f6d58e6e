"""Texts from outside, put into the case they belong to. A text that belongs to none opens one.

Knows: cases, what complainants write to us. Must not know: calls' turns, how a text is sent.
Source: when the carrier has answered a text already, see twilio.md 1.9.
"""

from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from voicebot.domain.notice import NoticeEvent
from voicebot.domain.picture import FileSent
from voicebot.domain.text_request import KeptTextRequest, TextRequest, has_stop_within, read_text_request
from voicebot.domain.ticket import (
    Answer,
    AnswerState,
    Channel,
    Ticket,
    is_open,
)
from voicebot.service.answer.keep import TEXT_SLOT, retell
from voicebot.service.answer.picture import files_said, keep_files
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.lookup import ticket_of
from voicebot.service.number_gate import callable_number, number_of
from voicebot.service.outbox.notice import write_notice
from voicebot.service.ports import UnitOfWork
from voicebot.service.promise.confirmation import follow_up_more_words, follow_up_text_case, forget_silence
from voicebot.service.staff.members import staff_numbers
from voicebot.service.ticket.ending import reopen_for_words
from voicebot.service.ticket.hand_over import cover_absent_owner
from voicebot.service.ticket.joining import case_for_words, case_of_words, sender_of
from voicebot.service.ticket.opening import TicketOpening, open_ticket
from voicebot.service.ticket.text_answer import answer_added, answer_request
from voicebot.service.ticket.text_budget import Reception, receive_text

log = structlog.get_logger(__name__)

_OPT_OUT_TYPES = {"STOP": TextRequest.STOP, "START": TextRequest.START}
"""The carrier's words for what it has answered. Any other (HELP) asks for nothing."""

MANY_SENDERS = "many numbers"
"""Who wrote a case that the texts of a storm share."""
MOST_IN_SHARED_CASE = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class IncomingText:
    """What the carrier says about a text that somebody sent us."""

    message_sid: str
    sender: str
    """As given. It may be a number, a short code or a name."""
    body: str
    opt_out: str | None = None
    """STOP, START or HELP when the carrier has answered by itself already. Then we send nothing."""
    files: tuple[FileSent, ...] = ()
    """Pictures and other files that came with it."""
    sent_at: datetime | None = None
    """When the carrier took it in, of a text that was found late in its list. None means that it came now."""
    later_sids: tuple[str, ...] = ()
    """Texts of the same sender that the carrier lists after this one, where it was found late. A request among them
    that is known already is newer than the request in this one."""


def knows_text(hotline: Hotline, message_sid: str) -> bool:
    """Tell whether a text was logged, or ignored on purpose, before."""
    with hotline.look() as work:
        return work.sms.knows_inbound(message_sid) or _has_come(work, message_sid)


def log_text(hotline: Hotline, incoming: IncomingText) -> bool:
    """Log a text to the case that it belongs to (joining.py), or open one with the same promise and a confirmation.

    Idempotent on the message sid, whatever the text says. A STOP that comes again after a START changes nothing. Words
    about texts themselves are stored and change only what we may send. Where a text says more than that, or has files,
    it is logged, too. Texts from our own number and from staff open no case. Returns False when nothing was new.
    """
    reception = receive_text(hotline, message_sid=incoming.message_sid, sender=incoming.sender)
    with hotline.unit_of_work() as work:
        context = context_of(hotline, work)
        is_new = work.sms.add_inbound(incoming.message_sid, context.now)
        if not is_new or _has_come(work, incoming.message_sid):
            return False
        sender = number_of(hotline.rules, incoming.sender)
        if incoming.opt_out or _request_of(incoming) is not None:
            _keep_request(context, sender=sender, incoming=incoming)
        if _is_ours(hotline, sender):
            log.info("text_from_ourselves_ignored")
        elif _says_more(incoming):
            _log_words(context, incoming, reception)
        work.commit()
        return True


def _has_come(work: UnitOfWork, message_sid: str) -> bool:
    """Tell whether a text is known by what it left, which stays longer than the memory of its id."""
    return work.sms.knows_text_request((message_sid,)) or work.tickets.answer_of_turn(message_sid, 0) is not None


def _keep_request(context: Context, *, sender: str | None, incoming: IncomingText) -> None:
    """Store the request for the pair of numbers, and on the sender's newest open case for its owner to see."""
    request = _request_of(incoming)
    if sender is None:
        return
    is_overtaken = bool(incoming.later_sids) and context.work.sms.knows_text_request(incoming.later_sids)
    if request is not None:
        kept = KeptTextRequest(
            message_sid=incoming.message_sid,
            recipient=sender,
            sender=context.hotline.rules.own_number,
            is_out=request is TextRequest.STOP,
            at=context.now,
            is_overtaken=is_overtaken,
        )
        context.work.sms.add_text_request(kept)
    ticket = case_of_words(context.work, sender)
    if ticket is not None and not is_overtaken:
        _note_request(context, ticket, request=request, words=incoming.body)


def _note_request(context: Context, ticket: Ticket, *, request: TextRequest | None, words: str) -> None:
    """Note on a case what its complainant wants of texts. None means that they asked the carrier what they may ask."""
    if request is None:
        note_case(context.work, ticket.id, Verb.TEXTS_ASKED_ABOUT, at=context.now, actor="caller", after=words)
        return
    is_out = request is TextRequest.STOP
    context.work.tickets.save(replace(ticket, may_text=not is_out, text_trouble="opted_out" if is_out else ""))
    note_case(
        context.work,
        ticket.id,
        Verb.TEXTS_STOPPED if is_out else Verb.TEXTS_STARTED,
        at=context.now,
        actor="caller",
        after=words,
    )


def _request_of(incoming: IncomingText) -> TextRequest | None:
    if incoming.opt_out:
        return _OPT_OUT_TYPES.get(incoming.opt_out.upper())
    return read_text_request(incoming.body) or (TextRequest.STOP if has_stop_within(incoming.body) else None)


def _says_more(incoming: IncomingText) -> bool:
    """Tell whether there is anything in a text but a request about texts."""
    return bool(incoming.files) or not (incoming.opt_out or read_text_request(incoming.body))


def _is_ours(hotline: Hotline, sender: str | None) -> bool:
    return sender in hotline.rules.own_numbers or sender in staff_numbers(hotline.flows.current_policy())


def _log_words(context: Context, incoming: IncomingText, reception: Reception) -> None:
    """Log the words to the sender's case. A case opened by them is answered with its promise, where one can be."""
    if reception is Reception.COUNTED:
        return
    number = callable_number(context.hotline.rules, incoming.sender, context.policy)
    known = _held(context, case_for_words(context, sender_of(context.hotline.rules, incoming.sender)))
    if known is not None:
        _add_to_known(context, known, incoming, reception)
    elif reception is Reception.SHARED:
        _add_to_shared_case(context, incoming)
    else:
        _open_with_words(context, incoming, reception, number=number)


def _held(context: Context, known: Ticket | None) -> Ticket | None:
    """Return a known case as it stands once no action of staff goes on. One that closes it must not lose words."""
    if known is None:
        return None
    context.work.tickets.hold(known.id)
    return ticket_of(context.work, known.id)


def _add_to_known(context: Context, known: Ticket, incoming: IncomingText, reception: Reception) -> None:
    """Answer what a text asks of its case, or add its words, which open a case that is answered or over again."""
    is_answered = reception is Reception.ANSWERED
    may_ask = is_answered and not incoming.files
    if may_ask and answer_request(context, known, body=incoming.body, sid=incoming.message_sid):
        return
    ticket = known if is_open(known) else reopen_for_words(context, known)
    _add_words(context, ticket=ticket, incoming=incoming)
    forget_silence(context, ticket.id)
    cover_absent_owner(context, ticket_of(context.work, ticket.id))
    if is_answered:
        if not follow_up_more_words(context, ticket.id):
            answer_added(context, ticket_of(context.work, ticket.id), sid=incoming.message_sid)
        write_notice(context, ticket_of(context.work, ticket.id), NoticeEvent.NEW_WORDS, step=incoming.message_sid)
    elif not is_open(known):
        _note_no_promise(context, ticket)


def _open_with_words(context: Context, incoming: IncomingText, reception: Reception, *, number: str | None) -> None:
    ticket = _open_by_text(context, number=number, sender=incoming.sender, problem=_words_of(incoming))
    _add_words(context, ticket=ticket, incoming=incoming)
    if reception is Reception.ANSWERED:
        follow_up_text_case(context, ticket.id)
        write_notice(context, ticket_of(context.work, ticket.id), NoticeEvent.NEW_CASE, step="")
    else:
        _note_no_promise(context, ticket)


def _add_to_shared_case(context: Context, incoming: IncomingText) -> None:
    """Keep a text with others of a storm, each with its sender before its words. A full case is followed by another."""
    ticket = case_of_words(context.work, MANY_SENDERS)
    if ticket is None or len(context.work.tickets.answers(ticket.id)) >= MOST_IN_SHARED_CASE:
        ticket = _open_by_text(context, number=None, sender=MANY_SENDERS)
        _note_no_promise(context, ticket)
    named = replace(incoming, body=f"{sender_of(context.hotline.rules, incoming.sender)}: {_words_of(incoming)}")
    _add_words(context, ticket=ticket, incoming=named)


def _note_no_promise(context: Context, ticket: Ticket) -> None:
    after = "a text from where too many come"
    note_case(context.work, ticket.id, Verb.PROMISE_WITHHELD, at=context.now, actor="system", after=after)


def _open_by_text(context: Context, *, number: str | None, sender: str, problem: str = "") -> Ticket:
    flow = context.flow
    opening = TicketOpening(
        channel=Channel.SMS,
        locale=flow.locales[0],
        complainant_number=number,
        written_from=sender_of(context.hotline.rules, sender) or None if number is None else None,
        problem=problem,
    )
    return open_ticket(context, opening)


def _add_words(context: Context, *, ticket: Ticket, incoming: IncomingText) -> None:
    """Keep the text as an answer. Its sid stands where other answers name their call."""
    answer = Answer(
        id=context.hotline.ids.new_id(),
        ticket_id=ticket.id,
        call_id=incoming.message_sid,
        turn_number=0,
        slot=TEXT_SLOT,
        at=incoming.sent_at or context.now,
        text=_words_of(incoming),
        words_json="[]",
        duration_s=0.0,
        audio_key=None,
        state=AnswerState.DONE,
    )
    context.work.tickets.add_answer(answer)
    keep_files(context, answer, incoming.files)
    retell(context.work, ticket.id)
    note_case(context.work, ticket.id, Verb.TEXT_RECEIVED, at=context.now, actor="caller", after=_told_of(incoming))


def _words_of(incoming: IncomingText) -> str:
    return incoming.body if incoming.body.strip() else files_said(incoming.files)


def _told_of(incoming: IncomingText) -> str:
    """Say for the owner what the words themselves do not tell."""
    late = f"sent {incoming.sent_at.isoformat()}, found at the carrier afterwards" if incoming.sent_at else ""
    empty = "" if incoming.body.strip() or incoming.files else "without words, or its words were redacted"
    return "; ".join(part for part in (late, empty) if part)
