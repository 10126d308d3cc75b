"""Joining: what is refused, what the word carries, and whom a node's agent answers."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import httpx
import pytest
from deploy.node.agent import app as agent
from deploy.node.findings import Finding
from deploy.node.guard import Guard
from deploy.node.settings import AUDIENCE, ORCHESTRATOR, Invitation, NodeSettings
from tests.conftest import ServiceKeys
from tests.deploy.demo.test_swarm import Serve
from tests.deploy.demo.test_swarm import serve as serve

from deploy.machine import packages
from deploy.node import __main__ as node
from deploy.node import checks, firewall
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.orchestrator.volumes import VolumeList
from mydocker_kit.tokens import ServiceIdentity

SETTINGS = NodeSettings(
    platform="school",
    network="mydocker-open-school",
    bridge_prefix="mdenv-",
    address="127.0.0.1",
    edges=("198.51.100.7",),
    filtered=("10.1.2.3/32:3128",),
)
CONTAINER: dict[str, dict[str, object]] = {
    "Config": {"User": "1000:1000", "Env": ["MYDOCKER_PASSWORD=x"], "Labels": {}},
    "HostConfig": {"PidsLimit": 512},
}
CONFINED = {
    "AppArmorProfile": "docker-default",
    "ResolvConfPath": "/var/lib/docker/containers/ours/resolv.conf",
}


def test_an_invitation_carries_everything() -> None:
    said = Invitation(settings=SETTINGS, manager="198.51.100.1:2377", token="t")
    assert Invitation.of(said.code()) == said
    assert SETTINGS.networks()[0].name == "mydocker-open-school"
    assert SETTINGS.guard().filtered[0].port == 3128
    assert SETTINGS.guard().direct is None
    assert (SETTINGS.guard().mail, SETTINGS.model_copy(update={"mail": True}).guard().mail) == (
        False,
        True,
    )
    people = SETTINGS.model_copy(update={"direct": "20000:20999"}).guard()
    assert (people.address, str(people.direct)) == ("127.0.0.1", "20000:20999")


def test_a_machine_knows_of_its_manager_what_the_invitation_said() -> None:
    assert not SETTINGS.manager_confines, "an invitation of before: as if it could not"
    for api, confines in (("1.41", False), ("1.43", False), ("1.44", True), ("1.51", True)):
        assert SETTINGS.model_copy(update={"manager_api": api}).manager_confines is confines


def test_a_swarm_on_the_loopback_invites_nobody(
    serve: Serve, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = {
        "/swarm": {"JoinTokens": {"Worker": "t"}},
        "/info": {"Swarm": {"NodeAddr": "127.0.0.1"}},
    }
    with serve(answers) as docker:
        assert node.main(["--engine", docker.url, "invite"]) == 1
    assert "loopback" in capsys.readouterr().err


def test_direct_ports_are_invited_as_a_range_below_the_engines_own(
    serve: Serve, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "trusted").mkdir()
    (tmp_path / f"trusted/{ORCHESTRATOR}.pem").write_text("key", encoding="utf-8")
    answers = {
        "/swarm": {"JoinTokens": {"Worker": "t"}},
        "/info": {"Swarm": {"NodeAddr": "203.0.113.1"}},
    }
    with serve(answers) as docker:
        command = ["--engine", docker.url, "invite", "--secrets", str(tmp_path)]
        assert node.main([*command, "--direct", "20000:20999"]) == 1
        assert "--cluster" in capsys.readouterr().err
        command += ["--cluster", "203.0.113.0/24"]
        assert node.main([*command, "--direct", "20000:20999"]) == 0
        code = capsys.readouterr().out.split()[-1]
        assert Invitation.of(code).settings.direct == "20000:20999"
        assert Invitation.of(code).settings.manager_api == "1.51"
        assert node.main(command) == 0
        assert Invitation.of(capsys.readouterr().out.split()[-1]).settings.direct == ""
        for wrong in ("20000", "30000:40000", "20999:20000"):
            with pytest.raises(SystemExit):
                node.main([*command, "--direct", wrong])


@pytest.fixture
def settings(service_keys: ServiceKeys) -> NodeSettings:
    pem = (service_keys.folder / f"{ORCHESTRATOR}.pem").read_text("utf-8")
    return SETTINGS.model_copy(update={"trusted_key": pem})


def signed(keys: ServiceKeys, name: str) -> dict[str, str]:
    identity = ServiceIdentity.load(name, keys.private[name].get_secret_value())
    return {"Authorization": f"Bearer {identity.token_for(AUDIENCE, utc_now())}"}


async def test_the_agent_answers_the_orchestrator_about_our_containers_and_tells_no_secret(
    serve: Serve, settings: NodeSettings, service_keys: ServiceKeys, tmp_path: Path
) -> None:
    ours = {**CONTAINER["Config"], "Labels": {"mydocker.platform": "school"}}
    answers = {
        "/containers/ours/json": {**CONTAINER, **CONFINED, "Config": ours},
        "/containers/other/json": CONTAINER,
    }
    with serve(answers) as docker:
        app = agent.build(settings.model_copy(update={"engine": docker.url}))
        http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://node")
        async with http:
            assert (await http.get("/containers/ours")).status_code == 401
            api = signed(service_keys, "mydocker-api")
            assert (await http.get("/containers/ours", headers=api)).status_code == 401
            allowed = signed(service_keys, ORCHESTRATOR)
            answer = await http.get("/containers/ours", headers=allowed)
            assert answer.json() == {
                "Config": {"User": "1000:1000"},
                "HostConfig": {"PidsLimit": 512},
                "AppArmorProfile": "docker-default",
                "ResolvConfPath": "/var/lib/docker/containers/ours/resolv.conf",
            }
            for name in ("other", "none"):
                answer = await http.get(f"/containers/{name}", headers=allowed)
                assert answer.status_code == 404


async def test_the_agent_lists_the_volumes_of_environments(
    settings: NodeSettings, service_keys: ServiceKeys, serve: Serve
) -> None:
    made = "2026-03-02T09:30:00.123456789+01:00"
    ours = {"Name": "work-a", "CreatedAt": made, "Labels": {"mydocker.platform": "lab"}}
    other = {"Name": "pgdata", "CreatedAt": made, "Labels": None}
    with serve({"/volumes": {"Volumes": [ours, other]}}) as docker:
        app = agent.build(settings.model_copy(update={"engine": docker.url}))
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://node") as http:
            assert (await http.get("/volumes")).status_code == 401
            allowed = signed(service_keys, ORCHESTRATOR)
            answer = await http.get("/volumes", headers=allowed)
    [volume] = VolumeList.model_validate(answer.json()).volumes
    assert (volume.name, volume.platform) == ("work-a", "lab")
    assert volume.created_at == datetime(2026, 3, 2, 8, 30, 0, 123456, tzinfo=UTC)


async def test_the_agent_tells_its_checks(
    settings: NodeSettings, service_keys: ServiceKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agent, "_checked", lambda _: [Finding("firewall", False, "flushed")])
    app = agent.build(settings)
    http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://node")
    async with http:
        headers = signed(service_keys, ORCHESTRATOR)
        assert (await http.get("/node", headers=headers)).json() == {
            "findings": [{"name": "firewall", "passed": False, "words": "flushed", "grave": True}],
            "direct": "",
        }


async def test_the_agent_follows_what_another_join_wrote(
    settings: NodeSettings,
    service_keys: ServiceKeys,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(agent, "_checked", lambda now: [Finding(str(now.guard().direct), True)])
    path = tmp_path / "node.json"
    settings.write(path)
    app = agent.build(settings, partial(NodeSettings.read, path))
    settings.model_copy(update={"direct": "20000:20999"}).write(path)
    http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://node")
    async with http:
        answer = await http.get("/node", headers=signed(service_keys, ORCHESTRATOR))
    assert answer.json()["direct"] == answer.json()["findings"][0]["name"] == "20000:20999"
    assert [file.name for file in tmp_path.iterdir()] == ["node.json"]


def test_a_machine_that_joined_keeps_what_it_had_when_new_settings_do_not_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid: list[Guard] = []
    monkeypatch.setattr(packages, "ensure", lambda _: None)
    monkeypatch.setattr(firewall, "lay", laid.append)
    monkeypatch.setattr(node, "prepare", lambda settings: laid.append(settings.guard()))
    wrong = [Finding("direct ports", False, "in the way")]
    monkeypatch.setattr(checks, "of_settings", lambda *_: wrong)
    path = tmp_path / "node.json"
    SETTINGS.write(path)
    asked = SETTINGS.model_copy(update={"direct": "20000:20999"})
    code = Invitation(settings=asked, manager="198.51.100.1:2377", token="t").code()
    command = ["--settings", str(path), "join", "--address", "127.0.0.1", code]
    assert node.main(command) == 1
    assert NodeSettings.read(path) == SETTINGS
    assert [str(guard.direct) for guard in laid] == ["20000:20999", "None"]
