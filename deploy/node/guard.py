"""What environments on a node may reach, and who may reach them: the rules, as text. Pure."""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from mydocker_kit.contracts.orchestrator.pools import DirectPorts, Egress

SPECIAL = (
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "224.0.0.0/4",
    "240.0.0.0/4",
)
"""Nobody's addresses in the Internet: private networks, clouds' metadata, groups."""
CONNECTIONS = 1024
"""Open at once from one environment."""
CONNECTIONS_PER_SECOND = 200
CONNECTIONS_BURST = 1000
MAIL = (25, 465, 587)
"""SMTP and submission: an environment that sends spam gets the school's addresses blocked."""
_ANSWERS = "-m conntrack --ctstate RELATED,ESTABLISHED"


LETTERS = {Egress.OPEN: "", Egress.FILTERED: "f", Egress.NONE: "n"}
"""After the prefix in the names of a class's bridges; a number follows."""


@dataclass(frozen=True)
class Jump:
    """A rule of ours in a chain of others. It must come before everybody else's there."""

    table: str
    chain: str
    rule: str


@dataclass(frozen=True)
class Way:
    """A network, perhaps one port of it: `10.1.2.0/24` or `10.1.2.3/32:3128`."""

    network: str
    port: int | None = None

    @classmethod
    def parse(cls, text: str) -> "Way":
        network, _, port = text.partition(":")
        return cls(str(ipaddress.IPv4Network(network)), int(port) if port else None)

    @property
    def match(self) -> str:
        return f"-d {self.network}" + (f" -p tcp --dport {self.port}" if self.port else "")


