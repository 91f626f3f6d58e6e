"""Pictures that people text us: kept as evidence, whatever becomes of the files."""

from collections.abc import Callable

import pytest

from tests.fakes_outside import FakeCarrier
from tests.service.books import connect, tickets, wrote
from tests.service.lines import CALLER, Line
from tests.service.two_machines import second_machine
from voicebot.domain.picture import LARGEST_BYTES, UNKNOWN_KIND, FileSent, Picture, PictureState, pictures_said
from voicebot.domain.retention import RetentionClass
from voicebot.domain.ticket import Channel, Ticket
from voicebot.errors import Refused, Unavailable
from voicebot.service.answer.picture import LOST_AFTER, fetch_picture, keep_files, picture_of
from voicebot.service.hotline import context_of
from voicebot.service.promise.keep import log_callback
from voicebot.service.queries.case_view import view_case
from voicebot.service.ticket.inbound_text import IncomingText, log_text
from voicebot.service.upkeep.reconcile import reconcile
from voicebot.service.upkeep.retention import erase_case

ME0, ME1 = "ME" + "0" * 32, "ME" + "1" * 32
TWO = (FileSent(kind="image/jpeg", media_sid=ME0), FileSent(kind="image/jpeg", media_sid=ME1))


def send(line: Line, body: str = "", files: tuple[FileSent, ...] = TWO, sid: str = "SM1") -> Ticket:
    """Text us with files, and run what that leaves."""
    log_text(line.hotline, IncomingText(message_sid=sid, sender=CALLER, body=body, files=files))
    line.run_jobs()
    return tickets(line)[0]


def there(line: Line, *media: str, content: bytes = b"\xff\xd8 a picture") -> None:
    """Let files lie at the carrier."""
    line.carrier.media |= {("SM1", sid): content for sid in media}


def at_rest(line: Line, ticket: Ticket) -> None:
    """Call the complainant, and let every text settle."""
    log_callback(line.hotline, ticket.case_number, reason="spoke", actor="owner_1")
    with line.work() as work:
        (sms,) = work.sms.of_ticket(ticket.id)
    line.sender.states[sms.message_sid or ""] = ("delivered", None)
    line.step(days=1)
    for _ in range(2):
        line.sweep()
        line.step(hours=2)


def pictures(line: Line) -> list[Picture]:
    """Read the files of the one case."""
    ticket = next(each for each in tickets(line) if each.channel is Channel.SMS)
    with line.work() as work:
        return list(work.pictures.of_ticket(ticket.id))


def test_pictures_are_fetched_stored_and_deleted_there(line: Line) -> None:
    there(line, ME0, ME1)
    ticket = send(line, "This is how it arrived")
    assert ticket.problem == "This is how it arrived"
    assert [(one.state, one.kind, one.size_bytes, one.media_sid) for one in pictures(line)] == [
        (PictureState.STORED, "image/jpeg", 12, None)
    ] * 2
    assert sorted(line.carrier.deleted_media) == [ME0, ME1]
    assert line.audio.files[pictures(line)[0].file_key or ""] == b"\xff\xd8 a picture"
    assert pictures_said(view_case(line.hotline, ticket.case_number).pictures) == "2 pictures (image/jpeg, 1 kB)"
    assert len(line.sender.sent) == 1


def test_a_text_that_is_only_pictures_is_not_empty(line: Line) -> None:
    ticket = send(line)
    assert ticket.problem == "(2 files: image/jpeg)"
    with line.work() as work:
        told = {entry.verb: entry.after for entry in work.tickets.history(ticket.id)}
    assert told["files_received"] == "2 pictures (image/jpeg)"
    assert told["text_received"] == ""


def test_a_picture_that_is_not_there_yet_is_asked_for_again_and_given_up_after_three_days(line: Line) -> None:
    send(line)
    assert [one.state for one in pictures(line)] == [PictureState.AWAITED] * 2
    there(line, ME0)
    line.step(minutes=1)
    line.sweep()
    line.step(seconds=LOST_AFTER.total_seconds() + 3600)
    for _ in range(3):
        line.sweep()
        line.step(hours=1)
    assert [one.state for one in pictures(line)] == [PictureState.STORED, PictureState.LOST]
    assert pictures(line)[1].kind == "image/jpeg"
    assert "file_lost" in line.verbs(tickets(line)[0].id)


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (FileSent(kind="image/jpeg", media_sid=None), "its address names no file of the carrier"),
        (FileSent(kind="application/x-msdownload", media_sid=ME0), "files of this kind are not fetched"),
    ],
)
def test_number_and_kind_stay_where_a_file_is_not_fetched(line: Line, file: FileSent, why: str) -> None:
    there(line, ME0)
    send(line, files=(file,))
    (picture,) = pictures(line)
    assert (picture.state, picture.kind, picture.reason) == (PictureState.LOST, file.kind, why)
    assert line.audio.files == {}


