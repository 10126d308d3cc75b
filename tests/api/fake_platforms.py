"""The gateway's platforms, played: kept in memory, with who changed them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.platforms import (
    ByOperator,
    DeploymentOrder,
    PlatformAct,
    PlatformDeployment,
    PlatformOrder,
    PlatformSource,
    PlatformState,
    PlatformStatus,
)

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
STATES = {
    PlatformAct.APPROVE: PlatformState.ACTIVE,
    PlatformAct.ENABLE: PlatformState.ACTIVE,
    PlatformAct.DISABLE: PlatformState.DISABLED,
}


class FakePlatforms:
    """Routes to add to the fake gateway."""

    def __init__(self) -> None:
        self.rows: dict[UUID, PlatformStatus] = {}
        self.actors: list[UUID] = []

    def add_to(self, app: FastAPI) -> None:
        @app.get("/internal/platforms")
        async def page(page: int, page_size: int, search: str = "") -> Page[PlatformStatus]:
            found = [one for one in self.rows.values() if search in one.name]
            items = found[(page - 1) * page_size : page * page_size]
            return Page(items=items, total=len(found), page=page, page_size=page_size)

        @app.get("/internal/platforms/{id}", response_model=None)
        async def one(id: UUID) -> PlatformStatus | JSONResponse:
            unknown = {"code": "platform_unknown", "title": "No such platform", "detail": ""}
            return self.rows.get(id) or JSONResponse(unknown, 404)

        @app.put("/internal/platforms/{id}", response_model=None)
        async def put(id: UUID, body: PlatformOrder) -> PlatformStatus | JSONResponse:
            if not body.draft.token_url.startswith("https://"):
                wrong = {"field": "token_url", "code": "address_not_https", "message": "no"}
                problem = {"code": "fields_invalid", "title": "no", "detail": "", "fields": [wrong]}
                return JSONResponse(problem, 422)
            self.actors.append(body.actor)
            self.rows[id] = _status(id, body.draft.model_dump())
            return self.rows[id]

        @app.put("/internal/platforms/{id}/deployments")
        async def deployment(id: UUID, body: DeploymentOrder) -> PlatformStatus:
            self.actors.append(body.actor)
            added = PlatformDeployment(
                deployment_id=body.deployment_id, enabled=body.enabled, created_at=NOW
            )
            return self._change(id, deployments=[*self.rows[id].deployments, added])

        @app.post("/internal/platforms/{id}/{what}")
        async def act(id: UUID, what: PlatformAct, body: ByOperator) -> PlatformStatus:
            self.actors.append(body.actor)
            return self._change(id, state=STATES[what])

    def _change(self, id: UUID, **changes: Any) -> PlatformStatus:
        self.rows[id] = self.rows[id].model_copy(update=changes)
        return self.rows[id]


def _status(id: UUID, draft: dict[str, Any]) -> PlatformStatus:
    ids = draft.pop("deployment_ids")
    return PlatformStatus(
        id=id,
        state=PlatformState.ACTIVE,
        source=PlatformSource.MANUAL,
        product=None,
        deployments=[
            PlatformDeployment(deployment_id=one, enabled=True, created_at=NOW) for one in ids
        ],
        created_at=NOW,
        approved_at=NOW,
        disabled_at=None,
        used_at=None,
        visitors=0,
        **draft,
    )
