"""What staff find by the one box."""

from dataclasses import replace

import pytest

from tests.builders import a_history_entry
from tests.reviews import a_review_entry
from tests.service.lines import OTHER, Line
from tests.statements import statements_of
from voicebot.domain.case_number import written
from voicebot.domain.retention import RetentionClass
from voicebot.service.queries.search import find_cases


def keep_story(line: Line) -> str:
    """Take a told call, `my parcel came broken`, and return its ticket's id."""
    answer = line.told_call()
    line.sweep()
    return answer.call.ticket_id


@pytest.mark.requirement("S1-01")
def test_a_spoken_word_is_found_with_the_moment_at_which_it_is_said(line: Line) -> None:
    ticket_id = keep_story(line)
    (case,) = find_cases(line.hotline, "PARCEL").cases
    hit = case.hits[0]
    assert (case.found.ticket_id, case.owner) == (ticket_id, "First handler")
    assert [each.text for each in hit.snippet.stretches if each.is_hit] == ["parcel"]
    assert hit.starts_s == pytest.approx(0.4)


def test_words_whose_voice_is_kept_no_longer_are_found_with_nothing_to_play(line: Line) -> None:
    ticket_id = keep_story(line)
    with line.work() as work:
        work.retention.erase(ticket_id, RetentionClass.AUDIO, line.clock.now())
        work.commit()
    (case,) = find_cases(line.hotline, "parcel").cases
    assert [(hit.piece.text, hit.starts_s) for hit in case.hits[:1]] == [("my parcel came broken", None)]


def test_what_a_reviewer_wrote_is_played_where_it_stands(line: Line) -> None:
    ticket_id = keep_story(line)
    with line.work() as work:
        story = next(each for each in work.tickets.answers(ticket_id) if each.slot == "story")
        work.reviews.add(a_review_entry(ticket_id=ticket_id, answer_id=story.id, first=1, end=2, text="Preston"))
        work.commit()
    (case,) = find_cases(line.hotline, "preston").cases
    assert case.hits[0].starts_s == pytest.approx(0.4)


def test_a_note_has_no_moment_and_the_piece_that_holds_most_words_leads(line: Line) -> None:
    ticket_id = keep_story(line)
    with line.work() as work:
        work.tickets.note(
            a_history_entry(ticket_id=ticket_id, verb="note_written", after="Bristol depot has the parcel")
        )
        work.commit()
    (case,) = find_cases(line.hotline, "depot parcel").cases
    assert [(hit.piece.kind, hit.starts_s) for hit in case.hits[:1]] == [("note", None)]


@pytest.mark.requirement("S1-20")
def test_a_whole_case_number_names_its_case_and_a_wrong_digit_is_said(line: Line) -> None:
    ticket_id = keep_story(line)
    with line.work() as work:
        ticket = work.tickets.get(ticket_id)
    assert ticket is not None
    number = ticket.case_number
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert find_cases(line.hotline, written(number)).case == written(number)
    page = find_cases(line.hotline, wrong)
    assert (page.case, page.question.is_mistyped, page.cases) == ("", True, ())


def test_a_page_holds_so_many_and_says_whether_there_are_more(line: Line) -> None:
    keep_story(line)
    line.told_call("CA2", OTHER)
    page = find_cases(line.hotline, "refund")
    assert (len(page.cases), page.has_more) == (2, False)
    assert find_cases(line.hotline, "refund", page=2).cases == ()
    assert find_cases(line.hotline, "").cases == ()


def test_a_page_of_many_cases_asks_the_database_as_often_as_one_of_one(line: Line) -> None:
    told = [line.told_call(f"CA{number}", f"+120255550{number}") for number in range(10, 16)]
    line.sweep()
    with line.work() as work:
        for call in told:
            story = next(each for each in work.tickets.answers(call.call.ticket_id) if each.slot == "story")
            work.reviews.add(
                a_review_entry(
                    id=f"r-{story.id}", ticket_id=story.ticket_id, answer_id=story.id, first=1, end=2, text="Preston"
                )
            )
        work.commit()
    hotline = replace(line.hotline, look=line.hotline.unit_of_work)
    with statements_of(line.engine) as one:
        assert len(find_cases(hotline, "preston 5010").cases) == 1
    with statements_of(line.engine) as many:
        page = find_cases(hotline, "preston parcel")
    assert [hit.starts_s is None for case in page.cases for hit in case.hits] == [False] * 12
    assert len(many) == len(one) <= 7
