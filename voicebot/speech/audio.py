"""Telephone audio. It turns mu-law at 8 kHz to samples and back, and WAV files to mu-law and back. It makes silence and
counts durations.

Source: ITU-T G.711 (mu-law); RIFF/WAVE format tags 1 (PCM) and 7 (mu-law). The standard library's `wave` writes PCM
only and `audioop` is gone from Python 3.13, hence the small header and the table here.
Knows: bytes. Must not know: streams, recognisers, prompts.
"""

import struct
from collections.abc import Iterable, Sequence
from math import ceil, floor
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]

RATE_HZ = 8000
"""Samples, and bytes of mu-law, per second, which is the only rate on a telephone line."""

MULAW_SILENCE = b"\xff"
"""One sample of silence (positive zero)."""

_FORMAT_PCM = 1
_FORMAT_MULAW = 7
_FORM = "<HHIIHH"


def _decoding_table() -> Samples:
    # G.711 inverts every bit of mu-law: silence is all ones, from which trunks recover their clock.
    inverted = ~np.arange(256, dtype=np.int32) & 0xFF
    # 132 is the bias of 33 at the four times finer scale of 16 bits.
    magnitude = ((((inverted & 0x0F) << 3) + 132) << ((inverted >> 4) & 7)) - 132
    return np.where(inverted & 0x80, -magnitude, magnitude).astype(np.int16)


def _encoding_table() -> NDArray[np.uint8]:
    """One byte for each 16-bit sample, indexed by the sample's bits as an unsigned number."""
    samples = np.arange(65536, dtype=np.uint16).view(np.int16).astype(np.int32) >> 2
    # 14 bits: G.711 adds a bias of 33, so that every segment begins at a power of two; 8158 is the loudest it can say.
    magnitude = np.minimum(np.abs(samples), 8158) + 33
    segment = np.floor(np.log2(magnitude)).astype(np.int32) - 5
    code: NDArray[np.int32] = np.where(samples < 0, 0x80, 0) | (segment << 4) | ((magnitude >> (segment + 1)) & 0x0F)
    return (~code & 0xFF).astype(np.uint8)


_DECODED = _decoding_table()
_ENCODED = _encoding_table()


def decode_mulaw(mulaw: bytes) -> Samples:
    """Turn mu-law bytes into 16-bit samples, one per byte."""
    return _DECODED[np.frombuffer(mulaw, dtype=np.uint8)]


def encode_mulaw(samples: Samples) -> bytes:
    """Turn 16-bit samples into mu-law bytes, one per sample."""
    return _ENCODED[samples.view(np.uint16)].tobytes()


def pcm_bytes(samples: Samples) -> bytes:
    """Lay samples out as 16-bit little-endian PCM."""
    return samples.astype("<i2").tobytes()


def duration_s(mulaw: bytes) -> float:
    """Return how long so many bytes of mu-law sound, in seconds."""
    return len(mulaw) / RATE_HZ


def silence(seconds: float) -> bytes:
    """Return so much silence as mu-law, to the nearest sample."""
    return MULAW_SILENCE * round(max(0.0, seconds) * RATE_HZ)


def attenuate(mulaw: bytes, *, decibels: float) -> bytes:
    """Return the same sound, so many decibels softer."""
    gain = 10 ** (-decibels / 20)
    return encode_mulaw((decode_mulaw(mulaw) * gain).astype(np.int16))


def samples_of(stretch: tuple[float, float]) -> tuple[int, int]:
    """Return the first sample of a stretch given in seconds, and the one behind its last."""
    return max(0, floor(stretch[0] * RATE_HZ)), max(0, ceil(stretch[1] * RATE_HZ))


def silenced(mulaw: bytes, stretches: Iterable[tuple[float, float]]) -> bytes:
    """Return a voice of the same length without what was heard in these stretches, given in seconds."""
    left = bytearray(mulaw)
    for begin, end in map(samples_of, stretches):
        begins, ends = min(begin, len(left)), min(end, len(left))
        left[begins:ends] = MULAW_SILENCE * (ends - begins)
    return bytes(left)


def write_wav(*sides: bytes) -> bytes:
    """Wrap mu-law in a WAV file (8 kHz, format tag 7), each side on a channel of its own."""
    count = len(sides)
    form = struct.pack("<HHIIHHH", _FORMAT_MULAW, count, RATE_HZ, count * RATE_HZ, count, 8, 0)
    columns = [np.frombuffer(side, dtype=np.uint8) for side in _evened(sides)]
    # A format other than PCM wants a `fact` chunk with the number of samples (RIFF/WAVE).
    fact = _chunk(b"fact", struct.pack("<I", len(columns[0])))
    body = _chunk(b"fmt ", form) + fact + _chunk(b"data", np.column_stack(columns).tobytes())
    return _chunk(b"RIFF", b"WAVE" + body)


