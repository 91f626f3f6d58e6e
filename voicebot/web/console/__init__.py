"""The console: what staff see of cases in a browser, behind a login.

How the parts meet: `site.py` hangs everything into the application, under `/console/`; `door.py` knows who is logged
in and lets a guarded route be asked only by who may; `security.py` sets up Flask-Security with our forms and words;
`login_limits.py` slows down whoever guesses passwords; `headers.py` tells browsers to trust nothing but ourselves;
`problem_page.py` turns what goes wrong into a page that says what to do. The pages themselves come after them.
Start with `site.py`.
"""

from voicebot.web.console.door import current_member
from voicebot.web.console.site import ConsoleOptions, install_console

__all__ = ["ConsoleOptions", "current_member", "install_console"]
