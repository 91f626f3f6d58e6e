"""What the web process counts for operators, such as refused requests, faults inside calls, odd messages on sockets.

Labels are few and fixed, and never hold a number, a call or a path with a token.
"""

from prometheus_client import Counter, Gauge, Histogram

BAD_SIGNATURES = Counter("voicebot_bad_signatures_total", "Requests refused for a wrong signature", ["route"])
CALL_FAULTS = Counter("voicebot_call_faults_total", "Faults inside a call that were answered by an apology", ["route"])
CALLS_TURNED_AWAY = Counter(
    "voicebot_calls_turned_away_total", "Calls that heard a busy line, over a budget", ["scope", "measure"]
)
FALLBACKS = Counter("voicebot_fallbacks_total", "Requests to the fallback address", ["kind"])
LOGINS = Counter("voicebot_logins_total", "Logins to the console, by result and device", ["result", "device"])
STREAM_TROUBLES = Counter("voicebot_stream_messages_ignored_total", "Messages on media sockets ignored", ["reason"])
STREAMS_REFUSED = Counter("voicebot_streams_refused_total", "Media sockets closed at once", ["reason"])
STREAMS_LOST = Counter("voicebot_streams_lost_total", "Media sockets that fell silent or broke")
LATE_RESUMES = Counter("voicebot_late_resumes_total", "Calls redirected because nothing was fetched after our close")
EVENTS_LOST = Counter("voicebot_call_events_lost_total", "Remarks about calls never written")
CONNECTIONS_CUT = Counter(
    "voicebot_connections_cut_total", "Connections ended before their request was answered", ["reason"]
)
LIVE_STREAMS = Gauge("voicebot_live_streams", "Media sockets that carry a call now")

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
TURN_SECONDS = Histogram(
    "voicebot_turn_seconds", "From a caller's event to its answer stored", ["way"], buckets=_SECONDS
)
REPLY_SECONDS = Histogram(
    "voicebot_reply_seconds", "From the end of a wait to its answer sent as audio", buckets=_SECONDS
)
