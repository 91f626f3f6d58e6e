"""Jobs by name."""

import pytest

from tests.service.lines import Line
from voicebot.service import job_names
from voicebot.service.jobs import JOBS, run_job


def test_every_name_means_something() -> None:
    names = {value for name, value in vars(job_names).items() if name.isupper()}
    assert names == set(JOBS)


@pytest.mark.parametrize("job", sorted(JOBS))
def test_a_job_whose_subject_is_gone_does_nothing(line: Line, job: str) -> None:
    run_job(line.hotline, job, "nobody")
    assert line.sender.sent == []


def test_a_name_nobody_knows_is_a_broken_invariant(line: Line) -> None:
    with pytest.raises(AssertionError):
        run_job(line.hotline, "make_coffee", "x")