@dataclass(frozen=True)
class Guard:
    """The rules of one platform on one node. They name its bridges by prefix, so that they hold
    for bridges that are made later too."""

    prefix: str
    """How the bridges of environments are called: `mdenv-`."""
    mark: str
    """The comment on what is ours in chains of others."""
    edges: tuple[str, ...] = ()
    """Who may open connections to environments from outside; a single node needs nobody."""
    cluster: tuple[str, ...] = ()
    """Networks of the machines themselves: never reached, whatever a class names."""
    filtered: tuple[Way, ...] = ()
    """All that the class `filtered` reaches."""
    private: tuple[Way, ...] = ()
    """What the class `open` reaches beside the Internet."""
    resolvers: tuple[str, ...] = ()
    """Name servers, for all classes but `none`."""
    address: str = ""
    """Of this machine: ports of environments are bound to it."""
    direct: DirectPorts | None = None
    """Numbers of it at which everybody outside reaches environments; None: nobody does."""
    mail: bool = False
    """Whether environments may send mail themselves. A class may always name a relay's port."""

    @property
    def chains(self) -> dict[str, str]:
        """Ours, by purpose."""
        base = self.prefix.upper()
        return {part: f"{base}{part.upper()}" for part in ("host", "out", "in", "no")}

    @property
    def _refuse(self) -> str:
        return f"-j {self.chains['no']}"

    def bridges(self, egress: Egress | None = None) -> str:
        """A pattern for the bridges of a class, or of all."""
        return f"{self.prefix}{LETTERS[egress] if egress else ''}+"

    def jumps(self) -> tuple[Jump, ...]:
        """What leads into our chains."""
        chains, ours = self.chains, f"-m comment --comment {self.mark}"
        return (
            Jump("filter", "INPUT", f"-i {self.bridges()} {ours} -j {chains['host']}"),
            Jump("filter", "DOCKER-USER", f"-o {self.bridges()} {ours} -j {chains['in']}"),
            Jump("filter", "DOCKER-USER", f"-i {self.bridges()} {ours} -j {chains['out']}"),
        )

    def before_direct_access_filter(self) -> Jump:
        """Keeps refusals refusals on Docker 28 and later; earlier engines have no such filter.

        From 28.0 on the engine adds, for each container, `-d ADDRESS ! -i BRIDGE -j DROP` to
        PREROUTING of the raw table, against hosts that route packets straight to a container's
        address. The raw table comes before all others, so a packet from one environment's bridge
        to a neighbour on another (of another class) was dropped there, and never came to our
        chains: its sender waited for a time-out instead of being refused at once, and the checks
        rightly do not take silence for a guard.

        So what comes from environments passes the raw table. It opens nothing: the same packet
        then meets our chain (DOCKER-USER comes first in FORWARD), and behind ours the engine's own
        rules for traffic between bridges (`-o BRIDGE ! -i BRIDGE -j DROP`), as on every earlier
        engine: two walls, and each holds alone (tests/isolation/test_two_walls.py). What comes
        from elsewhere, other machines say, still meets the filter in the raw table, and so does
        what is sent to the loopback, where the engine drops what comes from outside of it.
        """
        ours = f"-m comment --comment {self.mark}"
        rule = f"! -d 127.0.0.0/8 -i {self.bridges()} {ours} -j ACCEPT"
        return Jump("raw", "PREROUTING", rule)

    def restore(self) -> str:
        """For `iptables-restore --noflush`: our chains as they must be, changed in one go."""
        chains = [f":{name} - [0:0]" for name in self.chains.values()]
        seal = f"-A {self.chains['no']} -m comment --comment {self.seal}"
        return "\n".join(["*filter", *chains, *self._rules(), seal, "COMMIT\n"])

    @property
    def seal(self) -> str:
        """Stands behind the last rule, where nothing comes: the kernel's list shows by it whether
        the rules are those of other settings, another range of direct ports say."""
        return sha256("\n".join(self._rules()).encode()).hexdigest()[:16]

    def _rules(self) -> list[str]:
        return [*self._no(), *self._host(), *self._out(), *self._in()]

    def restore_ipv6(self) -> str:
        """Environments have no IPv6 at all."""
        chains = [f":{name} - [0:0]" for name in self.chains.values()]
        drops = [f"-A {name} -j DROP" for name in self.chains.values()]
        return "\n".join(["*filter", *chains, *drops, "COMMIT\n"])

    def _no(self) -> Iterator[str]:
        """Refused at once: nobody's program hangs. (Refusals by ICMP are few a second.)"""
        chain = self.chains["no"]
        yield f"-A {chain} -p tcp -j REJECT --reject-with tcp-reset"
        yield f"-A {chain} -j REJECT --reject-with icmp-admin-prohibited"

    def _host(self) -> Iterator[str]:
        """From an environment to the node's own sockets: nothing, except answers and names."""
        chain = self.chains["host"]
        yield f"-A {chain} {_ANSWERS} -j ACCEPT"
        for server, protocol in self._names():
            yield f"-A {chain} -d {server} -p {protocol} --dport 53 -j ACCEPT"
        yield f"-A {chain} {self._refuse}"

    def _out(self) -> Iterator[str]:
        """From an environment to anywhere else. What passes goes on to the engine's own rules."""
        chain, none, some = self.chains["out"], Egress.NONE, Egress.FILTERED
        yield f"-A {chain} {_ANSWERS} -j RETURN"
        yield f"-A {chain} -o {self.bridges()} {self._refuse}"
        yield f"-A {chain} -i {self.bridges(none)} {self._refuse}"
        yield from self._limits(chain)
        for server, protocol in self._names():
            yield f"-A {chain} -d {server} -p {protocol} --dport 53 -j RETURN"
        for network in self.cluster:
            yield f"-A {chain} -d {network} {self._refuse}"
        yield from self._named(f"-A {chain} -i {self.bridges(some)}", self.filtered)
        yield f"-A {chain} -i {self.bridges(some)} {self._refuse}"
        yield from self._named(f"-A {chain}", self.private)
        for network in SPECIAL:
            yield f"-A {chain} -d {network} {self._refuse}"

    def _named(self, start: str, ways: tuple[Way, ...]) -> Iterator[str]:
        """What a class names passes. SMTP is refused, except where it is named with its port."""
        for way in ways:
            if way.port in MAIL:
                yield f"{start} {way.match} -j RETURN"
        if not self.mail:
            yield from (f"{start} -p tcp --dport {port} {self._refuse}" for port in MAIL)
        for way in ways:
            if way.port not in MAIL:
                yield f"{start} {way.match} -j RETURN"

    def _limits(self, chain: str) -> Iterator[str]:
        """Who opens connections without end fills a table that all share."""
        yield (
            f"-A {chain} -m connlimit --connlimit-above {CONNECTIONS} --connlimit-mask 32"
            f" --connlimit-saddr {self._refuse}"
        )
        yield (
            f"-A {chain} -m conntrack --ctstate NEW -m hashlimit --hashlimit-name {chain}"
            f" --hashlimit-mode srcip --hashlimit-above {CONNECTIONS_PER_SECOND}/sec"
            f" --hashlimit-burst {CONNECTIONS_BURST} {self._refuse}"
        )

    def _in(self) -> Iterator[str]:
        """From elsewhere to an environment: answers, the edge, people at direct ports."""
        chain = self.chains["in"]
        yield f"-A {chain} {_ANSWERS} -j RETURN"
        for edge in self.edges:
            yield f"-A {chain} -s {edge} -j RETURN"
        if self.direct:
            yield from self._people(chain, self.direct)
        yield f"-A {chain} {self._refuse}"

    def _people(self, chain: str, direct: DirectPorts) -> Iterator[str]:
        """To direct ports. What is matched is where they knocked: here, the number is the
        container's own already. A port that is not published has no such number (DNAT)."""
        for network in self.cluster:
            # From environments of other machines too, which come with their machine's address.
            yield f"-A {chain} -s {network} {self._refuse}"
        yield (
            f"-A {chain} -m connlimit --connlimit-above {CONNECTIONS} --connlimit-mask 32"
            f" --connlimit-daddr {self._refuse}"
        )
        yield (
            f"-A {chain} -p tcp -m conntrack --ctstate DNAT --ctorigdst {self.address}"
            f" --ctorigdstport {direct} -j RETURN"
        )

    def _names(self) -> Iterator[tuple[str, str]]:
        for server in self.resolvers:
            yield server, "udp"
            yield server, "tcp"
