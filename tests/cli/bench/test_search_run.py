"""What a search costs with many cases: measured on the product's own search, over a database that is filled."""

from pathlib import Path

import pytest

from voicebot.cli.bench.search_run import run_search
from voicebot.config import Settings

pytestmark = pytest.mark.heavy


def test_each_kind_of_question_is_measured_and_answered_by_the_index(database_url: str, tmp_path: Path) -> None:
    settings = Settings(database_url=database_url, data_dir=tmp_path)
    costs = {cost.kind: cost for cost in run_search(settings, 60, tmp_path, database_url=database_url)}
    assert len(costs) == 11
    assert costs["telephone number"].found >= 1
    assert costs["case number"].found >= 1
    assert all(cost.statements <= 8 for cost in costs.values())
    assert costs["name"].found >= 1
    assert costs["order number"].found >= 1
    assert costs["a word that is often said"].found > 1
    assert costs["a word that nobody said"].found == 0
    assert all(
        0 < cost.p50_s <= cost.p95_s and cost.hidden_p95_s > 0 and cost.cpu_s > 0 and "case_words" in cost.plan
        for cost in costs.values()
    )
