"""`voicebot bench` measures what listening and answering cost, as ratios measured in one run.

`command` is what the terminal sees. The others measure, and they print nothing and judge nothing.

- `caller_lines`: what each caller says, as clips of real speech with pauses between them, and their words.
- `decoding`: the same lines through bare Vosk and through `CallListening`, without sockets.
- `socket_run`: the same again through real webhooks and a real media socket, by the pretend carrier.
- `outside_ear`: how long a caller waits for the next sound, heard from outside.
- `answers`: closed questions answered by real people and by synthetic voices (`sayings`).
- `digits`: how numbers arrive that are said digit by digit. `digit_clips` puts them together of real people's digits,
  `digit_run` lets callers say them, `digit_ingredients` switches off what helps, one thing at a time.
- `sources`: where the speech model and real people's clips are.
- `heard_clips`: clips of real people as a case would keep them, and what was said in them. `doubt_run` counts how many
  of the wrong words our marks catch, and `doubt_tables` shows it.
- `private_run`: how many numbers that must stay readable are masked, and how many private ones are not.
  `heard_cards`: numbers as long as a card's, said by real people, as a call hears them.
- `noise_run`: prompts and answers beside echo, knocks and noise (`noise_sounds`).
- `webhook_run`: calls and texts at fixed rates, sent by `open_load` to the web process with an `empty_route` beside it.
- `pages_run`: the list of cases and the figures, with few cases and with many. `search_run`: searches with many.
- `web_process`: the web process that is measured. `process_meter` is CPU seconds and memory of it and its children.
"""
