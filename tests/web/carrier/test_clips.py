"""Recorded words and pauses as files."""

from pathlib import Path

import pytest

from tests.service.lines import Line
from tests.web.desk import Desk
from voicebot.flow.prompts import clip_name
from voicebot.speech.audio import read_wav, silence, write_wav

WAV = write_wav(b"\x10\x90" * 80)


@pytest.fixture
def clip_desk(line: Line, tmp_path: Path) -> Desk:
    """The application with one clip, and a file beside the clips that is nobody's business."""
    folder = tmp_path / "clips" / "en"
    folder.mkdir(parents=True)
    (folder / f"{clip_name('Hello.')}.wav").write_bytes(WAV)
    (tmp_path / "secret.wav").write_bytes(b"secret")
    (tmp_path / "clips" / "secret.wav").write_bytes(b"secret")
    return Desk(line, tmp_path / "clips")


@pytest.mark.parametrize("locale", ["en", "en-GB"])
def test_a_clip_is_served_to_anybody_and_may_be_kept(clip_desk: Desk, locale: str) -> None:
    response = clip_desk.client.get(f"/clips/{locale}/{clip_name('Hello.')}.wav?prompt=greet_caller")
    assert (response.status_code, response.mimetype, response.data) == (200, "audio/wav", WAV)
    assert response.cache_control.public
    assert response.cache_control.max_age == 7 * 24 * 3600
    response.close()


@pytest.mark.parametrize(
    "path",
    [
        "/clips/en/unknown-00000000.wav",
        "/clips/en/unknown-00000000.wav?pace=0.85",
        "/clips/en/../../secret.wav",
        "/clips/../secret.wav",
        "/clips/en/..%2f..%2fsecret.wav",
        "/clips/%2e%2e/secret.wav",
        "/clips/../clips/secret.wav",
        "/clips/EN/x.wav",
        "/clips/en/UPPER.wav",
        "/clips/pause/12001.wav",
        "/clips/pause/-1.wav",
    ],
)
def test_nothing_but_clips_is_served(clip_desk: Desk, path: str) -> None:
    assert clip_desk.client.get(path).status_code == 404


def test_a_pause_is_silence_of_that_length(clip_desk: Desk) -> None:
    response = clip_desk.client.get("/clips/pause/400.wav")
    assert (response.status_code, response.mimetype) == (200, "audio/wav")
    assert read_wav(response.data) == silence(0.4)
    assert response.cache_control.max_age == 7 * 24 * 3600


def test_words_with_a_clip_are_played_and_words_without_are_said(clip_desk: Desk, tmp_path: Path) -> None:
    greeting = "Hello. This is the complaints line of Harbour Goods."
    (tmp_path / "clips" / "en" / f"{clip_name(greeting)}.wav").write_bytes(WAV)
    clip_desk.line.recognisers.limit = 0
    twiml = clip_desk.twiml("/twilio/voice")
    assert f"/clips/en/{clip_name(greeting)}.wav?prompt=greet_caller</Play>" in twiml
    assert '<Say voice="Polly.Joanna">We record what you say' in twiml


def test_a_clip_is_served_slower_at_the_one_pace_there_is(clip_desk: Desk, tmp_path: Path) -> None:
    path = f"/clips/en/{clip_name('Long.')}.wav"
    (tmp_path / "clips" / "en" / path.rpartition("/")[2]).write_bytes(write_wav(b"\x10\x90" * 850))
    for pace, length in (("0.85", 2000), ("0.01", 1700), ("x", 1700)):
        with clip_desk.client.get(f"{path}?pace={pace}") as response:
            assert len(read_wav(response.data)) == length
