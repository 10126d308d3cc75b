"""What the gateway measures about its calls to platforms."""

from prometheus_client import Counter, Gauge

SIGN_INS = Counter("mydocker_sign_ins_total", "Sign-ins without an LMS", ["provider"])
TOKENS = Counter("mydocker_platform_tokens_total", "Bearers asked of platforms", ["outcome"])
OUTGOING_REFUSED = Counter(
    "mydocker_outgoing_refused_total", "Connections refused because of where the address leads"
)
INVITED = Counter(
    "mydocker_registrations_total", "Platforms that registered themselves, by outcome", ["outcome"]
)
ROSTERS = Counter("mydocker_roster_syncs_total", "Rosters asked of platforms", ["outcome"])
SCORES = Counter("mydocker_scores_settled_total", "Scores by how they came out", ["state"])
SCORE_RETRIES = Counter("mydocker_score_retries_total", "Times a gradebook was put off")
COURSE_LINKS = Counter(
    "mydocker_course_links_total",
    "Launches that name a course, by whether its signature is ours, absent or foreign",
    ["signature"],
)
SESSIONS_ENDED = Counter(
    "mydocker_web_sessions_ended_total", "Web sessions ended before their time", ["reason"]
)
SCORES_QUEUED = Gauge("mydocker_scores_queued", "Scores not settled yet")
OLDEST_SCORE = Gauge("mydocker_scores_oldest_seconds", "Age of the oldest score not settled")
CLOCK_STEP = Gauge("mydocker_clock_step_seconds", "How far this machine's clock has jumped; alert")
