"""Where a login may lead, which is to a page of the console and nowhere else.

Knows: what an address of ours looks like. Must not know: which pages there are.
"""

import re

FIRST_PAGE = "/console/"
_PAGE = re.compile(r"/console/[A-Za-z0-9/_-]*(\?[A-Za-z0-9=&%+_.-]*)?")
"""An address that can only be a page of ours, however a browser reads it."""


def own_page(asked: str | None) -> str:
    """Return the address when it is a page of the console, or nothing otherwise."""
    return asked if asked and _PAGE.fullmatch(asked) else ""
