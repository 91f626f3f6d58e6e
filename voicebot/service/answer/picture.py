"""Pictures and other files of texts, kept as evidence. They are noted at once, fetched by a job and shown to staff as a
download.

Number and kind are written in the transaction that logs the text, so they stay when the file cannot be had. The file is
asked for by the carrier's two names for it, at an address of our own making. No address of a webhook is ever asked. It
is stored beside the voices and goes with them. Then the carrier's copy is deleted. A job may run twice or die half-way,
so the file goes to its place first, then the row says so, then the other copy goes. Unlike a voice it never lies in a
machine's own folder, because whoever fetches it puts it into the store that all machines share. A file without a byte
in it is not there yet. One that stays so is given up, and nobody calls it a picture.
Knows: rows, the store of voices, how long to wait. Must not know: who enqueues jobs, HTTP.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from voicebot.domain.back_off import back_off
from voicebot.domain.picture import (
    LARGEST_BYTES,
    MOST_FILES,
    UNKNOWN_KIND,
    FileSent,
    Picture,
    PictureState,
    kind_shown,
    pictures_said,
)
from voicebot.domain.ticket import Answer
from voicebot.errors import Refused, Unavailable
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.job_names import FETCH_PICTURE
from voicebot.service.lookup import find_ticket
from voicebot.service.ports import FileTooLarge

FIRST_PATIENCE = timedelta(seconds=5)
LONGEST_PATIENCE = timedelta(minutes=30)
LOST_AFTER = timedelta(days=3)
"""A file that cannot be had for so long is given up. Number and kind stay."""

FETCHED_KINDS = ("image/", "audio/", "video/", "text/", "application/pdf", UNKNOWN_KIND)
"""Beginnings of the kinds that are fetched.

They are what the carrier takes in from telephones, and what it tells no kind of.
"""

NOT_HAD = "the carrier's file could not be had"
EMPTY = "the carrier's file has nothing in it"


class _Empty(Unavailable):
    """A file is at the carrier, and has no byte in it (yet)."""


def keep_files(context: Context, answer: Answer, files: Sequence[FileSent]) -> None:
    """Note the files of a text that is being logged, and let them be fetched."""
    for number, file in enumerate(files[:MOST_FILES]):
        why_not = _why_not_fetched(file)
        picture = Picture(
            id=f"{answer.call_id}-{number}",
            ticket_id=answer.ticket_id,
            answer_id=answer.id,
            message_sid=answer.call_id,
            media_sid=file.media_sid,
            number=number,
            kind=file.kind,
            at=answer.at,
            state=PictureState.LOST if why_not else PictureState.AWAITED,
            reason=why_not,
        )
        context.work.pictures.add(picture)
        if not why_not:
            context.work.jobs.enqueue(FETCH_PICTURE, picture.id)
    if files:
        said = pictures_said(context.work.pictures.of_ticket(answer.ticket_id)[-len(files) :])
        note_case(context.work, answer.ticket_id, Verb.FILES_RECEIVED, at=context.now, actor="caller", after=said)


def files_said(files: Sequence[FileSent]) -> str:
    """Say what came, in place of the words of a text that has none, such as "(2 files: image/jpeg)"."""
    kinds = ", ".join(sorted({file.kind for file in files}))
    return f"({len(files)} {'file' if len(files) == 1 else 'files'}: {kinds})" if files else ""


def fetch_picture(hotline: Hotline, picture_id: str) -> None:
    """Fetch a file that is awaited, or delete the carrier's copy of one that is safe."""
    with hotline.unit_of_work() as work:
        picture = work.pictures.get(picture_id)
    if picture is None or picture.media_sid is None or picture.state is PictureState.LOST:
        return
    try:
        if picture.state is PictureState.AWAITED:
            picture = _fetch(hotline, picture, picture.media_sid)
        if picture.state is PictureState.STORED and picture.media_sid is not None:
            hotline.carrier.delete_file(picture.message_sid, picture.media_sid)
            _change(hotline, picture.id, media_sid=None, not_before=None)
    except FileTooLarge:
        _give_up(hotline, picture, why=f"larger than {LARGEST_BYTES // 1024 // 1024} MB")
    except _Empty:
        _put_off(hotline, picture, why=EMPTY)
    except Unavailable:
        _put_off(hotline, picture, why=NOT_HAD)


