"""What `python -m deploy.compose init` tells Compose about sign-in, and which service gets it."""

import argparse
import re
from pathlib import Path

import pytest
from deploy.compose.__main__ import _parser, _settings, own_lines
from deploy.machine.failures import CannotStart
from deploy.machine.instance import ROOT, Instance
from deploy.machine.network.ports import Ports

from mydocker_lti.settings import GatewaySettings


def asked(folder: Path, *more: str) -> argparse.Namespace:
    (folder / "socket").touch()
    origins = ("--app-origin", "https://labs.example.org", "--content-origin", "https://e.example")
    return _parser().parse_args(["init", *origins, "--socket", str(folder / "socket"), *more])


def settings_of(folder: Path, *more: str) -> list[str]:
    return _settings(asked(folder, *more), Instance("m", folder, Ports())).splitlines()


def test_the_folder_of_the_providers_is_named_once_it_holds_their_file(tmp_path: Path) -> None:
    assert not [line for line in settings_of(tmp_path) if "SIGN_IN" in line]
    with pytest.raises(CannotStart, match=r"providers\.toml is missing"):
        settings_of(tmp_path, "--sign-in", str(tmp_path))
    (tmp_path / "providers.toml").touch()
    lines = settings_of(tmp_path, "--sign-in", str(tmp_path))
    assert f"MYDOCKER_SIGN_IN='{tmp_path}'" in lines
    assert "MYDOCKER_SIGN_IN_PROVIDERS='/sign-in/providers.toml'" in lines


def test_compose_hands_the_folder_to_the_gateway_alone() -> None:
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    gateway = text[text.index("  lti-gateway:") : text.index("  bastion:")]
    assert text.count("/sign-in:ro") == gateway.count("/sign-in:ro") == 1
    assert "MYDOCKER_SIGN_IN_PROVIDERS: ${MYDOCKER_SIGN_IN_PROVIDERS:-}" in gateway


def test_every_container_says_how_many_files_it_may_open() -> None:
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    common, services = text.split("\nservices:\n")
    assert "ulimits: &limits {nofile: 16384," in common
    blocks = re.split(r"^  (?=[a-z-]+:$)", services.split("\nvolumes:\n")[0], flags=re.MULTILINE)
    containers = {block.partition(":")[0]: block for block in blocks if block.strip()}
    assert len(containers) > 5
    for name, block in containers.items():
        assert "<<: *service" in block or "ulimits: *limits" in block, name


def test_an_empty_setting_means_no_provider() -> None:
    assert GatewaySettings._empty_is_none("") is None


def test_lines_of_the_operator_stay(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    assert own_lines(path, "MYDOCKER_NAME='m'\n") == ""
    path.write_text("MYDOCKER_NAME='old'\n# ours\nMYDOCKER_PULL=missing\n", encoding="utf-8")
    assert own_lines(path, "MYDOCKER_NAME='m'\n") == "# ours\nMYDOCKER_PULL=missing\n"


@pytest.mark.parametrize(("origin", "expected"), [("http", "off"), ("https", "disable_redirects")])
def test_http_switches_automatic_https_off(tmp_path: Path, origin: str, expected: str) -> None:
    lines = settings_of(tmp_path, "--app-origin", f"{origin}://localhost:8000")
    assert f"MYDOCKER_EDGE_AUTO_HTTPS='{expected}'" in lines
