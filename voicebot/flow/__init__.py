"""The language of call flows and its engine: what a caller hears next, decided from data, without any I/O.

A **flow** (`definition.py`) is a YAML file of **nodes** in spoken order. A node says prompts, listens, asks for a
promise, checks a number or ends the call; its **exits** are links to other nodes. Words stand apart, one file
for each language; a **prompt** (`prompts.py`) is a key whose words are split at their **slots** into clips.

A call has a **session** (`session.py`): the node where the caller stands, slots, counters, the window promised.
`engine.take_turn(flow, session, event, now)` is the only way on:

    event (events.py)  ->  understanding.py  ->  journey.py  ->  instructions (instructions.py)
    what happened          what it means here    nodes walked     effects, then one wait: Listen or HangUp

An **effect** whose answer the talk depends on (`MakePromise`, `CheckNumber`) stops the journey; whoever called
carries it out and feeds the answer back as the next event, within the same turn. Nothing here knows how a
`Listen` is put to the caller: by stream, by recording or by keys.

Before a flow may answer calls, `reader.py` reads it, naming every fault with file, line and cure, and `check.py`
inspects it: links (`check_structure.py`), words (`check_words.py`), and what it promises of the policy
(`policy.py`). `rehearsal.py` plays it without a telephone. `explain.py` prints the language from its classes.

Start reading at `engine.py`, with `flows/complaint/flow.yaml` beside it.
"""
