"""The route class of every router of the api: creations may be repeated with `Idempotency-Key`.

A creation is a POST that answers 201 or 202. With the header, the first request claims the key,
works, and stores its answer in its own transaction; a repetition gets that answer. Refusals are not
stored: nothing was created, and the same request may succeed later.
"""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from fastapi.routing import APIRoute

from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import transaction
from mydocker_kit.problems import responses
from mydocker_kit.web.dependencies import transaction_of

from ..deps import authenticated, current_person, services_of
from ..domain.idempotency import HEADER, checked_key, fingerprint
from . import records
from .records import Answer, Claim

log = get_logger()
REPLAYED = "Idempotency-Replayed"
"""Header of an answer that was given before."""
_PROBLEMS = (400, 409, 422)
Handler = Callable[[Request], Awaitable[Response]]


async def _declared(
    _key: Annotated[
        str | None,
        Header(
            alias=HEADER,
            description="A new value for each creation, such as a UUID: 1 to 255 visible ASCII"
            " characters. For 24 hours the same request with the same key gets the same answer",
        ),
    ] = None,
) -> None:
    """Describe the header in OpenAPI; the route reads it."""


class CreationRoute(APIRoute):
    """A route; where it creates, it takes `Idempotency-Key`."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        self.creates = "POST" in (options.get("methods") or ()) and options.get("status_code") in (
            201,
            202,
        )
        if self.creates:
            options["dependencies"] = [*(options.get("dependencies") or ()), Depends(_declared)]
            options["responses"] = responses(*_PROBLEMS) | (options.get("responses") or {})
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        if not self.creates:
            return handle

        async def handle_once(request: Request) -> Response:
            if HEADER not in request.headers:
                return await handle(request)
            return await answer_once(request, handle)

        return handle_once


async def answer_once(request: Request, handle: Handler) -> Response:
    """The answer of this creation: of an earlier request with the same key, or a new one."""
    services = services_of(request)
    key = checked_key(request.headers.getlist(HEADER))
    token = await authenticated(request)
    claim = Claim(token.user_id, key, services.clock())
    digest = fingerprint(request.method, request.url.path, request.url.query, await request.body())
    sealed = await records.claim(services.sessions, claim, digest)
    if sealed is None:
        return await _first(request, handle, claim)
    await current_person(request)  # whoever lost the right reads no earlier answer either
    log.info("creation.repeated", user=token.user_id, path=request.url.path)
    answer = Answer.opened(services.vault, sealed)
    headers = {**dict(answer.headers), REPLAYED: "true"}
    return Response(answer.body, answer.status, headers)


async def _first(request: Request, handle: Handler, claim: Claim) -> Response:
    try:
        response = await handle(request)
        await _store(request, response, claim)
    except Exception:
        if (db := transaction_of(request)) is not None:
            await db.rollback()  # gives its connection back before another one is taken
        await records.release(services_of(request).sessions, claim)
        raise
    return response


async def _store(request: Request, response: Response, claim: Claim) -> None:
    """Store the answer: with what was created, or alone where another service creates."""
    services = services_of(request)
    answer = Answer(response.status_code, response.headers.items(), bytes(response.body))
    sealed = answer.sealed(services.vault)
    if (db := transaction_of(request)) is not None:
        await records.store(db, claim, sealed)
        return
    async with transaction(services.sessions) as own:
        await records.store(own, claim, sealed)
