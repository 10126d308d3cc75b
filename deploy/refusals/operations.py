"""Refusals by operation: what its functions raise, and what is refused around them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from mydocker_api.auth.api_tokens import REQUIRED_SCOPE, ScopeMissing, TokenNotAccepted
from mydocker_api.idempotency.route import CreationRoute, answer_once
from mydocker_api.routes import ROUTERS as API
from mydocker_api.routes import name_operations
from mydocker_builder.endpoints import router as builder
from mydocker_builder.inventory.endpoints import router as packages
from mydocker_kit.clients.builder import BuilderClient
from mydocker_kit.clients.lti import LtiClient
from mydocker_kit.clients.orchestrator import OrchestratorClient
from mydocker_kit.errors import ContentTypeUnknown, Invalid, ProblemError
from mydocker_kit.etags import IfMatchRequired
from mydocker_kit.http import RELAYED
from mydocker_kit.limits.rate_limits import RateLimited
from mydocker_kit.openapi.refusals import Refusals
from mydocker_kit.web.bodies import RequestTooLarge
from mydocker_lti.domain.refusals import EntryRefused
from mydocker_lti.main import ROUTERS as GATEWAY
from mydocker_lti.openapi import ROUTERS as GATEWAY_PAGE
from mydocker_orchestrator.endpoints import (
    capacity,
    environments,
    machines,
    usage,
    volumes,
    work_files,
)

from .raised import Analysis
from .refusal import NOTHING, Raised, refusal_of

_PARAMETER = re.compile(r"\{[^}]*\}")
_OTHERS: Mapping[type, tuple[APIRouter, ...]] = {
    BuilderClient: (builder, packages),
    LtiClient: tuple(GATEWAY),
    OrchestratorClient: (
        environments.router,
        capacity.router,
        volumes.router,
        work_files.router,
        usage.router,
        machines.router,
    ),
}


def of_api() -> Refusals:
    """Codes of the REST API, by operation and status."""
    name_operations()  # the scope decides what a token is refused with
    return _of_routers(API, "/api/")


def of_gateway() -> Refusals:
    """Codes of what the page asks the gateway."""
    return _of_routers(GATEWAY_PAGE, "/lti/")


def _of_routers(routers: Iterable[APIRouter], prefix: str) -> Refusals:
    """All but faults of ours, and refusals that the gateway answers with a page."""
    codes: dict[str, dict[str, list[str]]] = {}
    for route in _routes(routers):
        if route.path.startswith(prefix) and route.include_in_schema:
            by_status = codes.setdefault(route.operation_id or route.name, {})
            for refusal in sorted({refusal for _, refusal in _around(route)}):
                if refusal.code not in (ProblemError.code, EntryRefused.code):
                    by_status.setdefault(str(refusal.status), []).append(refusal.code)
    return codes


def _routes(routers: Iterable[APIRouter]) -> Iterator[APIRoute]:
    for router in routers:
        yield from (route for route in router.routes if isinstance(route, APIRoute))


def _around(route: APIRoute) -> Raised:
    """What a caller can be refused with: by middleware, by the framework, by our functions."""
    raised = _of_dependencies(route.dependant) | _raised(RateLimited)
    if _has_parameters(route.dependant):
        raised |= _raised(Invalid)
    if route.body_field is not None:
        raised |= _raised(Invalid, ContentTypeUnknown, RequestTooLarge)
    if _requires_if_match(route.dependant):
        raised |= _raised(IfMatchRequired)
    if isinstance(route, CreationRoute) and route.creates:
        raised |= _ANALYSIS.of(answer_once) | _raised(RequestTooLarge)
    return (raised - _impossible_for_tokens(route)) | _ANALYSIS.of(route.endpoint)


def _raised(*kinds: type[ProblemError]) -> Raised:
    return NOTHING.union(*(refusal_of(kind) for kind in kinds))


def _inside(route: APIRoute) -> Raised:
    """What the endpoint and its dependencies raise."""
    return _ANALYSIS.of(route.endpoint) | _of_dependencies(route.dependant)


def _of_dependencies(dependant: Dependant) -> Raised:
    raised = NOTHING
    for dependency in dependant.dependencies:
        if dependency.call is not None:
            raised |= _ANALYSIS.of(dependency.call)
        raised |= _of_dependencies(dependency)
    return raised


def _has_parameters(dependant: Dependant) -> bool:
    own = (*dependant.path_params, *dependant.query_params, *dependant.header_params)
    return bool(own) or any(_has_parameters(inner) for inner in dependant.dependencies)


def _requires_if_match(dependant: Dependant) -> bool:
    required = (field.field_info.is_required() for field in dependant.header_params
                if field.alias == "If-Match")  # fmt: skip
    return any(required) or any(_requires_if_match(inner) for inner in dependant.dependencies)


def _impossible_for_tokens(route: APIRoute) -> Raised:
    """An operation either names a scope, which can be missing, or accepts no token at all."""
    scope = (route.openapi_extra or {}).get(REQUIRED_SCOPE)
    if scope is None:
        return _raised(ScopeMissing)
    return _raised(TokenNotAccepted, ScopeMissing) if scope == "any" else _raised(TokenNotAccepted)


@cache
def _of_other(client: type) -> Mapping[tuple[str, str], APIRoute]:
    """The routes of the service that this client calls, by method and path without names."""
    return {
        (method, _PARAMETER.sub("{}", route.path)): route
        for route in _routes(_OTHERS.get(client, ()))
        for method in route.methods or ()
    }


def _relayed(client: type, method: str, path: str) -> Raised:
    """What another service's route raises, as `ServiceClient` raises it again."""
    if client not in _OTHERS:
        return NOTHING
    raised = _inside(_of_other(client)[method, path.partition("?")[0]])
    return frozenset(
        (RELAYED[refusal.status], refusal) for _, refusal in raised if refusal.status in RELAYED
    )


_ANALYSIS = Analysis(_relayed)
