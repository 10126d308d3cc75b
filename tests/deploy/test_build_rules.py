"""What steps of a build may reach, as text; tests/isolation/test_builds.py tries it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from deploy.machine.instance import ROOT
from deploy.machine.network.firewall import build_rules
from deploy.node.network import resolvers_here

ENTRYPOINT = ROOT / "deploy" / "build-engine" / "entrypoint.sh"


def test_refusals_precede_the_rule_that_lets_out() -> None:
    text = build_rules("mydocker-school", "mdbuildab12", ["10.255.0.53"])
    out = [line for line in text.splitlines() if line.startswith("-A MDBUILDAB12-OUT ")]
    assert out[-1].endswith("-j ACCEPT")
    refused = [line for line in out if "-j REJECT" in line]
    for match in ("-d 169.254.0.0/16", "-o mdenv+", "-o docker0", "-o mdbuildab12"):
        assert sum(f" {match} " in line for line in refused) == 2, "TCP, and all else"
    for network in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"):
        assert sum(f" -d {network} " in line for line in refused) == 2
    let_pass = [line for line in out[:-1] if line not in refused]
    assert all("RELATED,ESTABLISHED" in line or "--dport 53" in line for line in let_pass)
    assert out.index(refused[0]) > max(map(out.index, let_pass)), "names are asked anywhere"
    host = [line for line in text.splitlines() if line.startswith("-A MDBUILDAB12-HOST ")]
    assert ["REJECT" in line for line in host[-2:]] == [True, True]
    assert all(" --comment mydocker-school " in line for line in (*out, *host))


@pytest.mark.parametrize("private", [(), ("10.1.2.0/24", "192.168.7.9/32")])
def test_the_engine_in_a_container_lays_the_same(private: tuple[str, ...]) -> None:
    said = subprocess.run(
        ["sh", str(ENTRYPOINT), "rules"],
        env={**os.environ, "MYDOCKER_BUILD_PRIVATE": ",".join(private)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == build_rules("mydocker-compose", "mdbuildc", resolvers_here(), private)


def test_a_named_private_network_is_reached_before_the_others_are_refused() -> None:
    text = build_rules("mydocker-school", "mdbuildab12", [], ["10.1.2.0/24"])
    assert text.index("-d 10.1.2.0/24 ") < text.index("-d 10.0.0.0/8 ")


FORMER_RULE = "-i mdbuildc ! -o mdbuildc -m comment --comment mydocker-compose -j ACCEPT"
"""Of earlier versions: builds reached everything by it."""
IN_PYTHON = """
import sys
from pathlib import Path
from deploy.machine.network import bridges
from deploy.machine.instance import Instance
from deploy.machine.network.ports import Ports

class Here(Instance):
    build_bridge, mark = "mdbuildc", "mydocker-compose"

here = Here("compose", Path("/nonexistent"), Ports())
if sys.argv[1] == "lay":
    bridges.raise_build_bridge(here)
else:
    bridges.drop_build_bridge(here)
"""
LAID = """
ip link set lo up
iptables -N DOCKER-USER
iptables -A DOCKER-USER -j RETURN
iptables -A FORWARD -j DOCKER-USER
iptables -A FORWARD -i docker0 -j ACCEPT
iptables-save | grep ^- > before
iptables -I FORWARD 1 {former_rule}
{lay}
iptables -S DOCKER-USER | grep ^-A
iptables -S FORWARD | grep ^-A
iptables -S INPUT | grep ^-A
{forget}
iptables-save | grep ^- | diff before - || exit
ip link show mdbuildc 2> /dev/null || echo clean
"""
ENGINE = "#!/bin/sh\ntrap 'exit 0' TERM\nwhile :; do sleep 0.1; done\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="makes a network: only root may")
@pytest.mark.parametrize(
    ("lay", "forget"),
    [
        (f"{sys.executable} -c '{IN_PYTHON}' lay", f"{sys.executable} -c '{IN_PYTHON}' forget"),
        (
            f"sh {ENTRYPOINT} & engine=$!; until iptables -C INPUT -i mdbuildc -m comment"
            " --comment mydocker-compose -j MDBUILDC-HOST 2> /dev/null; do sleep 0.1; done;"
            " until [ -e started ]; do sleep 0.1; done",
            "kill $engine; wait $engine",
        ),
    ],
    ids=["demo", "compose"],
)
def test_docker_user_leads_to_the_rules_and_nothing_remains(
    tmp_path: Path, lay: str, forget: str
) -> None:
    (tmp_path / "dockerd").write_text(ENGINE.replace("while", "touch started\nwhile"))
    (tmp_path / "dockerd").chmod(0o755)
    script = LAID.format(former_rule=FORMER_RULE, lay=lay, forget=forget)
    done = subprocess.run(
        ["unshare", "--net", "--mount", "sh", "-c", f"mount -t tmpfs none /run\n{script}"],
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines() == [
        "-A DOCKER-USER -i mdbuildc -m comment --comment mydocker-compose -j MDBUILDC-OUT",
        "-A DOCKER-USER -j RETURN",
        "-A FORWARD -j DOCKER-USER",
        "-A FORWARD -o mdbuildc -m conntrack --ctstate RELATED,ESTABLISHED"
        " -m comment --comment mydocker-compose -j ACCEPT",
        "-A FORWARD -i docker0 -j ACCEPT",
        "-A INPUT -i mdbuildc -m comment --comment mydocker-compose -j MDBUILDC-HOST",
        "clean",
    ], done.stderr
