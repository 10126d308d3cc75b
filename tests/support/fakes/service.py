"""What the played services share: they know their callers, and may be away."""

from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import JSONResponse

from mydocker_kit.tokens import ServiceTrust
from mydocker_kit.web.dependencies import calling_service


class Away(Exception):
    """The service is not there."""


def service_app(trust: ServiceTrust) -> FastAPI:
    app = FastAPI(dependencies=[Depends(calling_service)])
    app.state.trust = trust

    @app.exception_handler(Away)
    async def _away(request: Request, error: Away) -> Response:
        return Response(status_code=503)

    return app


def problem(status: int, code: str) -> JSONResponse:
    return JSONResponse({"title": code, "code": code, "status": status, "detail": code}, status)
