"""A machine joins: `invite` on a manager prints what `join` on the machine needs, then `admit`.

`python -m deploy.node invite|join|admit|refuse|check|lay|keep`
"""

import argparse
import ipaddress
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from deploy.machine import packages
from deploy.machine.docker import Docker
from deploy.machine.failures import CannotStart, doing, guarded
from deploy.machine.instance import ROOT
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.orchestrator.cordons import Cordon, CordonCause
from mydocker_kit.contracts.orchestrator.pools import DirectPorts
from mydocker_kit.tokens import ServiceIdentity

from . import checks, firewall, labels
from .findings import Finding
from .settings import AGENT_PORT, AUDIENCE, ORCHESTRATOR, SETTINGS_FILE, Invitation, NodeSettings

_SECRETS = ROOT / "deploy/compose/secrets"
_NEEDED = (packages.ADDRESSES, packages.FIREWALL, packages.BUSYBOX)
_SECONDS = 60.0
_JOIN_KEY = "MYDOCKER_JOIN_TOKEN"


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    name = asked.do.__name__

    def work() -> int:
        with doing(name):
            return int(asked.do(asked) or 0)

    return guarded(f"deploy.node {name}", work)


def invite(asked: argparse.Namespace) -> None:
    """On a manager: print the command for the machine."""
    with Docker(asked.engine) as docker:
        swarm = docker.get("/swarm")
        api = str(docker.agreed.api)
        manager = docker.get("/info")["Swarm"]["NodeAddr"]
    if ipaddress.IPv4Address(manager).is_loopback:
        raise CannotStart(
            "this Swarm is on the loopback: no machine can join it. Make it anew with the"
            " machine's own address (docker swarm init --advertise-addr ADDRESS)."
        )
    if asked.direct and not asked.cluster:
        raise CannotStart(
            "name the machines' own networks (--cluster): environments on them must not come back"
            " in at direct ports."
        )
    settings = NodeSettings(
        platform=asked.platform,
        network=asked.network or f"mydocker-open-{asked.platform}",
        bridge_prefix=asked.bridge_prefix,
        address="0.0.0.0",
        edges=tuple(asked.edge or [manager]),
        cluster=tuple(asked.cluster),
        filtered=tuple(asked.filtered),
        private=tuple(asked.private),
        direct=str(asked.direct or ""),
        mail=asked.mail,
        volumes=asked.volumes,
        trusted_key=(Path(asked.secrets) / f"trusted/{ORCHESTRATOR}.pem").read_text("utf-8"),
        agent_port=asked.agent_port,
        manager_api=api,
    )
    if asked.settings_only:
        print(settings.model_dump_json())
        return
    code = Invitation(
        settings=settings, manager=f"{manager}:2377", token=swarm["JoinTokens"]["Worker"]
    ).code()
    print(f"python -m deploy.node join --address ITS-OWN-ADDRESS {code}")


def join(asked: argparse.Namespace) -> None:
    """On the machine: rules, networks, checks; it joins only when all of them passed."""
    invitation = _invitation(asked)
    changes = {"address": asked.address, "engine": asked.engine}
    settings = invitation.settings.model_copy(update=changes)
    packages.ensure(_NEEDED)
    with Docker(settings.engine) as docker:
        with _kept_unless_passed(Path(asked.settings)):
            settings.write(Path(asked.settings))
            prepare(settings)
            _must_pass(docker, settings)
        if docker.get("/info")["Swarm"]["LocalNodeState"] == "inactive":
            body = {
                "ListenAddr": f"{settings.address}:2377",
                "AdvertiseAddr": settings.address,
                "RemoteAddrs": [invitation.manager],
                "JoinToken": invitation.token,
            }
            docker.call("POST", "/swarm/join", body)
    print("Joined. Start the agent (docs/operating/add-a-machine.md), then on the manager: admit.")


def _invitation(asked: argparse.Namespace) -> Invitation:
    if asked.join_url:
        return Invitation.redeem(asked.join_url, os.environ.get(_JOIN_KEY, ""))
    if not asked.invitation:
        raise CannotStart(f"name the code that invite printed, or --join-url with {_JOIN_KEY}.")
    return Invitation.of(asked.invitation)


@contextmanager
def _kept_unless_passed(path: Path) -> Iterator[None]:
    """A machine that has joined goes on with the settings it had when new ones do not pass."""
    before = NodeSettings.read(path) if path.exists() else None
    try:
        yield
    except BaseException:
        if before:
            before.write(path)
            firewall.lay(before.guard())
        raise


def prepare(settings: NodeSettings) -> None:
    """Rules first, then the settings of the networks."""
    firewall.lay(settings.guard())
    with Docker(settings.engine) as docker:
        for network in settings.networks():
            network.ready_here(docker)


def admit(asked: argparse.Namespace) -> None:
    """On a manager: let environments be put on a machine whose agent says that all is well."""
    with Docker(asked.engine) as docker:
        node = _node(docker, asked.name)
        address = str(node["Status"]["Addr"])
        findings, direct = _asked(asked, f"http://{address}:{asked.agent_port}/node")
        wrong = checks.failed(findings)
        if wrong or not findings:
            reasons = "; ".join(f"{finding.name}: {finding.words}" for finding in wrong)
            cause = CordonCause.CHECKS_FAILED if wrong else CordonCause.NOT_CHECKED
            labels.refuse(docker, str(node["ID"]), Cordon(cause=cause, detail=reasons))
            raise CannotStart(f"{asked.name} takes no environments: {reasons or 'nothing checked'}")
        remaps = checks.remaps_users(findings)
        labels.admit(docker, str(node["ID"]), asked.pool, remaps=remaps, direct=direct)
    passed = sum(finding.passed for finding in findings)
    print(f"{asked.name} takes environments: {passed} checks passed.")
    for finding in findings:
        if not finding.passed:
            print(f"· {finding.name}: {finding.words}")


