"""Renamed fields of contracts: services and agents of the last release still understand them."""

from typing import Any

import pytest

from mydocker_kit.contracts.orchestrator.disks import DiskArea, DiskLook, DiskUse

USE = DiskUse(container="a", area=DiskArea.WORK_FOLDER, bytes=7)


@pytest.mark.parametrize("name", ["area", "place"])
def test_a_disk_use_is_read_by_both_names(name: str) -> None:
    body: dict[str, Any] = {"container": "a", name: "work_folder", "bytes": 7}
    assert DiskLook.model_validate({"uses": [body]}).uses == (USE,)


def test_a_disk_use_is_written_for_the_last_release() -> None:
    assert USE.model_dump(mode="json", by_alias=True) == {
        "container": "a",
        "place": "work_folder",
        "bytes": 7,
    }
