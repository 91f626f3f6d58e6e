"""The promise to call back. It is made, kept, missed and made good.

`make` finds a window and promises it, at the time of day that was agreed with them (`agreed_time`). `choose` lets staff
choose one or write a number down, `withdraw` ends what is owed, `room_alarm` tells management when callbacks no longer
fit. `confirmation` makes the promise of a case that came by text and tells it, `keep` takes the calls that staff made,
`take_back` takes a talk back that was logged by mistake, `breach` notes a window that closed without a talk.
`climb_plan` freezes at the start whom to tell when, `escalation` climbs it, `apology` tells the caller and promises
anew. `survey` orders the question after a promise that was kept.

Knows: windows, ladders, texts. Must not know: turns of a call, pages.
"""
