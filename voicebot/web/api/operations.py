"""One thing that may be asked for, as a value: its address, what it takes to be let in, what is sent and comes back.

Knows: permissions, shapes by their class. Must not know: routes of Flask, which operations there are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from voicebot.domain.permission import Permission


class Shape(BaseModel):
    """Something that is sent or comes back. What it does not name is refused, so that no slip is overlooked."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """What may be asked for."""

    name: str
    method: Literal["GET", "POST"]
    rule: str
    view: Callable[..., Any]
    """Takes the parts of the address, and `query` or `json`, annotated with its shape, where there is one.

    Its docstring stands in the document.
    """
    answer: type[Shape] | None
    """None for a sheet, whose view returns its lines."""
    needed: Permission = Permission.READ_CASES
    tag: str
    refusals: tuple[int, ...] = ()
    """What it may answer beside the answers that every operation has."""
    is_versioned: bool = False
    """Its answer bears an `ETag`, which `If-None-Match` may name."""
    must_match: bool = False
    """Two who change the same could overwrite each other, so the version that was read is to be named."""

    @property
    def has_body(self) -> bool:
        """Whether something is to be sent."""
        return "json" in self.view.__annotations__

    @property
    def status(self) -> int:
        """What it answers when all is well."""
        return 201 if self.method == "POST" else 200
