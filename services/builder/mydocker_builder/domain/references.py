"""References of images: how they are written, and whether the operator allows their registry.

Reference: the grammar in `reference.go` of github.com/distribution/reference. A name whose first
part has no dot, no port and is not `localhost` is Docker Hub's; one without a folder there is in
`library`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_HUB = "docker.io"
_HOST = re.compile(
    r"^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*(:\d{1,5})?$"
)
_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_PATH = re.compile(rf"^{_PART}(?:/{_PART})*$")
_TAG = re.compile(r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$")
_DIGEST = re.compile(r"^sha256:[0-9a-f]{64}$")


class ReferenceInvalid(ValueError):
    """No reference of an image."""


@dataclass(frozen=True)
class Reference:
    """An image in a registry."""

    host: str
    path: str
    tag: str | None
    digest: str | None

    @property
    def name(self) -> str:
        """Registry and path."""
        return f"{self.host}/{self.path}"

    @property
    def sought(self) -> str:
        """What the registry is asked for: a digest needs no tag."""
        return self.by(self.digest) if self.digest else f"{self.name}:{self.tag}"

    def by(self, digest: str) -> str:
        """The same image by digest."""
        return f"{self.name}@{digest}"

    def __str__(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        return f"{self.name}{tag}" + (f"@{self.digest}" if self.digest else "")


def parse_reference(text: str) -> Reference:
    """The reference in its full form, `latest` where it names neither tag nor digest."""
    rest, _, digest = text.strip().partition("@")
    if digest and not _DIGEST.match(digest):
        raise ReferenceInvalid(f"{digest} is no digest: sha256: and 64 hexadecimal digits")
    folder, slash, last = rest.rpartition("/")
    last, colon, tag = last.partition(":")
    if colon and not _TAG.match(tag):
        raise ReferenceInvalid(f"{tag!r} is no tag")
    host, path = _split(f"{folder}{slash}{last}")
    if not _HOST.match(host) or not _PATH.match(path):
        raise ReferenceInvalid(f"{text} is no reference of an image")
    return Reference(host, path, tag or (None if digest else "latest"), digest or None)


def _split(name: str) -> tuple[str, str]:
    first, slash, path = name.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        host = _HUB if first == "index.docker.io" else first
    else:
        host, path = _HUB, name
    return host, f"library/{path}" if host == _HUB and "/" not in path else path


def parse_prefixes(text: str) -> tuple[str, ...]:
    """Registries, or parts of one (`ghcr.io/school`), separated by commas; ValueError if unusable.

    The operator names them on purpose: an address of the institution's network is one too.
    """
    prefixes = tuple(entry.strip().rstrip("/") for entry in text.split(",") if entry.strip())
    for prefix in prefixes:
        host, slash, path = prefix.partition("/")
        is_host = _HOST.match(host) and ("." in host or ":" in host or host == "localhost")
        if not is_host or (slash and not _PATH.match(path)):
            raise ValueError(f"{prefix} is no name of a registry")
    return prefixes


def is_within(reference: Reference, prefixes: Sequence[str]) -> bool:
    """Whether one of these registries, or parts of one, holds the image."""
    return any(f"{reference.name}/".startswith(f"{prefix}/") for prefix in prefixes)
