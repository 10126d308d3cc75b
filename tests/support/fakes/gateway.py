"""The gateway, played: sessions, rosters, scores and refusals."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import Response
from fastapi.responses import StreamingResponse
from jwt.algorithms import OKPAlgorithm

from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.gateway.platforms import PlatformChange
from mydocker_kit.contracts.gateway.refusals import RefusalPage, RefusedEntry
from mydocker_kit.contracts.gateway.rosters import Member, RosterPage
from mydocker_kit.contracts.gateway.scores import Score, ScoreState, ScoreStatus
from mydocker_kit.contracts.gateway.sessions import EndedSession, EndPerson, SessionEnd
from mydocker_kit.tokens import AccessToken, ServiceTrust, access_claims

from .service import Away, problem, service_app


class FakeGateway:
    """Signs people's access tokens."""

    def __init__(self, trust: ServiceTrust) -> None:
        self.kid, self.key = "first", Ed25519PrivateKey.generate()
        self.asked = 0
        self.away = False
        self.ended: list[EndedSession] = []
        self.platform_changes: list[PlatformChange] = []
        self.shut_out: list[tuple[UUID, SessionEnd]] = []
        self._changed = asyncio.Condition()
        self.rosters: dict[str, list[Member]] = {}
        self.roster_max_ages: list[int] = []
        """Seconds, of each question for a roster."""
        """By the platform's id of the context; none offered for the others."""
        self.roster_at: datetime | None = None
        self.stale = False
        self.scores: dict[UUID, Score] = {}
        self.score_state: tuple[ScoreState, str | None] = (ScoreState.QUEUED, None)
        self.takes_scores = True
        self.refusals: list[RefusedEntry] = []
        self.app = service_app(trust)
        self._add_sessions()
        self._add_services()

        @self.app.get("/internal/access-keys")
        async def keys() -> dict[str, Any]:
            self.asked += 1
            public = json.loads(OKPAlgorithm.to_jwk(self.key.public_key()))
            return {"keys": [public | {"kid": self.kid, "alg": "EdDSA", "use": "sig"}]}

    def _add_sessions(self) -> None:
        @self.app.get("/internal/ended-sessions")
        async def ended(after: int) -> StreamingResponse:
            if self.away:
                raise Away
            return StreamingResponse(self._endings(after), media_type="text/event-stream")

        @self.app.get("/internal/platform-changes")
        async def platform_changes(after: int) -> list[PlatformChange]:
            if self.away:
                raise Away
            return [change for change in self.platform_changes if change.number > after]

        @self.app.post("/internal/people/{user_id}/end-sessions", status_code=204)
        async def end_person(user_id: UUID, body: EndPerson) -> None:
            if self.away:
                raise Away
            self.shut_out.append((user_id, body.reason))

    def _add_services(self) -> None:
        @self.app.get("/internal/contexts/{registration_id}/members", response_model=None)
        async def members(
            registration_id: UUID,
            deployment_id: str,
            context_id: str,
            page: int = 1,
            page_size: int = 50,
            max_age: int = 300,
        ) -> RosterPage | Response:
            self.roster_max_ages.append(max_age)
            if self.away:
                raise Away
            roster = self.rosters.get(context_id)
            if roster is None:
                return problem(404, "roster_not_offered")
            return RosterPage(
                items=roster[(page - 1) * page_size : page * page_size],
                total=len(roster),
                page=page,
                page_size=page_size,
                fetched_at=self.roster_at or utc_now(),
                stale=self.stale,
            )

        @self.app.put("/internal/scores/{id}", response_model=None)
        async def put_score(id: UUID, score: Score) -> ScoreStatus | Response:
            if self.away:
                raise Away
            if not self.takes_scores:
                return problem(409, "grades_not_offered")
            self.scores[id] = score
            return self._status(id)

        @self.app.get("/internal/scores/{id}")
        async def score(id: UUID) -> ScoreStatus:
            return self._status(id)

        @self.app.get("/internal/refusals")
        async def refusals(
            page: int = 1, page_size: int = 50, search: str = "", platform_id: UUID | None = None
        ) -> RefusalPage:
            if self.away:
                raise Away
            matching = [
                refusal
                for refusal in self.refusals
                if refusal.reference.startswith(search)
                and platform_id in (None, refusal.registration_id)
            ]
            return RefusalPage(
                items=matching[(page - 1) * page_size : page * page_size],
                total=len(matching),
                page=page,
                page_size=page_size,
                reasons={refusal.reason: 1 for refusal in matching},
            )

        @self.app.get("/internal/refusals/{reference}", response_model=None)
        async def refusal(reference: str) -> RefusedEntry | Response:
            matching = [refusal for refusal in self.refusals if refusal.reference == reference]
            return matching[0] if matching else problem(404, "refusal_unknown")

    def _status(self, id: UUID) -> ScoreStatus:
        state, reason = self.score_state
        return ScoreStatus(id=id, state=state, reason=reason, attempts=1)

    async def _endings(self, after: int) -> AsyncIterator[str]:
        yield ": here\n\n"
        while not self.away:
            for session in self.ended[after:]:
                after = session.number
                data = session.model_dump_json()
                yield f"event: session.ended\nid: {after}\ndata: {data}\n\n"
            async with self._changed:
                if len(self.ended) <= after and not self.away:
                    await self._changed.wait()

    async def end(self, web_session_id: UUID, reason: SessionEnd = SessionEnd.SIGNED_OUT) -> None:
        """A web session ends; followers hear of it."""
        number = len(self.ended) + 1
        self.ended.append(
            EndedSession(
                number=number,
                web_session_id=web_session_id,
                user_id=uuid4(),
                reason=reason,
                ended_at=utc_now(),
            )
        )
        await self.notify()

    async def notify(self) -> None:
        """Wake those who follow."""
        async with self._changed:
            self._changed.notify_all()

    def token(
        self,
        user_id: UUID,
        now: datetime,
        *,
        web_session_id: UUID | None = None,
        life: timedelta = timedelta(minutes=10),
        **forged: Any,
    ) -> str:
        """An access token as the gateway issues them; `forged` replaces claims."""
        claims = access_claims(AccessToken(user_id, web_session_id or uuid4(), now + life), now)
        return jwt.encode(claims | forged, self.key, "EdDSA", headers={"kid": self.kid})

    def rotate(self) -> None:
        self.kid, self.key = f"after-{self.kid}", Ed25519PrivateKey.generate()
