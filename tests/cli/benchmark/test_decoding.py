"""Real people's speech through bare Vosk and through our listening."""

import time
from pathlib import Path

import pytest

from tests.installed_model import model_folder
from voicebot.cli.benchmark.decoding import BareVosk, Decoded, listened, measure
from voicebot.cli.benchmark.programme import Programme, bundled_clips, programmes, real_clips
from voicebot.speech.energy_gate import GateSettings
from voicebot.speech.word_errors import WordErrors

CHANCE = 0.03
"""The engine adds random dither, so the same clip is not always heard alike; two runs differ by about so much."""


def _said(folder: Path) -> list[Programme]:
    clips = sorted(real_clips(folder), key=lambda clip: len(clip.mulaw))[8:28]
    return programmes(clips, callers=4, seconds=20, pause_s=1.5)


@pytest.mark.timeout(600)
def test_gate_and_listening_cost_no_accuracy_on_real_speech(speech_dir: Path) -> None:
    said = _said(speech_dir)
    alone = measure(BareVosk(model_folder()).hear, said)
    gated = measure(listened(model_folder()), said)
    assert alone.errors.words > 150
    assert alone.errors.rate < 0.4, "the model hears at all"
    assert gated.errors.rate <= alone.errors.rate + CHANCE


def test_open_gate_hears_a_programme_as_bare_vosk_does() -> None:
    said = programmes(bundled_clips(), callers=1, seconds=5, pause_s=0.5)
    alone = measure(BareVosk(model_folder()).hear, said)
    ours = measure(listened(model_folder(), GateSettings(is_always_open=True)), said)
    assert ours.audio_s == alone.audio_s
    assert abs(ours.errors.errors - alone.errors.errors) <= 2


def test_lines_heard_together_take_their_own_time_and_cost_something() -> None:
    clip = bundled_clips()[0].mulaw[:16000]
    began = time.monotonic()
    cost_s = BareVosk(model_folder()).cost_of_lines([clip, clip])
    assert cost_s > 0.05
    assert time.monotonic() - began >= 2


def test_cost_is_counted_per_second_of_audio() -> None:
    assert Decoded(2.0, 8.0, WordErrors()).load == 0.25
    assert Decoded(2.0, 0.0, WordErrors()).load == 0
