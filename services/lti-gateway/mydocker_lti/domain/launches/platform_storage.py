"""LTI platform storage: the platform's page stores the login secret where cookies are blocked.

https://www.imsglobal.org/spec/lti-cs-oidc/v0p1, https://www.imsglobal.org/spec/lti-pm-s/v0p1
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

_LONGEST = 255


@dataclass(frozen=True)
class PlatformStorage:
    """Address of an entry in the storage of the platform's page (`lti.put_data`)."""

    frame: str
    """`_parent`, or the name of a sibling frame."""
    origin: str
    """The only origin that messages are sent to and accepted from."""
    key: str


def storage_of(frame: str, authorization_url: str, state_digest: str) -> PlatformStorage:
    """The entry of one login; each login has its own, so tabs do not overwrite each other."""
    parts = urlsplit(authorization_url)
    origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}".lower()
    return PlatformStorage(frame, origin, f"mydocker-state-{state_digest[:16]}")


def usable_frame(name: str | None) -> str | None:
    """The frame's name, or None if it cannot be a frame's name."""
    if not name or len(name) > _LONGEST or not name.isprintable():
        return None
    return name
