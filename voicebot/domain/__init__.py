"""What the hotline is about, without a wire: complaints, promises, working time, people.

Values and functions on values; `now`, ids and random digits are arguments, so everything here can be tried in
a prompt. The primitives and how they meet:

- A `Call` (call.py) is answered; its first transaction opens a `Ticket` (ticket.py) under a case number
  (case_number.py). A caller ID is a telephone number only once it has passed the gate (phone.py).
- What is said is an `Utterance` (utterance.py); whether it may be kept is `Consent` (consent.py).
- The policy's `BusinessCalendar` (business_calendar.py) and `WindowRules` give a `CallbackWindow`
  (callback_window.py), which becomes a `Promise` (promise.py): open, then kept, moved or breached.
- A `Breach` is climbed by the `EscalationLadder` (escalation.py), which tells `StaffMember`s (staff.py).
- An `Sms` (sms.py) carries words out; its receipts may come in any order. Locales are tags (locale_tag.py).

Each state table stands beside its enumeration, and the functions below it refuse what the table rules out,
changing nothing. Instants are aware; those returned are UTC.

Knows: the standard library, pydantic, and the pure libraries `phonenumbers`, `holidays` and `stdnum`.
Must not know: Twilio, HTTP, databases, files, the flow language.
"""
