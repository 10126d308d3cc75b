"""The records that package managers leave in an image: where they lie, and what they say. Pure.

Everything comes from a stranger's image: a record may be anything. What cannot be read as a record
is left out, and `Unreadable` says so.
"""

import json
import re
from collections.abc import Callable, Iterator
from email.parser import HeaderParser

from mydocker_kit.contracts.builder.packages import ImagePackage, PackageKind
from mydocker_kit.contracts.values import clean_line

_LONGEST = 200
_SOURCE_VERSION = re.compile(r"\s*\(.*\)\s*$")
Parser = Callable[[str, str], Iterator[ImagePackage]]


class Unreadable(ValueError):
    """A record that does not say what records of its kind say."""


def parser_for(path: str) -> Parser | None:
    """What reads the file at this path; None: no record."""
    for pattern, parser in _RECORDS:
        if pattern.search(path):
            return parser
    return None


def distribution(text: str) -> str:
    """`debian 12` of an os-release file."""
    facts = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    named = [facts.get(key, "").strip().strip("\"'") for key in ("ID", "VERSION_ID")]
    return clean_line(" ".join(part for part in named if part))[:_LONGEST]


def _package(kind: PackageKind, name: object, version: object, source: str = "") -> ImagePackage:
    texts = [clean_line(str(text or "")).strip()[:_LONGEST] for text in (name, version, source)]
    if not texts[0] or not texts[1]:
        raise Unreadable(f"no name or no version of a package of {kind}")
    return ImagePackage(kind=kind, name=texts[0], version=texts[1], source=texts[2])


def _dpkg(_path: str, text: str) -> Iterator[ImagePackage]:
    for stanza in text.split("\n\n"):
        fields = _stanza(stanza)
        if "Package" not in fields or " installed" not in f" {fields.get('Status', 'installed')}":
            continue
        source = _SOURCE_VERSION.sub("", fields.get("Source", ""))
        yield _package(PackageKind.DEB, fields["Package"], fields.get("Version"), source)


def _stanza(text: str) -> dict[str, str]:
    """The first line of each field."""
    lines = (line for line in text.splitlines() if line[:1] not in (" ", "\t") and ":" in line)
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _apk(_path: str, text: str) -> Iterator[ImagePackage]:
    for stanza in text.split("\n\n"):
        fields = dict(line.split(":", 1) for line in stanza.splitlines() if line[1:2] == ":")
        if "P" in fields:
            yield _package(PackageKind.APK, fields["P"], fields.get("V"), fields.get("o", ""))


def _python(_path: str, text: str) -> Iterator[ImagePackage]:
    head = HeaderParser().parsestr(text.partition("\n\n")[0])
    name = re.sub(r"[-_.]+", "-", str(head.get("Name") or "")).lower()  # PEP 503
    yield _package(PackageKind.PYPI, name, head.get("Version"))


def _node(_path: str, text: str) -> Iterator[ImagePackage]:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable("package.json is no JSON") from error
    # Packages hold further package.json files, without a version, that name no package.
    if isinstance(said, dict) and said.get("name") and said.get("version"):
        yield _package(PackageKind.NPM, said["name"], said["version"])


def _conda(path: str, _text: str) -> Iterator[ImagePackage]:
    parts = path.rpartition("/")[2].removesuffix(".json").rsplit("-", 2)
    if len(parts) == 3:
        yield _package(PackageKind.CONDA, parts[0], parts[1])


def _r(_path: str, text: str) -> Iterator[ImagePackage]:
    fields = _stanza(text)
    yield _package(PackageKind.CRAN, fields.get("Package"), fields.get("Version"))


_RECORDS: tuple[tuple[re.Pattern[str], Parser], ...] = tuple(
    (re.compile(pattern), parser)
    for pattern, parser in (
        (r"^var/lib/dpkg/status$", _dpkg),
        (r"^var/lib/dpkg/status\.d/(?![^/]*\.md5sums$)[^/]+$", _dpkg),
        (r"^(usr/)?lib/apk/db/installed$", _apk),
        (r"\.dist-info/METADATA$", _python),
        (r"\.egg-info(/PKG-INFO)?$", _python),
        (r"(^|/)node_modules/(@[^/]+/)?[^/@]+/package\.json$", _node),
        (r"(^|/)conda-meta/[^/]+\.json$", _conda),
        (r"(^|/)(site-)?library/[^/]+/DESCRIPTION$", _r),
    )
)
OS_RELEASE = re.compile(r"^(etc|usr/lib)/os-release$")
RPM = re.compile(r"^(var/lib|usr/lib/sysimage)/rpm/(rpmdb\.sqlite|Packages(\.db)?)$")
"""Databases of rpm, which are not read."""
