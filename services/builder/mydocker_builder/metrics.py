"""What the builder measures of its work."""

from prometheus_client import Counter, Gauge, Histogram

BUILDS = Counter("mydocker_builds_total", "Builds that ended", ["outcome"])
BUILD_SECONDS = Histogram(
    "mydocker_build_seconds",
    "From claim to end, push included",
    ["outcome"],
    buckets=(1, 2, 5, 10, 30, 60, 120, 300, 600, 1200, 3600),
)
QUEUED = Gauge("mydocker_builds_queued", "Builds that wait")
RUNNING = Gauge("mydocker_builds_running", "Builds this process works on")
GIVEN_BACK = Counter("mydocker_builds_given_back_total", "Builds whose builder was lost")
