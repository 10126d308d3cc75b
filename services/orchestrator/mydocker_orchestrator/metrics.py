"""Prometheus metrics of the orchestrator."""

from prometheus_client import Counter, Gauge, Histogram

from mydocker_kit.docker.errors import EngineError
from mydocker_kit.docker.versions import Negotiated
from mydocker_kit.observability.renamed_metrics import keep_old_name

STARTS = Counter("mydocker_environment_starts_total", "Starts, by outcome", ["outcome"])
ENDS = Counter("mydocker_environment_ends_total", "Ends of ready environments", ["reason"])
RESTARTS = Counter(
    "mydocker_environment_restarts_total", "Containers restarted after a crash", ["reason"]
)
START_SECONDS = Histogram(
    "mydocker_environment_start_seconds",
    "Time from the request to a step of the start",
    ["step"],
    buckets=(0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 20, 40, 80, 160, 320, 640),
)
ENVIRONMENTS = Gauge(
    "mydocker_environments", "Environments that are neither stopped nor failed", ["phase", "pool"]
)
QUEUE_LENGTH = Gauge("mydocker_queue_length", "Environments queued for capacity", ["pool"])
QUEUE_AGE = Gauge("mydocker_queue_age_seconds", "Age of the oldest of them", ["pool"])
QUEUE_SECONDS = Histogram(
    "mydocker_queue_wait_seconds",
    "Time in the queue, of environments that had to wait",
    ["pool"],
    buckets=(1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200),
)
RECONCILE_SECONDS = Histogram(
    "mydocker_reconcile_seconds",
    "One pass of the loop: observe, plan, record",
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
    "1: version of the connected Docker engine and the negotiated API version",
    ["engine", "api"],
)
LEADER = Gauge("mydocker_orchestrator_leader", "1 in the replica that reconciles")
CONTAINERS_INSPECTED = Counter(
    "mydocker_containers_inspected_total",
    "Started containers whose security settings were read back: held, differs, unknown",
    ["outcome"],
)
NODES_CORDONED = Counter(
    "mydocker_nodes_cordoned_total",
    "Nodes cordoned because a container there lacked its security settings",
)
DISK_MEASUREMENTS = Counter(
    "mydocker_disk_measurements_total",
    "Measurements of what containers wrote: measured, partial (a container was missing), failed,"
    " unknown (no agent for that node)",
    ["walk", "outcome"],
)
DISK_MEASUREMENT_SECONDS = Histogram(
    "mydocker_disk_measurement_seconds",
    "Duration of one such measurement of one node",
    ["walk"],
    buckets=(0.01, 0.05, 0.2, 0.5, 1, 2, 4, 8, 16, 32, 64, 128),
)
DISK_ENDED = Counter(
    "mydocker_disk_overruns_total",
    "Environments ended because they wrote too much; machine: because its disk was nearly full",
    ["area"],
)
FOLDER_MEASUREMENTS = Counter(
    "mydocker_folder_measurements_total",
    "Questions to volume plugins, what work folders hold: measured, failed, unknown (none there)",
    ["outcome"],
)
GPUS_HELD = Gauge("mydocker_gpus_held", "GPUs that environments hold, by our own ledger")
DIRECT_PORTS_HELD = Gauge(
    "mydocker_direct_ports_held", "Direct ports that environments hold, by our own ledger", ["pool"]
)
DIRECT_PORT_CONFLICTS = Counter(
    "mydocker_direct_port_conflicts_total",
    "Direct ports that something else on a node used; each is in cooldown for a while",
    ["pool"],
)
SNAPSHOTS = Counter(
    "mydocker_snapshots_total",
    "Snapshots of work folders, by why they were asked for and whether they were taken",
    ["kind", "outcome"],
)
MACHINES = Gauge("mydocker_machines", "Machines that Terraform made or makes", ["pool"])
MACHINE_RUNS = Counter("mydocker_machine_runs_total", "Runs of Terraform", ["pool", "outcome"])

# Old names, until the next release.
keep_old_name(NODES_CORDONED, "mydocker_nodes_refused")
keep_old_name(DISK_MEASUREMENTS, "mydocker_disk_looks")
keep_old_name(DISK_MEASUREMENT_SECONDS, "mydocker_disk_look_seconds")
keep_old_name(DISK_ENDED, "mydocker_disk_ended", {"area": "place"})
keep_old_name(DIRECT_PORT_CONFLICTS, "mydocker_direct_ports_refused")


class EngineMetrics:
    """Observer of the calls to the engine."""

    def connected(self, negotiated: Negotiated) -> None:
        ENGINE_INFO.clear()
        ENGINE_INFO.labels(negotiated.engine, str(negotiated.api)).set(1)

    def answered(self, call: str, seconds: float) -> None:
        ENGINE_SECONDS.labels(call).observe(seconds)

    def failed(self, call: str, error: EngineError) -> None:
        ENGINE_ERRORS.labels(call, type(error).__name__).inc()
