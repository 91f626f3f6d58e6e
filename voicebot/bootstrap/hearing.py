"""The clip that a speech model is tried with, and the trial itself, for the doctor and for `voicebot model` alike.

Knows: the bundled clip, Vosk behind its port. Must not know: what counts as heard (service/doctor/hearing.py).
"""

from pathlib import Path

from voicebot.adapters.speech_model import CHECK_CLIP, CHECK_WORDS, INSTALL_COMMAND
from voicebot.adapters.vosk_recogniser import VoskRecognisers
from voicebot.errors import SettingFault
from voicebot.service.doctor.hearing import KnownClip, hear
from voicebot.speech.audio import read_wav


def known_clip() -> KnownClip:
    """Return the clip that comes with the hotline, and what is said in it."""
    return KnownClip(locale="en", mulaw=read_wav(CHECK_CLIP.read_bytes()), words=CHECK_WORDS)


def check_model(folder: Path) -> None:
    """Let the model in this folder hear the clip.

    Raises: SettingFault when it cannot be loaded or does not hear what the clip says.
    """
    heard = hear(VoskRecognisers({"en": folder}, limit=1), known_clip())
    if heard.is_deaf:
        raise SettingFault(
            f"checking the speech model in {folder}: the bundled clip says {CHECK_WORDS!r}, the model heard "
            f"{heard.words!r}; delete that folder and run `{INSTALL_COMMAND}` again",
            code="model-deaf",
        )
