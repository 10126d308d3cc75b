"""Address ranges nobody on this machine uses yet."""

import ipaddress
import json
from collections.abc import Iterable, Iterator

from ..commands import run
from ..failures import CannotStart

Network = ipaddress.IPv4Network


def used_here() -> list[Network]:
    """Every range this machine routes to or has an address in."""
    routes = json.loads(run(["ip", "-4", "-json", "route", "show", "table", "all"], why="routes"))
    texts = [str(route["dst"]) for route in routes if route["dst"] != "default"]
    return [ipaddress.ip_network(text, strict=False) for text in texts]  # type: ignore[misc]


def free_subnet(pool: str, prefix: int, used: Iterable[Network]) -> Network:
    """The first range of this size in `pool` that overlaps nothing in `used`."""
    taken = list(used)
    for candidate in _candidates(pool, prefix):
        if not any(candidate.overlaps(other) for other in taken):
            return candidate
    raise CannotStart(f"no free address range is left in {pool}: remove unused Docker networks.")


def _candidates(pool: str, prefix: int) -> Iterator[Network]:
    yield from ipaddress.IPv4Network(pool).subnets(new_prefix=prefix)
