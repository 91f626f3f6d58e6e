"""What the demo must have shown, piece by piece taken away."""

import wave
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.builders import an_answer, an_sms
from tests.cli.demo.cases import STORY, a_broken_case, a_kept_case
from voicebot.cli.demo.checks import Seen, likeness, missing
from voicebot.domain.sms import SmsState


def _write_wav(path: Path, *, caller: int, hotline: int) -> None:
    tone = np.sin(np.arange(16000) / 5)
    samples = np.stack([tone * caller, tone * hotline], axis=1).astype("<i2")
    with wave.open(str(path), "wb") as wav:
        wav.setnchannels(2)
        wav.setsampwidth(2)
        wav.setframerate(8000)
        wav.writeframes(samples.tobytes())


@pytest.fixture
def seen(tmp_path: Path) -> Seen:
    _write_wav(tmp_path / "call.wav", caller=8000, hotline=8000)
    return Seen(
        kept=a_kept_case(),
        broken=a_broken_case(),
        said={"story": STORY},
        partials=9,
        recording=tmp_path / "call.wav",
    )


def test_nothing_is_missing_at_the_end_of_a_good_demo(seen: Seen) -> None:
    assert missing(seen) == []


@pytest.mark.parametrize("which", ["kept", "broken"])
def test_without_a_case_nothing_else_is_asked(seen: Seen, which: str) -> None:
    lacking: dict[str, Any] = {which: None}
    assert missing(replace(seen, **lacking)) == ["there are not two cases in the database"]


KEPT, BROKEN = a_kept_case(), a_broken_case()
FAILED = an_sms(id="sms-9", state=SmsState.FAILED)
TAKEN_FROM_KEPT: list[tuple[dict[str, Any], str]] = [
    ({"answers": ()}, "the story on the case does not match what the caller said (0% alike)"),
    ({"promises": ()}, "no promise was made and said to the caller"),
    ({"promises": BROKEN.promises}, "the call back kept no promise"),
    ({"calls_back": ()}, "the owner's call did not reach the complainant"),
    ({"ticket": BROKEN.ticket}, "the case was not wrapped up after the talk"),
    ({"texts": KEPT.texts[:1]}, "the decision was not delivered"),
    ({"texts": KEPT.texts[1:]}, "the confirmation to the caller was not delivered"),
    ({"texts": (*KEPT.texts, FAILED)}, "a text is failed"),
]
TAKEN_FROM_BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"promises": BROKEN.promises[1:]}, "no promise was made and said to the caller"),
    ({"promises": BROKEN.promises[:1]}, "no new window came with the apology"),
    ({"breaches": ()}, "the missed promise was not noticed"),
    ({"steps": BROKEN.steps[:1]}, "the ladder was not climbed"),
    ({"texts": BROKEN.texts[1:]}, "the confirmation to the caller was not delivered"),
    ({"texts": (BROKEN.texts[0], BROKEN.texts[2])}, "the apology to the caller was not delivered"),
    ({"texts": BROKEN.texts[:2]}, "the ladder's text to staff was not delivered"),
    ({"texts": (*BROKEN.texts, FAILED)}, "a text is failed"),
]


@pytest.mark.parametrize(("change", "sentence"), TAKEN_FROM_KEPT, ids=[sentence for _, sentence in TAKEN_FROM_KEPT])
def test_what_was_not_there_of_the_kept_promise_is_named(seen: Seen, change: dict[str, Any], sentence: str) -> None:
    assert sentence in missing(replace(seen, kept=a_kept_case(**change)))


@pytest.mark.parametrize(("change", "sentence"), TAKEN_FROM_BROKEN, ids=[sentence for _, sentence in TAKEN_FROM_BROKEN])
def test_what_was_not_there_of_the_broken_one_is_named(seen: Seen, change: dict[str, Any], sentence: str) -> None:
    assert sentence in missing(replace(seen, broken=a_broken_case(**change)))


def test_words_that_were_never_shown_while_spoken_are_missed(seen: Seen) -> None:
    assert missing(replace(seen, partials=0)) == ["no word was shown while the caller spoke"]


def test_a_silent_side_of_the_recording_is_named(seen: Seen) -> None:
    _write_wav(seen.recording, caller=20, hotline=8000)
    assert missing(seen) == ["the caller cannot be heard in the recording"]


def test_a_recording_that_is_not_there_is_named(seen: Seen) -> None:
    seen.recording.unlink()
    assert missing(seen) == ["there is no recording of the call (call.wav)"]


def test_words_need_to_match_loosely_only(seen: Seen) -> None:
    misheard = an_answer(text="my kettle arrive broken and nobody answers my letters")
    assert missing(replace(seen, kept=a_kept_case(answers=(misheard,)))) == []
    assert likeness(STORY, "something else was said here altogether") < 0.2