def refuse(asked: argparse.Namespace) -> None:
    """On a manager: nothing more is put on that machine."""
    with Docker(asked.engine) as docker:
        by_hand = Cordon(cause=CordonCause.BY_HAND)
        labels.refuse(docker, str(_node(docker, asked.name)["ID"]), by_hand)


def check(asked: argparse.Namespace) -> int:
    """On the machine: try everything now, and say how it went."""
    settings = NodeSettings.read(Path(asked.settings))
    with Docker(settings.engine) as docker:
        findings = checks.of_settings(docker, settings)
        for finding in findings:
            print(f"{_sign(finding)} {finding.name} {finding.words}".rstrip())
    for remark in checks.remarks():
        print(f"· {remark}")
    return 1 if checks.failed(findings) else 0


def _sign(finding: Finding) -> str:
    return "✓" if finding.passed else "✗" if finding.grave else "·"


def lay(asked: argparse.Namespace) -> None:
    """On the machine, at boot and before the engine starts: the rules alone."""
    firewall.lay(NodeSettings.read(Path(asked.settings)).guard())


def keep(asked: argparse.Namespace) -> None:
    """On the machine, for ever: rules and answers."""
    from .agent import app as agent

    path = Path(asked.settings)
    prepare(NodeSettings.read(path))
    agent.serve(path)


def _must_pass(docker: Docker, settings: NodeSettings) -> None:
    wrong = checks.failed(checks.of_settings(docker, settings))
    if wrong:
        reasons = "; ".join(f"{finding.name}: {finding.words}" for finding in wrong)
        raise CannotStart(f"this machine does not hold environments apart: {reasons}")


def _node(docker: Docker, name: str) -> dict[str, Any]:
    for node in docker.get("/nodes"):
        if name in (node["ID"], node["Description"].get("Hostname")):
            return dict(node)
    raise CannotStart(f"the Swarm knows no node {name}: docker node ls.")


def _asked(asked: argparse.Namespace, url: str) -> tuple[list[Finding], str]:
    """What that machine's agent found, and its direct ports."""
    key = (Path(asked.secrets) / "orchestrator.key").read_text("utf-8")
    token = ServiceIdentity.load(ORCHESTRATOR, key).token_for(AUDIENCE, utc_now())
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(trust_env=False, timeout=_SECONDS) as client:
        answer = client.get(url, headers=headers)
        answer.raise_for_status()
        answered = answer.json()
        return [Finding(**finding) for finding in answered["findings"]], str(
            answered.get("direct", "")
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.node", description=__doc__)
    parser.add_argument("--engine", default="unix:///var/run/docker.sock")
    parser.add_argument(
        "--settings", default=str(SETTINGS_FILE), help="file of this node's settings"
    )
    commands = parser.add_subparsers(required=True)
    inviting = _command(commands, "invite", invite)
    _of_manager(inviting)
    inviting.add_argument("--platform", default="mydocker", help="MYDOCKER_PLATFORM_NAME")
    inviting.add_argument("--network", default="", help="MYDOCKER_ENVIRONMENT_NETWORK")
    inviting.add_argument("--bridge-prefix", default="mdenv-")
    inviting.add_argument(
        "--edge", action="append", help="address of the edge's and the control plane's machine"
    )
    for name, what in (
        ("cluster", "a network of the machines themselves: 10.0.0.0/24"),
        ("filtered", "what the class filtered reaches: 10.1.2.3/32:3128"),
        ("private", "a private network that the class open reaches"),
    ):
        inviting.add_argument(f"--{name}", action="append", default=[], help=what)
    inviting.add_argument(
        "--direct",
        type=DirectPorts.parse,
        default=None,
        metavar="FIRST:LAST",
        help="numbers at which people reach environments at the machine itself: 20000:20999",
    )
    inviting.add_argument(
        "--volumes",
        default="",
        metavar="FOLDER",
        help="where the volume plugin keeps work folders with a size: /var/lib/mydocker/volumes",
    )
    inviting.add_argument(
        "--mail", action="store_true", help="let environments send mail (SMTP: 25, 465, 587)"
    )
    inviting.add_argument(
        "--settings-only", action="store_true", help="print MYDOCKER_MACHINE_SETTINGS instead"
    )
    joining = _command(commands, "join", join)
    joining.add_argument("--address", required=True, help="of this machine in the cluster")
    joining.add_argument("--join-url", default="", help=f"ask there, with the token in {_JOIN_KEY}")
    joining.add_argument("invitation", nargs="?", default="", help="what invite printed")
    for name in ("admit", "refuse"):
        command = _command(commands, name, admit if name == "admit" else refuse)
        command.add_argument("name", help="as docker node ls has it")
        _of_manager(command)
        if name == "admit":
            command.add_argument("--pool", default="")
    _command(commands, "check", check)
    _command(commands, "lay", lay)
    _command(commands, "keep", keep)
    return parser


def _command(commands: Any, name: str, do: Callable[[argparse.Namespace], int | None]) -> Any:
    command = commands.add_parser(name, help=(do.__doc__ or "").strip())
    command.set_defaults(do=do)
    return command


def _of_manager(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--secrets", default=str(_SECRETS), help="folder of the platform's keys")
    parser.add_argument("--agent-port", type=int, default=AGENT_PORT)


if __name__ == "__main__":
    raise SystemExit(main())
