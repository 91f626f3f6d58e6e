"""Who has listened to a case, and its words, at the terminal."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.cli.test_ticket import begins_at, run
from tests.service.lines import Line
from voicebot.adapters.audio_store import PathAudioStore
from voicebot.adapters.job_queue import migrate_jobs
from voicebot.cli.ticket import tickets
from voicebot.domain.ticket import TicketStatus
from voicebot.errors import Refused

__all__ = ["begins_at"]


@pytest.mark.requirement("S3-09")
def test_a_case_is_listened_to_before_it_ends_or_somebody_says_why_not(line: Line) -> None:
    migrate_jobs(line.engine.url.render_as_string(hide_password=False))
    told = [line.told_call(f"CA{at}", f"+1202555014{at}", is_heard=False) for at in range(3)]
    first, second, third = (line.ticket(each).case_number for each in told)
    for key, wav in line.audio.files.items():
        PathAudioStore(str(Path("audio").absolute())).put(key, wav)
    praise = ("--kind", "praise", "--reason", "she thanks us", "--by", "owner_1")
    refused = CliRunner().invoke(tickets, ["not-a-complaint", first, *praise])
    assert isinstance(refused.exception, Refused)
    assert refused.exception.code == "voice-unheard"
    assert "Noted for 2 of its voices" in run("heard", first, "--by", "owner_1")
    assert "noted before" in run("heard", first, "--by", "owner_1")
    run("not-a-complaint", first, *praise)
    run("not-a-complaint", second, *praise[:-1], "supervisor_1", "--unheard", "the file is broken")
    follows = ("--next", "not_a_complaint", "--kind", "praise", "--unheard", "it hisses", "--reason", "spoke")
    run("called", third, *follows, "--by", "supervisor_1")
    assert {line.ticket(each).status for each in told} == {TicketStatus.NOT_A_COMPLAINT}


def test_words_are_printed_as_text_and_as_subtitles_and_that_is_a_look_at_the_case(line: Line) -> None:
    told = line.told_call()
    case = line.ticket(told).case_number
    with line.work() as work:
        (story, _) = work.tickets.answers(told.call.ticket_id)
    assert "my parcel came broken\n" in run("words", case)
    assert run("words", case, "--srt", story.id).startswith("1\n00:00:00,")
    with line.work() as work:
        assert len(work.accesses.of_ticket(told.call.ticket_id)) == 1


def test_words_are_corrected_accepted_and_taken_back_at_the_terminal(line: Line) -> None:
    told = line.told_call()
    case = line.ticket(told).case_number
    with line.work() as work:
        (story, _) = work.tickets.answers(told.call.ticket_id)
    by = ("--by", "deputy_1")
    assert run("review", case, story.id, "--from", "2", "--to", "3", "--text", "fridge is", *by) == "Kept.\n"
    assert line.ticket(told).problem == "my fridge is broken"
    run("review", case, story.id, "--from", "1", *by)
    run("review", case, story.id, "--undo", "1", "--by", "owner_1")
    assert "so already" in run("review", case, story.id, "--undo", "1", "--by", "owner_1")
    assert line.ticket(told).problem == "my parcel came broken"
    with line.work() as work:
        kinds = [str(entry.kind) for entry in work.reviews.of_answer(story.id)]
    assert kinds == ["corrected", "accepted", "undone"]
    assert CliRunner().invoke(tickets, ["review", case, story.id]).exit_code == 2
