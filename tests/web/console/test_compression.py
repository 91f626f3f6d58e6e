"""Pages and files are sent compressed, but what would tell a secret by its length."""

import gzip

from tests.web.console.desk import ConsoleDesk
from voicebot.domain.case_number import written

GZIP = {"Accept-Encoding": "gzip, deflate, br"}


def test_pages_and_files_are_smaller_for_who_takes_them_so(console: ConsoleDesk) -> None:
    case = written(console.line.ticket(console.line.told_call()).case_number)
    browser = console.logged_in()
    for path in (
        "/console/",
        f"/console/cases/{case}",
        "/console/static/bootstrap.min.css",
        "/console/static/console.css",
    ):
        with browser.get(path) as whole, browser.get(path, headers=GZIP) as small:
            assert small.headers["Content-Encoding"] == "gzip", path
            assert "Accept-Encoding" in whole.headers["Vary"]
            assert "Content-Encoding" not in whole.headers
            assert len(small.data) < len(whole.data) / 2
            assert int(small.headers["Content-Length"]) == len(small.data)
            opened = gzip.decompress(small.data)
            assert opened == whole.data if path.startswith("/console/static/") else b"</html>" in opened


def test_a_file_that_is_still_the_same_is_not_sent_again(console: ConsoleDesk) -> None:
    browser = console.browser()
    with browser.get("/console/static/console.css", headers=GZIP) as sent:
        tag = sent.headers["ETag"]
    with browser.get("/console/static/console.css", headers=GZIP | {"If-None-Match": tag}) as again:
        assert again.status_code == 304


def test_the_page_that_repeats_what_was_asked_is_never_compressed(console: ConsoleDesk) -> None:
    console.line.told_call()
    answer = console.logged_in().get("/console/search?q=parcel", headers=GZIP)
    assert "<mark>parcel</mark>" in answer.text
    assert "Content-Encoding" not in answer.headers


def test_a_token_is_signed_with_the_instant_of_its_page(console: ConsoleDesk) -> None:
    """Guesses at a token of one answer say nothing of one of another second."""
    browser = console.logged_in()
    pages = [browser.get("/console/rota").text.split('name="csrf_token" value="')[1].split('"')[0] for _ in range(2)]
    assert [page.count(".") for page in pages] == [2, 2], "payload, instant, signature over both"


def test_another_site_cannot_make_a_browser_search(console: ConsoleDesk) -> None:
    console.line.told_call()
    page = console.logged_in().get("/console/search?q=parcel", headers={"Sec-Fetch-Site": "cross-site"}).text
    assert "<mark>" not in page
    assert "Press Find" in page
