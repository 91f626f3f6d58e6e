"""The REST API as Twilio's own client and Twilio's own OpenAPI (through Prism) see it."""

import io
import time
import wave
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from tests.simulator.conftest import MakeCarrier
from tests.simulator.prism import prism_before
from tests.simulator.stand_in import ACCOUNT, CALLER, NUMBER, TOKEN, StandIn, client_of
from voicebot.simulator import (
    Caller,
    CarrierOptions,
    PacedClock,
    PretendCarrier,
    Trouble,
    picked_up_by,
    press,
    sound,
    speak,
)
from voicebot.simulator.ledger import Media

HANDSET = "+15035550188"


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PretendCarrier, Client, StandIn]]:
    """A carrier whose API is held to Twilio's OpenAPI, and a client that speaks through Prism."""
    hotline = StandIn()
    options = CarrierOptions(absolute_page_uris=True)
    with PretendCarrier(ACCOUNT, TOKEN, NUMBER, hotline.url, clock=PacedClock(40), options=options) as carrier:
        carrier.serve_api()
        with prism_before(carrier.api_url, tmp_path_factory.mktemp("prism")) as url:
            yield carrier, client_of(url), hotline
    hotline.close()


Checked = tuple[PretendCarrier, Client, StandIn]


def test_inbound_texts_and_their_files_are_listed_as_twilio_describes_them(checked: Checked) -> None:
    carrier, client, hotline = checked
    hotline.answers("/twilio/sms", "")
    day_before = carrier.clock.now() - timedelta(days=1)
    media = [Media(kind="image/jpeg", content=b"one"), Media(kind="image/png", content=b"two")]
    sids = [carrier.text(CALLER, f"text {number}", media=media if number else ()).message_sid for number in range(3)]
    listed = {text.sid: text for text in client.messages.list(to=NUMBER, date_sent_after=day_before)}
    assert [(listed[sid].direction, listed[sid].num_media) for sid in sids] == [("inbound", "0")] + [
        ("inbound", "2")
    ] * 2
    files = client.messages(sids[1]).media.list()
    assert [(file.sid, file.content_type) for file in files] == [(one.sid, one.kind) for one in media]
    assert client.messages(sids[1]).media(media[0].sid).fetch().parent_sid == sids[1]
    assert client.messages(sids[1]).media(media[0].sid).delete()


def test_text_is_created_fetched_and_listed_as_twilio_describes_it(checked: Checked) -> None:
    _, client, hotline = checked
    hotline.answers("/twilio/sms/status", "")
    created = client.messages.create(
        to=HANDSET, from_=NUMBER, body="case", status_callback=f"{hotline.url}/twilio/sms/status"
    )
    receipts = hotline.await_requests("/twilio/sms/status", 2)
    fetched = client.messages(str(created.sid)).fetch()
    listed = client.messages.list(to=HANDSET)
    assert (created.status, fetched.status, fetched.body) == ("queued", "delivered", "case")
    assert [receipt.form["MessageStatus"] for receipt in receipts] == ["sent", "delivered"]
    assert all(receipt.is_signed for receipt in receipts)
    assert [message.sid for message in listed] == [created.sid]


@pytest.mark.parametrize(
    ("to", "sender", "body", "code"),
    [
        ("+15005550001", NUMBER, "x", 21211),
        ("+15005550002", NUMBER, "x", 21612),
        ("+15005550003", NUMBER, "x", 21408),
        ("+15005550004", NUMBER, "x", 21610),
        ("+15005550009", NUMBER, "x", 21614),
        (HANDSET, "+15005550001", "x", 21212),
        (HANDSET, "+15005550007", "x", 21606),
        (HANDSET, "+15005550008", "x", 21611),
        (HANDSET, "+15035559999", "x", 21606),
        ("hello", NUMBER, "x", 21211),
        (HANDSET, NUMBER, "", 21602),
        (HANDSET, NUMBER, "x" * 1601, 21617),
    ],
)
def test_wrong_text_is_refused_with_twilios_number(
    checked: Checked, to: str, sender: str, body: str, code: int
) -> None:
    _, client, _ = checked
    with pytest.raises(TwilioRestException) as refusal:
        client.messages.create(to=to, from_=sender, body=body)
    assert (refusal.value.status, refusal.value.code) == (400, code)


