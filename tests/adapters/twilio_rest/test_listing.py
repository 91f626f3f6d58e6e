"""Lists of calls and recordings: every page, whole days asked for, instants looked at."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.adapters.twilio_rest.books import CALLER, NOON, NUMBER, a_carrier, account_of, rang, recorded, wrote
from voicebot.adapters.twilio_rest import TwilioListing, TwilioRest
from voicebot.domain.picture import FileSent
from voicebot.errors import Unavailable
from voicebot.service.ports import FileTooLarge, ListedCall, ListedText
from voicebot.simulator import PretendCarrier, Trouble
from voicebot.simulator.ledger import Media


@pytest.fixture
def carrier() -> Iterator[PretendCarrier]:
    """A carrier with books."""
    with a_carrier() as carrier:
        yield carrier


@pytest.fixture
def listing(carrier: PretendCarrier) -> TwilioListing:
    """The adapter; two rows on a page, so that pages are turned."""
    return TwilioListing(account_of(carrier), page_size=2)


def sids(listing: TwilioListing, since: datetime) -> set[str]:
    return {call.carrier_call_id for call in listing.calls_to(NUMBER, since=since)}


def test_a_call_is_told_as_the_books_have_it(carrier: PretendCarrier, listing: TwilioListing) -> None:
    sid = rang(carrier, NOON, status="no-answer")
    assert list(listing.calls_to(NUMBER, since=NOON)) == [
        ListedCall(carrier_call_id=sid, caller=CALLER, started_at=NOON, is_over=True, status="no-answer", seconds=0)
    ]


def test_all_pages_are_read(carrier: PretendCarrier, listing: TwilioListing) -> None:
    wanted = {rang(carrier, NOON + timedelta(minutes=minute)) for minute in range(5)}
    for hours in range(1, 4):
        rang(carrier, NOON - timedelta(hours=hours))
    assert sids(listing, NOON) == wanted


@pytest.mark.parametrize(("off_s", "is_seen"), [(0, True), (-1, False), (1, True)])
def test_the_instant_counts_although_the_carrier_knows_only_days(
    carrier: PretendCarrier, listing: TwilioListing, off_s: int, is_seen: bool
) -> None:
    rang(carrier, NOON + timedelta(seconds=off_s))
    assert bool(sids(listing, NOON)) is is_seen


@pytest.mark.parametrize(
    ("status", "is_over"),
    [
        ("queued", False),
        ("ringing", False),
        ("in-progress", False),
        ("completed", True),
        ("busy", True),
        ("failed", True),
        ("no-answer", True),
        ("canceled", True),
    ],
)
def test_a_call_that_goes_on_is_told_apart(
    carrier: PretendCarrier, listing: TwilioListing, status: str, is_over: bool
) -> None:
    rang(carrier, NOON, status=status)
    (call,) = listing.calls_to(NUMBER, since=NOON)
    assert call.is_over is is_over


def test_calls_of_our_own_and_to_other_numbers_are_not_callers(carrier: PretendCarrier, listing: TwilioListing) -> None:
    rang(carrier, NOON, direction="outbound-api", to_number=CALLER, from_number=NUMBER)
    rang(carrier, NOON, direction="outbound-dial")
    rang(carrier, NOON, to_number="+15035550199")
    assert sids(listing, NOON) == set()


def test_one_call_is_looked_up_if_it_was_for_us(carrier: PretendCarrier, listing: TwilioListing) -> None:
    mine, other = rang(carrier, NOON), rang(carrier, NOON, to_number="+15035550199")
    found = listing.call(mine, to=NUMBER)
    assert found is not None
    assert found.carrier_call_id == mine
    assert listing.call(other, to=NUMBER) is None
    assert listing.call("CA" + "9" * 32, to=NUMBER) is None


@pytest.mark.parametrize(
    ("status", "ready_at_s", "available", "absent"),
    [("completed", 0, True, False), ("completed", 1e9, False, False), ("absent", 0, False, True)],
)
def test_a_recording_is_whole_or_in_the_making_or_never(
    carrier: PretendCarrier, listing: TwilioListing, status: str, ready_at_s: float, available: bool, absent: bool
) -> None:
    sid = recorded(carrier, NOON, status=status, ready_at_s=ready_at_s)
    (found,) = listing.recordings(since=NOON)
    assert (found.recording_sid, found.recorded_at) == (sid, NOON)
    assert (found.is_available, found.is_absent) == (available, absent)
    assert found.seconds == (0 if ready_at_s else 7)


def test_recordings_are_read_page_by_page_from_the_instant_on(carrier: PretendCarrier, listing: TwilioListing) -> None:
    wanted = {recorded(carrier, NOON + timedelta(seconds=second)) for second in range(5)}
    recorded(carrier, NOON - timedelta(seconds=1))
    recorded(carrier, NOON - timedelta(days=2))
    assert {each.recording_sid for each in listing.recordings(since=NOON)} == wanted


@pytest.mark.parametrize("trouble", [Trouble.BUSY, Trouble.SERVER_ERROR])
def test_a_carrier_in_trouble_is_unavailable(carrier: PretendCarrier, listing: TwilioListing, trouble: Trouble) -> None:
    for ask in (
        lambda: list(listing.calls_to(NUMBER, since=NOON)),
        lambda: list(listing.recordings(since=NOON)),
        lambda: listing.call("CA" + "9" * 32, to=NUMBER),
    ):
        carrier.ledger.troubles.append(trouble)
        with pytest.raises(Unavailable) as problem:
            ask()
        assert NUMBER not in str(problem.value)


def test_trouble_on_a_later_page_is_unavailable_too(carrier: PretendCarrier, listing: TwilioListing) -> None:
    for _ in range(3):
        rang(carrier, NOON)
    pages = listing.calls_to(NUMBER, since=NOON)
    next(pages)
    carrier.ledger.troubles.append(Trouble.SERVER_ERROR)
    with pytest.raises(Unavailable):
        list(pages)


def test_a_carrier_that_is_gone_is_unavailable(carrier: PretendCarrier) -> None:
    listing = TwilioListing(account_of(carrier, api_url="http://127.0.0.1:9"))
    with pytest.raises(Unavailable):
        list(listing.calls_to(NUMBER, since=NOON))


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Seoul"])
def test_a_call_before_midnight_is_found_by_a_run_after_it(
    carrier: PretendCarrier, listing: TwilioListing, zone: str
) -> None:
    midnight = NOON.replace(hour=0)
    sid = rang(carrier, midnight - timedelta(minutes=10))
    since = (midnight - timedelta(minutes=30)).astimezone(ZoneInfo(zone))
    assert sids(listing, since) == {sid}


def texts(listing: TwilioListing, since: datetime, number: str = NUMBER) -> set[str]:
    return {text.message_sid for text in listing.texts_to(number, since=since)}


def test_a_text_is_told_as_the_books_have_it(carrier: PretendCarrier, listing: TwilioListing) -> None:
    sid = wrote(carrier, NOON, "my kettle leaks")
    assert list(listing.texts_to(NUMBER, since=NOON)) == [
        ListedText(message_sid=sid, sender=CALLER, body="my kettle leaks", sent_at=NOON, files=0)
    ]


def test_all_pages_of_texts_are_read_and_no_other_s(carrier: PretendCarrier, listing: TwilioListing) -> None:
    wanted = {wrote(carrier, NOON + timedelta(minutes=minute)) for minute in range(5)}
    wrote(carrier, NOON, recipient="+15035550199")
    wrote(carrier, NOON, direction="outbound-api", sender=NUMBER, recipient=CALLER, status="delivered")
    for direction in ("outbound-api", "outbound-reply", "outbound-call"):  # ours, to another number of ours
        wrote(carrier, NOON, direction=direction, sender="+12025550101", recipient=NUMBER, status="received")
    wrote(carrier, NOON, status="receiving")  # not whole yet: the next look sees it
    assert texts(listing, NOON) == wanted


@pytest.mark.parametrize(
    ("sent", "since", "is_seen"),
    [
        (NOON, NOON, True),
        (NOON - timedelta(seconds=1), NOON, False),
        (NOON.replace(hour=0), NOON.replace(hour=0), True),  # the first second of a day in UTC
        (NOON.replace(hour=0) - timedelta(seconds=1), NOON.replace(hour=0), False),
        (NOON.replace(hour=0), NOON.replace(hour=0) - timedelta(seconds=1), True),  # over midnight
        (NOON.replace(hour=23, minute=59, second=59), NOON, True),
    ],
)
def test_the_instant_of_a_text_counts_at_both_edges_of_a_day(
    carrier: PretendCarrier, listing: TwilioListing, sent: datetime, since: datetime, is_seen: bool
) -> None:
    wrote(carrier, sent)
    assert bool(texts(listing, since)) is is_seen


def test_a_redacted_text_is_listed_without_words(carrier: PretendCarrier, listing: TwilioListing) -> None:
    wrote(carrier, NOON, "", sender="+1503555XXXX")
    (text,) = listing.texts_to(NUMBER, since=NOON)
    assert (text.sender, text.body) == ("+1503555XXXX", "")


def test_texts_that_cannot_be_listed_are_the_carrier_s_trouble(carrier: PretendCarrier, listing: TwilioListing) -> None:
    carrier.ledger.troubles.append(Trouble.SERVER_ERROR)
    with pytest.raises(Unavailable, match="list the texts"):
        list(listing.texts_to(NUMBER, since=NOON))


def test_files_of_a_text_are_listed_fetched_and_deleted_by_their_names(
    carrier: PretendCarrier, listing: TwilioListing
) -> None:
    sid = wrote(carrier, NOON)
    media = [Media(kind="image/jpeg", content=b"one"), Media(kind="image/png", content=b"two")]
    carrier.ledger.messages[sid].media.extend(media)
    assert [text.files for text in listing.texts_to(NUMBER, since=NOON)] == [2]
    assert listing.files_of(sid) == [FileSent(kind=one.kind, media_sid=one.sid) for one in media]
    rest = TwilioRest(account_of(carrier))
    assert rest.download_file(sid, media[1].sid, most_bytes=9) == b"two"
    with pytest.raises(FileTooLarge):
        rest.download_file(sid, media[1].sid, most_bytes=2)
    for _ in range(2):
        rest.delete_file(sid, media[1].sid)
    assert [file.media_sid for file in listing.files_of(sid)] == [media[0].sid]
    with pytest.raises(Unavailable):
        rest.download_file(sid, media[1].sid, most_bytes=9)


@pytest.mark.danger("SSRF")
@pytest.mark.parametrize("names", [("SM1", "ME" + "0" * 32), ("SM" + "0" * 32, "../Recordings"), ("", "")])
def test_a_file_is_named_by_the_carrier_s_names_or_not_at_all(carrier: PretendCarrier, names: tuple[str, str]) -> None:
    rest = TwilioRest(account_of(carrier))
    with pytest.raises(AssertionError):
        rest.download_file(*names, most_bytes=9)
    with pytest.raises(AssertionError):
        rest.delete_file(*names)
