"""Modules are loaded without a look for garbage."""

import gc
from collections.abc import Mapping

import pytest

from voicebot.loading import loaded


def test_nothing_is_looked_at_while_modules_load_and_then_it_goes_on_without_them() -> None:
    rounds, frozen = list[Mapping[str, int]](), gc.get_freeze_count()

    def note(_phase: str, about: Mapping[str, int]) -> None:
        rounds.append(about)

    gc.collect()
    gc.callbacks.append(note)
    try:
        assert loaded("voicebot.loading").loaded is loaded
        assert rounds == []
    finally:
        gc.callbacks.remove(note)
    assert gc.isenabled()
    assert gc.get_freeze_count() > frozen


def test_the_collector_works_again_after_a_module_that_is_not_there() -> None:
    with pytest.raises(ModuleNotFoundError):
        loaded("voicebot.nothing")
    assert gc.isenabled()
