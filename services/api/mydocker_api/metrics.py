"""What this service counts beside its requests.

Its processes add up their counters. `livemax`: all of them know the same; `livesum`: each has some.
"""

from prometheus_client import Counter, Gauge

ENVIRONMENTS = Gauge(
    "mydocker_environments_heard_of",
    "Environments by phase, as last heard",
    ["phase"],
    multiprocess_mode="livemax",
)
ROUTE_COUNT = Gauge(
    "mydocker_routes", "Environments the edge may lead to now", multiprocess_mode="livemax"
)
STARTS = Counter("mydocker_start_requests_total", "Starts that people asked for", ["kind"])
RENEWALS = Counter("mydocker_renewals_total", "Leases that their owners extended")
UNHEARD = Gauge(
    "mydocker_environments_unheard",
    "Wishes the orchestrator has not answered yet",
    multiprocess_mode="livemax",
)
API_TOKEN_CHANGES = Counter(
    "mydocker_api_token_changes_total", "API tokens created and revoked", ["change"]
)
LAUNCHES = Counter("mydocker_launches_total", "Launches taken in, by where they led", ["landing"])
PLACEMENTS = Counter(
    "mydocker_placements_total", "Activities placed on a Course, by what placed them", ["origin"]
)
ENDED_SESSIONS = Counter(
    "mydocker_web_sessions_refused_total", "Ended web sessions, as each process heard", ["reason"]
)
ENDED_LAG = Gauge(
    "mydocker_web_session_end_lag_seconds",
    "From the last ending to our hearing of it",
    multiprocess_mode="livemax",
)
PEOPLE_CHANGES = Counter(
    "mydocker_people_changes_total", "What operators decided about people", ["change"]
)
ACCOUNT_CHANGES = Counter(
    "mydocker_account_changes_total", "Identities linked and unlinked by their people", ["change"]
)
BUILD_REQUESTS = Gauge(
    "mydocker_build_requests_waiting", "People who ask to build images", multiprocess_mode="livemax"
)
ROOT_DECISIONS = Counter(
    "mydocker_root_decisions_total", "Decisions about builds that run as root", ["decision"]
)
ROSTER_LOOKS = Counter(
    "mydocker_roster_looks_total", "Looks at lists of members, by outcome", ["state"]
)
WITHDRAWN = Counter("mydocker_access_withdrawn_total", "Courses people may enter no more")
SCORES_SENT = Counter("mydocker_scores_sent_total", "Scores that editors sent")
STREAMS = Gauge(
    "mydocker_event_streams", "Open event streams of browsers", multiprocess_mode="livesum"
)
ROUTES = Counter("mydocker_access_answers_total", "Answers to the edge", ["answer"])
PEOPLE_MOVED = Counter(
    "mydocker_people_moved", "People whose platform got a new issuer, by an operator's order"
)
