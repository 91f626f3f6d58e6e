"""Flows and policies that calls began with stay as they were."""

from collections.abc import Callable

from voicebot.adapters.store import SqlUnitOfWork

Maker = Callable[[], SqlUnitOfWork]


def test_body_is_kept_once_under_its_digest(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.definitions.put("abc", "flow", '{"flow.yaml": "…"}')
        work.definitions.put("abc", "flow", "something else")
        work.commit()
    with unit_of_work() as work:
        assert work.definitions.get("abc") == '{"flow.yaml": "…"}'
        assert work.definitions.get("def") is None
