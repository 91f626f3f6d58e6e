"""Telephone audio, bytes to samples and back."""

import struct

import numpy as np
import pytest

from voicebot.speech.audio import (
    MULAW_SILENCE,
    attenuate,
    decode_mulaw,
    duration_s,
    encode_mulaw,
    pcm_bytes,
    pcm_head,
    read_sides,
    read_wav,
    silence,
    silenced,
    write_wav,
)

# Sample → byte, from the tables of ITU-T G.711 (16-bit samples of 14-bit values).
KNOWN = [(0, 0xFF), (32124, 0x80), (-32124, 0x00), (8, 0xFE), (-8, 0x7E), (132, 0xEF), (1436, 0xC7), (-1436, 0x47)]


@pytest.mark.parametrize(("sample", "byte"), KNOWN)
def test_samples_become_the_bytes_of_the_standard(sample: int, byte: int) -> None:
    assert encode_mulaw(np.array([sample], dtype=np.int16)) == bytes([byte])


@pytest.mark.parametrize(("sample", "byte"), KNOWN)
def test_bytes_become_the_samples_of_the_standard(sample: int, byte: int) -> None:
    assert decode_mulaw(bytes([byte])).tolist() == [sample]


def test_every_byte_survives_the_way_there_and_back() -> None:
    every = bytes(range(256))
    there_and_back = encode_mulaw(decode_mulaw(every))
    assert there_and_back.replace(b"\xff", b"") == every.replace(b"\x7f", b"").replace(b"\xff", b""), (
        "only -0 becomes 0"
    )


def test_every_sample_comes_back_within_the_step_of_its_segment() -> None:
    samples = np.arange(-32768, 32768).astype(np.int16)
    back = decode_mulaw(encode_mulaw(samples)).astype(int)
    allowed = np.maximum(8, (np.abs(samples.astype(int)) + 132) / 16 / 2 * 1.5)
    clipped = np.clip(samples.astype(int), -32124, 32124)
    assert (np.abs(back - clipped) <= allowed).all()


def test_pcm_is_little_endian() -> None:
    assert pcm_bytes(np.array([1, -2], dtype=np.int16)) == b"\x01\x00\xfe\xff"


@pytest.mark.parametrize(("seconds", "samples"), [(0, 0), (-1, 0), (0.02, 160), (0.4, 3200), (2, 16000)])
def test_silence_lasts_as_long_as_asked(seconds: float, samples: int) -> None:
    assert silence(seconds) == b"\xff" * samples
    assert duration_s(silence(seconds)) == samples / 8000


def test_attenuating_by_six_decibels_halves() -> None:
    loud = encode_mulaw(np.array([8000, -8000] * 50, dtype=np.int16))
    assert np.abs(decode_mulaw(attenuate(loud, decibels=6.02))).mean() == pytest.approx(4000, rel=0.04)


def test_wav_written_is_read_again() -> None:
    assert read_wav(write_wav(b"\x80\x01\xff")) == b"\x80\x01\xff"


def test_wav_of_mulaw_says_so_in_its_header() -> None:
    wav = write_wav(b"\xff" * 160)
    assert struct.unpack("<4sI4s4sIHHIIHHH", wav[:38]) == (
        *(b"RIFF", len(wav) - 8, b"WAVE", b"fmt ", 18),
        *(7, 1, 8000, 8000, 1, 8, 0),
    )


def _wav(*, tag: int = 1, channels: int = 1, rate: int = 8000, bits: int = 16, data: bytes = b"\0\0") -> bytes:
    form = struct.pack("<HHIIHH", tag, channels, rate, rate * channels * bits // 8, channels * bits // 8, bits)
    body = b"WAVE" + b"LIST" + struct.pack("<I", 3) + b"abc\0" + b"fmt " + struct.pack("<I", 16) + form
    body += b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _plain(wav: bytes) -> bytes:
    """Leave out what stands before the format."""
    body = b"WAVE" + wav[wav.index(b"fmt ") :]
    return b"RIFF" + struct.pack("<I", len(body)) + body


def test_wav_of_pcm_is_read_too_whatever_stands_between_its_chunks() -> None:
    assert read_wav(_wav(data=struct.pack("<hh", 0, 32124))) == b"\xff\x80"


@pytest.mark.parametrize("channels", [1, 2])
def test_the_head_of_pcm_tells_a_player_what_follows_and_how_long_it_is(channels: int) -> None:
    sound = struct.pack("<hhhh", 0, 32124, -32124, 132)
    assert pcm_head(channels, len(sound)) + sound == _plain(_wav(channels=channels, data=sound))
    assert read_sides(pcm_head(1, 4) + sound) == (b"\xff\x80",), "no more than it says"


def test_two_sides_keep_their_channels_and_the_shorter_ends_in_silence() -> None:
    left, right = b"\x80\x81\x82", b"\xff"
    wav = write_wav(left, right)
    assert read_sides(wav) == (left, b"\xff\xff\xff")
    assert read_sides(wav[:-1]) == (left[:2], b"\xff\xff"), "cut short between the two sides of a sample"


def test_wav_cut_short_gives_what_is_there() -> None:
    assert read_wav(write_wav(b"\x80" * 100)[:-40]) == b"\x80" * 60
    assert read_wav(_wav(data=struct.pack("<hh", 0, 32124))[:-1]) == b"\xff"


@pytest.mark.parametrize(
    "wav",
    [
        *(b"", b"<html>", b"RIFF\0\0\0\0WAVE", b"RIFF\0\0\0\0WAVEfmt \x02\0\0\0\x07\0data\x01\0\0\0\x80"),
        *(_wav(channels=2), _wav(rate=16000), _wav(bits=8), _wav(tag=6)),
    ],
    ids=["empty", "a page", "no chunks", "half a format", "stereo", "16 kHz", "8-bit PCM", "A-law"],
)
def test_what_is_no_telephone_audio_is_refused(wav: bytes) -> None:
    with pytest.raises(ValueError, match="WAV"):
        read_wav(wav)


def test_a_voice_keeps_its_length_without_what_was_said_in_a_stretch() -> None:
    voice = b"\x01" * 800
    assert silenced(voice, [(0.01, 0.02), (0.095, 3.0), (-1.0, -0.5)]) == (
        b"\x01" * 80 + MULAW_SILENCE * 80 + b"\x01" * 600 + MULAW_SILENCE * 40
    )
    assert silenced(voice, []) == voice
