"""The real client against a small HTTP server that answers as Twilio would, and as it should not."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.builders import MONDAY_TEN
from voicebot.adapters.twilio_rest import TwilioAccount, TwilioRest
from voicebot.domain.limits import TextLimits
from voicebot.errors import Unavailable
from voicebot.service.ports import SmsBusy, SmsRefused, SmsUncertain

ACCOUNT = "AC" + "1" * 32
RECORDING = "RE" + "2" * 32
NUMBER = "+12025550143"
HOTLINE = "+12025550100"
CALLBACK = "https://hotline.example/twilio/sms/status"
WAV = b"RIFF" + (36).to_bytes(4, "little") + b"WAVE" + bytes(32)


class Api:
    """Answers given in turn, requests remembered."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, bytes, dict[str, str]]] = []
        self.requests: list[tuple[str, str, dict[str, list[str]]]] = []
        self.url = ""

    def answers_with(self, status: int, body: Any = b"", **headers: str) -> None:
        """Give the next answer."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.answers.append((status, raw, headers))


@pytest.fixture
def api() -> Iterator[Api]:
    """A server on the loopback address."""
    api = Api()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            form = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            url = urlsplit(self.path)
            api.requests.append((self.command, url.path, parse_qs(form or url.query)))
            status, body, headers = api.answers.pop(0)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_DELETE = _answer  # noqa: N815 - the server looks for these names

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    api.url = f"http://127.0.0.1:{server.server_port}"
    yield api
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def twilio(api: Api) -> TwilioRest:
    """The adapter, told that Twilio's API is there."""
    return TwilioRest(_account(api.url))


def _account(api_url: str) -> TwilioAccount:
    return TwilioAccount(
        account_sid=ACCOUNT, auth_token="secret", sender=HOTLINE, status_callback_url=CALLBACK, api_url=api_url
    )


def _message(**changes: Any) -> dict[str, Any]:
    message = {
        "sid": "SM" + "3" * 32,
        "body": "Your case is 482-913-756.",
        "status": "queued",
        "error_code": None,
        "date_created": "Mon, 02 Mar 2026 10:00:00 +0000",
    }
    return message | changes


def _refusal(code: int) -> dict[str, Any]:
    return {"code": code, "message": f"The 'To' number {NUMBER} is not valid", "status": 400}


def test_text_is_created_once_with_an_absolute_callback(api: Api, twilio: TwilioRest) -> None:
    api.answers_with(201, _message())
    assert twilio.send(NUMBER, "Your case is 482-913-756.") == "SM" + "3" * 32
    assert api.requests == [
        (
            "POST",
            f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json",
            {"To": [NUMBER], "From": [HOTLINE], "StatusCallback": [CALLBACK], "Body": ["Your case is 482-913-756."]},
        )
    ]


@pytest.mark.parametrize("code", [21211, 21610, 21614, 20003])
def test_refusal_carries_the_code_and_no_number(api: Api, twilio: TwilioRest, code: int) -> None:
    api.answers_with(401 if code == 20003 else 400, _refusal(code))
    with pytest.raises(SmsRefused) as refused:
        twilio.send(NUMBER, "text")
    assert refused.value.code == code
    assert NUMBER not in str(refused.value)
    assert refused.value.__suppress_context__


def test_refused_callback_is_left_out_in_a_second_try(api: Api, twilio: TwilioRest) -> None:
    api.answers_with(400, _refusal(21609))
    api.answers_with(201, _message())
    twilio.send(NUMBER, "text")
    assert ["StatusCallback" in form for _, _, form in api.requests] == [True, False]


def test_too_many_requests_is_busy_and_not_tried_again_here(api: Api, twilio: TwilioRest) -> None:
    api.answers_with(429, {"code": 20429, "message": "Too Many Requests", "status": 429})
    with pytest.raises(SmsBusy):
        twilio.send(NUMBER, "text")
    assert len(api.requests) == 1


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, {"code": 20500, "message": "internal"}),
        (503, b"<html>"),
        (408, b""),
        (201, b"nonsense"),
        (201, b"{}"),
        (201, b"[]"),
    ],
)
def test_answer_that_does_not_tell_is_uncertain(api: Api, twilio: TwilioRest, status: int, body: Any) -> None:
    api.answers_with(status, body)
    with pytest.raises(SmsUncertain):
        twilio.send(NUMBER, "text")
    assert len(api.requests) == 1


def test_connection_that_ends_without_an_answer_is_uncertain() -> None:
    with pytest.raises(SmsUncertain):
        TwilioRest(_account("http://127.0.0.1:1")).send(NUMBER, "text")


def test_newer_form_of_error_is_understood(api: Api, twilio: TwilioRest) -> None:
    problem = {"type": "https://www.twilio.com/docs/api/errors/21610", "title": "stop", "status": 400, "code": 21610}
    api.answers_with(400, problem)
    with pytest.raises(SmsRefused) as refused:
        twilio.send(NUMBER, "text")
    assert refused.value.code == 21610