def pcm_head(channels: int, length: int) -> bytes:
    """Return the head of a WAV file of 16-bit PCM (8 kHz, format tag 1) with so many bytes of sound."""
    form = struct.pack(_FORM, _FORMAT_PCM, channels, RATE_HZ, 2 * channels * RATE_HZ, 2 * channels, 16)
    riff = struct.pack("<4sI4s", b"RIFF", 36 + length, b"WAVE")
    return riff + _chunk(b"fmt ", form) + struct.pack("<4sI", b"data", length)


def _evened(sides: Sequence[bytes]) -> list[bytes]:
    longest = max(map(len, sides))
    return [side.ljust(longest, MULAW_SILENCE) for side in sides]


def read_wav(wav: bytes) -> bytes:
    """Return the mu-law of a mono 8 kHz WAV file, which holds mu-law or 16-bit PCM.

    Raises: ValueError when it is not such a file. The caller knows whose file it is, and so whose fault.
    """
    sides = read_sides(wav)
    if len(sides) != 1:
        raise ValueError(f"a WAV file of {len(sides)} channels, not 1")
    return sides[0]


def read_sides(wav: bytes) -> tuple[bytes, ...]:
    """Return the mu-law of each channel of an 8 kHz WAV file with one or two. Raises: ValueError as `read_wav`."""
    if wav[:4] != b"RIFF" or wav[8:12] != b"WAVE":
        raise ValueError("not a WAV file")
    chunks = _chunks(wav)
    if b"fmt " not in chunks or b"data" not in chunks:
        raise ValueError("a WAV file without format or data")
    return _as_mulaw(chunks[b"data"], WavForm.read(chunks[b"fmt "][:16]))


class WavForm(NamedTuple):
    """How a WAV file holds its sound."""

    tag: int
    channels: int
    rate_hz: int
    bytes_per_s: int
    frame_bytes: int
    bits: int

    @classmethod
    def read(cls, packed: bytes) -> Self:
        """Read what stands in a file. Raises: ValueError when it is neither mu-law nor 16-bit PCM at 8 kHz."""
        if len(packed) < struct.calcsize(_FORM):
            raise ValueError("a WAV file without format or data")
        form = cls(*struct.unpack(_FORM, packed))
        if form.channels not in (1, 2) or form.rate_hz != RATE_HZ:
            raise ValueError(f"a WAV file of {form.channels} channels at {form.rate_hz} Hz, not 1 or 2 at {RATE_HZ} Hz")
        if (form.tag, form.bits) not in ((_FORMAT_MULAW, 8), (_FORMAT_PCM, 16)):
            raise ValueError(f"a WAV file of format {form.tag} with {form.bits} bits, neither mu-law nor 16-bit PCM")
        return form._replace(frame_bytes=form.channels * form.bits // 8)

    @property
    def is_mulaw(self) -> bool:
        """Whether a sample is one byte of mu-law, and no 16 bits of PCM."""
        return self.tag == _FORMAT_MULAW


def _as_mulaw(data: bytes, form: WavForm) -> tuple[bytes, ...]:
    # A download that was cut off may end within a sample, or between the two sides of one.
    whole = data[: len(data) // form.frame_bytes * form.frame_bytes]
    if form.is_mulaw:
        return tuple(side.tobytes() for side in np.frombuffer(whole, dtype=np.uint8).reshape(-1, form.channels).T)
    samples = np.frombuffer(whole, dtype="<i2").reshape(-1, form.channels)
    return tuple(encode_mulaw(np.ascontiguousarray(side, dtype=np.int16)) for side in samples.T)


def _chunk(name: bytes, content: bytes) -> bytes:
    # RIFF pads a chunk of odd length, and the padding is not counted in it.
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def _chunks(wav: bytes) -> dict[bytes, bytes]:
    """Map chunk names to contents. A last chunk cut short keeps what is there (carriers stream such files)."""
    found: dict[bytes, bytes] = {}
    position = 12
    while position + 8 <= len(wav):
        name, size = struct.unpack_from("<4sI", wav, position)
        found.setdefault(name, wav[position + 8 : position + 8 + size])
        position += 8 + size + size % 2
    return found
