"""Which Docker engine tests start: the choice, what a suite offers, and what is used offline."""

import os
from pathlib import Path

import pytest
from deploy.demo.engines import engine_packages
from deploy.demo.engines.engine_packages import parse_offer
from deploy.machine.failures import CannotStart
from tests.support.engines import engine_kind
from tests.support.engines.engine_kind import Kind

SHOWN = """Package: docker.io
Version: 28.5.2+dfsg4-5
Depends: debconf (>= 0.5), libc6 (>= 2.34), containerd (>= 1.4~)
Description: Linux container runtime
 Version: not a field

Package: containerd
Version: 2.1.9+ds1-5
Depends: runc (>= 0.1.0~), libc6 (>= 2.9)

Package: docker-cli
Version: 28.5.2+dfsg4-5
Depends: libc6 (>= 2.34)

Package: docker-buildx
Version: 0.29.1+ds1-4

Package: tini-static
Version: 0.19.0-6+b2
"""


def test_the_setting_chooses_and_a_wrong_one_says_what_there_is() -> None:
    assert engine_kind.kind({}) is engine_kind.DEFAULT
    assert engine_kind.kind({engine_kind.SETTING: ""}) is engine_kind.DEFAULT
    assert engine_kind.kind({engine_kind.SETTING: "current"}) is Kind.CURRENT
    with pytest.raises(CannotStart, match="current, debian"):
        engine_kind.kind({engine_kind.SETTING: "newest"})


def test_the_installed_engine_needs_no_change_of_the_environment() -> None:
    given = {"PATH": "/usr/bin", engine_kind.SETTING: "debian"}
    assert engine_kind.environment_for_tests(given) == given


def test_an_offer_names_versions_and_the_newest_c_library_asked_for() -> None:
    offer = parse_offer("forky", SHOWN)
    assert offer.versions["docker.io"] == "28.5.2+dfsg4-5"
    assert offer.libc == "2.34", "2.9 is older than 2.34"
    assert offer.folder_name == "forky-28.5.2+dfsg4-5-2.1.9+ds1-5"


def test_a_suite_that_lacks_a_package_is_no_offer() -> None:
    without = SHOWN.replace("Package: tini-static", "Package: tini")
    with pytest.raises(CannotStart, match="tini-static"):
        parse_offer("forky", without)


@pytest.mark.parametrize(
    ("wanted", "here", "runs"),
    [("2.34", "2.36", True), ("2.38", "2.36", False), ("2.9", "2.36", True), ("", "2.36", True)],
)
def test_an_engine_for_a_newer_c_library_is_not_taken(wanted: str, here: str, runs: bool) -> None:
    assert engine_packages.runs_here(wanted, here) is runs


def _unpacked(cache: Path, name: str) -> None:
    programs = cache / "engines" / name / "bin"
    programs.mkdir(parents=True)
    dockerd = programs / "dockerd"
    dockerd.write_text(f"#!/bin/sh\necho 'Docker version {name}'\n")
    dockerd.chmod(0o755)
    (programs / "containerd").symlink_to("dockerd")


def test_what_was_unpacked_is_used_where_no_mirror_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MYDOCKER_CACHE", str(tmp_path))
    monkeypatch.setenv("MYDOCKER_DEBIAN_MIRROR", "http://127.0.0.1:1/debian")
    with pytest.raises(CannotStart, match="MYDOCKER_DEBIAN_MIRROR"):
        engine_kind.ready()
    _unpacked(tmp_path, "28.0")
    chosen = engine_kind.environment_for_tests(
        {**os.environ, "MYDOCKER_TEST_ENGINE_KIND": "current"}
    )
    assert chosen["PATH"].startswith(str(tmp_path / "engines/28.0/bin"))
    assert chosen[engine_kind.MINIMUM_API] == "1.44", "what Docker 29 refuses is refused"
    said = capfd.readouterr().err
    assert "The engine unpacked last is used" in said
    assert "tests start Docker version 28.0" in said
