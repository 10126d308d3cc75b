"""What the edge writes into the application's policy: who may frame it, where its forms may go."""

from fastapi import APIRouter, Request, Response

from mydocker_kit.db import transaction

from .framing import form_origins, frame_ancestors, platform_origins

router = APIRouter(tags=["framing"])


@router.get("/lti/framing", status_code=204)
async def framing(request: Request) -> Response:
    """An empty answer whose headers name the registered platforms.

    `X-Forms`: platforms without https, to which the answer of a deep linking is posted.
    """
    async with transaction(request.app.state.sessions) as db:
        origins, forms = await platform_origins(db), await form_origins(db)
    headers = {"Content-Security-Policy": frame_ancestors(origins), "X-Forms": " ".join(forms)}
    return Response(status_code=204, headers=headers)
