"""Who acts on the command line where `--by` says nothing, that is the login, or the number of one without a name.

Knows: the operating system's users. Must not know: staff, cases.
"""

import getpass
import os


def login_name() -> str:
    """Return the login, or `uid 1234` where it has no name, as in a container started under a bare number."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"
