"""Which destinations a tunnel may have: the own environment only."""

from ipaddress import ip_address

_NAMES = frozenset({"localhost", "localhost.", "localhost.localdomain", "ip6-localhost"})


def is_own_environment(host: str) -> bool:
    """Whether this host is the environment itself, as seen from within it."""
    if host.lower() in _NAMES:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
