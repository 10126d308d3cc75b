"""Looking at a machine before touching it: mirrors, ports, ranges, disks, keys."""

import ipaddress
import os
import socket
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from deploy.demo.engines import apt_sources, authorities
from deploy.machine.failures import CannotStart
from deploy.machine.instance import Instance
from deploy.machine.keys import ROLES, SERVICES, Keys
from deploy.machine.network.ports import Ports, holder, is_free
from deploy.machine.network.subnets import free_subnet
from deploy.machine.processes import Supervisor
from deploy.machine.record import RecordFile

from deploy.demo import preflight
from mydocker_kit.tokens import ServiceIdentity, ServiceTrust


def test_mirrors_are_read_in_both_forms(tmp_path: Path) -> None:
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list").write_text(
        "# deb http://old.test/debian bookworm main\n"
        "deb [signed-by=/k.gpg] http://a.test/debian bookworm main contrib # ours\n"
        "deb-src http://a.test/debian bookworm main\n"
        "deb http://a.test/debian trixie main\n"
    )
    (tmp_path / "sources.list.d/debian.sources").write_text(
        "Types: deb\n# a comment\nURIs: http://b.test/debian\nSuites: bookworm bookworm-updates\n"
        "Components: main\n\nEnabled: no\nTypes: deb\nURIs: http://c.test\nSuites: bookworm\n"
        "Components: main\n\nTypes: deb\nURIs: http://node.test\nSuites: nodistro\n"
        "Components: main\n"
    )
    sources = apt_sources.of_machine(tmp_path)
    assert [source.entry for source in sources] == [
        "deb http://a.test/debian bookworm main contrib",
        "deb http://b.test/debian bookworm main",
        "deb http://b.test/debian bookworm-updates main",
    ]
    assert apt_sources.mirror(sources) == "http://a.test/debian"


_TRIXIE = """Types: deb
URIs: http://a.test/debian
Suites: trixie trixie-updates
Components: main non-free-firmware

Types: deb
URIs: http://a.test/debian-security/
Suites: trixie-security
Components: main

Types: deb
URIs: http://project.test/apt
Suites: trixie
Components: main

Types: deb
URIs: http://a.test/debian
Suites: trixie-backports
Components: main
"""


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        (
            'ID=debian\nVERSION_CODENAME="trixie"\n',
            [
                "deb http://a.test/debian bookworm main",
                "deb http://a.test/debian bookworm-updates main",
                "deb http://a.test/debian-security/ bookworm-security main",
            ],
        ),
        ("ID=ubuntu\nVERSION_CODENAME=trixie\n", []),
        ("", []),
    ],
)
def test_a_later_debian_names_a_mirror_of_the_base_image_too(
    tmp_path: Path, system: str, expected: list[str]
) -> None:
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list.d/debian.sources").write_text(_TRIXIE)
    (tmp_path / "os-release").write_text(system)
    sources = apt_sources.of_machine(tmp_path, tmp_path / "os-release")
    assert [source.entry for source in sources] == expected


def test_no_mirror_says_what_to_set() -> None:
    with pytest.raises(CannotStart, match="MYDOCKER_DEBIAN_MIRROR"):
        apt_sources.mirror([])


@pytest.fixture
def with_rights(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if whoever runs the tests were root: rights are asked for before everything else."""
    monkeypatch.setattr(preflight, "_rights", lambda: None)


@pytest.mark.usefixtures("with_rights")
def test_a_taken_port_names_who_holds_it(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not is_free(port)
        assert holder(port).endswith(f"(process {os.getpid()})")
        instance = Instance("t", tmp_path, Ports(port))
        with pytest.raises(CannotStart, match=f"port {port} .edge. is held by .*PORTS="):
            preflight.check(instance, Supervisor(instance))


@pytest.mark.usefixtures("with_rights")
def test_a_full_disk_is_refused_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preflight, "_DISK_BYTES", 1 << 60)
    instance = Instance("t", tmp_path / "not/yet", Ports(21000))
    with pytest.raises(CannotStart, match="STATE=/large"):
        preflight.check(instance, Supervisor(instance))
    assert not instance.state.exists()


def test_ranges_in_use_are_left_alone() -> None:
    used = [ipaddress.IPv4Network("10.99.0.0/22"), ipaddress.IPv4Network("10.99.4.0/24")]
    assert str(free_subnet("10.99.0.0/16", 22, used)) == "10.99.8.0/22"
    with pytest.raises(CannotStart, match="no free address range"):
        free_subnet("10.99.0.0/22", 22, used)


def test_two_instances_share_no_name(tmp_path: Path) -> None:
    demo, other = (Instance(name, tmp_path / name, Ports()) for name in ("demo", "t1"))
    for part in ("run", "network", "environment_bridge", "build_bridge", "mark"):
        assert getattr(demo, part) != getattr(other, part)
    assert len(f"{other.environment_bridge}-12") <= 15


def test_keys_are_made_once_and_only_for_their_owner(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "secrets")
    keys.make("127.0.0.1", 8106)
    before = {file.name: file.read_bytes() for file in keys.folder.iterdir() if file.is_file()}
    keys.make("127.0.0.1", 9106)
    after = {file.name: file.read_bytes() for file in keys.folder.iterdir() if file.is_file()}
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {f"{role}-database-url" for role in ROLES}
    assert stat.S_IMODE(keys.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE((keys.folder / name).stat().st_mode) for name in after} == {0o600}


def test_services_trust_each_other_with_these_keys(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "secrets")
    keys.make("127.0.0.1", 8106)
    trust = ServiceTrust.load("mydocker-api", keys.trusted)
    assert set(trust.keys) == {f"mydocker-{service}" for service in SERVICES}
    pem = keys.service_key("builder").read_text()
    token = ServiceIdentity.load("mydocker-builder", pem).token_for(
        "mydocker-api", datetime.now(UTC)
    )
    assert trust.caller(token) == "mydocker-builder"


def test_extra_authorities_reach_programs_but_never_override_a_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = tmp_path / "bundle.crt"
    bundle.write_text("x")
    (tmp_path / "proxy.crt").write_text("x")
    monkeypatch.setattr(authorities, "FOLDER", tmp_path)
    monkeypatch.setattr(authorities, "BUNDLE", bundle)
    environment = {"PIP_CERT": "/mine"}
    authorities.trust_here(environment)
    assert environment["PIP_CERT"] == "/mine"
    assert environment["NODE_EXTRA_CA_CERTS"] == str(bundle)


def test_a_record_survives_and_changes_whole(tmp_path: Path) -> None:
    record = RecordFile(tmp_path / "state")
    assert not record.read().swarm_made
    record.change(swarm_made=True)
    record.change(engine_url="unix:///x")
    assert (record.read().swarm_made, record.read().engine_url) == (True, "unix:///x")
