"""One file per outside thing, each fulfilling a port of `service/ports`; none imports another.

`store/` keeps calls, cases and promises; `job_queue` hands work to the worker, `job_pickles` keeps code out
of its rows; `twilio_rest` and `console_sms` send;
`vosk_recogniser`, `speech_model` and `piper_voice` hear and speak; `prompt_clips`, `audio_store`, `spool` and
`flow_files` hold files; `system_clock` is the only now; `log` and `live_view` tell what happens.

Knows: its own library and the ports. Must not know: use cases, routes, one another.
"""
