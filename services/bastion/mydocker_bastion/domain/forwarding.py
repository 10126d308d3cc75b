"""Where a tunnel may lead: into one's own environment, and nowhere else."""

from ipaddress import ip_address

_NAMES = frozenset({"localhost", "localhost.", "localhost.localdomain", "ip6-localhost"})


def stays_inside(host: str) -> bool:
    """Whether this destination is the environment itself, as seen from within it."""
    if host.lower() in _NAMES:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
