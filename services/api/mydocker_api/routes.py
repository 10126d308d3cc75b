"""The routes of the api, without the objects behind them."""

from fastapi import FastAPI
from fastapi.routing import APIRoute

from mydocker_kit.app import Check, Lifespan, create_app

from .access.endpoints import router as access
from .api_tokens.endpoints import router as api_tokens
from .arrivals.endpoints import router as arrivals
from .auth.api_tokens import REQUIRED_SCOPE
from .capacity.endpoints import router as capacity
from .capacity.pool_choices import router as pool_choices
from .contexts.endpoints import router as contexts
from .courses.endpoints import router as courses
from .domain.tokens.scopes import required_scope
from .environments.desktops.endpoints import inside as desktops_inside
from .environments.stopping.endpoints import router as stopping
from .environments.window.endpoints import router as environments
from .events.endpoints import router as events
from .images.endpoints import router as images
from .people.account.endpoints import inside as accounts_inside
from .people.account.endpoints import router as accounts
from .people.directory.endpoints import router as people
from .people.identity.endpoints import router as identity
from .platforms.endpoints import router as platforms
from .platforms.invitations import router as invitations
from .platforms.refusals import router as refusals
from .platforms.signing_keys import router as signing_keys
from .root_approvals.endpoints import router as root_approvals
from .rosters.endpoints import router as rosters
from .scores.endpoints import router as scores
from .sessions.endpoints import router as sessions
from .ssh.endpoints import inside as ssh_inside
from .ssh.endpoints import router as ssh

# Routes are tried in this order: what every request of every environment asks comes first.
ROUTERS = [
    access,
    environments,
    events,
    identity,
    courses,
    sessions,
    images,
    root_approvals,
    contexts,
    arrivals,
    people,
    capacity,
    pool_choices,
    refusals,
    rosters,
    scores,
    stopping,
    ssh,
    ssh_inside,
    desktops_inside,
    invitations,
    platforms,
    signing_keys,
    accounts,
    accounts_inside,
    api_tokens,
]
DESCRIPTION = "Virtual labs for schools. Lists are paged; errors are problem+json with a `code`."


def api_application(lifespan: Lifespan, ready: Check) -> FastAPI:
    """The application of the api; `ready` raises while it cannot work."""
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute):
                route.operation_id = route.name  # stable names for generated clients
                _name_scope(route)
    return create_app(
        "api",
        "MyDocker",
        lifespan=lifespan,
        routers=ROUTERS,
        ready=ready,
        openapi_url="/api/openapi.json",
        description=DESCRIPTION,
    )


def _name_scope(route: APIRoute) -> None:
    """Write down what an API token needs here; `deps.access_token` reads it."""
    [tag, *_], [method, *_] = route.tags or [""], sorted(route.methods or ())
    scope = required_scope(str(tag), route.name, method)
    if scope is not None:
        route.openapi_extra = {**(route.openapi_extra or {}), REQUIRED_SCOPE: scope}


def edge_application(lifespan: Lifespan, ready: Check) -> FastAPI:
    """The application of the process that authorizes requests of the edge."""
    return create_app(
        "access",
        "MyDocker: who may pass to environments",
        lifespan=lifespan,
        routers=[access],
        ready=ready,
        openapi_url=None,
    )
