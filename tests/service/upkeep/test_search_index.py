"""Cases from before the index are found as soon as the worker has run."""

from tests.service.lines import OTHER, Line
from voicebot.service.background.schedule import run_tasks
from voicebot.service.queries.search import find_cases
from voicebot.service.upkeep.search_index import index_missing


def test_cases_from_before_the_index_are_found_after_a_start_of_the_worker(line_on_both: Line) -> None:
    line = line_on_both
    line.told_call()
    line.told_call("CA2", OTHER)
    with line.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM case_words")
    assert find_cases(line.hotline, "0143").cases == ()
    run_tasks(line.hotline)
    assert [len(find_cases(line.hotline, end).cases) for end in ("0143", "0177")] == [1, 1]
    assert index_missing(line.hotline) == 0
