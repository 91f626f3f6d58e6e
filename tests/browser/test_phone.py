"""A whole call from the phone in the browser, with a file as microphone, by the command that people start it with."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.axe import axe_source, findings
from tests.browser.chromium import FLAGS, installed_chromium
from tests.browser.conftest import TELL_REFUSED
from tests.calls.log_reader import NUMBER
from tests.installed_model import model_folder
from voicebot.config import Settings
from voicebot.distribution import PROJECT_DIR
from voicebot.simulator import sound
from voicebot.simulator.scripts import VOICES

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(180)]
CALLER = "+12025550143"
PAUSE_S = 2
"""Between two tellings of the story. The microphone begins anew, since nobody knows when the hotline will listen."""
PATIENCE_MS = 60_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder in which somebody writes flows, with a microphone's sound beside them."""
    model_folder()
    shutil.copytree(PROJECT_DIR / "flows", tmp_path / "flows")
    story = sound.load(VOICES / "story_short.wav")
    (tmp_path / "microphone.wav").write_bytes(_at_48_khz(story + sound.SILENCE * 8000 * PAUSE_S))
    return tmp_path


def _at_48_khz(mulaw: bytes) -> bytes:
    """Return a WAV file as microphones have it, in which what was 8 kHz is drawn out sixfold."""
    pcm = sound.to_pcm(mulaw)
    fine = np.interp(np.arange(len(pcm) * 6) / 6, np.arange(len(pcm)), pcm).astype("<i2").tobytes()
    wav = bytearray(sound.pcm_wav(mulaw)[:44])
    wav[24:32] = (48_000).to_bytes(4, "little") + (96_000).to_bytes(4, "little")
    wav[4:8], wav[40:44] = (len(fine) + 36).to_bytes(4, "little"), len(fine).to_bytes(4, "little")
    return bytes(wav) + fine


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    """`voicebot simulate phone` with a hotline of its own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("VOICEBOT_", "TWILIO_"))}
    model = {"VOICEBOT_MODEL_DIR": str(Settings(_env_file=None).model_dir), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "voicebot", "simulate", "phone", "--port", "0", "--folder", "phone"]
    with (folder / "terminal.log").open("w+") as told:
        process = subprocess.Popen(command, env=inherited | model, cwd=folder, stdout=subprocess.PIPE, stderr=told)
        assert process.stdout is not None
        lines = (line.decode() for line in process.stdout)
        yield next(found[0] for line in lines if (found := re.search(r"http://127\.0\.0\.1:\d+/", line)))
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        told.seek(0)
        assert (process.returncode, told.read()) == (0, "")


@pytest.fixture
def browser(folder: Path) -> Iterator[Browser]:
    flags = [
        *FLAGS,
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={folder / 'microphone.wav'}",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed_chromium(), args=flags)
        yield browser
        browser.close()


def test_a_person_rings_speaks_keys_worsens_the_line_hangs_up_and_rings_the_flow_just_saved(
    browser: Browser, address: str, folder: Path
) -> None:
    complaints: list[str] = []
    page = _opened(browser, address, complaints)
    page.get_by_role("button", name="Dial").and_(page.locator(":enabled")).click(timeout=PATIENCE_MS)
    words = page.locator("#words")
    expect(page.locator("#state")).to_have_text("On the line.")
    expect(page.locator("#partial")).to_contain_text("wrong house", timeout=PATIENCE_MS)
    page.keyboard.press("#")
    expect(words).to_contain_text(re.compile("You .*wrong house"), timeout=PATIENCE_MS)
    expect(words).to_contain_text("You key #")
    expect(page.locator("#case")).to_contain_text("wrong house")
    page.get_by_label("Lost packets").select_option("15")
    page.get_by_label("Noise around you").select_option("people:10")
    assert findings(page, axe_source()) == []
    _second_tab(browser, address, complaints)
    page.get_by_role("button", name="Hang up").click()
    expect(page.locator("#state")).to_have_text("You hung up. Dial to call again.")
    expect(page.locator("#twiml")).to_contain_text("<Stream")
    _save_another_greeting(folder / "flows/complaint/prompts.en.yaml")
    page.get_by_role("button", name="Dial").click()
    expect(page.locator("main")).to_contain_text("the new line", timeout=PATIENCE_MS)
    page.get_by_role("button", name="Hang up").click()
    expect(page.get_by_role("button", name="Dial")).to_be_enabled()
    assert complaints == []
    _expect_no_person_in(folder / "phone/service.log")


def _opened(browser: Browser, address: str, complaints: list[str]) -> Page:
    page = browser.new_context(permissions=["microphone"]).new_page()
    page.add_init_script(TELL_REFUSED)
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    return page


def _second_tab(browser: Browser, address: str, complaints: list[str]) -> None:
    second = _opened(browser, address, complaints)
    expect(second.locator("#elsewhere")).to_contain_text("open in another tab")
    expect(second.get_by_role("button", name="Dial")).to_be_disabled()
    assert findings(second, axe_source()) == []
    second.context.close()


def _save_another_greeting(prompts: Path) -> None:
    text = prompts.read_text()
    changed = text.replace("This is the complaints line", "This is the new line")
    assert changed != text
    prompts.write_text(changed)
    time.sleep(0.6)  # within half a second it holds (docs/flows.md)


def _expect_no_person_in(log: Path) -> None:
    text = log.read_text()
    assert "request" in text, "a hotline that logged nothing was not listened to"
    assert [line for line in text.splitlines() if NUMBER.search(line) or "wrong house" in line] == []
