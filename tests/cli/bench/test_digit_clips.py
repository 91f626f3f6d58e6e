"""Numbers put together of single digits. When these fail the figures of `bench digits` are about other numbers."""

import json
from pathlib import Path

import numpy as np
import pytest

from voicebot.cli.bench.digit_clips import (
    Speaker,
    cut,
    digit_strings,
    noises,
    speakers_in,
    speakers_of,
    with_noise,
)
from voicebot.speech.audio import RATE_HZ, Samples, decode_mulaw, encode_mulaw, write_wav

_MS = RATE_HZ // 1000


def _digit(digit: str, take: int = 0) -> Samples:
    """Return a tone that is this digit, each take a little longer."""
    at = np.arange((200 + 10 * int(digit) + 20 * take) * _MS) / RATE_HZ
    return (3000 * np.sin(2 * np.pi * (300 + 100 * int(digit)) * at)).astype(np.int16)


def _string(digits: str, gaps_ms: tuple[int, ...], takes: tuple[int, ...]) -> bytes:
    parts = [_digit(digits[0], takes[0])]
    for digit, gap, take in zip(digits[1:], gaps_ms, takes[1:], strict=True):
        parts += [np.random.default_rng(gap).normal(0, 8, gap * _MS).astype(np.int16), _digit(digit, take)]
    return encode_mulaw(np.concatenate(parts))


def _folder(folder: Path) -> Path:
    lines = [
        {"path": "a.wav", "set": "fsdd_digits", "speaker": "anna", "digits": "1221", "gaps_ms": [90, 140, 100]},
        {"path": "noise.wav", "set": "noise", "speaker": "", "digits": "", "gaps_ms": []},
    ]
    (folder / "a.wav").write_bytes(write_wav(_string("1221", (90, 140, 100), (0, 0, 1, 1))))
    (folder / "noise.wav").write_bytes(write_wav(encode_mulaw(_digit("9"))))
    (folder / "manifest.jsonl").write_text("\n".join(map(json.dumps, lines)))
    return folder


def test_a_string_is_cut_where_its_gaps_are(tmp_path: Path) -> None:
    (string,) = digit_strings(_folder(tmp_path))
    pieces = cut(decode_mulaw(string.mulaw), string.gaps_ms)
    wanted = [_digit("1"), _digit("2"), _digit("2", 1), _digit("1", 1)]
    assert [len(piece) // _MS for piece in pieces] == pytest.approx([len(digit) // _MS for digit in wanted], abs=3)


def test_a_number_is_said_once_more_in_other_recordings_of_the_same_speaker(tmp_path: Path) -> None:
    (anna,) = speakers_of(digit_strings(_folder(tmp_path)))
    assert (anna.name, {digit: len(takes) for digit, takes in anna.takes.items()}) == ("anna", {"1": 2, "2": 2})
    dice = np.random.default_rng(1)
    first = anna.say("2112", dice)
    again = anna.say("2112", dice, not_as=first.takes)
    assert [one != other for one, other in zip(first.takes, again.takes, strict=True)] == [True] * 4
    assert first.mulaw != again.mulaw


def test_a_folder_of_single_digits_is_read_by_speaker(tmp_path: Path) -> None:
    for name in ("0_ben_1", "0_ben_0", "1_ben_0", "0_carl_0"):
        (tmp_path / f"{name}.wav").write_bytes(write_wav(encode_mulaw(_digit("3"))))
    found = {one.name: {digit: len(takes) for digit, takes in one.takes.items()} for one in speakers_in(tmp_path)}
    assert found == {"ben": {"0": 2, "1": 1}, "carl": {"0": 1}}


def test_noise_is_so_much_softer_than_the_voice(tmp_path: Path) -> None:
    (noise,) = noises(_folder(tmp_path))
    voice = encode_mulaw(_digit("1", 40))
    noisy = with_noise(voice, noise, snr_db=10, dice=np.random.default_rng(1))
    added = decode_mulaw(noisy).astype(float) - decode_mulaw(voice)
    ratio = 20 * np.log10(decode_mulaw(voice).astype(float).std() / added.std())
    assert ratio == pytest.approx(10, abs=0.5)


def test_a_speaker_never_mixes_with_another() -> None:
    ben = Speaker(name="ben", takes={"1": [_digit("1")], "2": [_digit("2")]})
    said = decode_mulaw(ben.say("12", np.random.default_rng(1)).mulaw)
    assert np.array_equal(said[: len(_digit("1"))], decode_mulaw(encode_mulaw(_digit("1"))))
