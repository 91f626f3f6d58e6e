"""By when a complaint is decided. This is the clock beside the promised call.

`term` starts, plans and ends the terms of a case. `waiting` pauses one while we wait for the complainant. `watch` is
what the worker does when an instant comes. It warns, ends a wait, finds a term `late` and climbs its ladder. `letter`
tells the complainant of a late decision, and `explain` is why, in words of staff. `kind` is staff saying what kind of
case it is, and `carry` what becomes of the clock when cases are joined, taken apart or split.

Knows: terms, ladders, texts. Must not know: calls, pages.
"""
