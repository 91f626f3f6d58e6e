"""What takes long in each application of a test and is the same in all of them is done once in a process of tests.

Each test has an application of its own. To compile its templates anew was nearly half of the processor time of a test
that opens the page of a case, and to compile what reads and builds its addresses a sixth more. A password is dear on
purpose: a login took as long as the page.
"""

from collections.abc import Callable
from types import CodeType
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from voicebot.adapters.passwords import normal_password

LEAST_COST = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
"""What it is in service is held by tests/adapters/test_passwords.py and by a test of the login."""
_hasher = PasswordHasher(**LEAST_COST)


class _CompiledPages(BytecodeCache):
    """Compiled templates, found by name, place and text."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._codes[bucket.key, bucket.checksum] = bucket.code


Builder = Callable[..., tuple[str, str]]


class _CompiledRule(Rule):
    """A rule that takes what another of the same words has compiled: it depends on them alone.

    Its converters are werkzeug's own, which know nothing of the application.
    """

    _builders: dict[tuple[object, ...], Builder] = {}
    _compiled: dict[tuple[object, ...], dict[str, Any]] = {}

    def compile(self) -> None:
        words = (self.rule, self.subdomain, self.host, self.merge_slashes)
        if self.defaults:
            super().compile()
            return
        if words not in self._compiled:
            super().compile()
            self._compiled[words] = {name: getattr(self, name) for name in ("_parts", "_trace", "_converters")}
        self.__dict__ |= self._compiled[words]
        self.arguments |= self._converters.keys()
        self._build = self._compile_builder(False).__get__(self, None)
        self._build_unknown = self._compile_builder(True).__get__(self, None)

    def _compile_builder(self, append_unknown: bool = True) -> Builder:
        if self.defaults or self.map is None:
            return super()._compile_builder(append_unknown)
        words = (self.rule, tuple(self._trace), append_unknown)
        if words not in self._builders:
            self._builders[words] = super()._compile_builder(append_unknown)
        return self._builders[words]


Flask.url_rule_class = _CompiledRule
_compiled = _CompiledPages()


def with_compiled_parts(app: Flask) -> Flask:
    """Let an application use what others have compiled in this process."""
    app.jinja_env.bytecode_cache = _compiled
    return app


def with_quick_passwords(app: Flask) -> Flask:
    """Let an application check passwords at the least cost."""
    app.extensions["security"].pwd_context.update(**{f"argon2__{name}": cost for name, cost in LEAST_COST.items()})
    return app


def quick_hash(password: str) -> str:
    """Hash a password at the least cost."""
    return _hasher.hash(normal_password(password))
