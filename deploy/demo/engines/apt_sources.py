"""Which Debian mirror this machine uses, so that the base image uses the same.

The base image is Debian 12. On a later Debian the machine's sources name another release; a mirror
of Debian holds them all, so the same addresses serve with the older release's name.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from deploy.machine.failures import CannotStart

SUITE = "bookworm"
_ARCHIVES = ("/debian", "/debian-security")
_CLASSIC_ENTRY = re.compile(r"^deb\s+(?:\[[^]]*\]\s+)?(\S+)\s+(\S+)\s+(.+)$")


@dataclass(frozen=True)
class Source:
    """One archive, suite and its components."""

    uri: str
    suite: str
    components: str

    @property
    def entry(self) -> str:
        return f"deb {self.uri} {self.suite} {self.components}"


def of_machine(
    folder: Path = Path("/etc/apt"), release: Path = Path("/etc/os-release")
) -> list[Source]:
    """Debian 12 archives this machine can install from; those of other projects are left out."""
    given = os.environ.get("MYDOCKER_DEBIAN_MIRROR")
    if given:
        return [Source(given, SUITE, "main")]
    files = [folder / "sources.list", *sorted((folder / "sources.list.d").glob("*"))]
    sources: list[Source] = []
    for file in files:
        if file.suffix in (".list", ".sources"):
            text = _text(file)
            sources += _stanzas(text) if file.suffix == ".sources" else _lines(text)
    sources = [source for source in sources if "main" in source.components.split()]
    ours = [source for source in sources if source.suite.split("-")[0] == SUITE]
    if not ours and (here := _debian_release(release)):
        ours = [_older(source, here) for source in sources if _is_debians_own(source, here)]
    return list(dict.fromkeys(ours))


def _debian_release(file: Path) -> str:
    """The name of this machine's Debian release; nothing on other systems."""
    pairs = (line.split("=", 1) for line in _text(file).splitlines() if "=" in line)
    fields = {name: value.strip("\"'") for name, value in pairs}
    return fields.get("VERSION_CODENAME", "") if fields.get("ID") == "debian" else ""


def _is_debians_own(source: Source, release: str) -> bool:
    """Other projects name their suites after Debian's releases too, but not their archives."""
    suites = (release, f"{release}-updates", f"{release}-security")
    return source.suite in suites and source.uri.rstrip("/").endswith(_ARCHIVES)


def _older(source: Source, release: str) -> Source:
    return Source(source.uri, source.suite.replace(release, SUITE, 1), "main")


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""


def mirror(sources: list[Source]) -> str:
    """Where the release itself is found."""
    for source in sources:
        if source.suite == SUITE:
            return source.uri
    raise CannotStart(
        "no Debian 12 mirror is named in /etc/apt: set MYDOCKER_DEBIAN_MIRROR to one you can reach."
    )


def _lines(text: str) -> list[Source]:
    matches = (_CLASSIC_ENTRY.match(line.strip()) for line in text.splitlines())
    return [
        Source(match[1], match[2], match[3].split("#")[0].strip()) for match in matches if match
    ]


def _stanzas(text: str) -> list[Source]:
    sources: list[Source] = []
    for stanza in re.split(r"\n\s*\n", text):
        fields = _fields(stanza)
        if fields.get("enabled", "yes") == "no" or "deb" not in fields.get("types", "").split():
            continue
        for uri in fields.get("uris", "").split():
            suites = fields.get("suites", "").split()
            sources += [Source(uri, suite, fields.get("components", "")) for suite in suites]
    return sources


def _fields(stanza: str) -> dict[str, str]:
    lines = [line for line in stanza.splitlines() if not line.startswith("#")]
    pairs = (line.split(":", 1) for line in lines if ":" in line and not line.startswith(" "))
    return {name.strip().lower(): value.strip() for name, value in pairs}
