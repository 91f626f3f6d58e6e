"""Who staff are and what they decide.

`members` finds who answers for a case and what an id is called, `readers` who may see it, `field_access` who may
read which of its fields. `rota` is who works when,
`absence` who is away just now, `calendar_feed` whose calendar says so, `assignment` who a case goes to. `accounts` is
who may log in, `second_factor` the code that they write beside the password, `provider_sign_in` who comes by the
company's own sign-in, `tokens` which programs may ask, and `keyed_requests` does what they ask once. `decision` tells
an action of staff from its own repetition.

Knows: the policy's staff, accounts, who did what since when. Must not know: pages, what an action does to a case.
"""
