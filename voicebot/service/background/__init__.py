"""What the worker runs.

`jobs` are done at once, in any order, as often as it takes. `sweeps` find whatever waits for its instant. `schedule`
runs hourly and daily tasks. `clock_watch` refuses the time of a clock that jumped. `health` tells whether all of it
lives. `second_watch` is what the web process looks at in place of the worker.

Knows: every other room. Must not know: threads, processes, which queue brings a job.
"""
