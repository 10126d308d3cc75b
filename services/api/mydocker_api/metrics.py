"""Metrics of this service beside those of its requests.

Counters of its processes are summed. `livemax`: all processes have the same value; `livesum`: each
has its part.
"""

from prometheus_client import Counter, Gauge

ENVIRONMENTS = Gauge(
    "mydocker_environments_heard_of",
    "Environments by phase, as last reported",
    ["phase"],
    multiprocess_mode="livemax",
)
ROUTE_COUNT = Gauge(
    "mydocker_routes", "Environments the edge may lead to now", multiprocess_mode="livemax"
)
STARTS = Counter("mydocker_start_requests_total", "Starts that people asked for", ["kind"])
IDLE_STOPS = Counter("mydocker_idle_stops_total", "Environments stopped because nobody used them")
SUBMISSIONS = Counter(
    "mydocker_submissions_total", "Submissions of work, by how their copy ended", ["state"]
)
RENEWALS = Counter("mydocker_renewals_total", "Leases that their owners extended")
_PENDING_SYNC = [
    Gauge(name, "Changes the orchestrator has not confirmed yet", multiprocess_mode="livemax")
    for name in (
        "mydocker_environments_pending_sync",
        "mydocker_environments_unheard",  # the old name, until the next release
    )
]
LAUNCHES = Counter(
    "mydocker_launches_total", "Launches accepted, by the page they led to", ["landing"]
)
JOINS = Counter("mydocker_joins_total", "Codes of join links tried, by outcome", ["outcome"])
API_TOKEN_CHANGES = Counter(
    "mydocker_api_token_changes_total", "API tokens created and revoked", ["change"]
)
SERVICE_ACCOUNT_CHANGES = Counter(
    "mydocker_service_account_changes_total", "Service accounts created and changed", ["change"]
)
WEBHOOK_ATTEMPTS = Counter(
    "mydocker_webhook_attempts_total", "Attempts to deliver to webhooks, by result", ["result"]
)
WEBHOOKS_DISABLED = Counter(
    "mydocker_webhooks_disabled_total", "Webhooks that were disabled, by reason", ["because"]
)
PLACEMENTS = Counter(
    "mydocker_placements_total", "Activities placed on a Course, by what placed them", ["origin"]
)
ENDED_SESSIONS = Counter(
    "mydocker_web_sessions_refused_total", "Ended web sessions, as each process learned", ["reason"]
)
ENDED_LAG = Gauge(
    "mydocker_web_session_end_lag_seconds",
    "From the last ending of a session until this process knew of it",
    multiprocess_mode="livemax",
)
PEOPLE_CHANGES = Counter(
    "mydocker_people_changes_total", "What operators decided about people", ["change"]
)
ACCOUNT_CHANGES = Counter(
    "mydocker_account_changes_total", "Identities linked and unlinked by their people", ["change"]
)
VISIBILITY_DECISIONS = Counter(
    "mydocker_image_visibility_decisions_total",
    "What operators decided about images for all teachers",
    ["decision"],
)
CATALOGUE_IMAGES = Gauge(
    "mydocker_catalogue_images",
    "Entries of the catalogue that the platform builds, and those that are ready",
    ["state"],
    multiprocess_mode="livemostrecent",
)
BUILD_REQUESTS = Gauge(
    "mydocker_build_requests_waiting", "People who ask to build images", multiprocess_mode="livemax"
)
ROOT_DECISIONS = Counter(
    "mydocker_root_decisions_total", "Decisions about builds that run as root", ["decision"]
)
CAPACITY_CHECKS = Counter(
    "mydocker_capacity_checks_total", "Sessions saved, by whether they found room", ["verdict"]
)
DRY_RUNS = Counter(
    "mydocker_dry_runs_total", "Dry runs, by whether all students would be ready", ["outcome"]
)
CAPACITY_DECISIONS = Counter(
    "mydocker_capacity_decisions_total", "Decisions about requests for room", ["decision"]
)
ERASURE_REQUESTS = Counter(
    "mydocker_erasure_requests_total",
    "Requests of people to erase their data: asked, done, refused",
    ["outcome"],
)
FOLDER_ERASURES = Counter(
    "mydocker_folder_erasures_total",
    "Tries to erase work folders, by cause and outcome: erased, failed",
    ["cause", "outcome"],
)
RETENTION_NOTICES = Counter(
    "mydocker_retention_notices_total", "Courses whose people are told that their folders will go"
)
SHARE_CHANGES = Counter(
    "mydocker_share_changes_total", "Shares given, changed and removed, and owners", ["change"]
)
SHARES_CLAIMED = Counter(
    "mydocker_shares_claimed_total", "Invitations whose person arrived from the platform"
)
ROSTER_LOOKS = Counter(
    "mydocker_roster_looks_total", "Reads of lists of members, by outcome", ["state"]
)
WITHDRAWN = Counter(
    "mydocker_access_withdrawn_total", "Rights to enter a Course that were withdrawn"
)
EXTRA_TIME = Counter(
    "mydocker_extra_time_total", "Extra time that was granted and withdrawn", ["change"]
)
SCORES_SENT = Counter("mydocker_scores_sent_total", "Scores that editors sent")
STREAMS = Gauge(
    "mydocker_event_streams", "Open event streams of browsers", multiprocess_mode="livesum"
)
ROUTES = Counter("mydocker_access_answers_total", "Answers to the edge", ["answer"])
CONTEXT_REFUSALS = Counter(
    "mydocker_context_refusals_total", "Uploads of build contexts that were refused", ["code"]
)
PEOPLE_MOVED = Counter(
    "mydocker_people_moved", "People whose platform got a new issuer, by an operator's order"
)


def set_pending_sync(count: int) -> None:
    """How many changes the orchestrator has not confirmed."""
    for gauge in _PENDING_SYNC:
        gauge.set(count)
