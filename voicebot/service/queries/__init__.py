"""What is only read for the console, the command line and whoever asks about a call.

`today` says what there is to do now. `case_list` and `case_view` show cases, `search` finds them by words and
numbers, `deadline` says what is due in one, `live_calls` who is on the line, `call_list` which calls there were.
`sheets` are lists of both as CSV. `call_timeline` tells how a call went, from `turn_timeline` and what else was
written down. `figures` says how promises are kept, `effort` what a case cost its complainant. `own_call` is the call
that somebody is on or has to write up. `answer_voice` finds the voice of an answer, `case_words` are the words of a
case to take along, `customer` is what is written down of who complains, `category` what kind of complaint it is,
`lead_case` which case it follows. `access` keeps who opened which case and heard which voice, `presence` who has it
open.

Knows: stored rows. Must not know: pages, terminals. It changes nothing but the records of access and presence.
"""
