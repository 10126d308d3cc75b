"""Prometheus metrics of the gateway."""

from prometheus_client import Counter, Gauge

SIGN_INS = Counter("mydocker_sign_ins_total", "Sign-ins without an LMS", ["provider"])
TOKENS = Counter(
    "mydocker_platform_tokens_total", "Access tokens requested from platforms", ["outcome"]
)
INVITED = Counter("mydocker_registrations_total", "Dynamic registrations by outcome", ["outcome"])
ROSTERS = Counter("mydocker_roster_syncs_total", "Rosters requested from platforms", ["outcome"])
SCORES = Counter("mydocker_scores_settled_total", "Scores that left the queue, by state", ["state"])
SCORE_RETRIES = Counter(
    "mydocker_score_retries_total", "Retries scheduled after a failed score delivery"
)
COURSE_LINKS = Counter(
    "mydocker_course_links_total",
    "Launches that name a course, by signature: signed, unsigned or foreign",
    ["signature"],
)
SESSIONS_ENDED = Counter(
    "mydocker_web_sessions_ended_total", "Web sessions revoked before they expired", ["reason"]
)
SCORES_QUEUED = Gauge("mydocker_scores_queued", "Scores in the queue")
OLDEST_SCORE = Gauge("mydocker_scores_oldest_seconds", "Age of the oldest score in the queue")
CLOCK_STEP = Gauge(
    "mydocker_clock_step_seconds", "Seconds by which this machine's clock was stepped; alert"
)
