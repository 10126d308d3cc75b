"""What a pool may not say, and the field that the error names."""

from typing import Any

import pytest
from pydantic import ValidationError

from mydocker_kit.contracts.orchestrator.environments import PortKind
from mydocker_kit.contracts.orchestrator.pools import DirectPorts, Pool

NAMED: dict[str, Any] = {"name": "lab", "title": "Lab"}


def faults(model: type[Pool | DirectPorts], **values: Any) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as refused:
        model.model_validate(values)
    return [(".".join(map(str, error["loc"])), error["type"]) for error in refused.value.errors()]


@pytest.mark.parametrize(
    ("said", "flaw"),
    [
        ({"default_cpu": 99}, ("max_cpu", "maximum_below_default")),
        ({"default_cpu": 4, "max_cpu": 2}, ("max_cpu", "maximum_below_default")),
        ({"default_memory_mib": 20_000}, ("max_memory_mib", "maximum_below_default")),
        ({"gpu_kind": "GPU", "default_gpu": 1}, ("max_gpu", "maximum_below_default")),
        ({"max_gpu": 2}, ("max_gpu", "gpu_kind_missing")),
        ({"name": "Not a name"}, ("name", "string_pattern_mismatch")),
        ({"direct_host": "no spaces here"}, ("direct_host", "string_pattern_mismatch")),
        ({"lease_minutes": 0}, ("lease_minutes", "greater_than_equal")),
        ({"rights": "all"}, ("rights", "extra_forbidden")),
    ],
)
def test_a_contradiction_names_its_field(said: dict[str, Any], flaw: tuple[str, str]) -> None:
    assert faults(Pool, **{**NAMED, **said}) == [flaw]


def test_a_range_that_runs_backwards_and_web_ports_are_no_direct_ports() -> None:
    assert faults(DirectPorts, first=2000, last=1999) == [("last", "ports_backwards")]
    assert faults(DirectPorts, first=80, last=1999) == [("first", "greater_than_equal")]
    assert faults(DirectPorts, first=2000, last=40_000) == [("last", "less_than_equal")]
    web = (PortKind.SSH, PortKind.WEB)
    assert faults(DirectPorts, first=2000, last=2001, kinds=web) == [("kinds", "web_not_direct")]
    nested = {"first": 9, "last": 2000}
    assert faults(Pool, **NAMED, direct_ports=nested) == [
        ("direct_ports.first", "greater_than_equal")
    ]


def test_a_wrong_default_is_reported_once() -> None:
    assert faults(Pool, **NAMED, default_cpu=-1) == [("default_cpu", "greater_than")]


def test_what_was_kept_before_is_read_again() -> None:
    """Rows of earlier releases lack the newest fields."""
    pool = Pool.model_validate({**NAMED, "gpu_kind": None, "max_cpu": 1, "default_cpu": 1})
    assert (pool.max_cpu, pool.max_gpu, pool.direct_ports) == (1, 0, None)
