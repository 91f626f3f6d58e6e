"""An administrator adds, tries, pauses and removes an endpoint, and gives it a new secret, without a terminal."""

import re

from tests.service.webhook.test_deliver import CRM, an_endpoint, work
from tests.service.webhook.test_endpoints import lose_the_key
from tests.web.console.desk import Browser, ConsoleDesk
from tests.web.console.test_token_routes import administrator
from voicebot.domain.webhook import Detail, WebhookEndpoint
from voicebot.service.webhook.log import view_endpoints

PAGE = "/console/webhooks"
URL = f"https://{CRM}/hook/s3cret"


def the_endpoint(console: ConsoleDesk) -> WebhookEndpoint:
    (line,) = view_endpoints(console.line.hotline)
    return line.endpoint


def change(console: ConsoleDesk, browser: Browser, do: str) -> str:
    """Send the form of the one endpoint, and return the page that follows."""
    form = {"id": the_endpoint(console).id, "do": do}
    assert browser.send(PAGE, form, to=f"{PAGE}/changes").status_code == 303
    return browser.get(PAGE).text


def test_an_endpoint_is_added_tried_paused_and_removed(console: ConsoleDesk) -> None:
    browser = administrator(console)
    form = {"url": URL, "event": "case.opened", "detail": "full"}
    added = browser.send(PAGE, form, to=f"{PAGE}/added").text
    (secret,) = re.findall(r"whsec_\w+", added)
    endpoint = the_endpoint(console)
    assert (endpoint.events, endpoint.detail, endpoint.created_by) == (("case.opened",), Detail.FULL, "ada")
    again = browser.send(PAGE, form, to=f"{PAGE}/added")
    assert (again.status_code, "has this address already" in again.text, "whsec_" in again.text) == (422, True, False)
    assert f'value="{URL}"' in again.text, "nothing typed is lost"
    assert 'value="case.opened" checked' in again.text
    assert "A trial is sent" in change(console, browser, "try")
    work(console.line)
    assert "webhook.test" in browser.get(f"{PAGE}?to={endpoint.id}").text
    assert f"Nothing goes to {CRM} any more" in change(console, browser, "pause")
    assert the_endpoint(console).off_reason == "switched off by hand by ada"
    assert "switch it on first" in change(console, browser, "try")
    assert f"What waits for {CRM} goes out" in change(console, browser, "go on")
    page = browser.get(PAGE).text
    assert not any(hidden in page for hidden in (secret, "s3cret", endpoint.sealed_secret))
    assert "is removed with its log" in change(console, browser, "remove")
    assert view_endpoints(console.line.hotline) == ()


def test_a_new_secret_is_shown_once_and_sent_twice_the_form_makes_no_second_one(console: ConsoleDesk) -> None:
    """Otherwise the one before, which the other system still uses, would sign no more."""
    an_endpoint(console.line)
    browser, before = administrator(console), the_endpoint(console)
    form = {"id": before.id, "seen": before.secret_mark}
    renewed = browser.send(PAGE, form, to=f"{PAGE}/secrets").text
    assert len(re.findall(r"whsec_\w+", renewed)) == 1
    assert "signs beside it until" in renewed
    assert browser.send(PAGE, form, to=f"{PAGE}/secrets").status_code == 303
    page = browser.get(PAGE).text
    assert "has a new secret already" in page
    assert "two secrets sign until" in page
    assert the_endpoint(console).old_sealed_secret == before.sealed_secret
    lose_the_key(console.line)
    renewed = browser.send(
        PAGE, {"id": before.id, "seen": the_endpoint(console).secret_mark}, to=f"{PAGE}/secrets"
    ).text
    assert "is lost and signs nothing" in renewed
    assert "signs beside it until" not in renewed


def test_what_cannot_be_is_refused(console: ConsoleDesk) -> None:
    browser = administrator(console)
    for path, form, status in (
        ("added", {"url": "http://10.0.0.1/", "detail": "thin"}, 422),
        ("added", {"url": URL, "detail": "everything"}, 400),
        ("changes", {"id": "nobody", "do": "pause"}, 303),
        ("changes", {"id": "nobody", "do": "explode"}, 400),
    ):
        assert browser.send(PAGE, form, to=f"{PAGE}/{path}").status_code == status, form
    assert view_endpoints(console.line.hotline) == ()
