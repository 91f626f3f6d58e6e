"""Takes pickles away from the job library. A row of its tables may say that it is pickled, and would be run as code.

dbos reads each value by the format that its row names, whatever serializer it was given. So whoever can write one row
(a restored dump, a leaked database password) would run code in the worker and the web process. All its ways to a pickle
lead through one class, and its two methods are replaced for the whole process. `test_job_pickles.py` reads the
library's source and fails when a release has another way.
Source: dbos 3.4, `_serialization.py`.
Knows: that class. Must not know: jobs.
"""

from typing import Any

from dbos import DBOSPortableJSONSerializer
from dbos._serialization import DefaultSerializer

_PLAIN = DBOSPortableJSONSerializer()


def refuse_pickles() -> None:
    """Make the library refuse every pickled value, in this process, from now on."""
    DefaultSerializer.deserialize = _refuse  # type: ignore[method-assign, assignment]
    DefaultSerializer.serialize = _write_plain  # type: ignore[method-assign, assignment]


def _refuse(_self: Any, _stored: str) -> Any:
    """Refuse to read. The library then ends a waiting job as failed, and gives other values as the text they are."""
    raise TypeError("reading a job's row: it says that it is pickled, and we write none; who wrote it?")


def _write_plain(_self: Any, value: Any) -> str:
    """Write why a pickled job was ended, which the library wants in the row's own format, that is as text, never a
    pickle.
    """
    return _PLAIN.serialize(str(value))
