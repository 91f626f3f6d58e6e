"""The machines that hold voices. The module tells what each of them has to settle for itself, what it holds, and one
that has gone for good.

A voice lies in the data folder of the machine that heard it until its worker has moved it into the audio store. Rows
name the folder, and only its own worker takes it up, erases it or calls it lost. A machine that is away keeps what it
has, and its voices come when it is back, or when its files are brought to another machine (call/orphaned_audio.py takes
up whatever spool file lies here). Only when somebody says that a folder is gone for good is what it held settled
without it.

Knows: calls heard here, spool files, folders. Must not know: who may ask, terminals.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from voicebot.domain.call import Call, CallStatus
from voicebot.domain.ticket import Answer, AnswerState
from voicebot.errors import Refused
from voicebot.service.answer.keep import spooled_names
from voicebot.service.answer.spooled_voice import ORPHAN_AFTER, last_sign_of
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.ports import HeldThere, UnitOfWork

log = structlog.get_logger(__name__)

UNNAMED = "unnamed"
"""What people type for the voices of a version that named no folder."""
ALL = 1_000_000
AT_ONCE = 200

MOVED_WITHIN = timedelta(minutes=1)
"""A disk does not move to another machine so fast. It is it is a copy, and its id stands for two places."""


def unsettled_calls(context: Context) -> tuple[str, ...]:
    """Return ids of calls heard here that are over and whose voice has gone from here, or is to be erased.

    A call whose voice still lies here is another sweep's. Raises: Unavailable when the spool cannot be looked into.
    """
    spool, folders = context.hotline.spool, context.work.folders
    found = folders.to_settle(spool.folder_id, AT_ONCE, silent_before=context.now - ORPHAN_AFTER)
    lying = {name.rpartition("-")[0] for name in spool.names()} if found else set()
    return tuple(each for each in found if each not in lying or folders.is_erasure_asked(each, spool.folder_id))


def settle_call(hotline: Hotline, call_id: str) -> None:
    """Say that nothing of a call lies here any more, once that is so. What is to be erased is erased first."""
    own = hotline.spool.folder_id
    with hotline.unit_of_work() as work:
        call = work.calls.lock(call_id)
        context, is_asked = context_of(hotline, work), work.folders.is_erasure_asked(call_id, own)
        if call is not None and not is_asked and not _is_over(call, context.now):
            return
        if is_asked:
            _delete(hotline, call_id)
        if spooled_names(hotline, call_id):
            return  # a sweep makes it an answer, or carries it into the store
        work.folders.settle(call_id, own)
        if is_asked and call is not None:
            note_case(work, call.ticket_id, Verb.VOICE_ERASED_IN_FOLDER, at=context.now, actor="worker", after=own)
        work.commit()


def ask_erasure(context: Context, ticket_id: str) -> tuple[str, ...]:
    """Ask every folder to erase what its spool holds of a case, in the erasing's transaction, and return its calls.

    Ours is asked, too, because `settle_call` does it once that transaction is over.
    """
    calls = tuple(call.id for call in context.work.calls.of_ticket(ticket_id))
    for call_id in calls:
        context.work.folders.ask_erasure(call_id, context.now)
    return calls


def folders_waited_for(work: UnitOfWork, ticket_ids: Sequence[str], *, own: str) -> tuple[str, ...]:
    """Return the other machines' folders that still have to erase voice of these cases."""
    calls = (call.id for ticket_id in ticket_ids for call in work.calls.of_ticket(ticket_id))
    return tuple(sorted({folder for call_id in calls for folder in work.folders.holders(call_id, but=own)}))


def show_folder(hotline: Hotline, host: str) -> None:
    """Write that this folder's worker lives, and on which machine. Say so when another machine lives under its id.

    Raises: Unavailable.
    """
    with hotline.unit_of_work() as work:
        now = context_of(hotline, work).now
        before = work.folders.show(hotline.spool.folder_id, host, now)
        work.commit()
    if before is not None and before[0] != host and abs(now - before[1]) < MOVED_WITHIN:
        log.error("folder_id_shared", folder=hotline.spool.folder_id, host=before[0])


def held_by_folders(hotline: Hotline) -> tuple[HeldThere, ...]:
    """Return every folder with what it holds."""
    with hotline.look() as work:
        return tuple(work.folders.held())


def is_another_known(hotline: Hotline) -> bool:
    """Tell whether another machine's folder ever showed itself or holds anything."""
    return any(each.folder_id not in ("", hotline.spool.folder_id) for each in held_by_folders(hotline))


def give_up_folder(hotline: Hotline, folder_id: str, *, reason: str, actor: str) -> int:
    """Settle what a folder held that is gone for good, and return how many voices are lost with it.

    The case of each says so. A voice whose file lies here is not lost.
    Raises: Refused for this machine's own folder, one that holds nothing, or no reason.
    """
    if not reason.strip():
        raise Refused("this needs a reason: what became of the machine, and who says so", code="reason-missing")
    if folder_id == hotline.spool.folder_id:
        raise Refused("this is the data folder of this machine: its worker settles what lies here", code="folder-own")
    named = "" if folder_id == UNNAMED else folder_id
    if not any(each.folder_id == named and (each.voices or each.calls) for each in held_by_folders(hotline)):
        raise Refused(
            f"no folder {folder_id} holds anything; `voicebot folders` lists those that do", code="folder-unknown"
        )
    lying = frozenset(hotline.spool.names())
    with hotline.unit_of_work() as work:
        held = (each for each in work.tickets.answers_in_state(AnswerState.SPOOLED, ALL) if _lies_in(each, named))
        now, lost = context_of(hotline, work).now, [each for each in held if each.spool_name not in lying]
        for answer in lost:
            work.tickets.save_answer(replace(answer, state=AnswerState.LOST))
            after = f"{answer.slot}: its data folder is gone for good: {reason.strip()}"
            note_case(work, answer.ticket_id, Verb.AUDIO_LOST, at=now, actor=actor, after=after)
        for call_id in work.folders.unsettled(named, ALL):
            work.folders.settle(call_id, named)
        work.commit()
    return len(lost)


def _lies_in(answer: Answer, folder_id: str) -> bool:
    return (answer.spool_folder or "") == folder_id


def _is_over(call: Call, now: datetime) -> bool:
    """Tell whether nothing more of the call can come to the spool, since a decoder may lag behind its end."""
    is_silent = now - last_sign_of(call) >= ORPHAN_AFTER
    return call.status is CallStatus.ENDED and is_silent


def _delete(hotline: Hotline, call_id: str) -> None:
    for name in spooled_names(hotline, call_id):
        hotline.spool.delete(name)
