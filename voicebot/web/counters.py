"""What the web process counts for operators: refused requests, faults inside calls, odd messages on sockets.

Labels are few and fixed: never a number, a call or a path with a token.
"""

from prometheus_client import Counter, Gauge

BAD_SIGNATURES = Counter("voicebot_bad_signatures_total", "Requests refused for a wrong signature", ["route"])
CALL_FAULTS = Counter("voicebot_call_faults_total", "Faults inside a call that were answered by an apology", ["route"])
FALLBACKS = Counter("voicebot_fallbacks_total", "Requests to the fallback address", ["kind"])
STREAM_TROUBLES = Counter("voicebot_stream_messages_ignored_total", "Messages on media sockets ignored", ["reason"])
STREAMS_REFUSED = Counter("voicebot_streams_refused_total", "Media sockets closed at once", ["reason"])
STREAMS_LOST = Counter("voicebot_streams_lost_total", "Media sockets that fell silent or broke")
LATE_RESUMES = Counter("voicebot_late_resumes_total", "Calls redirected because nothing was fetched after our close")
LIVE_STREAMS = Gauge("voicebot_live_streams", "Media sockets that carry a call now")
