"""Cards of ports that people reach themselves, and of those they reach through us."""

from dataclasses import replace
from typing import Any

import pytest
from tests.api.campus import SSH, WEB, Campus
from tests.api.environments.windows import ready, window
from tests.support.waiting import until

from mydocker_kit.contracts.orchestrator.environments import Address

VNC = {"title": "Desktop", "kind": "vnc", "number": 5900}
TCP = {"title": "Database", "kind": "tcp", "number": 80}
NUMBERS = {8888: 32768, 22: 20001, 5900: 20002, 80: 20003}


async def cards(
    campus: Campus, ports: list[dict[str, Any]], direct_host: str | None
) -> tuple[str, dict[str, dict[str, Any]]]:
    """The person's login name, and the cards of a running environment by kind."""
    teacher = await campus.teacher()
    course = await campus.course(teacher, ports=ports)
    ada = await campus.student(course)
    id = await ready(campus, ada, course)
    addresses = tuple(
        Address(
            port=port["number"],
            host="10.0.0.4",
            host_port=NUMBERS[port["number"]],
            direct_host=direct_host if port is not WEB else None,
        )
        for port in ports
    )
    before = (await window(ada, course))["version"]
    await campus.orchestrator.record(id, addresses=addresses)

    async def heard() -> Any:
        shown = await window(ada, course)
        return shown if shown["version"] > before else None

    shown = await until(heard)
    return shown["username"], {card["kind"]: card for card in shown["connections"]}


async def test_a_direct_port_is_the_one_way_shown_and_the_other_is_folded_away(
    campus: Campus,
) -> None:
    name, there = await cards(campus, [WEB, SSH, VNC, TCP], "cpu1.labs.example.org")
    ssh = there["ssh"]
    assert ssh["command"] == f"ssh -p 20001 {name}@cpu1.labs.example.org"
    assert ssh["bastion_command"] == f"ssh -p 2222 {name}@localhost"
    assert ssh["fingerprint"] is None, "it is the bastion's, and nobody knows the environment's"
    for kind, number in (("ssh", 20001), ("vnc", 20002), ("tcp", 20003)):
        card = there[kind]
        way = (card["direct"], card["host"], card["host_port"], card["tunnel_command"])
        assert way == (True, "cpu1.labs.example.org", number, None)
    assert (there["web"]["host"], there["web"]["direct"]) == (None, False)


@pytest.fixture
def far(campus: Campus) -> Campus:
    """People sit at other machines than the platform's."""
    settings = campus.services.settings.model_copy(update={"ssh_host": "labs.example.org"})
    campus.app.state.services = replace(campus.services, settings=settings)
    return campus


async def test_without_one_a_tunnel_leads_there(far: Campus) -> None:
    name, there = await cards(far, [WEB, SSH, VNC, TCP], None)
    bastion = f"{name}@labs.example.org"
    assert there["ssh"]["command"] == f"ssh -p 2222 {bastion}"
    assert there["ssh"]["bastion_command"] is None
    vnc, tcp = there["vnc"], there["tcp"]
    assert vnc["tunnel_command"] == f"ssh -p 2222 -N -L 5900:localhost:5900 {bastion}"
    assert (vnc["host"], vnc["host_port"], vnc["direct"]) == ("localhost", 5900, False)
    assert tcp["tunnel_command"] == f"ssh -p 2222 -N -L 10080:localhost:80 {bastion}"
    assert tcp["host_port"] == 10080


async def test_without_an_ssh_server_the_tunnel_is_the_bastions_own(far: Campus) -> None:
    name, there = await cards(far, [WEB, TCP], None)
    command = f"ssh -p 2222 -N -L 10080:localhost:80 {name}@labs.example.org"
    assert (there["tcp"]["host"], there["tcp"]["tunnel_command"]) == ("localhost", command)
