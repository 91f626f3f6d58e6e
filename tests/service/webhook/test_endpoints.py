"""No more endpoints than the worker has threads for."""

import pytest

from tests.service.lines import Line
from tests.service.webhook.test_deliver import an_endpoint
from voicebot.domain.webhook import MOST_ENDPOINTS
from voicebot.errors import Refused


def test_there_are_no_more_endpoints_than_the_worker_serves(line: Line) -> None:
    for number in range(MOST_ENDPOINTS):
        an_endpoint(line, f"host{number}.example.com")
    with pytest.raises(Refused, match=r"remove one first"):
        an_endpoint(line)
