"""Telephone sound. It is mu-law bytes, PCM and WAV files, all 8 kHz mono on the line.

Source: ITU-T G.711 (mu-law); RIFF WAVE format tags 1 (PCM) and 7 (mu-law).
Knows: samples. Must not know: calls. Written apart from `voicebot.speech.audio` on purpose, because a witness that
shares our tables would share our mistakes.
"""

import io
import struct
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 8000
TICK_S = 0.02
TICK_BYTES = 160
SILENCE = b"\xff"
"""Mu-law zero."""
SILENT_TICK = SILENCE * TICK_BYTES

_BIAS = 0x84
_CLIP = 32635
_VOICE_RMS = 260.0
"""Loudness of a 20 ms frame above which `<Record>` takes it for voice, which is about -42 dB of full scale."""


def _decode_table() -> NDArray[np.int16]:
    code = ~np.arange(256, dtype=np.uint8)
    exponent = (code >> 4) & 7
    mantissa = (code & 0x0F).astype(np.int32)
    size = (((mantissa << 3) + _BIAS) << exponent.astype(np.int32)) - _BIAS
    return np.where(code & 0x80, -size, size).astype(np.int16)


_DECODE = _decode_table()


def to_pcm(mulaw: bytes) -> NDArray[np.int16]:
    """Return the samples of mu-law bytes."""
    return _DECODE[np.frombuffer(mulaw, dtype=np.uint8)]


def to_mulaw(samples: NDArray[np.int16]) -> bytes:
    """Return samples as mu-law bytes."""
    wide = samples.astype(np.int32)
    sign = np.where(wide < 0, 0x80, 0)
    size = np.minimum(np.abs(wide), _CLIP) + _BIAS
    exponent = np.floor(np.log2(size)).astype(np.int32) - 7
    mantissa = (size >> (exponent + 3)) & 0x0F
    return bytes((~(sign | (exponent << 4) | mantissa) & 0xFF).astype(np.uint8).tobytes())


def is_voice(mulaw: bytes) -> bool:
    """Tell whether a frame is louder than a quiet line."""
    if not mulaw:
        return False
    samples = to_pcm(mulaw).astype(np.float64)
    return bool(np.sqrt(np.mean(samples * samples)) > _VOICE_RMS)


def read_wav(data: bytes) -> bytes:
    """Return the mu-law bytes of a WAV file.

    Raises: ValueError unless it is 8 kHz mono, mu-law or 16-bit PCM.
    """
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise ValueError("not a WAV file: it does not begin with RIFF … WAVE")
    chunks = _chunks(data)
    if "fmt " not in chunks or "data" not in chunks or len(chunks["fmt "]) < 16:
        raise ValueError("not a whole WAV file: it lacks its fmt or data chunk")
    kind, channels, rate, _, _, bits = struct.unpack("<HHIIHH", chunks["fmt "][:16])
    if (channels, rate) != (1, RATE_HZ) or (kind, bits) not in {(1, 16), (7, 8)}:
        raise ValueError(
            f"the telephone takes 8 kHz mono WAV, mu-law or 16-bit PCM; this is format {kind}, {bits} bits, "
            f"{channels} channels, {rate} Hz"
        )
    body = chunks["data"]
    return body if kind == 7 else to_mulaw(np.frombuffer(body[: len(body) // 2 * 2], dtype="<i2").astype(np.int16))


def _chunks(data: bytes) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    at = 12
    while at + 8 <= len(data):
        name, size = struct.unpack("<4sI", data[at : at + 8])
        found.setdefault(name.decode("latin-1"), data[at + 8 : at + 8 + size])
        at += 8 + size + size % 2
    return found


def load(source: str | Path | bytes) -> bytes:
    """Return the mu-law bytes of a WAV file by path or content. Raises: ValueError, OSError."""
    return read_wav(source if isinstance(source, bytes) else Path(source).read_bytes())


def pcm_wav(*tracks: bytes) -> bytes:
    """Return a 16-bit WAV file with one channel for each mu-law track, where shorter tracks end in silence."""
    length = max((len(track) for track in tracks), default=0)
    columns = [to_pcm(track.ljust(length, SILENCE)) for track in tracks]
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(len(tracks))
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(np.column_stack(columns).astype("<i2").tobytes() if length else b"")
    return out.getvalue()


def tone(hertz: int) -> bytes:
    """Return one tick of a tone, in whole periods, so that ticks join, when 50 divides the pitch."""
    phase = np.arange(TICK_BYTES) * (2 * np.pi * hertz / RATE_HZ)
    return to_mulaw((np.sin(phase) * 8000).astype(np.int16))


def trim(mulaw: bytes) -> bytes:
    """Return the audio without silence at its two ends, to the frame."""
    frames = [mulaw[at : at + TICK_BYTES] for at in range(0, len(mulaw), TICK_BYTES)]
    voiced = [number for number, frame in enumerate(frames) if is_voice(frame)]
    return b"".join(frames[voiced[0] : voiced[-1] + 1]) if voiced else b""
