"""The speech models of this machine, for tests that decode real audio."""

import sys
from functools import cache
from pathlib import Path

import pytest

from voicebot.adapters.speech_model import find_model
from voicebot.adapters.vosk_recogniser import VoskRecognisers
from voicebot.config import Settings


def model_folder() -> Path:
    """Return its folder; skip the test when it is not installed."""
    folder = find_model(Settings().model_dir, "en")
    if folder is None:
        pytest.skip("needs the speech model: run `voicebot model install`")
    return folder


def whisper_folder() -> Path:
    """Return the folder of the model that listens again; skip the test when it is not installed."""
    folder = Path(sys.prefix) / "whisper-base"
    if not (folder / "model.bin").is_file():
        pytest.skip("NOT TESTED with Whisper itself: run `make install-whisper` first")
    return folder


@cache
def recognisers() -> VoskRecognisers:
    """Return recognisers with room for two calls; loaded once for all tests of a process."""
    return VoskRecognisers({"en": model_folder()}, limit=2)
