"""What `voicebot bench` measures with; it prints nothing and decides nothing.

- `programme`: what each caller says: clips of real speech with pauses between them, and their words;
- `decoding`: the same programmes through bare Vosk and through `CallListening`, without sockets;
- `socket_run`: the same again through real webhooks and a real media socket, by the pretend carrier;
- `webhook_run`: calls and texts at fixed rates, sent by `open_load` to the web process with an `empty_route` beside it;
- `web_process`: that process, for both;
- `process_meter`: CPU seconds and memory of another process and its children.
"""