def test_scheduled_text_needs_a_messaging_service(checked: Checked) -> None:
    _, client, _ = checked
    at = datetime(2026, 12, 1, tzinfo=UTC)
    with pytest.raises(TwilioRestException) as refusal:
        client.messages.create(to=HANDSET, from_=NUMBER, body="x", send_at=at, schedule_type="fixed")
    assert refusal.value.code == 35114


def test_call_is_created_updated_and_fetched_as_twilio_describes_it(checked: Checked) -> None:
    carrier, client, hotline = checked
    hotline.answers("/whisper", '<Gather numDigits="1" timeout="600"/>')
    hotline.answers("/status", "")
    carrier.phones[HANDSET] = picked_up_by(Caller())
    call = client.calls.create(
        to=HANDSET,
        from_=NUMBER,
        url=f"{hotline.url}/whisper",
        status_callback=f"{hotline.url}/status",
        status_callback_event=["initiated", "ringing", "answered", "completed"],
    )
    hotline.await_requests("/whisper")
    live = client.calls(str(call.sid)).fetch()
    client.calls(str(call.sid)).update(status="completed")
    told = hotline.await_requests("/status", 4)
    assert (call.status, live.status, live.direction) == ("queued", "in-progress", "outbound-api")
    assert {seen.form["SequenceNumber"]: seen.form["CallStatus"] for seen in told} == {
        "0": "initiated",
        "1": "ringing",
        "2": "in-progress",
        "3": "completed",
    }
    assert client.calls.list(to=HANDSET)[0].status == "completed"


def test_nobody_picks_up_where_nobody_lives(checked: Checked) -> None:
    carrier, client, hotline = checked
    call = client.calls.create(to="+15035550177", from_=NUMBER, url=f"{hotline.url}/whisper", timeout=5)
    assert carrier.ledger.calls[str(call.sid)].line.wait(10).status == "no-answer"


@pytest.mark.parametrize(
    ("to", "sender", "code"),
    [
        ("+15005550001", NUMBER, 21217),
        ("+15005550002", NUMBER, 21214),
        ("+15005550003", NUMBER, 21215),
        ("+15005550004", NUMBER, 21216),
        (HANDSET, "+15005550001", 21212),
        (HANDSET, "+15035559999", 21210),
    ],
)
def test_wrong_call_is_refused_with_twilios_number(checked: Checked, to: str, sender: str, code: int) -> None:
    _, client, hotline = checked
    with pytest.raises(TwilioRestException) as refusal:
        client.calls.create(to=to, from_=sender, url=f"{hotline.url}/whisper")
    assert (refusal.value.status, refusal.value.code) == (400, code)


def test_call_without_instructions_or_with_too_many_is_refused(checked: Checked) -> None:
    _, client, _ = checked
    with pytest.raises(TwilioRestException) as nothing:
        client.calls.create(to=HANDSET, from_=NUMBER)
    with pytest.raises(TwilioRestException) as too_long:
        client.calls.create(to=HANDSET, from_=NUMBER, twiml=f"<Response>{' ' * 4000}</Response>")
    assert (nothing.value.code, too_long.value.code) == (21205, 21226)


def test_call_that_is_over_cannot_be_sent_elsewhere(checked: Checked) -> None:
    carrier, client, hotline = checked
    hotline.answers("/twilio/voice", "<Hangup/>")
    call = carrier.ring(CALLER, Caller()).wait(10)
    with pytest.raises(TwilioRestException) as refusal:
        client.calls(call.sid).update(url=f"{hotline.url}/elsewhere")
    assert refusal.value.code == 21220


