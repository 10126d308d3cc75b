"""The demo LMS as an application."""

from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse
from fastapi.staticfiles import StaticFiles

from . import pages
from .lms import Lms, PageNotFound, page
from .lti import platform_routes, tools
from .services import grades, roster, tokens
from .services.access import AccessTokens, ServiceRefused


def build(lms: Lms) -> FastAPI:
    """The application: pages for people and endpoints for tools."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.state.lms, app.state.access_tokens = lms, AccessTokens()
    app.state.registrations = tools.Registrations(lms)
    app.include_router(platform_routes.router)
    app.include_router(pages.router)
    for service in (tokens, roster, grades):
        app.include_router(service.router)
    app.include_router(tools.router)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))

    @app.exception_handler(PageNotFound)
    async def _nobody(request: Request, _: PageNotFound) -> Response:
        return page(request, "error.html", status=404, why="")

    @app.exception_handler(ServiceRefused)
    async def _refused(request: Request, error: ServiceRefused) -> Response:
        return PlainTextResponse(str(error), error.status)

    return app
