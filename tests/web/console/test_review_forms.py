"""Reviewing a transcript by forms alone: nothing typed is lost, and the second reviewer sees the first one's change."""

import re
from dataclasses import replace

import pytest
from werkzeug.test import TestResponse

from tests.web.console.desk import Browser, ConsoleDesk, token_in
from voicebot.domain.case_number import written
from voicebot.domain.staff import Role
from voicebot.domain.ticket import Answer
from voicebot.domain.utterance import WORDS
from voicebot.service.answer.keep import destroy
from voicebot.service.hotline import context_of
from voicebot.service.ports import UnitOfWork
from voicebot.web.console.access_book import ACCESS_BOOK, AccessBook


class Review:
    """A told call and two reviewers at their browsers."""

    def __init__(self, console: ConsoleDesk) -> None:
        self.line = console.line
        self.told = self.line.told_call(is_heard=False)
        self.address = f"/console/cases/{written(self.line.ticket(self.told).case_number)}"
        self.olive = console.logged_in("olive@firm.example", name="Olive Olsen")
        self.dan = console.logged_in("dan@firm.example", name="Dan Diaz", role=Role.SUPERVISOR)

    @property
    def story(self) -> Answer:
        with self.line.work() as work:
            return work.tickets.answers(self.told.call.ticket_id)[0]

    @property
    def of_story(self) -> str:
        return f"{self.address}/answers/{self.story.id}"

    def page(self, browser: Browser) -> str:
        return browser.get(f"{self.address}/review").text

    def chosen(self, browser: Browser, first: int, last: int) -> str:
        return browser.get(f"{self.address}/review?answer={self.story.id}&from={first}&to={last}").text

    def send(self, browser: Browser, *, first: int, last: int, seen: int, **fields: str) -> TestResponse:
        form = {"from": str(first), "to": str(last), "seen": str(seen), **fields}
        return browser.send(f"{self.address}/review", form, to=f"{self.of_story}/words")

    def problem(self) -> str:
        return self.line.ticket(self.told).problem


@pytest.fixture
def review(console: ConsoleDesk) -> Review:
    return Review(console)


def test_a_word_is_chosen_corrected_and_taken_back_without_script(review: Review) -> None:
    assert 'name="text" value="parcel"' in review.chosen(review.olive, 2, 2)
    answer = review.send(review.olive, first=2, last=2, seen=0, text="fridge", why="heard twice", do="correct")
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        f"{review.address}/review#answer-{review.story.id}",
    )
    page = review.page(review.dan)
    assert re.search(r"<strong>Olive Olsen</strong> corrected .*parcel.* to .*fridge.*because: heard twice", page)
    assert 'title="was “parcel”"' in page
    assert review.problem() == "my fridge came broken"
    review.send(review.dan, first=2, last=2, seen=1, do="undo", number="1")
    assert review.problem() == "my parcel came broken"
    assert "took back what was done with" in review.page(review.olive)


def test_the_second_reviewer_gets_both_texts_back_and_then_saves_over_it(review: Review) -> None:
    review.send(review.olive, first=2, last=2, seen=0, text="fridge", do="correct")
    refused = review.send(review.dan, first=1, last=2, seen=0, text="the <b>fridge", why="plain", do="correct")
    assert refused.status_code == 409
    alert = re.search(r'role="alert">(.*?)</div>', refused.text, re.DOTALL)
    assert alert
    for said in ("were reviewed since you opened the page", "Olive Olsen", "fridge", "my fridge"):
        assert said in alert[1]
    assert 'value="the &lt;b&gt;fridge"' in refused.text, "nothing typed is lost"
    assert 'value="plain"' in refused.text
    seen = re.search(r'data-mend>.*?name="seen" value="(\d+)"', refused.text, re.DOTALL)
    assert seen
    review.send(review.dan, first=1, last=2, seen=int(seen[1]), text="the fridge", do="correct")
    assert review.problem() == "the fridge came broken"


def test_a_form_whose_button_got_lost_changes_nothing(review: Review) -> None:
    review.send(review.olive, first=2, last=2, seen=0, text="fridge", do="correct")
    for fields in ({"number": "1"}, {"number": "1", "do": ""}, {"text": "x"}):
        assert review.send(review.olive, first=2, last=2, seen=1, **fields).status_code == 400
    assert review.problem() == "my fridge came broken"


@pytest.mark.parametrize(("first", "last"), [(9, 9), (3, 2), (0, 0), (4, 9)])
def test_words_that_are_not_there_lose_nothing_that_was_typed(review: Review, first: int, last: int) -> None:
    refused = review.send(review.olive, first=first, last=last, seen=0, text="a <b>fridge", do="correct")
    assert refused.status_code == 409
    assert "has no such words" in refused.text
    assert 'value="a &lt;b&gt;fridge"' in refused.text


def test_a_text_that_is_too_long_is_given_back_whole(review: Review) -> None:
    assert "maxlength" not in review.chosen(review.olive, 1, 2).partition("data-mend")[2].partition("</form>")[0]
    refused = review.send(review.olive, first=1, last=2, seen=0, text="word " * 500, do="correct")
    assert refused.status_code == 409
    assert "2000 is the most" in refused.text
    assert "word " * 499 in refused.text


