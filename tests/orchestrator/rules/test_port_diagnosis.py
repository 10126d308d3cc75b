"""A silent port is diagnosed from what was seen outside and what listens inside."""

import pytest

from mydocker_kit.contracts.orchestrator.environments import Reason, ReasonCode
from mydocker_orchestrator.domain.checks.port_diagnosis import (
    Listener,
    PortProblem,
    ProbeResult,
    diagnose,
    other_ports,
    parse_listeners,
)
from mydocker_orchestrator.domain.lifecycle.failures import PostMortem, with_post_mortem

TCP = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:22B8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1 1 0
   1: 00000000:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 2 1 0
   3: 0B00007F:9F3D 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4 1 0
   2: 020012AC:0BB8 010012AC:C350 01 00000000:00000000 00:00000000 00000000  1000        0 3 1 0
"""
TCP6 = """\
  sl  local_address                         remote_address                        st tx_queue
   0: 00000000000000000000000001000000:22B8 00000000000000000000000000000000:0000 0A 00000000
   1: 00000000000000000000000000000000:1388 00000000000000000000000000000000:0000 0A 00000000
"""
ANY = "0.0.0.0"  # noqa: S104 - an address in a text
LOOPBACK, EVERYWHERE = Listener("127.0.0.1", 8888), Listener(ANY, 8888)
LOOPBACK6, EVERYWHERE6 = Listener("::1", 8888), Listener("::", 8888)
OTHER = Listener(ANY, 3000)


def test_the_kernels_list_becomes_listeners() -> None:
    assert parse_listeners(TCP + TCP6) == (LOOPBACK, OTHER, LOOPBACK6, Listener("::", 5000))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "cat: /proc/net/tcp: No such file",
        "0: zz:zz x 0A",
        "0: 01:0001 x 0A",
        "0: 0100007F x 0A",
    ],
)
def test_other_text_is_no_listener(text: str) -> None:
    assert parse_listeners(text) == ()


@pytest.mark.parametrize(
    ("answer", "listeners", "problem"),
    [
        (ProbeResult.CLOSED, (), PortProblem.NOTHING_LISTENS),
        (ProbeResult.CLOSED, (OTHER,), PortProblem.NOTHING_LISTENS),
        (ProbeResult.CLOSED, None, PortProblem.NOTHING_LISTENS),
        (ProbeResult.CLOSED, (LOOPBACK,), PortProblem.LOOPBACK_ONLY),
        (ProbeResult.CLOSED, (LOOPBACK6, OTHER), PortProblem.LOOPBACK_ONLY),
        (ProbeResult.CLOSED, (EVERYWHERE6,), PortProblem.IPV6_ONLY),
        (ProbeResult.CLOSED, (EVERYWHERE6, LOOPBACK6), PortProblem.IPV6_ONLY),
        (ProbeResult.SILENT, (EVERYWHERE6,), PortProblem.NO_ANSWER),
        (ProbeResult.CLOSED, (EVERYWHERE,), PortProblem.NO_ANSWER),
        (ProbeResult.SILENT, (EVERYWHERE,), PortProblem.NO_ANSWER),
        (ProbeResult.SILENT, None, PortProblem.NO_ANSWER),
        (None, None, PortProblem.NO_ANSWER),
        (ProbeResult.UNAVAILABLE, (EVERYWHERE,), PortProblem.UNAVAILABLE),
        (ProbeResult.TLS_ONLY, None, PortProblem.TLS_ONLY),
        (ProbeResult.NO_TLS, (EVERYWHERE,), PortProblem.NO_TLS),
        (ProbeResult.OTHER_PROTOCOL, (EVERYWHERE,), PortProblem.OTHER_PROTOCOL),
    ],
)
def test_what_was_seen_names_the_problem(
    answer: ProbeResult | None, listeners: tuple[Listener, ...] | None, problem: PortProblem
) -> None:
    assert diagnose(8888, answer, listeners) is problem


def test_ports_that_do_listen_are_named_and_no_more_than_five() -> None:
    many = tuple(Listener(ANY, number) for number in range(8880, 8889))
    assert other_ports(8888, (OTHER, LOOPBACK)) == "3000"
    assert other_ports(8888, many) == "8880, 8881, 8882, 8883, 8884"
    assert other_ports(8888, None) == ""


def test_the_reason_of_a_silent_port_says_what_was_seen() -> None:
    silent = Reason(code=ReasonCode.PORT_SILENT, parameters={"port": 8888, "seconds": 180})
    reason = with_post_mortem(
        silent, PostMortem(answer=ProbeResult.CLOSED, listeners=(OTHER,)), 512
    )
    assert reason.parameters["problem"] == "nothing_listens"
    assert reason.parameters["listens_on"] == "3000"
    plain = with_post_mortem(silent, PostMortem(), 512)
    assert (plain.parameters["problem"], "listens_on" in plain.parameters) == ("no_answer", False)
