"""The phone's page without a microphone, without a hotline, without its server: it says what is so, and what to do."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.cli.phone.facts import some_facts
from tests.simulator.conftest import MakeCarrier, hotline, make_carrier
from tests.simulator.stand_in import HotlineStream, StandIn
from voicebot.cli.phone.desk import Desk
from voicebot.cli.phone.hotline import HotlineProbe
from voicebot.cli.phone.site import STATIC_DIR, make_site, make_web_server

__all__ = ["hotline", "make_carrier"]
pytestmark = pytest.mark.heavy


@contextmanager
def served(hotline: StandIn, make_carrier: MakeCarrier, folder: Path) -> Iterator[str]:
    facts = some_facts(hotline.url, folder)
    desk = Desk(make_carrier(pace=1.0), facts, HotlineProbe(hotline.url), is_own=False)
    server = make_web_server(make_site(desk), 0)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    yield context.new_page()
    context.close()


def test_without_a_microphone_keys_and_recordings_make_a_call_and_without_a_hotline_nobody_dials(
    page: Page, hotline: StandIn, make_carrier: MakeCarrier, tmp_path: Path
) -> None:
    heard: list[str] = []

    def listen(stream: HotlineStream) -> None:
        heard.append(str(stream.until_event("dtmf")["dtmf"]["digit"]))

    hotline.answers("/readyz", "")
    hotline.answers("/twilio/voice", hotline.stream_twiml())
    hotline.on_stream = listen
    with served(hotline, make_carrier, tmp_path) as address:
        page.goto(address)
        page.get_by_label("Your number").fill("5550143")
        page.get_by_role("button", name="Dial").click()
        expect(page.get_by_role("alert")).to_contain_text("write it like +12025550143")
        expect(page.locator("#mic")).to_contain_text("Until then keys and recordings work")
        page.get_by_label("Your number").fill("+1 (202) 555-0143")
        page.get_by_role("button", name="Dial").click()
        expect(page.locator("#events")).to_contain_text("stream opened")
        page.get_by_label("Say a recording").select_option("yes")
        page.get_by_role("button", name="Say it").click()
        page.keyboard.press("5")
        expect(page.locator("#state")).to_have_text("The hotline hung up. Dial to call again.")
        assert heard == ["5"]
        hotline.close()
        expect(page.locator("#hotline")).to_contain_text("Start the hotline in another terminal: voicebot serve")
        expect(page.get_by_role("button", name="Dial")).to_be_disabled()
        page.context.close()


def test_a_page_whose_server_is_gone_says_so(page: Page) -> None:
    page.route("http://127.0.0.1:9/**", lambda route: route.fulfill(path=STATIC_DIR / _file_of(route.request.url)))
    page.goto("http://127.0.0.1:9/")
    expect(page.get_by_role("alert")).to_contain_text("The phone’s server is gone. Start it again")


def _file_of(url: str) -> str:
    return url.rpartition("/")[2] or "phone.html"
