"""The guard of environments in this machine's firewall: laid, looked at, taken away.

Safe to repeat. The engine's own rules are left alone; ours come first, in chains of our own.
"""

from pathlib import Path

from deploy.machine.commands import run, succeeds

from .guard import Guard, Jump

_WHY = "the firewall of environments"
_TO_USERS = Jump("filter", "FORWARD", "-j DOCKER-USER")
_TOOLS = ("iptables", "ip6tables")
_PASSES = {"ACCEPT", "RETURN"}
_BRIDGED = Path("/proc/sys/net/bridge/bridge-nf-call-iptables")


def lay(guard: Guard) -> None:
    """Make the rules as they must be. To be called before anything runs, and again at any time."""
    run(["iptables-restore", "-w", "--noflush"], why=_WHY, text=guard.restore())
    _lead_in("iptables", guard)
    if _has("ip6tables"):
        run(["ip6tables-restore", "-w", "--noflush"], why=_WHY, text=guard.restore_ipv6())
        _lead_in("ip6tables", guard)


def take_away(guard: Guard) -> None:
    """Remove our chains and what leads into them."""
    for tool in _TOOLS:
        for jump in (*guard.jumps(), guard.before_direct_access_filter()):
            if _has(tool, jump.table):
                while succeeds(_command(tool, jump, "-D")):
                    pass
        if _has(tool):
            for order in ("-F", "-X"):
                for name in guard.chains.values():
                    succeeds([tool, "-w", order, name])


def missing(guard: Guard) -> list[str]:
    """What is not as it must be, in words; nothing when all is."""
    faults = [f"the firewall has no {name}" for name in _absent_chains("iptables", guard)]
    if not faults and not _is_sealed(guard):
        faults = ["the firewall has the rules of other settings"]
    faults += _not_in_force("iptables", guard)
    if _has("ip6tables"):
        closed = _absent_chains("ip6tables", guard)
        faults += [f"the firewall for IPv6 has no {name}" for name in closed]
        faults += [f"IPv6: {rule}" for rule in _not_in_force("ip6tables", guard)]
    if _BRIDGED.exists() and _BRIDGED.read_text().strip() != "1":
        faults.append("traffic within a bridge passes no firewall (bridge-nf-call-iptables is 0)")
    return faults


def _not_in_force(tool: str, guard: Guard) -> list[str]:
    return [f"not in force, or behind other rules: {jump.rule}" for jump in _late(tool, guard)]


def _jumps(tool: str, guard: Guard) -> list[Jump]:
    """All that must come first. Environments have no IPv6, so nothing needs to be refused there
    in a way that programs understand: the engine's filter in the raw table stays in front."""
    rules = [_TO_USERS, *guard.jumps()]
    if tool == "iptables" and _has(tool, "raw"):
        rules.append(guard.before_direct_access_filter())
    return rules


def _lead_in(tool: str, guard: Guard) -> None:
    """Our jumps come before other people's rules; the engine keeps DOCKER-USER in front."""
    succeeds([tool, "-w", "-N", "DOCKER-USER"])
    for jump in _late(tool, guard):
        succeeds(_command(tool, jump, "-D"))
        run(_command(tool, jump, "-I"), why=_WHY)


def _command(tool: str, jump: Jump, order: str) -> list[str]:
    """`-I` puts the rule first."""
    return [tool, "-w", "-t", jump.table, order, jump.chain, *jump.rule.split()]


def _late(tool: str, guard: Guard) -> list[Jump]:
    """Jumps that are absent, or behind a rule that may decide about our bridges."""
    return [
        jump
        for jump in _jumps(tool, guard)
        if not comes_first(_rules(tool, jump.chain, jump.table), jump.rule, guard)
    ]


def comes_first(lines: list[str], rule: str, guard: Guard) -> bool:
    """Whether `rule` is among these of a chain, and none before it may be about our bridges."""
    for line in lines:
        if line.replace('"', "").split() == rule.split():
            return True
        if not _is_about_others(line, rule, guard):
            return False
    return False


def _is_about_others(line: str, rule: str, guard: Guard) -> bool:
    """Whether this line decides about nothing that `rule` is there for.

    It leads into our own chains, or names an interface that is none of ours. A line that lets
    packets pass has to name one at each end that `rule` looks at: `-i virbr0 -j ACCEPT` is also
    about what virbr0 sends to our bridges. What is not to be an interface (`! -i docker0`, as the
    engine writes in the raw table) may be ours.
    """
    parts = line.split()
    if parts[-1] in guard.chains.values():
        return True
    ends = _ends(parts)
    if not ends or any(_may_be_ours(name, guard) for name in ends.values()):
        return False
    if not _PASSES & {parts[at + 1] for at, part in enumerate(parts[:-1]) if part == "-j"}:
        return True
    looked_at = _ends(rule.split()).keys() or {"-i", "-o"}
    return looked_at <= ends.keys()


def _ends(parts: list[str]) -> dict[str, str]:
    """The interfaces that a rule names, by `-i` and `-o`; not those that it excludes."""
    return {
        part: parts[at + 1]
        for at, part in enumerate(parts[:-1])
        if part in ("-i", "-o") and parts[at - 1 : at] != ["!"]
    }


def _may_be_ours(name: str, guard: Guard) -> bool:
    pattern = name.removesuffix("+")
    return pattern.startswith(guard.prefix) or (
        pattern != name and guard.prefix.startswith(pattern)
    )


def _rules(tool: str, chain: str, table: str = "filter") -> list[str]:
    command = [tool, "-w", "-t", table, "-S", chain]
    if not succeeds(command):
        return []
    lines = run(command, why=_WHY).splitlines()
    return [line.removeprefix(f"-A {chain} ") for line in lines if line.startswith("-A ")]


def _absent_chains(tool: str, guard: Guard) -> list[str]:
    """Those that are not there, or have more or fewer rules than they must."""
    wanted = guard.restore() if tool == "iptables" else guard.restore_ipv6()
    return [
        name
        for name in guard.chains.values()
        if len(_rules(tool, name)) != wanted.count(f"-A {name} ")
    ]


def _is_sealed(guard: Guard) -> bool:
    return any(guard.seal in rule for rule in _rules("iptables", guard.chains["no"]))


def _has(tool: str, table: str = "filter") -> bool:
    """Whether the kernel has this table: one without IPv6 say has none of `ip6tables`."""
    return succeeds([tool, "-w", "-t", table, "-S"])
