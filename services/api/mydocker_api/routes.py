"""The routes of the api, without the objects behind them."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.routing import APIRoute

from mydocker_kit.openapi import refusals as declared
from mydocker_kit.openapi.description import About
from mydocker_kit.web.app import Check, Lifespan, create_app

from .access.endpoints import router as access
from .api_tokens.endpoints import router as api_tokens
from .arrivals.endpoints import router as arrivals
from .auth.api_tokens import REQUIRED_SCOPE
from .build_contexts.endpoints import inside as build_contexts_inside
from .build_contexts.endpoints import router as build_contexts
from .capacity.endpoints import router as capacity
from .capacity.pool_choices import router as pool_choices
from .catalogue_images.endpoints import router as catalogue_images
from .changes.endpoints import router as changes
from .contexts.endpoints import router as contexts
from .course_archives.endpoints import exports as course_exports
from .course_archives.endpoints import router as course_imports
from .courses.endpoints import of_builds as courses_of_builds
from .courses.endpoints import of_registries as image_registries
from .courses.endpoints import router as courses
from .domain.tokens.scopes import required_scope
from .environments.activities.endpoints import router as activities
from .environments.desktops.endpoints import inside as desktops_inside
from .environments.overview.endpoints import router as overview
from .environments.room.endpoints import router as room
from .environments.stopping.endpoints import router as stopping
from .environments.window.endpoints import router as environments
from .environments.work_folder.endpoints import router as work_folder
from .events.endpoints import router as events
from .extra_time.endpoints import router as extra_time
from .images.endpoints import router as images
from .institution.endpoints import router as institution
from .join_links.endpoints import router as join_links
from .machines.endpoints import router as machines
from .packages.endpoints import router as packages
from .people.account.endpoints import inside as accounts_inside
from .people.account.endpoints import router as accounts
from .people.directory.endpoints import router as people
from .people.identity.endpoints import router as identity
from .personal_data.endpoints import of_operators as erasure_requests
from .personal_data.endpoints import router as my_data
from .planning.endpoints import router as planning
from .platforms.endpoints import router as platforms
from .platforms.invitations import router as invitations
from .platforms.refusals import router as refusals
from .platforms.signing_keys import router as signing_keys
from .retention.endpoints import of_courses as course_folders
from .retention.endpoints import of_me as my_folders
from .retention.endpoints import router as folders
from .root_approvals.endpoints import router as root_approvals
from .rosters.endpoints import router as rosters
from .scores.endpoints import router as scores
from .service_accounts.endpoints import router as service_accounts
from .sessions.endpoints import router as sessions
from .sharing.endpoints import router as sharing
from .ssh.endpoints import inside as ssh_inside
from .ssh.endpoints import router as ssh
from .submissions.endpoints import router as submissions
from .traces.endpoints import router as traces
from .trials.endpoints import router as trials
from .uploads.endpoints import router as uploads
from .visibility.endpoints import router as visibility
from .webhooks.endpoints import router as webhooks
from .work_files.endpoints import downloads
from .work_files.endpoints import router as work_files

# Routes are tried in this order: what every request of every environment asks comes first.
ROUTERS = [
    access,
    environments,
    events,
    identity,
    courses,
    courses_of_builds,
    image_registries,
    course_exports,
    course_imports,
    sessions,
    extra_time,
    traces,
    images,
    packages,
    trials,
    catalogue_images,
    visibility,
    build_contexts,
    build_contexts_inside,
    uploads,
    sharing,
    root_approvals,
    contexts,
    arrivals,
    people,
    capacity,
    pool_choices,
    machines,
    planning,
    refusals,
    rosters,
    scores,
    stopping,
    room,
    activities,
    join_links,
    institution,
    overview,
    work_folder,
    work_files,
    course_folders,
    my_folders,
    my_data,
    erasure_requests,
    folders,
    downloads,
    submissions,
    ssh,
    ssh_inside,
    desktops_inside,
    invitations,
    platforms,
    signing_keys,
    accounts,
    accounts_inside,
    api_tokens,
    service_accounts,
    webhooks,
    changes,
]
DESCRIPTION = """Personal environments for courses at schools.

Lists are paged by cursor, edits name the version that they change (`If-Match`), creations may be
repeated (`Idempotency-Key`). A refusal is problem+json (RFC 9457); its `type` is the address of a
page that explains its `code`. `/api` is version 1: within it, what is here stays."""
TAGS = {
    "account": "The account of the caller, its identities and links",
    "api-tokens": "API tokens: list, create, revoke",
    "capacity": "Machines, pools and the forecast, for operators",
    "catalogue": "Images ready to use or to copy",
    "changes": "The numbered log of changes as an event stream, for programs",
    "courses": "Courses: prepare, change, share, publish, delete",
    "environments": "The caller's own environment of a Course",
    "events": "The event stream of the web page",
    "images": "Images, their files, builds and logs",
    "people": "People of the platform and their rights",
    "platforms": "LMS registrations, invitations and signing keys; the institution's own words",
    "refusals": "Refused launches and sign-ins, for operators",
    "room": "Environments of other people: list and stop",
    "service-accounts": "Accounts for systems, for operators",
    "sessions": "Planned sessions of Courses and the room for them",
    "downloads": "Files of an address that was given out for a minute",
    "submissions": "Submitted work: submit, list, read, download",
    "webhooks": "Webhooks and their deliveries",
}
REFUSALS = Path(__file__).with_name("refusals.json")


def api_application(
    lifespan: Lifespan, ready: Check, refusals: declared.Refusals | None = None
) -> FastAPI:
    """The application of the api; `ready` raises while it cannot work.

    `refusals`: to describe, instead of those of `refusals.json`.
    """
    name_operations()
    return create_app(
        "api",
        "MyDocker",
        lifespan=lifespan,
        routers=ROUTERS,
        ready=ready,
        openapi_url="/api/openapi.json",
        description=DESCRIPTION,
        about=About(
            declared.load(REFUSALS) if refusals is None else refusals,
            TAGS,
            prefix="/api/",
            authorization="An API token, or the access token of a signed-in browser",
        ),
    )


def name_operations() -> None:
    """Give each operation a stable name for generated clients, and the scope that it needs."""
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute):
                route.operation_id = route.name
                _name_scope(route)


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
