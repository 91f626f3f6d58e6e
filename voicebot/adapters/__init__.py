"""One file for each outside thing, each fulfilling a port of `service/ports`. None imports another.

- Rows and jobs: `store` keeps calls, cases and promises. `job_queue` hands work to the worker. `job_pickles` refuses
  code in the rows of the job library.
- The carrier: `twilio_rest` sends texts and reads the account, `console_sms` prints texts instead. `front_door` asks
  our own public address as the carrier would.
- Staff beside texts: `smtp_mail` hands mails to a mail server, `apprise_chat` posts to chats and push services.
- Hearing: `vosk_recogniser` hears, `wide_model` lets it hear numbers with more guesses. `speech_model` installs the
  models, `model_digest` recognises a genuine one, `decode_meter` counts what decoding costs.
- Hearing again: `second_ear` listens to stored voices with a model that is too slow for a call.
- Speaking: `prompt_clips` joins recorded words into prompts. `piper_voice` records them with a synthetic voice.
- Files: `flow_files` reads flows and policy, `spool` keeps answers while callers speak, `audio_store` keeps them
  afterwards, `backup_file` is a whole hotline in one file, `person_files` all about one person. `calendar_file` reads
  and writes calendars, `calendar_fetch` fetches them from their addresses, `deadline_http` with one deadline for all.
- Other systems: `webhook_post` sends them events, `customer_lookup` asks one of the company's who has a number.
- Logins: `provider_discovery` asks the company's own sign-in what it is.
- Secrets: `passwords` hashes the passwords of staff, `secret_key` keeps the key that signs sessions.
  `sealed_text` seals keys of second factors in the database.
- This machine: `system_clock` is the only place that asks for now. `machine` knows cores, memory and disks.
  `process_handover` hands over from one process to the next.
- What people read: `log` writes the process's log, `live_view` shows a call while it lasts.

Knows: its own library and the ports. Must not know: use cases, routes, one another.
"""
