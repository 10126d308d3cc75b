"""What every service measures about itself, in Prometheus' format."""

from prometheus_client import Counter, Gauge, Histogram

BUILD = Gauge(
    "mydocker_build_info",
    "1 for the version that runs",
    ["service", "version"],
    multiprocess_mode="livemax",
)
REQUESTS = Counter(
    "mydocker_http_requests_total", "HTTP requests", ["service", "method", "route", "status"]
)
RATE_LIMITED = Counter("mydocker_rate_limited_total", "Requests refused by a limit", ["limit"])
REQUESTS_PACED = Counter(
    "mydocker_requests_paced_total", "Requests that waited because their person asks often"
)
OUTGOING_REFUSED = Counter(
    "mydocker_outgoing_refused_total", "Connections that the SSRF guard refused"
)
REQUEST_SECONDS = Histogram(
    "mydocker_http_request_seconds",
    "Time to answer",
    ["service", "route"],
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
)
