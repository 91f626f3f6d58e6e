"""What the web process does when something else fails or hangs.

`faults` makes everything that goes wrong something a caller can hear. `time_limits` says how long anything may wait.
`report_retry` keeps reports of the carrier until they can be written, `call_event_writer` writes what was seen of calls
without making anybody wait. `cached_probe` asks what may hang, and remembers the answer for a moment.
`second_watch` looks after the worker and alarms by another way than the worker's.

Knows: errors, clocks, the database's moods. Must not know: routes.
"""
