"""One telephone call, from the first webhook to what follows its end.

- It comes in: `budget` says who may. `incoming` answers. The call and its case are written before anything is said.
  `outage_budget` says who may while the database is away.
- It runs: `turn` takes an event of a call. `engine_loop` asks the flow's engine until it waits, `effects` carries out
  what it asks on the way, `offers` the windows among them, and
  `questions` what a caller is still asked about the complaint. `stored_turn` writes and reads what was told.
- It listens: `stream` opens the media stream and takes the call up after a loss. `listening_places` are the recognisers
  that calls hold.
- It ends: `ending` marks the end, `aftermath` leaves one promise and one text, `silent_call` joins a call without a
  word to the case that stands, `repeat_call` one with words to the case of its number, and `repeat_end` leaves what
  follows such a call. `own_case` tells whose a case is, `case_access` opens one by its code, `case_status` says how it
  stands, `offers` are the windows to choose from. `lost_call` ends a call of which nothing is heard any more.
- It is taken up later: `recording_callback` when a recording is ready, `orphaned_audio` after a crash, `missed_call`
  after the hotline was down.
- It is one that we make: `survey_call` begins it when a complainant picks up whom we ask whether the matter is settled,
  `survey_answer` does what they say.
- `first_call` is a pretended one that warms the process, `canary_call` the hotline's own test call as it comes in.

Who rings from outside (tools, scripts) ends a call by `end_call`, which stands here too.

Knows: flows and their engine, cases, promises. Must not know: HTTP, TwiML, sockets.
"""

from voicebot.service.call.turn import end_call

__all__ = ["end_call"]
