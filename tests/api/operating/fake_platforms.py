"""The gateway's platforms, played: kept in memory, with who changed them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.gateway.platforms import (
    DeploymentOrder,
    PlatformAct,
    PlatformActOrder,
    PlatformDeployment,
    PlatformEvent,
    PlatformNote,
    PlatformOrder,
    PlatformSource,
    PlatformState,
    PlatformStatus,
    SeenKeys,
    ToolAddresses,
)
from mydocker_kit.web.preconditions import OptionalPrecondition, Precondition

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
STATES = {
    PlatformAct.APPROVE: PlatformState.ACTIVE,
    PlatformAct.ENABLE: PlatformState.ACTIVE,
    PlatformAct.DISABLE: PlatformState.DISABLED,
}


_UNKNOWN = {"code": "platform_unknown", "title": "No such platform", "detail": ""}


class FakePlatforms:
    """Routes to add to the fake gateway."""

    def __init__(self) -> None:
        self.rows: dict[UUID, PlatformStatus] = {}
        self.actors: list[UUID] = []
        self.accepted: list[bool] = []
        """Of each order, whether the operator accepted that people are shared."""
        self.events: list[tuple[UUID, PlatformEvent]] = []
        self.earlier: set[str] = set()

    def add_to(self, app: FastAPI) -> None:
        @app.get("/internal/platforms")
        async def page(
            page: int = 1, page_size: int = 50, search: str = "", state: PlatformState | None = None
        ) -> Page[PlatformStatus]:
            matching = [
                platform
                for platform in self.rows.values()
                if search in platform.name + platform.issuer and state in (None, platform.state)
            ]
            items = matching[(page - 1) * page_size : page * page_size]
            return Page(items=items, total=len(matching), page=page, page_size=page_size)

        @app.get("/internal/platforms/{id}", response_model=None)
        async def platform(id: UUID) -> PlatformStatus | JSONResponse:
            return self.rows.get(id) or JSONResponse(_UNKNOWN, 404)

        @app.put("/internal/platforms/{id}", response_model=None)
        async def put(
            id: UUID, body: PlatformOrder, expected: OptionalPrecondition
        ) -> PlatformStatus | JSONResponse:
            if refusal := self._outdated(id, expected):
                return refusal
            if not body.draft.token_url.startswith("https://"):
                wrong = {"field": "token_url", "code": "address_not_https", "message": "no"}
                problem = {"code": "fields_invalid", "title": "no", "detail": "", "fields": [wrong]}
                return JSONResponse(problem, 422)
            self.actors.append(body.actor)
            self.accepted.append(body.shares_people)
            if id in self.rows:
                self.earlier.add(self.rows[id].issuer)
            self.rows[id] = _status(id, body.draft.model_dump())
            return self.rows[id]

        @app.put("/internal/platforms/{id}/deployments", response_model=None)
        async def deployment(
            id: UUID, body: DeploymentOrder, expected: OptionalPrecondition
        ) -> PlatformStatus | JSONResponse:
            if refusal := self._outdated(id, expected):
                return refusal
            self.actors.append(body.actor)
            if id not in self.rows:
                return JSONResponse(_UNKNOWN, 404)
            added = PlatformDeployment(
                deployment_id=body.deployment_id, enabled=body.enabled, created_at=NOW
            )
            return self._change(id, deployments=[*self.rows[id].deployments, added])

        @app.get("/internal/tool")
        async def tool() -> ToolAddresses:
            here = "https://labs.example"
            return ToolAddresses(
                tool_url=f"{here}/lti/launch",
                login_url=f"{here}/lti/login",
                redirect_url=f"{here}/lti/launch",
                key_set_url=f"{here}/lti/jwks.json",
                deep_linking_url=f"{here}/lti/launch",
                icon_url=f"{here}/icon.svg",
                domain="labs.example",
            )

        @app.get("/internal/platforms/{id}/events")
        async def events(id: UUID, page: int = 1, page_size: int = 50) -> Page[PlatformEvent]:
            history = [event for event in reversed(self.events) if event[0] == id]
            items = [event for _, event in history[(page - 1) * page_size : page * page_size]]
            return Page(items=items, total=len(history), page=page, page_size=page_size)

        @app.post("/internal/platforms/{id}/events", status_code=204)
        async def note(id: UUID, body: PlatformNote) -> None:
            self.note(id, body.kind, str(body.actor), **body.facts)

        @app.get("/internal/platforms/{id}/earlier-issuers")
        async def earlier(id: UUID) -> list[str]:
            return sorted(self.earlier | {platform.issuer for platform in self.rows.values()})

        @app.get("/internal/platforms/{id}/keys")
        @app.post("/internal/platforms/{id}/keys")
        async def keys(id: UUID) -> SeenKeys:
            return SeenKeys(kids=["k1"], fetched_at=NOW, tried_at=NOW, failure=None)

        @app.post("/internal/platforms/{id}/{what}", response_model=None)
        async def act(
            id: UUID, what: PlatformAct, body: PlatformActOrder
        ) -> PlatformStatus | JSONResponse:
            if id not in self.rows:
                return JSONResponse(_UNKNOWN, 404)
            self.actors.append(body.actor)
            self.accepted.append(body.shares_people)
            return self._change(id, state=STATES[what])

    def note(self, id: UUID, kind: str, actor: str, **facts: str | int) -> None:
        event = PlatformEvent(
            number=len(self.events) + 1, kind=kind, actor=actor, facts=facts, happened_at=NOW
        )
        self.events.append((id, event))

    def _outdated(self, id: UUID, expected: Precondition) -> JSONResponse | None:
        """As the gateway refuses the edit of another version."""
        row, if_match = self.rows.get(id), expected.if_match
        if row is None or if_match is None or if_match.admits(row.etag):
            return None
        last = self.actors[-1] if self.actors else "command"
        parameters = {"etag": row.etag, "changed_at": NOW.isoformat(), "changed_by": str(last)}
        return JSONResponse({"code": "edited_meanwhile", "parameters": parameters}, 412)

    def _change(self, id: UUID, **changes: Any) -> PlatformStatus:
        changes["etag"] = f'"{uuid4().hex}"'
        self.rows[id] = self.rows[id].model_copy(update=changes)
        return self.rows[id]


def _status(id: UUID, draft: dict[str, Any]) -> PlatformStatus:
    ids = draft.pop("deployment_ids")
    return PlatformStatus(
        id=id,
        etag=f'"{uuid4().hex}"',
        state=PlatformState.ACTIVE,
        source=PlatformSource.MANUAL,
        product=None,
        deployments=[
            PlatformDeployment(deployment_id=id, enabled=True, created_at=NOW) for id in ids
        ],
        created_at=NOW,
        approved_at=NOW,
        disabled_at=None,
        used_at=None,
        visitors=0,
        **draft,
    )