def test_a_session_that_ended_gives_a_correction_back_and_keeps_none(review: Review) -> None:
    browser = review.olive
    token = token_in(browser.get(f"{review.address}/review"))
    for taken in ("review", "words.txt", "words", f"answers/{review.story.id}/words.srt"):
        assert "no-store" in browser.get(f"{review.address}/{taken}").headers["Cache-Control"]
    review.line.step(hours=12)
    form = {"from": "2", "to": "2", "seen": "0", "text": "fridge", "do": "correct", "csrf_token": token}
    answer = browser.post(f"{review.of_story}/words", form, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 401
    assert "fridge" in answer.text
    assert review.problem() == "my parcel came broken"


def test_who_mends_words_that_were_destroyed_meanwhile_is_told_so(review: Review) -> None:
    with review.line.work() as work:
        destroy(context_of(review.line.hotline, work), review_story(work, review))
        work.commit()
    refused = review.send(review.olive, first=1, last=2, seen=0, text="a fridge", do="correct")
    assert refused.status_code == 409
    assert "voice and words of this answer are destroyed" in refused.text.lower()
    assert "a fridge" in refused.text


def test_accepted_words_are_counted_and_outside_the_review_words_are_plain_text(review: Review) -> None:
    with review.line.work() as work:
        doubted = WORDS.validate_json(review_story(work, review).words_json)
        doubted = tuple(word.model_copy(update={"confidence": 0.2}) for word in doubted)
        work.tickets.save_answer(replace(review_story(work, review), words_json=WORDS.dump_json(doubted).decode()))
        work.commit()
    review.send(review.olive, first=1, last=3, seen=0, do="accept")
    page = review.olive.get(review.address).text
    assert "3 of 4 doubtful words checked" in page
    words = re.search(r'<div class="transcript".*?</div>', page, re.DOTALL)
    assert words
    assert "<a " not in words[0]
    assert "button" not in words[0]
    assert " ".join(re.sub(r"<[^>]+>", " ", words[0]).split()) == "0:00 my parcel came broken"


def review_story(work: UnitOfWork, review: Review) -> Answer:
    return work.tickets.answers(review.told.call.ticket_id)[0]


@pytest.mark.requirement("S3-09")
def test_a_case_is_closed_only_when_somebody_has_listened_or_a_supervisor_says_why(review: Review) -> None:
    form = {"kind": "prank", "text": "children giggling"}
    refused = review.olive.send(review.address, {**form, "unheard": "no time"}, to=f"{review.address}/no-complaint")
    assert (refused.status_code, "Nobody has listened to the voice" in refused.text) == (409, True)
    assert 'name="unheard"' not in review.olive.get(review.address).text
    assert 'name="unheard"' in review.dan.get(review.address).text
    for answer_id in answer_ids(review):
        review.olive.send(review.address, {}, to=f"{review.address}/answers/{answer_id}/heard")
    page = review.dan.get(review.address).text
    assert page.count("Heard by Olive Olsen 10:00 EST") == 2
    assert "Nobody has listened" not in page
    assert review.olive.send(review.address, form, to=f"{review.address}/no-complaint").status_code == 303


def answer_ids(review: Review) -> list[str]:
    with review.line.work() as work:
        return [answer.id for answer in work.tickets.answers(review.told.call.ticket_id)]


def test_a_supervisor_ends_a_case_that_nobody_could_listen_to(review: Review) -> None:
    form = {"kind": "prank", "text": "children giggling", "unheard": "the file hisses"}
    assert review.dan.send(review.address, form, to=f"{review.address}/no-complaint").status_code == 303
    assert "had listened to" in review.dan.get(review.address).text


def test_a_handler_ends_a_case_whose_voice_is_not_to_be_found(review: Review) -> None:
    review.line.audio.files.clear()
    assert "A case ends only when somebody has" not in review.olive.get(review.address).text
    form = {"kind": "prank", "text": "children giggling"}
    assert review.olive.send(review.address, form, to=f"{review.address}/no-complaint").status_code == 303


def test_words_are_taken_along_as_text_subtitles_and_a_page_to_print_and_that_is_a_look(review: Review) -> None:
    review.send(review.olive, first=2, last=2, seen=0, text="fridge", do="correct")
    text = review.olive.get(f"{review.address}/words.txt")
    assert "my fridge came broken" in text.text
    assert text.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "my fridge came broken" in review.olive.get(f"{review.of_story}/words.srt").text
    assert "my fridge came broken" in review.olive.get(f"{review.address}/words").text
    review.dan.get(f"{review.address}/words.txt")
    book: AccessBook = review.dan.client.application.extensions[ACCESS_BOOK]
    book.flush()
    with review.line.work() as work:
        looks = work.accesses.of_ticket(review.told.call.ticket_id)
    assert len({look.staff_id for look in looks}) == 2


@pytest.mark.parametrize("path", ["review", "words.txt", "words"])
def test_what_is_not_there_or_not_for_strangers_is_no_page(review: Review, console: ConsoleDesk, path: str) -> None:
    assert review.olive.get(f"/console/cases/482-913-757/{path}").status_code == 404
    assert review.olive.get(f"{review.address}/answers/nobody/words.srt").status_code == 404
    assert console.browser().get(f"{review.address}/{path}").status_code in {302, 401}
