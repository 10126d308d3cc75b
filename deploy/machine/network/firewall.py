"""What steps of a build may reach, by rules that carry our mark, and their exact removal.

A build runs commands of teachers on a bridge of its own. They reach the world, and of private
networks only those that the operator names; no environment or other container of this machine, no
service of the machine itself, and no metadata of a cloud. DOCKER-USER leads to these rules: the
engine keeps that chain first in FORWARD, while Docker before version 28 puts the rules of each new
network in front of all others there. The environments' own guard (deploy/node/guard.py) is in
DOCKER-USER too, in chains of its own: two walls.
"""

from collections.abc import Iterable, Iterator, Sequence

from ..commands import run, succeeds
from ..instance import Instance

Rule = tuple[str, str, list[str]]
"""Table, chain, match and target."""
METADATA = ("169.254.0.0/16", "100.100.100.200/32", "192.0.0.192/32")
"""Where clouds tell a machine its own secrets: link-local addresses, Alibaba's, Oracle's."""
PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
"""A school's own networks: RFC 1918, and RFC 6598's addresses of carriers."""
CONTAINERS = ("mdenv+", "docker0", "docker_gwbridge", "br-+")
"""Bridges of environments, of whatever platform on this machine, and of Docker's networks."""
_DOCKER_USER = "DOCKER-USER"
_WHY = "the way out of builds"
_ANSWERS = "-m conntrack --ctstate RELATED,ESTABLISHED"


def allow_out(
    instance: Instance,
    bridge: str,
    subnet: str,
    resolvers: Sequence[str] = (),
    private: Sequence[str] = (),
) -> None:
    """Let what sits on `bridge` reach the world, and nothing reach it unasked.

    `resolvers` are name servers that it may ask wherever they are, `private` the private networks
    that it may reach. Safe to repeat.
    """
    run(["sysctl", "-qw", "net.ipv4.ip_forward=1"], why="forwarding of packets")
    # No address of the machine's to reach by IPv6, of which these rules say nothing.
    succeeds(["sysctl", "-qw", f"net.ipv6.conf.{bridge}.disable_ipv6=1"])
    text = build_rules(instance.mark, bridge, resolvers, private)
    run(["iptables-restore", "-w", "--noflush"], why=_WHY, text=text)
    succeeds(["iptables", "-w", "-N", _DOCKER_USER])
    for table, chain, rule in _jumps(instance.mark, bridge, subnet):
        if not succeeds(["iptables", "-w", "-t", table, "-C", chain, *rule]):
            how = "-A" if table == "nat" else "-I"
            run(["iptables", "-w", "-t", table, how, chain, *rule], why=_WHY)
    _ensure_docker_user_first()
    _remove_rules_of_earlier_versions(instance.mark, bridge)


def forget_way_out(instance: Instance, bridge: str) -> None:
    """Remove what `allow_out` laid, and whatever else has our mark."""
    forget_marked(instance.mark)
    for chain in _chains(bridge):
        succeeds(["iptables", "-w", "-F", chain])
        succeeds(["iptables", "-w", "-X", chain])


def build_rules(
    mark: str, bridge: str, resolvers: Sequence[str], private: Sequence[str] = ()
) -> str:
    """Our chains as they must be, for `iptables-restore --noflush`."""
    out, host = _chains(bridge)
    rules = []
    for chain in (out, host):
        rules.append(f"-A {chain} {_ANSWERS} -j ACCEPT")
        rules += [
            f"-A {chain} -d {server} -p {protocol} --dport 53 -j ACCEPT"
            for server in resolvers
            for protocol in ("udp", "tcp")
        ]
    refused = [f"-d {network}" for network in METADATA]
    refused += [f"-o {name}" for name in (*CONTAINERS, bridge)]
    for match in refused:
        rules += _refusals(out, f" {match}")
    rules += [f"-A {out} -d {network} -j ACCEPT" for network in private]
    for network in PRIVATE:
        rules += _refusals(out, f" -d {network}")
    rules.append(f"-A {out} -j ACCEPT")
    rules += _refusals(host)
    marked = [rule.replace(" -j ", f" -m comment --comment {mark} -j ") for rule in rules]
    return "\n".join(["*filter", f":{out} - [0:0]", f":{host} - [0:0]", *marked, "COMMIT\n"])


def _refusals(chain: str, match: str = "") -> Iterator[str]:
    """Refused at once, or the author of a build would wait."""
    yield f"-A {chain}{match} -p tcp -j REJECT --reject-with tcp-reset"
    yield f"-A {chain}{match} -j REJECT --reject-with icmp-admin-prohibited"


def _chains(bridge: str) -> tuple[str, str]:
    return f"{bridge.upper()}-OUT", f"{bridge.upper()}-HOST"


def _jumps(mark: str, bridge: str, subnet: str) -> Iterator[Rule]:
    ours = ["-m", "comment", "--comment", mark]
    out, host = _chains(bridge)
    yield "nat", "POSTROUTING", ["-s", subnet, "!", "-o", bridge, *ours, "-j", "MASQUERADE"]
    yield "filter", _DOCKER_USER, ["-i", bridge, *ours, "-j", out]
    yield "filter", "FORWARD", ["-o", bridge, *_ANSWERS.split(), *ours, "-j", "ACCEPT"]
    yield "filter", "INPUT", ["-i", bridge, *ours, "-j", host]


def _ensure_docker_user_first() -> None:
    """An engine does the same when it starts; it may start later."""
    jump = f"-A FORWARD -j {_DOCKER_USER}"
    lines = run(["iptables", "-w", "-S", "FORWARD"], why=_WHY).splitlines()
    rules = [line for line in lines if line.startswith("-A ")]
    if rules[:1] != [jump]:
        succeeds(["iptables", "-w", "-D", "FORWARD", "-j", _DOCKER_USER])
        run(["iptables", "-w", "-I", "FORWARD", "-j", _DOCKER_USER], why=_WHY)


def _remove_rules_of_earlier_versions(mark: str, bridge: str) -> None:
    """One let builds reach everything; one came behind the rules of networks made later."""
    ours = ["-m", "comment", "--comment", mark]
    out, _ = _chains(bridge)
    for rule in (["!", "-o", bridge, *ours, "-j", "ACCEPT"], [*ours, "-j", out]):
        while succeeds(["iptables", "-w", "-D", "FORWARD", "-i", bridge, *rule]):
            pass


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
        about_engine = any(part.startswith("DOCKER") or part in bridges for part in rule)
        if rule[0] == "-A" and about_engine:
            succeeds([*command, "-D", *rule[1:]])
    for rule in rules:
        if rule[0] == "-N" and rule[1].startswith("DOCKER"):
            succeeds([*command, "-X", rule[1]])


def _marked(table: str, mark: str) -> list[list[str]]:
    """The rules with our mark, as `-D` wants them."""
    if not succeeds(["iptables", "-w", "-t", table, "-S"]):
        return []
    lines = run(["iptables", "-w", "-t", table, "-S"], why="the firewall's rules").splitlines()
    rules = [line.split() for line in lines if line.startswith("-A ")]
    return [rule[1:] for rule in rules if mark in (part.strip('"') for part in rule)]
