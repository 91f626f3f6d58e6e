"""The console. It is what staff see of cases in a browser, behind a login.

- Start with `site`, because it installs everything in the application, under `/console/`.
- Logging in: `door` knows who is logged in and guards routes. `security` sets up Flask-Security with our forms and
  words. `second_factor` asks for a code after the password, `second_factor_pages` set one up.
  `provider_routes` let in by the company's own sign-in, with which `provider_client` speaks, and `provider_mark` is
  what a session remembers of it. `own_page` is where a
  login may lead. `member_cookies` tells from cookies alone whether staff are asking.
- Against guessing: `login_limits` slows down whoever guesses passwords, `login_lanes` checks one password at a time,
  `known_devices` knows browsers again, `wrong_logins` counts wrong logins and alarms.
- Pages: `today_routes` is the first screen, `today_page` what stands on it. `case_routes` are the pages of cases,
  `case_list` and `case_page` what stands on them, `case_forms` what staff do there.
  `panels` are the parts of a case's page: words, time line.
  `case_desk` is what the forms offer, `case_steps` what staff decide by them.
  `rota_routes` are the pages of the rota, `rota_page` what stands on it.
  `call_back_rows` says how far calls of ours have come.
  `own_call_routes` tells a browser when a call of its member is over.
  `channel_routes` shows by which channels staff are reached, and rings them to try it.
  `management_routes` shows what waits for somebody with a say.
  `morning_routes` shows the morning list to management, `drill_routes` takes the answer to a drill.
  `search_routes` shows what the one box found. `webhook_routes` shows what other systems are told,
  `endpoint_forms` change which they are,
  `token_routes` with which tokens they ask.
  `figures_routes` show how promises are kept, `figures_page` says it, `ending_figures` how cases ended, `plot` draws
  it. `promise_clock` heads a case,
  `review_forms` are the review of a transcript, `field_forms` the form of who complains,
  `customer_routes` the company's customers, `person_routes` all about one person.
  `original_routes` show private numbers to who says why.
  `typed_number` reads numbers in forms and addresses.
  `transcript` shows what was said, `script` tells its language.
- `way_back` leads from a case to the list that somebody came from.
- Every page: `headers` restricts what the browser may load, `statics` are styles and scripts by their version,
  `compression` makes both smaller on their way, `problem_page` says what went wrong and what to do,
  `access_book` records who saw which case.

Knows: Flask, use cases, words for staff. Must not know: SQL, the carrier.
"""

from voicebot.web.console.door import current_member
from voicebot.web.console.site import ConsoleOptions, install_console

__all__ = ["ConsoleOptions", "current_member", "install_console"]
