"""Addresses that we give to the carrier."""

import pytest

from voicebot.flow.prompts import clip_name
from voicebot.telephony.urls import LAST_RETRIES, HotlineUrls, with_retries

URLS = HotlineUrls("https://hotline.example.org")


def test_every_address_is_absolute_and_under_the_public_url() -> None:
    assert URLS.voice() == "https://hotline.example.org/twilio/voice"
    assert URLS.resume("c1") == "https://hotline.example.org/twilio/voice/resume/c1"
    assert URLS.turn("c1", 3, "keys") == "https://hotline.example.org/twilio/voice/turn/c1/3?heard=keys"
    assert URLS.recording("c1", 3) == "https://hotline.example.org/twilio/voice/recording/c1/3"
    assert URLS.recording_of_call() == "https://hotline.example.org/twilio/voice/recording"
    assert URLS.goodbye() == "https://hotline.example.org/twilio/voice/goodbye"
    assert URLS.fallback() == "https://hotline.example.org/twilio/voice/fallback"
    assert URLS.status() == "https://hotline.example.org/twilio/voice/status"
    assert URLS.sms() == "https://hotline.example.org/twilio/sms"
    assert URLS.connected("c1", 3, "s1") == "https://hotline.example.org/twilio/voice/connected/c1/3?leg=s1"
    assert URLS.staff_call("c1", "whisper") == "https://hotline.example.org/twilio/staff-call/c1/whisper"
    assert URLS.health() == "https://hotline.example.org/healthz"
    assert URLS.identity("abc") == "https://hotline.example.org/identity/abc"
    assert URLS.ping() == "https://hotline.example.org/twilio/ping"
    assert URLS.sms_status() == "https://hotline.example.org/twilio/sms/status"


@pytest.mark.parametrize(
    ("public_url", "socket"),
    [
        ("https://hotline.example.org", "wss://hotline.example.org/twilio/media/c1/t1"),
        ("http://127.0.0.1:8080", "ws://127.0.0.1:8080/twilio/media/c1/t1"),
    ],
)
def test_a_socket_has_its_own_scheme_and_no_query(public_url: str, socket: str) -> None:
    assert HotlineUrls(public_url).media("c1", "t1") == socket


def test_a_clip_is_named_by_its_words_and_tells_which_prompt_it_plays() -> None:
    words = "Hello. This is the complaints line."
    assert URLS.clip("en", words, "greet_caller") == (
        f"https://hotline.example.org/clips/en/{clip_name(words)}.wav?prompt=greet_caller"
    )


@pytest.mark.parametrize(("seconds", "file"), [(0.4, "400.wav"), (2.0, "2000.wav"), (0.0004, "0.wav")])
def test_a_pause_is_named_in_milliseconds(seconds: float, file: str) -> None:
    assert URLS.pause(seconds) == f"https://hotline.example.org/clips/pause/{file}"


def test_the_carriers_patience_stands_behind_an_address() -> None:
    assert with_retries(URLS.turn("c1", 3, "keys")).endswith("?heard=keys#ct=2000&rt=5000&rc=1&rp=ct,rt,5xx")
    assert with_retries(URLS.fallback(), LAST_RETRIES).endswith("/fallback#ct=2000&rc=1&rp=ct,5xx")
