"""`voicebot bench`: `command` is what the terminal sees; what measures prints nothing and decides nothing.

- `caller_lines`: what each caller says: clips of real speech with pauses between them, and their words.
- `decoding`: the same lines through bare Vosk and through `CallListening`, without sockets.
- `socket_run`: the same again through real webhooks and a real media socket, by the pretend carrier.
- `outside_ear`: how long a caller waits for the next sound, heard from outside.
- `answers`: closed questions answered by real people and by synthetic voices (`sayings`).
- `noise_run`: prompts and answers beside echo, knocks and noise (`noise_sounds`).
- `webhook_run`: calls and texts at fixed rates, sent by `open_load` to the web process with an `empty_route` beside it.
- `web_process`: that process, for both.
- `process_meter`: CPU seconds and memory of another process and its children.
"""
