"""The gateway, a demo LMS and a minimal api over real HTTP, on two sites.

The tool is on `localhost`, the LMS on `127.0.0.1`: to a browser these are different sites.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from uuid import UUID, uuid5

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, SecretStr
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from demo_lms.app import build as build_lms
from demo_lms.lms import Lms
from demo_lms.settings import Settings, Storage
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.gateway.launches import (
    Arrival,
    CourseItem,
    Landing,
    LandingKind,
    Launch,
    LaunchKind,
)
from mydocker_kit.tokens import ServiceTrust
from mydocker_kit.web.dependencies import bearer
from mydocker_lti.main import build
from mydocker_lti.platforms.service import Platform, register
from mydocker_lti.settings import GatewaySettings
from tests.conftest import ServiceKeys

from .canary import Canary

PEOPLE = UUID("0f3f5a0e-6c5e-4b52-9a92-1d6f7c3f0002")
COURSE = UUID("7a4c3ad1-9d3c-4f5d-8f0e-3c1c7a4b0001")


class _Quiet(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(app: ASGIApp, listener: socket.socket) -> AsyncIterator[None]:
    """Serve `app` on a bound socket until the block ends."""
    config = uvicorn.Config(app, lifespan="off", ws="none", log_config=None, access_log=False)
    server = _Quiet(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event to wait for
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = server.force_exit = True
        await task


def listener() -> tuple[socket.socket, int]:
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    return bound, int(bound.getsockname()[1])


class Chosen(BaseModel):
    """Body of the gateway's request for Courses of a deep linking response."""

    user_id: UUID
    course_ids: list[UUID]


def tiny_api(keys: ServiceKeys, launches: list[Launch]) -> FastAPI:
    """The two endpoints of api that the gateway calls; require a service token."""
    app, trust = FastAPI(), ServiceTrust.load("mydocker-api", keys.folder)

    @app.put("/internal/launches/{id}")
    async def launch(id: UUID, body: Launch, request: Request) -> Arrival:
        assert trust.caller(bearer(request)) == "mydocker-lti-gateway"
        assert id == body.id
        launches.append(body)
        person = uuid5(PEOPLE, f"{body.person.issuer} {body.person.subject}")
        return Arrival(user_id=person, landing=_landing(body))

    @app.post("/internal/course-items")
    async def items(body: Chosen, request: Request) -> list[CourseItem]:
        assert trust.caller(bearer(request)) == "mydocker-lti-gateway"
        return [CourseItem(id=id, title="OpenSSL practice", text="TP 1") for id in body.course_ids]

    return app


def _landing(launch: Launch) -> Landing:
    if launch.kind is LaunchKind.DEEP_LINKING:
        return Landing(kind=LandingKind.PICKER, deep_linking_id=launch.id)
    if launch.custom.get("landing") == "dashboard":
        return Landing(kind=LandingKind.DASHBOARD)
    return Landing(kind=LandingKind.WINDOW, course_id=launch.course_id)


# The part of the application that the journey needs: tickets, choice, response, refresh.
_APPLICATION = """<!doctype html><title>Tool</title><main><h1 id="landing">…</h1>
<p id="course"></p><p id="kept"></p><button id="choose" hidden>Choose</button>
<button id="refresh">Refresh</button></main><script type="module">
const ticket = location.hash.slice('#ticket='.length)
history.replaceState(null, '', '/enter')
const post = (path, body, headers = {}) => fetch(path, {method: 'POST',
  headers: {'Content-Type': 'application/json', ...headers}, body: JSON.stringify(body)})
const stored = ({frame, origin, key}) => new Promise((resolve) => {
  const message_id = crypto.randomUUID()
  addEventListener('message', ({origin: from, data}) => {
    if (from === origin && data.message_id === message_id) resolve(data.value)
  })
  const place = frame === '_parent' ? parent : parent.frames[frame]
  place.postMessage({subject: 'lti.get_data', message_id, key}, origin)
})
let entered = await (await post('/lti/tickets', {ticket})).json()
if (entered.code === 'ticket_unproven') {
  const storage_proof = await stored(entered.parameters)
  entered = await (await post('/lti/tickets', {ticket, storage_proof})).json()
}
let refresh_token = entered.refresh_token
document.getElementById('landing').textContent = entered.landing?.kind ?? entered.code
document.getElementById('course').textContent = entered.landing?.course_id ?? ''
document.getElementById('refresh').onclick = async () => {
  const again = await post('/lti/tokens/refresh', {refresh_token}, {'X-MyDocker': '1'})
  refresh_token = (await again.clone().json()).refresh_token
  document.getElementById('kept').textContent = `refreshed ${again.status}`
}
const choose = document.getElementById('choose')
choose.hidden = entered.landing?.kind !== 'picker'
choose.onclick = async () => {
  const reply = await post(`/lti/deep-linking/${entered.landing.deep_linking_id}`,
    {course_ids: ['COURSE'], grade_column: true},
    {Authorization: `Bearer ${entered.access_token}`})
  const {return_url, jwt} = await reply.json()
  const form = Object.assign(document.createElement('form'), {method: 'post', action: return_url})
  form.append(Object.assign(document.createElement('input'), {name: 'JWT', value: jwt}))
  document.body.append(form)
  form.submit()
}
</script>""".replace("COURSE", str(COURSE))


