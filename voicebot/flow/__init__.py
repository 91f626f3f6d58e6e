"""The language of call flows and its engine. It decides from data what a caller hears next, without any I/O.

A **flow** (`definition`) is a YAML file of **nodes** (`nodes`) in spoken order. A node says prompts, listens, asks
for a promise, checks a number or ends the call. Its **exits** are links to other nodes, while `conditions` choose the
branch. They are named in `condition_names`. Words stand apart, one file for each language. A **prompt** (`prompts`)
is a key whose words are split at their **slots** into clips. `spoken` says numbers, days and hours in a language,
`spoken_english` in English. `weighty_words` are those of a language where a mistake matters most.

A call has a **session** (`session`) with the node where the caller stands, slots, counters and the window promised.
`engine.take_turn(flow, session, event, now)` is the only way on:

    event (events.py)  ->  understanding.py  ->  journey.py  ->  instructions (instructions.py)
    what happened          what it means here    nodes walked     effects, then one wait: Listen or HangUp

`grammar` matches what was said. `spoken_number` reads numbers said digit by digit, `number_choice` takes the right one
of several, and `group_correction` changes one group of a number that was read back. `offers` finds which of several
offered windows is meant. `actions` is what a node does besides speaking. `listens` makes the `Listen` of a node.

An **effect** whose answer the talk depends on (`MakePromise`, `CheckNumber`, `JoinCase`) stops the journey. The caller
of the engine carries it out and feeds the answer back as the next event, within the same turn. Nothing here knows how a
`Listen` is put to the caller, be it by stream, by recording or by keys.

Before a flow may answer calls, `reader` reads it (through `yaml_marks`, which remembers lines) and `check` inspects it.
It inspects the graph (`inspection`), its links (`check_structure`) and its words (`check_words`). Each fault (`faults`)
has file, line and cure. `rehearsal` plays a flow without a telephone, `timing` counts how long we speak in it.
`explain` prints the language from its classes, and `schemas` makes JSON Schemas of them. `sentences` says a flow in
words, `outline` makes cards of it, and `draw_text` and `draw_svg` draw those.

Calls that we make say `call_words`, which `check_call_words` inspects.

What the company promises is its `policy`. `policy_files`, `policy_limits`, `policy_categories`, `policy_watch`,
`policy_announcements` and `policy_values` are the language of its files, `policy_check` finds their faults.

Start reading at `engine.py`, with `flows/complaint/flow.yaml` beside it.
"""
