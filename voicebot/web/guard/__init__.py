"""Who may ask for what.

`guards` states it at each route and refuses where nothing is stated. `early_refusal` turns unsigned webhooks away
before the application wakes up. `refusal_log` counts refusals, and tells of one a second for each route.

Knows: signatures, logins, routes. Must not know: what a route does.
"""
