"""Whether callers are greeted in the company's name, and texts have room for it."""

import shutil
from pathlib import Path

import pytest

from voicebot.adapters.flow_files import FlowFiles
from voicebot.bootstrap.company import look_at_greeting, look_at_texts, unsaid_names
from voicebot.cli.flow import all_faults
from voicebot.config import Settings
from voicebot.distribution import PROJECT_DIR
from voicebot.flow.prompts import clip_name
from voicebot.service.doctor.finding import Verdict

GREETING = "Hello. This is the complaints line of Seaside Lamps."
FILE = f"{clip_name(GREETING)}.wav"


def _settings(flows_dir: Path, company: str = "Seaside Lamps") -> Settings:
    return Settings(_env_file=None, flows_dir=flows_dir, company=company)  # type: ignore[call-arg]


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    """A copy of the flows, for clips of our own."""
    shutil.copytree(PROJECT_DIR / "flows", tmp_path / "flows")
    return tmp_path / "flows"


def test_a_name_that_is_recorded_is_fine() -> None:
    finding = look_at_greeting(_settings(PROJECT_DIR / "flows", "Harbour Goods"))
    assert (finding.verdict, finding.cure) == (Verdict.FINE, "")


def test_a_name_without_a_clip_is_a_doubt_that_names_words_file_and_form(flows: Path) -> None:
    finding = look_at_greeting(_settings(flows))
    assert finding.verdict is Verdict.DOUBT
    assert "without the name Seaside Lamps" in finding.found
    assert f'"{GREETING}" as {flows / "clips" / "en" / FILE} (8 kHz mono WAV)' in finding.cure
    assert "make install-voice" in finding.cure


def test_the_file_that_the_cure_names_is_heard_once_it_can_be_played(flows: Path) -> None:
    settings = _settings(flows)
    flow = FlowFiles(flows, flows / "policy").current_flow("complaint")
    assert [words for _, words in unsaid_names(settings, flow)] == [GREETING]
    clip = flows / "clips" / "en" / FILE
    clip.write_bytes(b"of another kind")
    assert look_at_greeting(settings).verdict is Verdict.DOUBT
    shutil.copy(flows / "clips" / "en" / f"{clip_name('noon')}.wav", clip)
    assert look_at_greeting(settings).verdict is Verdict.FINE


@pytest.mark.parametrize("company", ["Harbour Goods", "Sixteen Letters.", "Müller & Söhne"])
def test_a_name_with_room_in_texts_is_fine(company: str) -> None:
    assert look_at_texts(_settings(PROJECT_DIR / "flows", company)).verdict is Verdict.FINE


@pytest.mark.parametrize("company", ["Harbour Goods International Trading Company", "Café Zoë"])
def test_a_name_that_makes_texts_longer_is_a_doubt_about_money_and_no_fault_of_the_flow(company: str) -> None:
    settings = _settings(PROJECT_DIR / "flows", company)
    finding = look_at_texts(settings)
    assert (finding.verdict, "each part is paid" in finding.found) == (Verdict.DOUBT, True)
    assert "VOICEBOT_COMPANY" in finding.cure
    assert list(all_faults(settings, with_model=False)) == []
