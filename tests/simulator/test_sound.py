"""Telephone sound against known values and files."""

import io
import struct
import wave

import numpy as np
import pytest

from voicebot.simulator import sound

KNOWN = {0x00: -32124, 0x7F: 0, 0x80: 32124, 0xFF: 0, 0xFE: 8, 0x7E: -8, 0xF0: 120, 0x8F: 16764}
"""Samples of G.711's table, 16-bit scale."""


def pcm_file(*, rate: int = 8000, channels: int = 1, width: int = 2) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(bytes(320))
    return out.getvalue()


def mulaw_file(body: bytes) -> bytes:
    head = struct.pack("<HHIIHH", 7, 1, 8000, 8000, 1, 8)
    parts = b"fmt " + struct.pack("<I", len(head)) + head + b"LIST" + struct.pack("<I", 3) + b"abc\0"
    parts += b"data" + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(parts) + 4) + b"WAVE" + parts


@pytest.mark.parametrize(("code", "sample"), KNOWN.items())
def test_code_stands_for_its_sample(code: int, sample: int) -> None:
    assert sound.to_pcm(bytes([code])).tolist() == [sample]


def test_every_code_but_minus_zero_survives_the_way_to_pcm_and_back() -> None:
    codes = bytes(code for code in range(256) if code != 0x7F)
    assert sound.to_mulaw(sound.to_pcm(codes)) == codes


def test_loudest_sample_is_clipped() -> None:
    assert sound.to_mulaw(np.array([32767, -32768], dtype=np.int16)) == b"\x80\x00"


def test_mulaw_file_is_read_as_it_is() -> None:
    assert sound.read_wav(mulaw_file(b"\x01\x02\x03")) == b"\x01\x02\x03"


def test_pcm_file_is_read_as_mulaw() -> None:
    assert sound.read_wav(pcm_file()) == b"\xff" * 160


@pytest.mark.parametrize(
    "data",
    [b"", b"ID3 mp3", b"RIFF\0\0\0\0WAVE", pcm_file(rate=16000), pcm_file(channels=2), pcm_file(width=1)],
)
def test_other_files_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="WAV"):
        sound.read_wav(data)


def test_shorter_track_ends_in_silence() -> None:
    wav = sound.pcm_wav(b"\x80\x80", b"\x00")
    with wave.open(io.BytesIO(wav)) as file:
        assert (file.getnchannels(), file.getframerate()) == (2, 8000)
        assert struct.unpack("<4h", file.readframes(2)) == (32124, -32124, 32124, 0)


def test_trim_takes_only_the_silence_at_both_ends() -> None:
    tone, quiet = sound.tone(400), sound.SILENT_TICK
    assert sound.trim(quiet + tone + quiet + tone + quiet) == tone + quiet + tone
    assert sound.trim(quiet * 3) == b""


def test_an_empty_sound_is_no_voice() -> None:
    assert not sound.is_voice(b"")
    assert sound.is_voice(sound.tone(400))