def test_recording_is_listed_fetched_downloaded_and_deleted(checked: Checked) -> None:
    carrier, client, hotline = checked
    hotline.answers("/twilio/voice", '<Record action="/recorded" timeout="2"/>')
    hotline.answers("/recorded", "<Hangup/>")
    voice = speak(sound.pcm_wav(sound.tone(400) * 50))
    call = carrier.ring(CALLER, Caller().at(0.1, voice, press("#"))).wait(20)
    told = hotline.to("/recorded")[-1].form
    recording = client.recordings(told["RecordingSid"]).fetch()
    listed = client.recordings.list(call_sid=call.sid)
    of_call = client.calls(call.sid).recordings.list()
    media = requests.get(f"{told['RecordingUrl']}.wav", auth=(ACCOUNT, TOKEN), timeout=5)
    assert (recording.status, recording.duration, recording.call_sid) == ("completed", "1", call.sid)
    assert [found.sid for found in listed] == [found.sid for found in of_call] == [recording.sid]
    assert len(sound.read_wav(media.content)) == 8000
    assert requests.get(f"{told['RecordingUrl']}.wav", timeout=5).status_code == 401
    client.recordings(told["RecordingSid"]).delete()
    assert client.recordings.list(call_sid=call.sid) == []


def test_live_call_is_recorded_from_the_order_on_each_side_on_a_channel_of_its_own(checked: Checked) -> None:
    carrier, client, hotline = checked
    hotline.answers("/twilio/voice", '<Play>/tone.wav?prompt=tone</Play><Gather timeout="60" action="/end"/>')
    hotline.answers("/end", "<Hangup/>")
    hotline.answers("/told", "")
    hotline.serves_clip("/tone.wav", 120.0)
    voice = speak(sound.pcm_wav(sound.tone(400) * 50))
    call = carrier.ring(CALLER, Caller().at(1.0, voice))
    recordings = client.calls(call.sid).recordings
    order = {"recording_channels": "dual", "recording_track": "both", "trim": "do-not-trim"}
    told = f"{hotline.url}/told"
    recording = recordings.create(recording_status_callback=told, **order)
    (listed,) = recordings.list()
    assert (recording.status, listed.sid, recording.channels) == ("in-progress", recording.sid, 2)
    begun_s = call.duration_s
    while call.duration_s < begun_s + 20:
        time.sleep(0.02)
    assert recordings(str(recording.sid)).update(status="stopped").status == "completed"
    (report,) = hotline.await_requests("/told")
    names = ("RecordingSid", "RecordingStatus", "RecordingChannels", "RecordingSource", "CallSid")
    source = "StartCallRecordingAPI"
    assert [report.form[name] for name in names] == [recording.sid, "completed", "2", source, call.sid]
    media = requests.get(f"{report.form['RecordingUrl']}.wav", auth=(ACCOUNT, TOKEN), timeout=5)
    with wave.open(io.BytesIO(media.content)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (2, 8000, 2)
        assert 15 < file.getnframes() / 8000 == pytest.approx(float(report.form["RecordingDuration"]), abs=1)
    call.hang_up()
    call.wait(10)
    assert len(hotline.to("/told")) == 1, "what was stopped is not told again at the end of the call"


def test_call_that_is_over_is_not_recorded(checked: Checked) -> None:
    carrier, client, hotline = checked
    hotline.answers("/twilio/voice", "<Hangup/>")
    call = carrier.ring(CALLER, Caller()).wait(10)
    with pytest.raises(TwilioRestException) as refusal:
        client.calls(call.sid).recordings.create(recording_channels="dual")
    assert (refusal.value.status, refusal.value.code) == (400, 21220)


def test_settings_of_the_number_are_listed_and_changed(checked: Checked) -> None:
    _, client, hotline = checked
    number = client.incoming_phone_numbers.list(phone_number=NUMBER)[0]
    before = number.voice_url
    changed = client.incoming_phone_numbers(str(number.sid)).update(voice_url=f"{hotline.url}/other")
    client.incoming_phone_numbers(str(number.sid)).update(voice_url=before)
    assert changed.voice_url == f"{hotline.url}/other"
    assert client.incoming_phone_numbers(str(number.sid)).fetch().voice_url == before
    assert client.incoming_phone_numbers.list(phone_number=CALLER) == []


def test_unknown_resources_are_not_found(checked: Checked) -> None:
    _, client, _ = checked
    unknown = "0" * 32
    for fetch in (
        client.messages(f"SM{unknown}").fetch,
        client.calls(f"CA{unknown}").fetch,
        client.recordings(f"RE{unknown}").fetch,
        client.incoming_phone_numbers(f"PN{unknown}").fetch,
    ):
        with pytest.raises(TwilioRestException) as refusal:
            fetch()
        assert (refusal.value.status, refusal.value.code) == (404, 20404)


def test_an_answer_that_breaks_twilios_description_does_not_pass(checked: Checked) -> None:
    carrier, client, _ = checked
    sid = carrier.text(HANDSET, "hello").message_sid
    carrier.ledger.messages[sid].status = "on-its-way"
    with pytest.raises(TwilioRestException) as refusal:
        client.messages(sid).fetch()
    del carrier.ledger.messages[sid]
    assert refusal.value.status == 500


def test_wrong_password_is_refused(make_carrier: MakeCarrier) -> None:
    url = make_carrier().serve_api()
    with pytest.raises(TwilioRestException) as refusal:
        client_of(url, token="wrong").messages.create(to=HANDSET, from_=NUMBER, body="case")
    assert (refusal.value.status, refusal.value.code) == (401, 20003)


def test_foreign_account_is_not_found(make_carrier: MakeCarrier) -> None:
    url = make_carrier().serve_api()
    answer = requests.get(f"{url}/2010-04-01/Accounts/AC{'9' * 32}/Messages.json", auth=(ACCOUNT, TOKEN), timeout=5)
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("trouble", "status", "texts"),
    [(Trouble.BUSY, 429, 0), (Trouble.SERVER_ERROR, 500, 0), (Trouble.SERVER_ERROR_AFTER_ACTION, 500, 1)],
)
def test_trouble_comes_when_ordered_and_once(
    make_carrier: MakeCarrier, trouble: Trouble, status: int, texts: int
) -> None:
    carrier = make_carrier()
    client = client_of(carrier.serve_api())
    carrier.ledger.troubles.append(trouble)
    with pytest.raises(TwilioRestException) as refusal:
        client.messages.create(to=HANDSET, from_=NUMBER, body="case")
    assert refusal.value.status == status
    assert len(carrier.ledger.texts_to(HANDSET)) == texts
    assert client.messages.create(to=HANDSET, from_=NUMBER, body="case").status == "queued"


