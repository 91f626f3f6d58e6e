"""What other programs ask us over HTTP, under `/api/v1`, each with a token of its own.

- Start with `site`, because it hangs everything into the application. `operations` is what one may ask, as values, and
  `document` checks each request by it and describes it in OpenAPI, `message_shapes` what we send by webhooks.
- Who asks: `door` reads the token, counts wrong ones and how much each right one asks for. `problems` says in JSON what
  went wrong.
- Writing: `writing` are the routes, `write_shapes` what is sent. `json_body` reads it.
- Reading: `reading` are the routes. `case_shapes` and `call_shapes` are what cases and calls look like, `queries` what
  one may narrow a list by, `cursor` where a list goes on.

Nobody is logged in here: cookies count for nothing, so no page of another site can make a browser ask. What is shown is
what the console shows, by the same queries.

Knows: Flask, use cases, the console's words for staff. Must not know: SQL, the carrier.
"""

from voicebot.web.api.site import install_api

__all__ = ["install_api"]
