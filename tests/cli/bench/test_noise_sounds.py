"""Sounds of the noise benchmark: as loud and as long as they are said to be, the same each time."""

from collections.abc import Callable

import numpy as np
import pytest

from voicebot.cli.bench.noise_sounds import Wave, dishes, knocks, music, tap

SECONDS = 10.0


def _knocks(seconds: float, *, level_db: float) -> Wave:
    return knocks(seconds, times=2, every_s=2.5, burst_ms=60, level_db=level_db)


@pytest.mark.parametrize("make", [_knocks, dishes, tap, music])
def test_a_sound_is_as_loud_as_it_is_said_to_be(make: Callable[..., Wave]) -> None:
    loud, soft = make(SECONDS, level_db=-20), make(SECONDS, level_db=-30)
    assert len(loud) == SECONDS * 8000
    assert _loud_db(loud) == pytest.approx(-20, abs=1)
    assert _loud_db(soft) == pytest.approx(-30, abs=1)
    assert (make(SECONDS, level_db=-20) == loud).all()


def test_knocks_come_in_series_and_last_as_long_as_one_says() -> None:
    sounding = np.abs(_knocks(SECONDS, level_db=-20).reshape(-1, 160)).max(axis=1) > 1
    begins = np.flatnonzero(np.diff(sounding.astype(int), prepend=0) == 1)
    assert len(begins) == 4 * 2
    assert sounding.sum() == pytest.approx(8 * 3, abs=8)


def _loud_db(wave: Wave) -> float:
    power = ((wave / 32768).reshape(-1, 160) ** 2).mean(axis=1)
    return float(10 * np.log10(np.percentile(power[power > power.max() / 1000], 90)))
