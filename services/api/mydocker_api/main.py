"""Makes the application: opens what it needs, starts its loops, closes everything."""

from fastapi import FastAPI
from fastapi.routing import APIRoute

from mydocker_kit.app import Check, Lifespan, create_app

from .access.endpoints import router as access
from .arrivals.endpoints import router as arrivals
from .contexts.endpoints import router as contexts
from .courses.endpoints import router as courses
from .environments.endpoints import router as environments
from .events.endpoints import router as events
from .images.endpoints import router as images
from .sessions.endpoints import router as sessions
from .users.endpoints import router as users

ROUTERS = [
    users,
    contexts,
    courses,
    sessions,
    images,
    environments,
    events,
    arrivals,
    access,
]
DESCRIPTION = "Virtual labs for schools. Lists are paged; errors are problem+json with a `code`."


def application(lifespan: Lifespan, ready: Check) -> FastAPI:
    """The routes, without what stands behind them."""
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute):
                route.operation_id = route.name  # stable names for generated clients
    return create_app(
        "api",
        "MyDocker",
        lifespan=lifespan,
        routers=ROUTERS,
        ready=ready,
        openapi_url="/api/openapi.json",
        description=DESCRIPTION,
    )
