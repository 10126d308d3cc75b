"""Origins of platforms for the edge, which writes them into the application's security policy."""

from fastapi import APIRouter, Request, Response

from mydocker_kit.postgres.db import transaction

from .framing import form_origins, frame_ancestors, platform_origins

router = APIRouter(tags=["framing"])


@router.get("/lti/framing", status_code=204)
async def framing(request: Request) -> Response:
    """204 with `frame-ancestors` of the active platforms.

    `X-Forms`: platforms without https, to which deep linking responses are posted.
    """
    async with transaction(request.app.state.sessions) as db:
        origins, forms = await platform_origins(db), await form_origins(db)
    headers = {"Content-Security-Policy": frame_ancestors(origins), "X-Forms": " ".join(forms)}
    return Response(status_code=204, headers=headers)