@pytest.mark.parametrize(("trouble", "texts"), [(Trouble.HANG, 0), (Trouble.HANG_AFTER_ACTION, 1)])
def test_hanging_request_may_or_may_not_have_been_carried_out(
    make_carrier: MakeCarrier, trouble: Trouble, texts: int
) -> None:
    carrier = make_carrier()
    client = Client(ACCOUNT, TOKEN, http_client=TwilioHttpClient(timeout=0.3, max_retries=0))
    client.api.base_url = carrier.serve_api()
    carrier.ledger.hang_s = 0.6
    carrier.ledger.troubles.append(trouble)
    with pytest.raises(requests.exceptions.Timeout):
        client.messages.create(to=HANDSET, from_=NUMBER, body="case")
    assert len(carrier.ledger.texts_to(HANDSET)) == texts


def test_pages_follow_one_another(make_carrier: MakeCarrier) -> None:
    carrier = make_carrier()
    client = client_of(carrier.serve_api())
    sids = [client.messages.create(to=HANDSET, from_=NUMBER, body=f"{number}").sid for number in range(5)]
    assert [message.sid for message in client.messages.list(page_size=2)] == sids[::-1]


def test_list_is_narrowed_by_when_a_text_was_sent(make_carrier: MakeCarrier) -> None:
    carrier = make_carrier()
    client = client_of(carrier.serve_api())
    carrier.text(HANDSET, "hello")
    now = carrier.clock.now()
    hour = timedelta(hours=1)
    assert len(client.messages.list(date_sent_after=now - hour)) == 1
    assert client.messages.list(date_sent_after=now + 24 * hour) == []
    assert client.messages.list(date_sent_before=now - 24 * hour) == []
    assert len(client.messages.list(date_sent=now.date())) == 1
