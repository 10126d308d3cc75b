"""What the orchestrator measures about its work."""

from prometheus_client import Counter, Gauge, Histogram

STARTS = Counter("mydocker_environment_starts_total", "Starts by how they came out", ["outcome"])
ENDS = Counter("mydocker_environment_ends_total", "Ends of those that were ready", ["reason"])
RESTARTS = Counter(
    "mydocker_environment_restarts_total", "Containers started again after a crash", ["reason"]
)
START_SECONDS = Histogram(
    "mydocker_environment_start_seconds",
    "Time from being asked for to a step of the start",
    ["step"],
    buckets=(0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 20, 40, 80, 160, 320, 640),
)
ENVIRONMENTS = Gauge(
    "mydocker_environments", "Environments that are not at rest", ["phase", "pool"]
)
QUEUE_LENGTH = Gauge("mydocker_queue_length", "Environments that wait for room", ["pool"])
QUEUE_AGE = Gauge("mydocker_queue_age_seconds", "How long the first of them has waited", ["pool"])
QUEUE_SECONDS = Histogram(
    "mydocker_queue_wait_seconds",
    "How long those waited who found no room at first",
    ["pool"],
    buckets=(1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200),
)
RECONCILE_SECONDS = Histogram(
    "mydocker_reconcile_seconds",
    "One step of the loop: look, plan, write down",
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
)
ENGINE_SECONDS = Histogram(
    "mydocker_engine_call_seconds",
    "Calls to the Docker engine",
    ["call"],
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
)
ENGINE_ERRORS = Counter("mydocker_engine_errors_total", "Calls that failed", ["call", "error"])
ENGINE_INFO = Gauge(
    "mydocker_engine_info",
    "1: the Docker engine spoken to, and in which API version",
    ["engine", "api"],
)
LEADER = Gauge("mydocker_orchestrator_leader", "1 in the replica that reconciles")
HELD = Counter(
    "mydocker_containers_inspected_total",
    "Started containers whose settings were read back: held, differs, unknown",
    ["outcome"],
)
NODES_REFUSED = Counter(
    "mydocker_nodes_refused_total", "Nodes that take nothing more because of a container there"
)
DISK_LOOKS = Counter(
    "mydocker_disk_looks_total",
    "Walks through what containers wrote: measured, partial (somebody could not be), failed,"
    " unknown (nobody can ask that machine)",
    ["walk", "outcome"],
)
DISK_LOOK_SECONDS = Histogram(
    "mydocker_disk_look_seconds",
    "How long one such walk of one machine took",
    ["walk"],
    buckets=(0.01, 0.05, 0.2, 0.5, 1, 2, 4, 8, 16, 32, 64, 128),
)
DISK_ENDED = Counter(
    "mydocker_disk_ended_total",
    "Environments ended because they wrote too much; machine: because its disk was nearly full",
    ["place"],
)
GPUS_HELD = Gauge("mydocker_gpus_held", "GPUs that Environments hold, by our own ledger")
PORTS_HELD = Gauge(
    "mydocker_direct_ports_held", "Direct ports that Environments hold, by our own ledger", ["pool"]
)
PORTS_REFUSED = Counter(
    "mydocker_direct_ports_refused_total",
    "Direct ports that something else on a machine had; each is left alone for a while",
    ["pool"],
)
