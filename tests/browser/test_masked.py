"""A card's number on the page of its case is a mark, and is seen as it was said after a reason."""

from pathlib import Path

import pytest

from tests.browser.conftest import OpenPage
from tests.browser.stage import Stage
from voicebot.domain.case_number import written

CARD = "four two four two four two four two four two four two four two four two"
STORY = f"you charged me twice my card is {CARD} and the code is one i was born on the third of may nineteen eighty"


@pytest.mark.heavy
def test_a_masked_number_is_one_mark_and_seen_after_a_reason(stage: Stage, open_page: OpenPage, tmp_path: Path) -> None:
    path = f"/console/cases/{written(stage.told(story=STORY).case_number)}"
    page = open_page(path)
    page.screenshot(path=tmp_path / "masked.png", full_page=True)
    shown = page.inner_text("main")
    assert "my card is [card number] and the code" in " ".join(shown.split())
    assert "[birth date]" in shown
    assert "four two" not in page.content()
    page.click("text=See what is masked")
    page.fill("#why", "the bank asks for the last four digits")
    page.click("text=Show them")
    page.wait_for_url(f"**{path}/original")
    assert CARD in " ".join(page.inner_text("main").split())
    page.screenshot(path=tmp_path / "original.png", full_page=True)
    page.click("text=Show marks again")
    assert CARD not in " ".join(page.inner_text("main").split())
