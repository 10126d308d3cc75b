"""The rules that keep environments apart, as text: what they say, in which order."""

from dataclasses import replace
from pathlib import Path

import pytest
from deploy.node.checks import direct_ports
from deploy.node.firewall import comes_first
from deploy.node.guard import SPECIAL, Guard, Way
from deploy.node.network import EnvironmentNetwork, resolvers_here

from mydocker_kit.contracts.orchestrator.pools import DirectPorts, Egress

GUARD = Guard(
    "mdenvab12-",
    "mydocker-school",
    edges=("198.51.100.7",),
    cluster=("203.0.113.0/24",),
    filtered=(Way.parse("10.1.2.3/32:3128"),),
    private=(Way.parse("10.9.0.0/16"),),
    resolvers=("10.255.0.53",),
)


def rules(chain: str, guard: Guard = GUARD) -> list[str]:
    start = f"-A {guard.chains[chain]} "
    lines = guard.restore().splitlines()
    return [line.removeprefix(start) for line in lines if line.startswith(start)]


def test_a_node_hears_from_environments_only_answers_and_questions_for_names() -> None:
    answers, *names, refusal = rules("host")
    assert "RELATED,ESTABLISHED -j ACCEPT" in answers
    assert names == [
        f"-d 10.255.0.53 -p {protocol} --dport 53 -j ACCEPT" for protocol in ("udp", "tcp")
    ]
    assert refusal == "-j MDENVAB12-NO"


def test_neighbours_and_the_class_none_are_refused_before_anything_is_allowed() -> None:
    out = rules("out")
    allowed = next(n for n, rule in enumerate(out) if "RETURN" in rule and "ESTABL" not in rule)
    assert out.index("-o mdenvab12-+ -j MDENVAB12-NO") < allowed
    assert out.index("-i mdenvab12-n+ -j MDENVAB12-NO") < allowed


def test_other_machines_are_refused_whatever_a_class_names() -> None:
    out = rules("out")
    cluster = out.index("-d 203.0.113.0/24 -j MDENVAB12-NO")
    assert cluster < out.index("-i mdenvab12-f+ -d 10.1.2.3/32 -p tcp --dport 3128 -j RETURN")
    assert cluster < out.index("-d 10.9.0.0/16 -j RETURN")


def test_what_is_named_passes_before_the_rest_is_refused() -> None:
    out = rules("out")
    shut = out.index("-i mdenvab12-f+ -j MDENVAB12-NO")
    assert out.index("-i mdenvab12-f+ -d 10.1.2.3/32 -p tcp --dport 3128 -j RETURN") < shut
    for network in SPECIAL:
        refused = out.index(f"-d {network} -j MDENVAB12-NO")
        assert shut < out.index("-d 10.9.0.0/16 -j RETURN") < refused


def test_outgoing_mail_is_refused_unless_a_class_names_the_port_or_a_setting_opens_it() -> None:
    anywhere, relay = Way.parse("0.0.0.0/0"), Way.parse("10.1.2.4/32:587")
    guard = replace(GUARD, private=(Way.parse("10.9.0.0/16"), relay), filtered=(anywhere,))
    out = rules("out", guard)
    for start, wide in (("-i mdenvab12-f+ ", "0.0.0.0/0"), ("", "10.9.0.0/16")):
        refused = [
            out.index(f"{start}-p tcp --dport {port} -j MDENVAB12-NO") for port in (25, 465, 587)
        ]
        assert max(refused) < out.index(f"{start}-d {wide} -j RETURN")
    shut = out.index("-i mdenvab12-f+ -j MDENVAB12-NO")
    named = out.index("-d 10.1.2.4/32 -p tcp --dport 587 -j RETURN")
    assert shut < named < min(refused), "the relay of one class is none of another's"
    opened = rules("out", replace(guard, mail=True))
    assert not [rule for rule in opened if "--dport 25 " in rule or "--dport 465 " in rule]


def test_only_the_edge_comes_in() -> None:
    _, edge, refusal = rules("in")
    assert (edge, refusal) == ("-s 198.51.100.7 -j RETURN", "-j MDENVAB12-NO")


DIRECT = DirectPorts(first=20000, last=20999)


def test_people_come_in_where_they_knocked_at_a_published_number_and_machines_do_not() -> None:
    guard = replace(GUARD, address="203.0.113.5", direct=DIRECT)
    _, edge, machines, bomb, people, refusal = rules("in", guard)
    assert edge == "-s 198.51.100.7 -j RETURN"
    assert machines == "-s 203.0.113.0/24 -j MDENVAB12-NO"
    assert "--connlimit-daddr -j MDENVAB12-NO" in bomb
    assert people == (
        "-p tcp -m conntrack --ctstate DNAT --ctorigdst 203.0.113.5 --ctorigdstport 20000:20999"
        " -j RETURN"
    )
    assert refusal == "-j MDENVAB12-NO"
    others = ("host", "out")
    assert [rules(chain, guard) for chain in others] == [rules(chain) for chain in others]