def due_pictures(context: Context, limit: int) -> tuple[str, ...]:
    """Return ids of files with something to be done for them."""
    return tuple(picture.id for picture in context.work.pictures.due(context.now, limit))


def picture_of(hotline: Hotline, case: str, picture_id: str) -> tuple[Picture, bytes]:
    """Return a file with its bytes.

    Raises: Refused when the case has no such file, or none is kept. Unavailable when the store cannot be asked.
    """
    with hotline.look() as work:
        ticket = find_ticket(work, case)
        picture = next((each for each in work.pictures.of_ticket(ticket.id) if each.id == picture_id), None)
    if picture is None or picture.file_key is None:
        raise Refused("no such file is kept of this case", code="picture-missing")
    return picture, hotline.audio.get(picture.file_key)


def _why_not_fetched(file: FileSent) -> str:
    if file.media_sid is None:
        return "its address names no file of the carrier"
    return "" if file.kind.startswith(FETCHED_KINDS) else "files of this kind are not fetched"


def _fetch(hotline: Hotline, picture: Picture, media_sid: str) -> Picture:
    """Store the file and say so. One that was erased meanwhile is not brought back.

    One that a killed worker had stored is taken from the store, because the carrier may have it no more.
    """
    key = f"pictures/{picture.id}"
    body = hotline.audio.get(key) if hotline.audio.exists(key) else _download(hotline, picture, media_sid)
    hotline.audio.put(key, body)
    kind = kind_shown(picture.kind, body)
    reason = "" if kind == picture.kind else f"sent as {picture.kind}"
    with hotline.unit_of_work() as work:
        known = work.pictures.get(picture.id)
        assert known is not None, "rows of files are never deleted"
        if known.state is not PictureState.AWAITED or known.media_sid is None:
            if known.file_key != key:
                hotline.audio.delete(key)
            return known
        stored = replace(
            known,
            state=PictureState.STORED,
            kind=kind,
            size_bytes=len(body),
            file_key=key,
            not_before=None,
            attempts=0,
            reason=reason,
        )
        work.pictures.save(stored)
        after = "; ".join(part for part in (pictures_said([stored]), reason) if part)
        now = context_of(hotline, work).now
        note_case(work, stored.ticket_id, Verb.FILE_STORED, at=now, actor="worker", after=after)
        work.commit()
        return stored


def _download(hotline: Hotline, picture: Picture, media_sid: str) -> bytes:
    body = hotline.carrier.download_file(picture.message_sid, media_sid, most_bytes=LARGEST_BYTES)
    if not body:
        raise _Empty("downloading a file of a text: the carrier gives a file without a byte in it")
    return body


def _put_off(hotline: Hotline, picture: Picture, *, why: str) -> None:
    """Count a try. The next one waits, twice as long each time, and after three days there is none."""
    now = hotline.clock.now()
    if now - picture.at > LOST_AFTER and picture.state is PictureState.AWAITED:
        _give_up(hotline, picture, why=why)
    elif now - picture.at > LOST_AFTER:
        reason = "; ".join(part for part in (picture.reason, "its copy at the carrier could not be deleted") if part)
        _change(hotline, picture.id, media_sid=None, reason=reason)
    else:
        patience = back_off(picture.attempts + 1, first=FIRST_PATIENCE, longest=LONGEST_PATIENCE)
        _change(hotline, picture.id, attempts=picture.attempts + 1, not_before=now + patience)


def _give_up(hotline: Hotline, picture: Picture, *, why: str) -> None:
    _change(hotline, picture.id, state=PictureState.LOST, reason=why)
    with hotline.unit_of_work() as work:
        after = f"{pictures_said([picture])}: {why}"
        now = context_of(hotline, work).now
        note_case(work, picture.ticket_id, Verb.FILE_LOST, at=now, actor="worker", after=after)
        work.commit()


def _change(hotline: Hotline, picture_id: str, **changes: object) -> None:
    with hotline.unit_of_work() as work:
        known = work.pictures.get(picture_id)
        assert known is not None, "rows of files are never deleted"
        work.pictures.save(replace(known, **changes))  # type: ignore[arg-type]
        work.commit()
