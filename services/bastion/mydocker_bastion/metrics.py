"""Prometheus metrics of the bastion."""

from prometheus_client import Counter, Gauge

from mydocker_kit.observability.renamed_metrics import keep_old_name

CONNECTIONS = Gauge("mydocker_ssh_connections", "Authenticated SSH connections")
UNAUTHENTICATED = Gauge(
    "mydocker_ssh_unauthenticated_connections", "SSH connections that are not authenticated yet"
)
LOGINS = Counter("mydocker_ssh_logins_total", "Login attempts", ["outcome"])
CHANNELS = Counter("mydocker_ssh_channels_total", "Requested SSH channels", ["kind", "outcome"])
DISCONNECTS = Counter(
    "mydocker_ssh_disconnects_total", "SSH connections that the bastion closed", ["reason"]
)
DESKTOPS = Gauge("mydocker_desktop_connections", "Desktops that are open in a browser")
DESKTOP_CONNECTS = Counter("mydocker_desktop_connects_total", "Requested desktops", ["outcome"])
DESKTOP_DISCONNECTS = Counter(
    "mydocker_desktop_disconnects_total", "Desktops that ended", ["reason"]
)
DESKTOP_BYTES = Counter(
    "mydocker_desktop_bytes_total", "Bytes through the desktop bridge", ["direction"]
)
STREAMS = Gauge("mydocker_stream_connections", "Streams that are open to environments")
STREAM_CONNECTS = Counter("mydocker_stream_connects_total", "Requested streams", ["outcome"])
STREAM_DISCONNECTS = Counter(
    "mydocker_stream_disconnects_total", "Streams that the bastion ended", ["reason"]
)

# Old names, until the next release.
keep_old_name(UNAUTHENTICATED, "mydocker_ssh_unknown_connections")
keep_old_name(DISCONNECTS, "mydocker_ssh_ends")
keep_old_name(DESKTOP_CONNECTS, "mydocker_desktop_visits")
keep_old_name(DESKTOP_DISCONNECTS, "mydocker_desktop_ends")
