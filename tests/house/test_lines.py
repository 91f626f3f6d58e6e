"""A hotline for tests leaves no connection open, which would fail whatever test runs when Python looks for garbage."""

import gc
import warnings

from sqlalchemy import Engine

from tests.databases import url_of
from tests.service.conftest import WEDNESDAY_TEN
from tests.service.lines import FLOWS_DIR, Line
from voicebot.adapters.flow_files import FlowFiles
from voicebot.adapters.store import open_engine


def look_alone(url: str) -> None:
    """Open a hotline in which nobody writes, look, and close its engine."""
    engine = open_engine(url)
    with Line(engine, FlowFiles(FLOWS_DIR, FLOWS_DIR / "policy"), WEDNESDAY_TEN).hotline.look() as work:
        work.tickets.all()
    engine.dispose()


def test_who_looks_leaves_nothing_open_where_nobody_wrote(migrated_engine: Engine) -> None:
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", ResourceWarning)
        look_alone(url_of(migrated_engine))
        gc.collect()
    assert [str(each.message) for each in said] == []
