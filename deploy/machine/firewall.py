"""A way out for a bridge of our own, by rules that carry our mark, and their exact removal."""

from collections.abc import Iterable, Iterator

from .commands import run, succeeds
from .instance import Instance

Rule = tuple[str, str, list[str]]
"""Table, chain, match and target."""


def allow_out(instance: Instance, bridge: str, subnet: str) -> None:
    """Let what sits on `bridge` reach the world, and nothing reach it unasked."""
    run(["sysctl", "-qw", "net.ipv4.ip_forward=1"], why="forwarding of packets")
    for table, chain, rule in _rules(instance.mark, bridge, subnet):
        if not succeeds(["iptables", "-w", "-t", table, "-C", chain, *rule]):
            where = ["-A", chain] if table == "nat" else ["-I", chain, "1"]
            run(["iptables", "-w", "-t", table, *where, *rule], why="the way out of builds")


def forget_marked(mark: str) -> None:
    """Remove every rule with this mark."""
    for table in ("nat", "filter"):
        for rule in _marked(table, mark):
            succeeds(["iptables", "-w", "-t", table, "-D", *rule])


def forward_policy() -> str:
    """What happens to packets nobody ruled on; engines change it to DROP."""
    if not succeeds(["iptables", "-w", "-S", "FORWARD"]):
        return ""
    first = run(["iptables", "-w", "-S", "FORWARD"], why="the firewall's rules").splitlines()[0]
    return first.split()[-1]


def forget_engine(policy: str, bridges: Iterable[str]) -> None:
    """Remove what an engine that is gone left in the firewall, and set the policy it changed. From
    version 28 on it has rules in the raw table too."""
    names = set(bridges)
    for tool in ("iptables", "ip6tables"):
        for table in ("raw", "nat", "filter"):
            _forget_engine_in([tool, "-w", "-t", table], names)
    if policy:
        succeeds(["iptables", "-w", "-P", "FORWARD", policy])


def _forget_engine_in(command: list[str], bridges: set[str]) -> None:
    if not succeeds([*command, "-S"]):
        return
    lines = run([*command, "-S"], why="the firewall's rules").splitlines()
    rules = [line.split() for line in lines]
    for rule in rules:
        about_engine = any(word.startswith("DOCKER") or word in bridges for word in rule)
        if rule[0] == "-A" and about_engine:
            succeeds([*command, "-D", *rule[1:]])
    for rule in rules:
        if rule[0] == "-N" and rule[1].startswith("DOCKER"):
            succeeds([*command, "-X", rule[1]])


def _rules(mark: str, bridge: str, subnet: str) -> Iterator[Rule]:
    ours = ["-m", "comment", "--comment", mark]
    yield "nat", "POSTROUTING", ["-s", subnet, "!", "-o", bridge, *ours, "-j", "MASQUERADE"]
    yield "filter", "FORWARD", ["-i", bridge, "!", "-o", bridge, *ours, "-j", "ACCEPT"]
    answers = ["-m", "conntrack", "--ctstate", "RELATED,ESTABLISHED"]
    yield "filter", "FORWARD", ["-o", bridge, *answers, *ours, "-j", "ACCEPT"]


def _marked(table: str, mark: str) -> list[list[str]]:
    """The rules with our mark, as `-D` wants them."""
    if not succeeds(["iptables", "-w", "-t", table, "-S"]):
        return []
    lines = run(["iptables", "-w", "-t", table, "-S"], why="the firewall's rules").splitlines()
    rules = [line.split() for line in lines if line.startswith("-A ")]
    return [rule[1:] for rule in rules if mark in (word.strip('"') for word in rule)]
