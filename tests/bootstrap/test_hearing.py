"""The speech model is tried with one clip, whoever asks."""

from pathlib import Path

import pytest

from tests.installed_model import model_folder, recognisers
from voicebot.adapters.speech_model import CHECK_WORDS
from voicebot.bootstrap.hearing import check_model, known_clip
from voicebot.errors import SettingFault
from voicebot.service.doctor.hearing import hear


def test_the_installed_model_hears_every_word_of_the_clip() -> None:
    heard = hear(recognisers(), known_clip())
    assert (heard.words, heard.errors.errors, heard.is_deaf) == (CHECK_WORDS, 0, False)


def test_the_installed_model_passes() -> None:
    check_model(model_folder())


def test_a_model_that_does_not_load_is_broken(tmp_path: Path) -> None:
    with pytest.raises(SettingFault) as fault:
        check_model(tmp_path / "nothing")
    assert fault.value.code == "model-broken"
