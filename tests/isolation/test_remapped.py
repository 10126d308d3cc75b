"""A machine whose engine remaps users: found out, labelled, and environments live on it."""

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from deploy.machine.commands import run

from deploy.node import checks, labels, probe
from mydocker_kit.contracts.orchestrator.environments import Profile, Resources
from mydocker_orchestrator.swarm.hardening import are_users_remapped
from tests.isolation.inside import Ground4Probes, Inside, environment
from tests.support.engines.machines import FIRST_USER, Plan
from tests.support.engines.nodes import NodeLab

SMALL = Resources(cpu=0.25, memory_mib=128)


@pytest.fixture(scope="module")
def lab() -> Iterator[NodeLab]:
    if not os.environ.get("MYDOCKER_TEST_ENGINE"):
        pytest.skip("not inside a network of its own (make engines)")
    with NodeLab([Plan("remapped", "default", remaps_users=True)]) as lab:
        yield lab


@pytest.fixture(scope="module")
def there(lab: NodeLab) -> Ground4Probes:
    """Admitted as it is after these checks."""
    with lab.manager.docker() as docker:
        labels.admit(docker, labels.this_node(docker), remaps=True)
    return Ground4Probes(lab.manager.url, lab.network, lab.image)


def test_its_checks_pass_and_say_that_root_is_nobody_outside(lab: NodeLab) -> None:
    said = lab.command(lab.manager, "check")
    assert f"✓ {checks.USER_NAMESPACES}" in said
    assert "✗" not in said
    with lab.manager.docker() as docker:
        assert "name=userns" in docker.get("/info")["SecurityOptions"]


@pytest.mark.parametrize("profile", Profile)
def test_environments_live_there_as_nobody(
    lab: NodeLab, there: Ground4Probes, profile: Profile
) -> None:
    """Root without an approval, under the constraint that the orchestrator adds."""
    with environment(there, profile, resources=SMALL, approved=False) as inside:
        assert are_users_remapped(container_json(inside)), "and it is read back"
        root_outside, _ = probe.users_of(inside.says("cat", "/proc/self/uid_map")).split()
        assert int(root_outside) == FIRST_USER
        number = 0 if profile is Profile.COMPAT else 1000
        assert owner_outside(inside) == FIRST_USER + number
        written = ("/tmp/x", "/run/x", "/home/student/x")  # noqa: S108 - in the container
        for path in written if profile is Profile.STRICT else written[:1]:
            assert inside.run("sh", "-c", f"echo > {path}").returncode == 0, path


def container_json(inside: Inside) -> dict[str, Any]:
    with Ground4Probes(inside.url, "", "").docker() as docker:
        return dict(docker.get(f"/containers/{inside.id}/json"))


def owner_outside(inside: Inside) -> int:
    """The user its first program has on the machine."""
    pid = container_json(inside)["State"]["Pid"]
    match = re.search(r"^Uid:\s+(\d+)", run(["cat", f"/proc/{pid}/status"], why="probe"), re.M)
    assert match
    return int(match[1])
