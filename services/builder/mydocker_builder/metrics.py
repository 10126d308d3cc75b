"""Prometheus metrics of the builder."""

from prometheus_client import Counter, Gauge, Histogram

from mydocker_kit.observability.renamed_metrics import keep_old_name

BUILDS = Counter("mydocker_builds_total", "Builds that ended", ["outcome"])
BUILD_SECONDS = Histogram(
    "mydocker_build_seconds",
    "From claim to end, push included",
    ["outcome"],
    buckets=(1, 2, 5, 10, 30, 60, 120, 300, 600, 1200, 3600),
)
QUEUED = Gauge("mydocker_builds_queued", "Builds in the queue")
RUNNING = Gauge("mydocker_builds_running", "Builds that run in this process")
REQUEUED = Counter("mydocker_builds_requeued_total", "Builds requeued after their builder was lost")

# Old names, until the next release.
keep_old_name(REQUEUED, "mydocker_builds_given_back")