def application(gateway: FastAPI) -> FastAPI:
    """The tool's origin as the edge serves it: the application, and the gateway below /lti."""
    app = FastAPI()

    @app.get("/enter")
    async def enter() -> HTMLResponse:
        return HTMLResponse(_APPLICATION)

    app.mount("/", gateway)
    return app


class DemoStack:
    """Addresses of the LMS and the tool, and the launches that api received."""

    def __init__(self, lms: str, tool: str, gateway: FastAPI) -> None:
        self.lms, self.tool, self.gateway = lms, tool, gateway
        self.launches: list[Launch] = []
        self.partitions = True
        """Whether browsers support partitioned cookies; else ours are plain third-party ones."""

    def seen_by_browsers(self, app: ASGIApp) -> ASGIApp:
        """The tool as a browser without partitioned cookies sees it."""

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            async def sending(message: Message) -> None:
                if message["type"] == "http.response.start" and not self.partitions:
                    message["headers"] = [
                        (name, value.replace(b"; Partitioned", b""))
                        for name, value in message["headers"]
                    ]
                await send(message)

            await app(scope, receive, sending)

        return answer


@asynccontextmanager
async def demo_stack(
    database_url: str,
    keys: ServiceKeys,
    vault_keys: SecretStr,
    state: Path,
    storage: Storage | None = None,
    canary: Canary | None = None,
) -> AsyncIterator[DemoStack]:
    """Run gateway, LMS and api, registered with each other."""
    (tool_socket, tool_port), (lms_socket, lms_port) = listener(), listener()
    api_socket, api_port = listener()
    tool, lms = f"http://localhost:{tool_port}", f"http://127.0.0.1:{lms_port}"
    gateway = build(
        GatewaySettings(
            database_url=SecretStr(database_url),
            service_key=keys.private["mydocker-lti-gateway"],
            trusted_service_keys=keys.folder,
            vault_keys=vault_keys,
            app_origin=tool,
            private_platforms=f"127.0.0.1:{lms_port}",
            api_url=f"http://127.0.0.1:{api_port}",
        )
    )
    there = DemoStack(lms, tool, gateway)
    campus = build_lms(Lms.open(Settings(lms, tool, state, storage)))
    watched = canary or Canary()
    async with (
        gateway.router.lifespan_context(gateway),
        serving(
            watched.watching(there.seen_by_browsers(application(gateway)), "tool"), tool_socket
        ),
        serving(watched.watching(tiny_api(keys, there.launches), "api"), api_socket),
        serving(watched.watching(campus, "lms"), lms_socket),
    ):
        async with gateway.state.sessions() as db, db.begin():
            await register(db, demo_platform(lms), utc_now())
        yield there


def demo_platform(origin: str) -> Platform:
    return Platform(
        name="Demo campus",
        issuer=origin,
        client_id="mydocker-demo",
        authorization_url=f"{origin}/auth",
        token_url=f"{origin}/token",
        jwks_url=f"{origin}/jwks",
        deployment_ids=["1"],
        allow_http=True,
    )
