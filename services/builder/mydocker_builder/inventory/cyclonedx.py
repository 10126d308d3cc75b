"""The list of an image's packages as a CycloneDX 1.5 document.

Reference: https://cyclonedx.org/docs/1.5/json, and https://github.com/package-url/purl-spec.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from mydocker_kit.contracts.builder.packages import (
    BuildInventory,
    ImagePackage,
    InventoryState,
    PackageKind,
)
from mydocker_kit.version import VERSION

Json = dict[str, Any]
_AGGREGATES = {
    InventoryState.COMPLETE: "complete",
    InventoryState.PARTIAL: "incomplete",
    InventoryState.UNKNOWN: "unknown",
}


def document(
    inventory: BuildInventory, reference: str, packages: Sequence[ImagePackage], now: datetime
) -> Json:
    """The document of one published image, `reference` by digest."""
    made = (inventory.read_at or now).isoformat(timespec="seconds").replace("+00:00", "Z")
    purls = [purl(package, inventory.distribution) for package in packages]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{inventory.build_id}",
        "version": 1,
        "metadata": {
            "timestamp": made,
            "tools": {
                "components": [{"type": "application", "name": "MyDocker", "version": VERSION}]
            },
            "component": {"type": "container", "bom-ref": reference, "name": reference},
            "properties": [
                {"name": "mydocker:state", "value": inventory.state.value},
                {"name": "mydocker:detail", "value": inventory.detail},
            ],
        },
        "components": [
            {
                "type": "library",
                "bom-ref": name,
                "name": package.name,
                "version": package.version,
                "purl": name,
            }
            for package, name in zip(packages, purls, strict=True)
        ],
        "compositions": [{"aggregate": _AGGREGATES[inventory.state], "assemblies": [reference]}],
    }


def purl(package: ImagePackage, distribution: str) -> str:
    """The package URL of a package."""
    name, system = package.name, distribution.partition(" ")[0]
    space, qualifiers = "", ""
    if package.kind in (PackageKind.DEB, PackageKind.APK) and system:
        space = f"{quote(system, safe='')}/"
        qualifiers = f"?distro={quote(distribution.replace(' ', '-'), safe='.-')}"
    elif package.kind is PackageKind.NPM and "/" in name:
        scope, _, name = name.partition("/")
        space = f"{quote(scope, safe='')}/"
    version = quote(package.version, safe=".-+~:_").replace("+", "%2B")
    return f"pkg:{package.kind}/{space}{quote(name, safe='.-_')}@{version}{qualifiers}"
