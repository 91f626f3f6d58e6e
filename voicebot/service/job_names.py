"""Names of what is done at once by the worker. `background/jobs.py` maps them to functions.

In a module of its own because those who enqueue are imported by those who run.
"""

SEND_SMS = "send_sms"
SEND_MESSAGE = "send_message"
"""To a member of staff, by any channel but text."""
RING_STAFF = "ring_staff"
"""Of a call to a member of staff about a case."""
RECORD_TALK = "record_talk"
END_TALK = "end_talk"
"""Of the recording of a call to a member of staff."""
STORE_AUDIO = "store_audio"
TRANSCRIBE = "transcribe"
FETCH_RECORDING = "fetch_recording"
DELETE_RECORDING = "delete_recording"
"""Of a recording that belongs to no answer. Its subject is the recording's sid."""
FETCH_CALENDAR = "fetch_calendar"
"""Of a person on the rota. Its subject is the feed."""
FETCH_PICTURE = "fetch_picture"
"""Of a file that came with a text."""
