"""Templates of the console are compiled once in a process of tests, however many applications it makes.

Each test has an application of its own. To compile its templates anew was nearly half of the processor time of a test
that opens the page of a case. What was compiled is found by the template's name, place and text.
"""

from types import CodeType

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class _CompiledPages(BytecodeCache):
    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._codes[bucket.key, bucket.checksum] = bucket.code


_compiled = _CompiledPages()


def with_compiled_pages(app: Flask) -> Flask:
    """Let an application use the templates that others have compiled in this process."""
    app.jinja_env.bytecode_cache = _compiled
    return app
