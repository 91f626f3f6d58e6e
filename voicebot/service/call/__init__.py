"""One telephone call, from the first webhook to what it leaves behind.

`budget` says who may come in, `incoming` answers: the call and its case are written before anything is said. `turn`
takes an event of a call that runs; `engine_loop` asks the flow's engine until it waits, `effects` carries out what it
asks on the way, `stored_turn` writes and reads what was told. `stream` opens the media stream and takes the call up
after a loss, `listening_places` are the recognisers that calls hold. `ending` marks the end, `aftermath` leaves one
promise and one text, `silent_call` waits where nobody spoke. What comes by itself: `recording_callback`,
`orphaned_audio` after a crash, `missed_call` while the hotline was down. `first_call` is a pretended one that warms
the process.

Knows: flows and their engine, cases, promises. Must not know: HTTP, TwiML, sockets.
"""
