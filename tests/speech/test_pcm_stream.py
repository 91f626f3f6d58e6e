"""A stored voice as every player takes it: plainest header, same samples, and any stretch costs that stretch."""

import struct
from io import BytesIO
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.speech.audio import decode_mulaw, pcm_bytes, read_sides, read_wav, write_wav
from voicebot.speech.pcm_stream import PcmStream


class Counted(BytesIO):
    """A file that says how much was read of it."""

    count = 0

    def read(self, size: int | None = -1) -> bytes:
        """Read and count."""
        part = super().read(size)
        self.count += len(part)
        return part


def test_pcm_for_players_has_the_plainest_header_and_the_same_samples() -> None:
    wav = PcmStream(BytesIO(write_wav(b"\x80\x01\xff"))).read()
    assert wav[:4] + wav[8:16] == b"RIFFWAVEfmt "
    assert wav[16:36] == struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16)
    assert wav[44:] == pcm_bytes(decode_mulaw(b"\x80\x01\xff"))
    assert (read_wav(wav), struct.unpack("<I", wav[4:8])[0]) == (b"\x80\x01\xff", len(wav) - 8)


def test_both_sides_of_a_talk_keep_their_channels() -> None:
    left, right = b"\x80\x81\x82", b"\xff\xfe\xfd"
    assert read_sides(PcmStream(BytesIO(write_wav(left, right))).read()) == (left, right)


def test_what_is_stored_as_pcm_comes_out_as_it_is_and_a_file_cut_short_gives_what_is_there() -> None:
    pcm = PcmStream(BytesIO(write_wav(b"\x80" * 50))).read()
    assert PcmStream(BytesIO(pcm)).read() == pcm
    assert len(PcmStream(BytesIO(pcm[:-3])).read()) == len(pcm) - 4
    assert PcmStream(BytesIO(write_wav(b"\x80" * 50)[:-10])).size == 44 + 80


@given(st.binary(min_size=1, max_size=60), st.lists(st.integers(0, 200), min_size=2, max_size=2))
def test_any_stretch_is_the_same_stretch_of_the_whole(mulaw: bytes, ends: list[int]) -> None:
    begins, until = sorted(ends)
    whole = PcmStream(BytesIO(write_wav(mulaw))).read()
    voice = PcmStream(BytesIO(write_wav(mulaw)))
    assert voice.seek(begins) == begins
    assert voice.read(until - begins) == whole[begins:until]
    assert b"".join(iter(lambda: voice.read(7), b"")) == whole[max(begins, min(until, len(whole))) :]


def test_a_stretch_of_an_hour_reads_that_stretch() -> None:
    stored = Counted(write_wav(bytes(chain.from_iterable([range(256)] * 4000))))
    voice = PcmStream(stored)
    voice.seek(1_000_001)
    assert len(voice.read(1000)) == 1000
    assert stored.count < 1_000, "the header and half of what is asked for"
    voice.close()
    assert stored.closed


@pytest.mark.parametrize("stored", [b"", b"no sound", b"RIFF\0\0\0\0WAVE", write_wav(b"\x80")[:20]])
def test_what_is_no_sound_is_refused(stored: bytes) -> None:
    with pytest.raises(ValueError, match="WAV"):
        PcmStream(BytesIO(stored))


def test_a_stream_says_where_it_stands_so_that_a_server_can_send_a_stretch_of_it() -> None:
    stream = PcmStream(BytesIO(write_wav(b"\x80\x01\xff")))
    assert (stream.seekable(), stream.tell()) == (True, 0)
    stream.seek(44)
    assert stream.tell() == 44


@given(st.integers(0, 4000), st.integers(0, 400), st.booleans())
def test_any_stretch_is_silent_where_the_whole_is(begins: int, count: int, is_pcm: bool) -> None:
    stored = write_wav(b"\x01" * 1600)
    if is_pcm:
        stored = PcmStream(BytesIO(stored)).read()
    silent = ((0.01, 0.05), (0.1, 0.15), (0.19, 9.0), (-3.0, -1.0))
    whole = PcmStream(BytesIO(stored), silent=silent).read()
    samples = [whole[44 + 2 * at : 46 + 2 * at] == b"\0\0" for at in range(1600)]
    assert [at for at in range(1, 1600) if samples[at] != samples[at - 1]] == [80, 400, 800, 1200, 1520]
    voice = PcmStream(BytesIO(stored), silent=silent)
    voice.seek(begins)
    assert voice.read(count) == whole[begins : begins + count]


def test_both_sides_of_a_talk_are_silent() -> None:
    left, right = read_sides(PcmStream(BytesIO(write_wav(b"\x01" * 80, b"\x02" * 80)), silent=[(0.0, 0.005)]).read())
    assert (left, right) == (b"\xff" * 40 + b"\x01" * 40, b"\xff" * 40 + b"\x02" * 40)
