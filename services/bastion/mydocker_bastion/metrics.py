"""What the bastion counts."""

from prometheus_client import Counter, Gauge

CONNECTIONS = Gauge("mydocker_ssh_connections", "Connections of people who are in")
UNKNOWN = Gauge("mydocker_ssh_unknown_connections", "Connections that have proven nothing yet")
LOGINS = Counter("mydocker_ssh_logins_total", "Attempts to come in", ["outcome"])
CHANNELS = Counter("mydocker_ssh_channels_total", "Channels asked for", ["kind", "outcome"])
ENDS = Counter("mydocker_ssh_ends_total", "Connections that the bastion ended", ["reason"])
