"""Who staff are and what they decide.

`members` finds who owns a case, who answers for it and what an id is called. `accounts` is who may log in. `decision`
tells an action of staff from its own repetition.

Knows: the policy's staff, accounts, who did what since when. Must not know: pages, what an action does to a case.
"""
