"""Which Debian mirror this machine uses, so that the base image uses the same."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from .errors import CannotStart

SUITE = "bookworm"
_ONE_LINE = re.compile(r"^deb\s+(?:\[[^]]*\]\s+)?(\S+)\s+(\S+)\s+(.+)$")


@dataclass(frozen=True)
class Source:
    """One archive, suite and its components."""

    uri: str
    suite: str
    components: str

    @property
    def line(self) -> str:
        return f"deb {self.uri} {self.suite} {self.components}"


def of_machine(folder: Path = Path("/etc/apt")) -> list[Source]:
    """Debian 12 archives this machine installs from; those of other projects are left out."""
    given = os.environ.get("MYDOCKER_DEBIAN_MIRROR")
    if given:
        return [Source(given, SUITE, "main")]
    files = [folder / "sources.list", *sorted((folder / "sources.list.d").glob("*"))]
    found: list[Source] = []
    for file in files:
        if file.suffix in (".list", ".sources") and file.exists():
            text = file.read_text(encoding="utf-8", errors="replace")
            found += _stanzas(text) if file.suffix == ".sources" else _lines(text)
    ours = [source for source in found if source.suite.split("-")[0] == SUITE]
    return list(dict.fromkeys(source for source in ours if "main" in source.components.split()))


def mirror(sources: list[Source]) -> str:
    """Where the release itself is found."""
    for source in sources:
        if source.suite == SUITE:
            return source.uri
    raise CannotStart(
        "no Debian 12 mirror is named in /etc/apt: set MYDOCKER_DEBIAN_MIRROR to one you can reach."
    )


def _lines(text: str) -> list[Source]:
    matches = (_ONE_LINE.match(line.strip()) for line in text.splitlines())
    return [
        Source(match[1], match[2], match[3].split("#")[0].strip()) for match in matches if match
    ]


def _stanzas(text: str) -> list[Source]:
    found: list[Source] = []
    for stanza in re.split(r"\n\s*\n", text):
        fields = _fields(stanza)
        if fields.get("enabled", "yes") == "no" or "deb" not in fields.get("types", "").split():
            continue
        for uri in fields.get("uris", "").split():
            suites = fields.get("suites", "").split()
            found += [Source(uri, suite, fields.get("components", "")) for suite in suites]
    return found


def _fields(stanza: str) -> dict[str, str]:
    lines = [line for line in stanza.splitlines() if not line.startswith("#")]
    pairs = (line.split(":", 1) for line in lines if ":" in line and not line.startswith(" "))
    return {name.strip().lower(): value.strip() for name, value in pairs}
