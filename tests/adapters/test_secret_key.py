"""The secret that signs sessions is made once, whoever asks first, and read by nobody else."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from voicebot.adapters.secret_key import FILE_NAME, kept_secret
from voicebot.errors import SettingFault


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    key = kept_secret(folder)
    assert len(key) == 64
    assert kept_secret(folder) == key
    assert os.stat(folder / FILE_NAME).st_mode & 0o777 == 0o600
    assert [path.name for path in folder.iterdir()] == [FILE_NAME]


def test_who_asks_at_once_gets_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as threads:
        keys = set(threads.map(lambda _: kept_secret(tmp_path), range(64)))
    assert len(keys) == 1


def test_a_file_that_others_may_read_is_closed_to_them(tmp_path: Path) -> None:
    key = kept_secret(tmp_path)
    (tmp_path / FILE_NAME).chmod(0o644)
    assert kept_secret(tmp_path) == key
    assert os.stat(tmp_path / FILE_NAME).st_mode & 0o777 == 0o600


@pytest.mark.parametrize("held", ["", "short\n"])
def test_a_key_that_could_be_guessed_is_refused(tmp_path: Path, held: str) -> None:
    (tmp_path / FILE_NAME).write_text(held)
    with pytest.raises(SettingFault, match="delete it"):
        kept_secret(tmp_path)


def test_a_place_that_cannot_be_written_names_the_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(SettingFault, match="VOICEBOT_SECRET_KEY"):
        kept_secret(tmp_path / "file")
