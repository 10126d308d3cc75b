"""The guard of environments in this machine's firewall: laid, looked at, taken away.

Safe to repeat. The engine's own rules are left alone; ours come first, in chains of our own.
"""

from pathlib import Path

from deploy.demo.commands import run, succeeds

from .guard import Guard

_WHY = "the firewall of environments"
_TO_USERS = "-j DOCKER-USER"
_TOOLS = ("iptables", "ip6tables")
_BRIDGED = Path("/proc/sys/net/bridge/bridge-nf-call-iptables")


def lay(guard: Guard) -> None:
    """Make the rules as they must be. To be called before anything runs, and again at any time."""
    run(["iptables-restore", "-w", "--noflush"], why=_WHY, text=guard.restore())
    _lead_in("iptables", guard)
    if _has_ipv6():
        run(["ip6tables-restore", "-w", "--noflush"], why=_WHY, text=guard.restore_ipv6())
        _lead_in("ip6tables", guard)


def take_away(guard: Guard) -> None:
    """Remove our chains and what leads into them."""
    for tool in _TOOLS:
        if not succeeds([tool, "-w", "-S", "INPUT"]):
            continue
        for chain, rule in guard.jumps():
            while succeeds([tool, "-w", "-D", chain, *rule.split()]):
                pass
        for order in ("-F", "-X"):
            for name in guard.chains.values():
                succeeds([tool, "-w", order, name])


def missing(guard: Guard) -> list[str]:
    """What is not as it must be, in words; nothing when all is."""
    found = [f"the firewall has no {name}" for name in _absent_chains(guard)]
    if not found and not _is_sealed(guard):
        found = ["the firewall has the rules of other settings"]
    found += [f"not in force, or behind other rules: {rule}" for rule in _late("iptables", guard)]
    if _BRIDGED.exists() and _BRIDGED.read_text().strip() != "1":
        found.append("traffic within a bridge passes no firewall (bridge-nf-call-iptables is 0)")
    return found


def _lead_in(tool: str, guard: Guard) -> None:
    """Our jumps come before other people's rules; the engine keeps DOCKER-USER in front."""
    succeeds([tool, "-w", "-N", "DOCKER-USER"])
    late = _late(tool, guard)
    for chain, rule in (("FORWARD", _TO_USERS), *guard.jumps()):
        if rule in late:
            succeeds([tool, "-w", "-D", chain, *rule.split()])
            run([tool, "-w", "-I", chain, "1", *rule.split()], why=_WHY)


def _late(tool: str, guard: Guard) -> list[str]:
    """Jumps that are absent, or behind a rule that may decide about our bridges."""
    return [
        rule
        for chain, rule in (("FORWARD", _TO_USERS), *guard.jumps())
        if not _comes_first(_rules(tool, chain), rule, guard)
    ]


def _comes_first(lines: list[str], rule: str, guard: Guard) -> bool:
    for line in lines:
        if line.replace('"', "").split() == rule.split():
            return True
        if not _is_about_others(line, guard):
            return False
    return False


def _is_about_others(line: str, guard: Guard) -> bool:
    """It leads into our own chains, or names an interface that is none of ours."""
    words = line.split()
    if words[-1] in guard.chains.values():
        return True
    named = [words[at + 1] for at, word in enumerate(words[:-1]) if word in ("-i", "-o")]
    return bool(named) and not any(_may_be_ours(name, guard) for name in named)


def _may_be_ours(name: str, guard: Guard) -> bool:
    pattern = name.removesuffix("+")
    return pattern.startswith(guard.prefix) or (
        pattern != name and guard.prefix.startswith(pattern)
    )


def _rules(tool: str, chain: str) -> list[str]:
    if not succeeds([tool, "-w", "-S", chain]):
        return []
    lines = run([tool, "-w", "-S", chain], why=_WHY).splitlines()
    return [line.removeprefix(f"-A {chain} ") for line in lines if line.startswith("-A ")]


def _absent_chains(guard: Guard) -> list[str]:
    """Those that are not there, or have more or fewer rules than they must."""
    return [
        name
        for name in guard.chains.values()
        if len(_rules("iptables", name)) != guard.restore().count(f"-A {name} ")
    ]


def _is_sealed(guard: Guard) -> bool:
    return any(guard.seal in rule for rule in _rules("iptables", guard.chains["no"]))


def _has_ipv6() -> bool:
    return succeeds(["ip6tables", "-w", "-S", "INPUT"])