def test_a_file_larger_than_we_take_is_given_up_at_once(line: Line) -> None:
    there(line, ME0, content=b"x" * (LARGEST_BYTES + 1))
    send(line, files=TWO[:1])
    (picture,) = pictures(line)
    assert (picture.state, picture.reason) == (PictureState.LOST, "larger than 8 MB")


def test_the_carrier_s_copy_is_deleted_later_when_it_could_not_be_at_once(line: Line) -> None:
    there(line, ME0)
    line.carrier.cannot_delete = True
    send(line, files=TWO[:1])
    assert (pictures(line)[0].state, pictures(line)[0].media_sid) == (PictureState.STORED, ME0)
    line.carrier.cannot_delete = False
    line.step(minutes=1)
    line.sweep()
    assert (line.carrier.deleted_media, pictures(line)[0].media_sid) == ([ME0], None)


def test_a_text_delivered_twice_has_its_pictures_once(line: Line) -> None:
    there(line, ME0, ME1)
    send(line)
    send(line)
    assert len(pictures(line)) == 2


def test_more_files_than_the_carrier_takes_are_not_believed(line: Line) -> None:
    send(line, files=TWO * 9)
    assert len(pictures(line)) == 10


@pytest.mark.parametrize("is_listed", [True, False])
def test_pictures_of_a_text_found_late_are_kept_even_when_the_carrier_tells_only_their_number(
    line: Line, is_listed: bool
) -> None:
    connect(line, sms_url="https://hotline.example/twilio/sms")
    wrote(line, "SM1", "see this", files=2)
    if is_listed:
        line.listing.files["SM1"] = list(TWO)
    reconcile(line.hotline)
    assert [one.kind for one in pictures(line)] == ["image/jpeg" if is_listed else "application/octet-stream"] * 2


def test_erasing_a_case_deletes_its_pictures(line: Line) -> None:
    there(line, ME0, ME1)
    ticket = send(line)
    at_rest(line, ticket)
    erase_case(line.hotline, ticket.case_number, reason="they asked", actor="owner_1")
    assert line.audio.files == {}
    assert [(one.file_key, one.media_sid, one.kind) for one in pictures(line)] == [(None, None, "image/jpeg")] * 2
    with pytest.raises(Refused):
        picture_of(line.hotline, ticket.case_number, pictures(line)[0].id)


def test_a_file_of_another_case_is_not_given(line: Line) -> None:
    there(line, ME0, ME1)
    send(line)
    other = line.ticket(line.ring("+12025550177"))
    with pytest.raises(Refused):
        picture_of(line.hotline, other.case_number, pictures(line)[0].id)


@pytest.mark.parametrize("kind", ["image/jpeg", "image/png"])
def test_a_page_that_says_it_is_a_picture_is_kept_and_called_none(line: Line, kind: str) -> None:
    there(line, ME0, content=b"<html><script>alert(1)</script>")
    ticket = send(line, files=(FileSent(kind=kind, media_sid=ME0),))
    (picture,) = pictures(line)
    assert (picture.state, picture.kind, picture.reason) == (PictureState.STORED, UNKNOWN_KIND, f"sent as {kind}")
    assert pictures_said(view_case(line.hotline, ticket.case_number).pictures).startswith("1 file (")
    with line.work() as work:
        (told,) = (entry.after for entry in work.tickets.history(ticket.id) if entry.verb == "file_stored")
    assert told.endswith(f"sent as {kind}")


def test_a_picture_whose_kind_nobody_told_is_fetched_and_known_by_its_bytes(line: Line) -> None:
    there(line, ME0)
    send(line, files=(FileSent(kind=UNKNOWN_KIND, media_sid=ME0),))
    (picture,) = pictures(line)
    assert (picture.state, picture.kind, pictures_said([picture])) == (
        PictureState.STORED,
        "image/jpeg",
        "1 picture (image/jpeg, 1 kB)",
    )


def test_a_file_without_a_byte_is_asked_for_again_and_then_said_to_be_empty(line: Line) -> None:
    there(line, ME0, ME1, content=b"")
    ticket = send(line, "see this")
    assert [one.state for one in pictures(line)] == [PictureState.AWAITED] * 2
    there(line, ME1)
    line.step(minutes=1)
    line.sweep()
    line.step(seconds=LOST_AFTER.total_seconds() + 60)
    line.sweep()
    assert [(one.state, one.reason) for one in pictures(line)] == [
        (PictureState.LOST, "the carrier's file has nothing in it"),
        (PictureState.STORED, ""),
    ]
    assert tickets(line)[0].problem == "see this"
    with pytest.raises(Refused):
        picture_of(line.hotline, ticket.case_number, pictures(line)[0].id)


def test_a_picture_that_a_killed_worker_had_stored_is_not_lost_with_the_carrier_s_copy(line: Line) -> None:
    log_text(line.hotline, IncomingText(message_sid="SM1", sender=CALLER, body="", files=TWO[:1]))
    line.audio.put("pictures/SM1-0", b"\xff\xd8 a picture")
    line.run_jobs()
    (picture,) = pictures(line)
    assert (picture.state, picture.size_bytes) == (PictureState.STORED, 12)


