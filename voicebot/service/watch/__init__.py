"""The watch over the watch. It is what tells people that promises are watched, and that the watch itself still works.

`morning` is the list that management gets each working day. `morning_post` sends it, and knows what became of it.
`management` is the list of what waits for somebody with a say.
`drill` is a made-up miss each month that must reach a person.
`canary` is the hotline's call to itself each morning. `canary_report` says how it went.
`second_way` tells of trouble with the watch itself by another way than the watch uses. `trouble` follows it to its end.

Knows: use cases of other rooms, what the watch remembers. Must not know: pages, the terminal.
"""
