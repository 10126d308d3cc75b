"""Where a platform's page keeps a login's secret for us, when a browser keeps no cookie.

https://www.imsglobal.org/spec/lti-cs-oidc/v0p1, https://www.imsglobal.org/spec/lti-pm-s/v0p1
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

_LONGEST = 255


@dataclass(frozen=True)
class PlatformStorage:
    """One entry in the storage of the platform's page."""

    frame: str
    """`_parent`, or the name of a frame beside ours."""
    origin: str
    """The only origin we speak to, and the only one we believe."""
    key: str


def storage_of(frame: str, authorization_url: str, state_digest: str) -> PlatformStorage:
    """The entry of one login: two tabs must not overwrite each other's."""
    parts = urlsplit(authorization_url)
    origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}".lower()
    return PlatformStorage(frame, origin, f"mydocker-state-{state_digest[:16]}")


def usable_frame(name: str | None) -> str | None:
    """The frame's name, when it can be one."""
    if not name or len(name) > _LONGEST or not name.isprintable():
        return None
    return name
