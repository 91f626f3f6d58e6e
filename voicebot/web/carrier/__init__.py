"""What the carrier asks of us, that is webhooks, media sockets and clips.

`voice` and `sms` turn webhooks into use cases and answers into TwiML, `recordings` takes the callbacks of recordings,
`staff_calls` answers what is asked on calls that we make.
`media` moves frames of a socket, `stream_talk` lets one call talk over it, `socket_timeouts` cuts a peer that stands
still. `clips` hands out recorded words. `resume_watch` sees to it that a call is fetched again after our own close,
`answered_calls` knows which calls this process must not leave alone, `seen_requests` which requests it has seen before.
`identity` answers the doctor, who asks through the net.

Knows: forms, TwiML, sockets, use cases. Must not know: what a caller hears.
"""
