"""What the bastion counts."""

from prometheus_client import Counter, Gauge

CONNECTIONS = Gauge("mydocker_ssh_connections", "Connections of people who are in")
UNKNOWN = Gauge("mydocker_ssh_unknown_connections", "Connections that have proven nothing yet")
LOGINS = Counter("mydocker_ssh_logins_total", "Attempts to come in", ["outcome"])
CHANNELS = Counter("mydocker_ssh_channels_total", "Channels asked for", ["kind", "outcome"])
ENDS = Counter("mydocker_ssh_ends_total", "Connections that the bastion ended", ["reason"])
DESKTOPS = Gauge("mydocker_desktop_connections", "Desktops that are open in a browser")
DESKTOP_VISITS = Counter("mydocker_desktop_visits_total", "Desktops asked for", ["outcome"])
DESKTOP_ENDS = Counter("mydocker_desktop_ends_total", "Desktops that ended", ["reason"])
DESKTOP_BYTES = Counter("mydocker_desktop_bytes_total", "What passed the bridge", ["direction"])
