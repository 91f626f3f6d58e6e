"""What the hotline is about, namely complaints, promises, working time and people.

Values and functions on values. `now`, ids and random digits are arguments, so everything here can be tried in a Python
prompt. The modules in the order in which a complaint meets them:

- Telephone numbers: `phone` parses and speaks them and decides which may be rung or texted. `phone_forms` knows the
  ways in which they are written or hidden.
- A call: `call` is a telephone call with its turns. `call_event` is what happened to it beside its turns. `consent` is
  whether it may be recorded. `utterance` is what was heard. `announcement` is a notice of the day that callers hear.
- A case. A call opens a `Ticket` (`ticket`) under a `case_number`. A text may bring a `picture`.
  `lead_case` is many cases on one cause. `case_field` is what staff write down of who complains. `customer` is what the
  company's books say of them, `customer_file` reads these from a file, and
  `customer_lookup` is what its own system says of a number.
  `adjustment` is what is done otherwise for somebody, with their consent. A `category` of the policy says what kind of
  complaint it is, with `typed_field`s of its own.
- A promise. The `business_calendar` gives a `callback_window`, if the window has room (`window_room`). The `promise` is
  open, then kept, moved or breached.
- A decision: `case_task` is what somebody is asked or promises on a case. `decision_term` says by when a complaint is
  decided, paused only while we wait for the complainant. `next_date` is the first instant by which something happens in
  a case.
- Escalation. After a breach the ladder of `escalation` tells `staff`. `permission` is what each role may do.
  `about` says who may see a case that complains about one of them.
- The watch over the watch: `watch_rules` says when management gets its morning list, `watch_alarm` how often an alarm
  about the watch itself is repeated, `drill` is a made-up miss that must reach a person, `canary` the test call
  of each morning.
- People who log in: `second_factor` is the code that they write beside the password, `account_event` what happened to
  their login. `sign_in` is what the company's own sign-in says of them.
- People on duty: `rota` says who works when, `staffing` how many callbacks they make. `calendar_feed` is a person's
  calendar at an address.
- Calling back: `callback_rules` says how often and in which hours, `staff_call` is such a call and what shows that
  somebody was spoken with. `try_spacing` says when somebody who was not reached is tried next. `ring_hours` are those
  in which people may be rung.
- Words put right: `doubt` says which words must be heard before anybody relies on them. `review` is what staff make of
  the words of an answer, `heard` who listened to which voice.
- Finding a case: `search_question` reads what somebody typed, `search_words` are words as they are compared, `snippet`
  is where something was found.
- The end of a case: `ending` says by which ways a case may end.
- Texts: `sms` is a text on its way. `text_command` is what a text asks of its case. `text_request` recognises STOP and
  START in `text_request_words`. `staff_message` is a message to staff by any other channel, `notice` what one is about.
- Limits: `limits` says how much strangers may make us pay for, `budget` how much each of them may take. `back_off` says
  how long to wait after failures.
- What staff need not see: `number_words` reads numbers as people say and write them, in English and by the words of
  `language_words`, `private` masks those of cards,
  accounts and persons, and dates of birth.
- `instants` writes an instant as staff read it, on the company's clock. `visible` shows what nobody sees in a text.
- Lists taken along: `sheet` makes CSV of rows.
- Other programs: `api_token` is what they show to be let in. `webhook` says of which events they are told, where, and
  when a try comes again.
- What is kept: `retention` says for how long, `access` who of the staff has seen it,
  `presence` who has it open.

Each state table stands beside its enumeration. The functions below it refuse what the table rules out and change
nothing. Instants are aware, and those returned are UTC.

Knows: the standard library, pydantic, and the pure libraries `phonenumbers`, `holidays` and `stdnum`.
Must not know: Twilio, HTTP, databases, files, the flow language.
"""