def test_as_many_rules_of_other_settings_are_recognised() -> None:
    guard = replace(GUARD, address="203.0.113.5", direct=DIRECT)
    moved = replace(guard, direct=DirectPorts(first=21000, last=21999))
    assert guard.restore().count("\n") == moved.restore().count("\n")
    *rest, seal = rules("no", guard)
    assert seal == f"-m comment --comment {guard.seal}" != rules("no", moved)[-1]
    assert rest[-1].startswith("-j REJECT"), "nothing comes to the seal"


def test_what_environments_send_passes_the_engines_filter_of_direct_access() -> None:
    jump = GUARD.before_direct_access_filter()
    assert (jump.table, jump.chain) == ("raw", "PREROUTING")
    assert jump.rule.startswith("! -d 127.0.0.0/8 -i mdenvab12-+ ")
    assert jump.rule.endswith(" -j ACCEPT")
    assert all(jump.table == "filter" for jump in GUARD.jumps()), "our walls stand in one table"


@pytest.mark.parametrize(
    ("before", "is_first"),
    [
        ("", True),
        ("-i docker0 -j DROP", True),
        ("! -d 127.0.0.0/8 -i mdenvcd34-+ -m comment --comment mydocker-other -j ACCEPT", True),
        ("-d 10.99.0.2/32 ! -i mdenvab12-0 -j DROP", False),
        ("-d 172.17.0.2/32 ! -i docker_gwbridge -j DROP", False),
        ("-i mdenvab12-0 -j DROP", False),
        ("-d 192.0.2.1/32 -j DROP", False),
    ],
)
def test_our_rule_comes_before_all_that_may_decide_about_our_bridges(
    before: str, is_first: bool
) -> None:
    rule = GUARD.before_direct_access_filter().rule
    lines = [line for line in (before, rule) if line]
    assert comes_first(lines, rule, GUARD) is is_first


TO_USERS = "-j DOCKER-USER"
INTO, OUT = (jump.rule for jump in GUARD.jumps()[1:])


@pytest.mark.parametrize(
    ("before", "rule", "is_first"),
    [
        ("-i mdbuild ! -o mdbuild -m comment --comment x -j ACCEPT", TO_USERS, False),
        ("-i virbr0 -j ACCEPT", TO_USERS, False),
        ("-o virbr0 -j ACCEPT", TO_USERS, False),
        ("-i virbr0 -o eth0 -j ACCEPT", TO_USERS, True),
        ("-i virbr0 -j DROP", TO_USERS, True),
        ("-i eth0 -j RETURN", INTO, False),
        ("-i eth0 -j RETURN", OUT, True),
        ("-o eth0 -j ACCEPT", OUT, False),
        ("-o eth0 -j ACCEPT", INTO, True),
        ("-o mdenvcd34-+ -m comment --comment mydocker-other -j MDENVCD34-IN", OUT, True),
        ("-i mdenvcd34-+ -m comment --comment mydocker-other -j MDENVCD34-OUT", INTO, True),
    ],
)
def test_who_lets_others_pass_to_our_bridges_is_not_left_in_front(
    before: str, rule: str, is_first: bool
) -> None:
    assert comes_first([before, rule], rule, GUARD) is is_first


@pytest.mark.parametrize(
    ("ephemeral", "passes"),
    [("32768\t60999", True), ("1024 65535", False), ("20999 60999", False), ("10000 20000", False)],
)
def test_an_engine_that_picks_numbers_of_the_range_is_reported(
    ephemeral: str, passes: bool
) -> None:
    finding = direct_ports(DIRECT, ephemeral)
    assert (finding.passed, finding.grave) == (passes, True)
    assert passes or "ip_local_port_range" in finding.words


def test_a_named_destination_must_be_an_address() -> None:
    assert Way.parse("10.1.2.3/32:3128") == Way("10.1.2.3/32", 3128)
    with pytest.raises(ValueError, match="host bits"):
        Way.parse("10.1.2.3/8")


def test_each_class_has_a_network_and_bridges_of_its_own() -> None:
    open_one = EnvironmentNetwork("mydocker-open", "school", "mdenvab12-")
    others = [open_one.with_class(egress) for egress in (Egress.FILTERED, Egress.NONE)]
    assert open_one.with_class(Egress.OPEN) == open_one
    assert [(other.name, other.bridge_prefix) for other in others] == [
        ("mydocker-open-filtered", "mdenvab12-f"),
        ("mydocker-open-none", "mdenvab12-n"),
    ]


def test_name_servers_of_the_machine_itself_are_the_engines_business(
    tmp_path: Path,
) -> None:
    file = tmp_path / "resolv.conf"
    file.write_text("search x\nnameserver 127.0.0.53\nnameserver 10.0.0.2\nnameserver fe80::1\n")
    assert resolvers_here(file) == ("10.0.0.2",)
    assert resolvers_here(tmp_path / "none") == ()
