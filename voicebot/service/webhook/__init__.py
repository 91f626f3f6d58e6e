"""Outgoing webhooks. Other systems are told what happens in cases.

`endpoints` adds and changes where events go. `payload` makes an event of a line of the history. `spread` writes a
delivery for each endpoint that wants it, `deliver` sends what is due, again and again, and switches off who takes
nothing. `switched_off` tells staff of that. `log` reads what became of deliveries, and sends one again. `sealing` seals
secrets under the newest key.

Knows: the history, cases, promises, alarms. Must not know: HTTP, signatures, threads.
"""
