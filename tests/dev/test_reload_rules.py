"""Which services start again when files change."""

from pathlib import Path

from deploy.machine.instance import ROOT

from tests.support.dev.reload import NAMES, changed_services

API = ROOT / "services/api/mydocker_api/main.py"
KIT = ROOT / "services/kit/mydocker_kit/web/app.py"


def times(**changes: float) -> dict[Path, float]:
    return {API: changes.get("api", 1.0), KIT: changes.get("kit", 1.0)}


def test_nothing_restarts_while_nothing_changes() -> None:
    assert changed_services(times(), times()) == ()


def test_a_saved_file_restarts_its_service_alone() -> None:
    assert changed_services(times(), times(api=2.0)) == ("api",)


def test_the_kit_restarts_everything() -> None:
    assert changed_services(times(), times(kit=2.0)) == NAMES


def test_a_new_and_a_removed_file_are_changes() -> None:
    without = {KIT: 1.0}
    assert changed_services(without, times()) == ("api",)
    assert changed_services(times(), without) == ("api",)
