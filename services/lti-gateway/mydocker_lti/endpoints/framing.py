"""Who may show our pages in a frame: the edge copies this header onto the application."""

from fastapi import APIRouter, Request, Response

from mydocker_kit.db import transaction

from ..pages import frame_ancestors
from ..queries import platform_origins

router = APIRouter(tags=["framing"])


@router.get("/lti/framing", status_code=204)
async def framing(request: Request) -> Response:
    """An empty answer whose Content-Security-Policy names the registered platforms."""
    async with transaction(request.app.state.sessions) as db:
        origins = await platform_origins(db)
    return Response(status_code=204, headers={"Content-Security-Policy": frame_ancestors(origins)})
