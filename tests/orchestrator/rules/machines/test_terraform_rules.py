"""What is read from Terraform's state and plan, from agents' answers, and which state is newer."""

import json
from typing import Any

import pytest

from mydocker_orchestrator.domain.machines.terraform import (
    EMPTY,
    machines_to_end,
    newer_state,
    summary_of,
)
from mydocker_orchestrator.machines.nodes import NodeReport, admitted_node, report_of

pytestmark = pytest.mark.unit


def a_state(serial: int, *names: str, lineage: str = "l1", tainted: str = "") -> str:
    instances = [{"index_key": name} for name in names]
    instances += [{"index_key": tainted, "status": "tainted"}] if tainted else []
    machine = {"mode": "managed", "name": "machine", "instances": instances}
    other = {"mode": "managed", "name": "port", "instances": [{"index_key": "p"}]}
    stored = {"version": 4, "serial": serial, "lineage": lineage, "resources": [machine, other]}
    return json.dumps(stored)


def test_machines_are_the_instances_of_the_resource_of_that_name() -> None:
    summary = summary_of(a_state(3, "a", "b", tainted="c"))
    assert (set(summary.whole), set(summary.broken), summary.serial) == ({"a", "b"}, {"c"}, 3)
    assert summary.names == {"a", "b", "c"}
    assert summary_of("") == EMPTY


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"version": 4, "resour', "Unterminated"),
        ('{"version": 3}', "no state"),
        ("[]", "no state"),
    ],
)
def test_a_state_that_is_cut_off_or_of_another_form_is_none(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        summary_of(text)


def test_the_state_in_the_folder_wins_only_where_it_is_newer_and_has_the_same_lineage() -> None:
    stored, older, newer = a_state(3, "a"), a_state(2), a_state(4, "a", "b")
    assert newer_state(stored, newer) == newer
    assert newer_state(stored, older) == stored
    assert newer_state(stored, a_state(9, lineage="l2")) == stored
    assert newer_state(stored, newer[:40]) == stored
    assert newer_state(None, older) == older
    assert newer_state(stored, None) == stored


def test_a_plan_ends_what_it_deletes_or_replaces() -> None:
    def change(name: str, actions: list[str], kind: str = "machine") -> dict[str, Any]:
        return {"name": kind, "mode": "managed", "index": name, "change": {"actions": actions}}

    plan = {
        "resource_changes": [
            change("new", ["create"]),
            change("same", ["no-op"]),
            change("gone", ["delete"]),
            change("again", ["delete", "create"]),
            change("port", ["delete"], kind="port"),
        ]
    }
    assert machines_to_end(plan) == {"gone", "again"}
    assert machines_to_end({}) == frozenset()


def test_nothing_checked_is_no_pass() -> None:
    fine = {"name": "firewall", "passed": True}
    remark = {"name": "user namespaces", "passed": False, "grave": False, "words": "see"}
    wrong = {"name": "bridge", "passed": False, "grave": True, "words": "open"}
    assert report_of({"findings": []}).failed == "nothing was checked"
    assert report_of({"findings": [fine, remark]}) == NodeReport("")
    assert report_of({"findings": [fine, wrong], "direct": "1:2"}).failed == "bridge: open"
    remapped = {**remark, "passed": True}
    assert report_of({"findings": [remapped], "direct": "1:2"}) == NodeReport("", True, "1:2")


def test_an_admitted_node_has_its_pool_and_no_cordon() -> None:
    labels = {"mydocker.ready": "no", "mydocker.cordon": "leaving", "mydocker.direct": "1:2"}
    raw = {"Spec": {"Labels": {**labels, "rack": "r1"}, "Availability": "pause", "Role": "worker"}}
    spec = admitted_node(raw, "labs", NodeReport("", remaps_users=True))
    assert spec == {
        "Labels": {
            "rack": "r1",
            "mydocker.ready": "yes",
            "mydocker.pool": "labs",
            "mydocker.remaps-users": "yes",
        },
        "Availability": "active",
        "Role": "worker",
    }
