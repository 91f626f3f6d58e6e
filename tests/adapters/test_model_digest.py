"""A speech model is its publisher's or is vouched for; anything else is not loaded."""

from pathlib import Path

import pytest

from tests.installed_model import model_folder
from voicebot.adapters.model_digest import check_digests, digests_of, known_digests, whole_digest
from voicebot.errors import SettingFault


def test_the_installed_model_is_the_listed_one() -> None:
    assert digests_of(model_folder()) == known_digests("en")
    assert len(known_digests("en")) == 13


def test_a_language_without_a_list_has_no_known_model(tmp_path: Path) -> None:
    assert known_digests("hr") == {}
    (tmp_path / "final.mdl").write_text("x")
    with pytest.raises(SettingFault, match=r"final\.mdl differs"):
        check_digests(tmp_path, {}, vouched="")


def test_the_line_that_we_add_does_not_count_and_any_other_does(tmp_path: Path) -> None:
    (tmp_path / "conf").mkdir()
    settings = tmp_path / "conf" / "mfcc.conf"
    settings.write_text("--use-energy=false")
    before = whole_digest(tmp_path)
    settings.write_text("--use-energy=false\n--allow-upsample=true\n")
    assert whole_digest(tmp_path) == before
    settings.write_text("--use-energy=true\n--allow-upsample=true\n")
    assert whole_digest(tmp_path) != before


def test_a_link_to_a_file_elsewhere_is_read_as_that_file(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("weights")
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "final.mdl").symlink_to(tmp_path / "elsewhere")
    before = whole_digest(folder)
    (tmp_path / "elsewhere").write_text("others")
    assert whole_digest(folder) != before
