"""Requests that schemathesis makes from a description, and what it checks of each answer.

`MYDOCKER_LONG_TESTS=1` (`make nightly`) makes a hundred requests to each operation of each kind of
generation, otherwise two are made.

Not among the checks, each for its reason:

- `ignored_auth` sends a request again without its header. Here a role without any header sends
  requests itself, and whatever it is let into must be named as open to anybody.
- `positive_data_acceptance` takes every refusal of valid data for a fault. Most generated requests
  name what is not there, send an old version or contradict themselves; with all those answers
  allowed, nothing was left that the other checks do not see.
- `use_after_free` and `ensure_resource_availability` look at earlier calls: they are among the
  checks of chains (`CHAIN_CHECKS`) alone.
"""

import json
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, strategies
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks

BESIDE_A_SERVICE = pytest.mark.filterwarnings("ignore:Do not use the .random. module inside")
"""The service answers in another thread of this process; when it draws a random number while
hypothesis makes a request, hypothesis takes that for a fault of the request's strategy."""
# The parts of an upload (tus) are bytes.
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
LONG = os.environ.get("MYDOCKER_LONG_TESTS") == "1"
EXAMPLES = 100 if LONG else 2
"""Requests to each operation, of each kind of generation."""
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.missing_required_header,
    checks.unsupported_method,
]
CHAIN_CHECKS = [*CHECKS, checks.use_after_free, checks.ensure_resource_availability]


@dataclass(frozen=True)
class Role:
    """Who sends the requests, and the ids that they know."""

    headers: Mapping[str, str]
    known: Mapping[str, str] = field(default_factory=dict)


def schema_of(description: Any, address: str) -> Any:
    """Without its security: a role sends its own header, and `anonymous` none."""
    unsecured = json.loads(json.dumps(description))
    unsecured.pop("security", None)
    for item in unsecured["paths"].values():
        for operation in item.values():
            operation.pop("security", None)
    schema = schemathesis.openapi.from_dict(unsecured)
    schema.config.update(base_url=address)
    return schema


def send_all(
    schema: Any,
    caller: Role,
    *,
    leave_out: Collection[str] = (),
    turn: tuple[int, int] = (0, 1),
    open_to_anybody: Collection[str] = (),
) -> Mapping[str, str]:
    """The last fault of each operation, by the operation's id.

    `turn`: (n, m) sends to operations whose position is n modulo m only.
    """
    faults: dict[str, str] = {}
    for position, result in enumerate(schema.get_all_operations()):
        assert isinstance(result, Ok), result
        operation = result.ok()
        name = operation.definition.raw["operationId"]
        if name in leave_out or position % turn[1] != turn[0]:
            continue
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try:
                is_open = bool(caller.headers) or name in open_to_anybody
                _send(operation.as_strategy(generation_mode=mode), caller, mode, is_open)
            except hypothesis.errors.Unsatisfiable:
                continue  # nothing can be wrong in a request without parameters
            except Exception as error:  # schemathesis raises groups of its own failures
                faults[name] = _text(error)
    return faults


def listing(faults: Mapping[str, str]) -> str:
    """The faults, for the message of a failed test."""
    return "\n\n".join(f"{name}\n{text}" for name, text in faults.items())


def _send(requests: Any, caller: Role, mode: GenerationMode, is_open: bool) -> None:
    @hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=not LONG,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink) if LONG else (Phase.generate,),
    )
    @hypothesis.given(case=requests, is_known=strategies.sampled_from((True, True, False)))
    def send(case: Case[Any], is_known: bool) -> None:
        if is_known and mode is GenerationMode.POSITIVE:
            for name in case.path_parameters or {}:
                if name in caller.known:
                    case.path_parameters[name] = caller.known[name]
        response = case.call(headers=dict(caller.headers), allow_redirects=False)
        case.validate_response(response, checks=CHECKS, headers=dict(caller.headers))
        assert is_open or response.status_code >= 400, "open to anybody"

    send()


def _text(error: Exception) -> str:
    if isinstance(error, BaseExceptionGroup):
        return "\n".join(str(inner) for inner in error.exceptions)
    return f"{type(error).__name__}: {error}"