def test_what_of_a_file_was_left_at_the_carrier_goes_with_the_case(line: Line) -> None:
    there(line, ME0, content=b"x" * (LARGEST_BYTES + 1))
    ticket = send(line, files=TWO[:1])
    at_rest(line, ticket)
    erase_case(line.hotline, ticket.case_number, reason="they asked", actor="owner_1")
    assert line.carrier.deleted_media == [ME0]
    assert pictures(line)[0].media_sid is None


def test_a_case_is_not_called_erased_while_a_file_of_it_cannot_be_deleted_at_the_carrier(line: Line) -> None:
    there(line, ME0, content=b"x" * (LARGEST_BYTES + 1))
    ticket = send(line, files=TWO[:1])
    at_rest(line, ticket)
    line.carrier.cannot_delete = True
    with pytest.raises(Unavailable):
        erase_case(line.hotline, ticket.case_number, reason="they asked", actor="owner_1")
    assert "erased_on_request" not in line.verbs(ticket.id)
    assert pictures(line)[0].media_sid == ME0


def test_of_two_machines_either_fetches_shows_and_erases_a_picture(line: Line) -> None:
    other = second_machine(line)
    there(line, ME0)
    log_text(line.hotline, IncomingText(message_sid="SM1", sender=CALLER, body="", files=TWO[:1]))
    other.run_jobs()
    ticket = tickets(line)[0]
    assert picture_of(line.hotline, ticket.case_number, "SM1-0")[1] == b"\xff\xd8 a picture"
    at_rest(line, ticket)
    assert erase_case(line.hotline, ticket.case_number, reason="they asked", actor="owner_1") == ()
    assert (other.audio.files, other.spool.files, line.spool.files) == ({}, {}, {})


def test_a_store_that_does_not_have_a_picture_does_not_make_it_lost(line: Line) -> None:
    there(line, ME0)
    ticket = send(line, files=TWO[:1])
    line.audio.files.clear()
    line.step(days=9)
    line.sweep()
    with pytest.raises(Unavailable):
        picture_of(line.hotline, ticket.case_number, "SM1-0")
    assert pictures(line)[0].state is PictureState.STORED


class _Meanwhile(FakeCarrier):
    """A carrier during whose first download something else happens."""

    def __init__(self, happens: Callable[[], object]) -> None:
        super().__init__()
        self._happens: list[Callable[[], object]] = [happens]

    def download_file(self, message_sid: str, media_sid: str, *, most_bytes: int) -> bytes:
        """Let it happen, once the file is on its way."""
        body = super().download_file(message_sid, media_sid, most_bytes=most_bytes)
        while self._happens:
            self._happens.pop()()
        return body


def test_a_picture_that_two_workers_fetch_at_once_is_kept_once_and_deleted_there(line: Line) -> None:
    line.use(carrier=_Meanwhile(lambda: fetch_picture(line.hotline, "SM1-0")))
    there(line, ME0)
    ticket = send(line, files=TWO[:1])
    assert picture_of(line.hotline, ticket.case_number, "SM1-0")[1] == b"\xff\xd8 a picture"
    assert line.carrier.deleted_media == [ME0]
    assert line.verbs(ticket.id).count("file_stored") == 1
    fetch_picture(line.hotline, "SM1-0")
    fetch_picture(line.hotline, "no-picture")
    assert line.carrier.deleted_media == [ME0]


def test_a_picture_erased_while_it_was_fetched_is_not_brought_back(line: Line) -> None:
    def erase() -> None:
        (ticket,) = tickets(line)
        with line.work() as work:
            work.retention.erase(ticket.id, RetentionClass.AUDIO, line.clock.at)
            work.commit()

    line.use(carrier=_Meanwhile(erase))
    there(line, ME0)
    ticket = send(line, files=TWO[:1])
    assert (line.audio.files, pictures(line)[0].media_sid) == ({}, None)
    assert "file_stored" not in line.verbs(ticket.id)


def test_a_carrier_that_never_deletes_its_copy_is_asked_for_three_days_and_the_picture_says_so(line: Line) -> None:
    there(line, ME0)
    line.carrier.cannot_delete = True
    ticket = send(line, files=TWO[:1])
    line.step(seconds=LOST_AFTER.total_seconds() + 60)
    line.sweep()
    (picture,) = pictures(line)
    assert (picture.state, picture.media_sid) == (PictureState.STORED, None)
    assert picture.reason == "its copy at the carrier could not be deleted"
    assert picture_of(line.hotline, ticket.case_number, picture.id)[1], "the picture itself is safe"


def test_a_text_without_files_says_nothing_of_files(line: Line) -> None:
    ticket = send(line, "my parcel came broken", files=())
    with line.work() as work:
        (answer,) = work.tickets.answers(ticket.id)
        keep_files(context_of(line.hotline, work), answer, ())
        work.commit()
    assert "files_received" not in line.verbs(ticket.id)