def test_uncertain_text_is_found_by_its_words_and_age(api: Api, twilio: TwilioRest) -> None:
    body = "Your case is 482-913-756."
    old = _message(sid="SMold", date_created="Mon, 02 Mar 2026 09:00:00 +0000")
    other = _message(sid="SMother", body="Something else")
    trial = _message(sid="SMtrial", body=f"Sent from your Twilio trial account - {body}")
    same = _message(sid="SMsame", body=body)
    api.answers_with(200, {"messages": [other, trial, same, old], "page": 0, "page_size": 50})
    assert twilio.find(NUMBER, body, MONDAY_TEN) == ("SMtrial", "SMsame")
    assert (api.requests[0][2]["To"], api.requests[0][2]["PageSize"]) == ([NUMBER], [str(TextLimits().per_staff_phone)])
    undated = [_message(date_created=None), _message(date_created="once upon a time")]
    api.answers_with(200, {"messages": [other, old, *undated]})
    assert twilio.find(NUMBER, body, MONDAY_TEN) == ()


def test_nonsense_instead_of_a_list_or_state_is_unavailable(api: Api, twilio: TwilioRest) -> None:
    api.answers_with(200, b"nonsense")
    with pytest.raises(Unavailable, match="look up a text"):
        twilio.find(NUMBER, "text", MONDAY_TEN)
    api.answers_with(200, b"[]")
    with pytest.raises(Unavailable, match="state"):
        twilio.state_of("SM1")


def test_state_of_a_text_is_asked(api: Api, twilio: TwilioRest) -> None:
    api.answers_with(200, _message(status="undelivered", error_code=30006))
    assert twilio.state_of("SM1") == ("undelivered", 30006)
    api.answers_with(200, _message(status="sent"))
    assert twilio.state_of("SM1") == ("sent", None)


def test_live_call_is_redirected(api: Api, twilio: TwilioRest) -> None:
    api.answers_with(200, {"sid": "CA1"})
    twilio.redirect("CA1", "https://hotline.example/twilio/voice/resume/1")
    assert api.requests == [
        (
            "POST",
            f"/2010-04-01/Accounts/{ACCOUNT}/Calls/CA1.json",
            {"Url": ["https://hotline.example/twilio/voice/resume/1"], "Method": ["POST"]},
        )
    ]


def test_recording_is_downloaded_whole(api: Api, twilio: TwilioRest) -> None:
    api.answers_with(200, WAV)
    assert twilio.download_recording(RECORDING) == WAV
    assert api.requests[0][:2] == ("GET", f"/2010-04-01/Accounts/{ACCOUNT}/Recordings/{RECORDING}.wav")


def test_recording_of_a_writer_that_streamed_has_no_length_in_its_header(api: Api, twilio: TwilioRest) -> None:
    streamed = WAV[:4] + b"\xff\xff\xff\xff" + WAV[8:]
    api.answers_with(200, streamed)
    assert twilio.download_recording(RECORDING) == streamed


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (404, b"", {}),
        (500, b"", {}),
        (302, b"", {"Location": "http://127.0.0.1:1/elsewhere"}),
        (200, b"<html>not ready</html>", {}),
        (200, WAV[:-1], {}),
        (200, WAV, {"Content_Length": str(len(WAV) + 9)}),
    ],
    ids=["gone", "trouble", "sent elsewhere", "no WAV", "WAV cut short", "connection cut short"],
)
def test_recording_not_whole_is_unavailable(
    api: Api, twilio: TwilioRest, status: int, body: bytes, headers: dict[str, str]
) -> None:
    api.answers_with(status, body, **headers)
    with pytest.raises(Unavailable):
        twilio.download_recording(RECORDING)


def test_recording_larger_than_any_answer_is_not_read_to_its_end(api: Api) -> None:
    api.answers_with(200, WAV)
    with pytest.raises(Unavailable, match="larger"):
        TwilioRest(_account(api.url), largest_recording_bytes=len(WAV) - 1).download_recording(RECORDING)


def test_recording_sid_that_is_none_is_never_put_into_a_url(twilio: TwilioRest) -> None:
    with pytest.raises(AssertionError):
        twilio.download_recording("../../Messages")


def test_recording_is_deleted_and_one_that_is_gone_is_deleted_already(api: Api, twilio: TwilioRest) -> None:
    api.answers_with(204)
    api.answers_with(404, {"code": 20404, "message": "not found", "status": 404})
    twilio.delete_recording(RECORDING)
    twilio.delete_recording(RECORDING)
    assert [request[0] for request in api.requests] == ["DELETE", "DELETE"]


def test_carrier_that_is_away_is_unavailable_and_the_message_shows_no_number() -> None:
    away = TwilioRest(_account("http://127.0.0.1:1"))
    actions = (
        lambda: away.find(NUMBER, "text", MONDAY_TEN),
        lambda: away.state_of("SM1"),
        lambda: away.redirect("CA1", "https://hotline.example/"),
        lambda: away.download_recording(RECORDING),
        lambda: away.delete_recording(RECORDING),
    )
    for action in actions:
        with pytest.raises(Unavailable) as unavailable:
            action()
        assert NUMBER not in str(unavailable.value)


def test_error_of_the_carrier_is_told_by_its_code(api: Api, twilio: TwilioRest) -> None:
    api.answers_with(400, {"code": 21220, "message": f"Call to {NUMBER} is not in-progress", "status": 400})
    with pytest.raises(Unavailable, match="redirect a call at the carrier: HTTP 400, error 21220"):
        twilio.redirect("CA1", "https://hotline.example/")
