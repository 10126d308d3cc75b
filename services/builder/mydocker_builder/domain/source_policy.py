"""What the engine may fetch for a build: BuildKit's source policy.

BuildKit asks it for every source: FROM, COPY --from, RUN --mount=from, ADD of an address or of a
Git repository, and the syntax frontend, also where a trigger (ONBUILD) of a base image brings it
in. The engine fetches from the host's network, so everything is denied but the build's own files
and images of the registries that the operator allows.
Reference: sourcepolicy/pb/policy.proto in github.com/moby/buildkit; the last matching rule decides.
"""

import ipaddress
import json
import re
from collections.abc import Sequence

_REGISTRY = re.compile(r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?(/[a-z0-9._/-]*[a-z0-9])?$")


def parse_registries(text: str) -> tuple[str, ...]:
    """Registries, or parts of one (`ghcr.io/school`), separated by commas; ValueError if unusable.

    Addresses and names without a dot are refused: they would name this machine or its network.
    """
    registries = tuple(entry.strip() for entry in text.split(",") if entry.strip())
    for registry in registries:
        host = registry.partition("/")[0].partition(":")[0]
        if not _REGISTRY.match(registry) or "." not in host or _is_address(host):
            raise ValueError(f"{registry} is no name of a registry")
        if host.endswith(".localhost"):
            raise ValueError(f"{registry} is this machine")
    return registries


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def source_policy(registries: Sequence[str]) -> str:
    """The policy as JSON: only local files, and images of these registries."""
    allowed = ["local://*"]
    for registry in registries:
        image = f"docker-image://{registry}"
        allowed.append(f"{image}/*")
        if "/" in registry:  # it may be an image itself
            allowed += [f"{image}:*", f"{image}@*"]
    rules = [_rule("DENY", "*"), *(_rule("ALLOW", identifier) for identifier in allowed)]
    return json.dumps({"rules": rules})


def _rule(action: str, identifier: str) -> dict[str, object]:
    return {"action": action, "selector": {"identifier": identifier}}
