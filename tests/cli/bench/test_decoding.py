"""Real people's speech through bare Vosk and through our listening."""

import time
from pathlib import Path

import pytest

from tests.installed_model import model_folder, recognisers
from voicebot.cli.bench.caller_lines import bundled_clips, programmes, real_clips
from voicebot.cli.bench.decoding import BareVosk, Decoded, ListeningHearer, let_through, measure
from voicebot.speech.audio import silence
from voicebot.speech.energy_gate import GateSettings
from voicebot.speech.word_errors import WordErrors

pytestmark = pytest.mark.heavy

CHANCE = 0.04
"""The engine adds random dither, so the same clip is not always heard alike; two runs differ by about so much."""
CHANCE_WORDS = 2
"""And by no less than so many words, however few were said."""


@pytest.fixture(scope="module")
def bare() -> BareVosk:
    """Vosk with a model of its own, loaded once."""
    return BareVosk(model_folder())


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("callers", "seconds", "most_wrong"), [(1, 8, 0.6), pytest.param(2, 25, 0.4, marks=pytest.mark.long)]
)
def test_gate_and_listening_cost_no_accuracy_on_real_speech(
    bare: BareVosk, speech_dir: Path, callers: int, seconds: int, most_wrong: float
) -> None:
    # Short clips, so that a lost syllable shows.
    clips = sorted(real_clips(speech_dir), key=lambda clip: len(clip.mulaw))[:30]
    said = programmes(clips, callers=callers, seconds=seconds, pause_s=0.8)
    alone, gated = measure([bare, lambda: ListeningHearer(recognisers())], said)
    assert alone.errors.words > 1.5 * callers * seconds
    assert alone.errors.rate < most_wrong, "the model hears at all"
    assert gated.errors.errors - alone.errors.errors <= max(CHANCE_WORDS, CHANCE * alone.errors.words)


def test_open_gate_hears_a_programme_as_bare_vosk_does(bare: BareVosk) -> None:
    said = programmes(bundled_clips()[1:2], callers=1, seconds=5, pause_s=0.5)
    always_open = GateSettings(is_always_open=True)
    alone, ours = measure([bare, lambda: ListeningHearer(recognisers(), always_open)], said)
    assert ours.audio_s == alone.audio_s > 5
    assert alone.errors.words > 5
    assert alone.cpu_s > 0 < ours.cpu_s
    assert abs(ours.errors.errors - alone.errors.errors) <= CHANCE_WORDS


def test_lines_heard_together_take_their_own_time_and_cost_something(bare: BareVosk) -> None:
    clip = bundled_clips()[0].mulaw[:8000]
    began = time.monotonic()
    cost_s = bare.cost_of_lines([clip, clip])
    assert cost_s > 0.05
    assert time.monotonic() - began >= 1


def test_share_let_through_is_that_of_the_gate() -> None:
    tone = b"\x10\x90" * 4000
    lines = [silence(3) + tone + silence(5), silence(1)]
    assert let_through(lines) == pytest.approx((0.3 + 1 + 0.7) / 10)
    assert let_through(lines, GateSettings(is_always_open=True)) == 1


def test_cost_is_counted_per_second_of_audio() -> None:
    assert Decoded(2.0, 8.0, WordErrors()).load == 0.25
    assert Decoded(2.0, 0.0, WordErrors()).load == 0
    assert Decoded(2.0, 8.0, WordErrors(1, 3)) + Decoded(1.0, 2.0, WordErrors(1, 2)) == Decoded(
        3.0, 10.0, WordErrors(2, 5)
    )
