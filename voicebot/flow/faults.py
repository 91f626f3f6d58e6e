"""A fault in a flow. It says where it stands, what was found and what would put it right.

Knows: files and lines as text. Must not know: what the fault is about.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from voicebot.errors import FlowFault


@dataclass(frozen=True, order=True, slots=True)
class Issue:
    """One fault, in the order of file and line."""

    file: str
    line: int
    found: str
    cure: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.found}; {self.cure}"


def refuse(issues: Iterable[Issue]) -> None:
    """Do nothing when there are no issues.

    Raises: FlowFault with every issue, one a line.
    """
    found = sorted(set(issues))
    if found:
        raise FlowFault("\n".join(str(issue) for issue in found))
