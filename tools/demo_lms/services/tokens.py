"""Access tokens for tools: the client credentials grant with a signed assertion."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from ..lms import lms_of
from ..lti.launches import AGS_SCOPES, NRPS_SCOPE
from ..lti.signing import SignatureRefused

router = APIRouter()


_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@router.post("/token")
async def token(request: Request) -> Response:
    """An access token for a valid client assertion of a tool. Errors are always 400."""
    lms, form = lms_of(request), await request.form()
    if form.get("grant_type") != "client_credentials":
        return _token_error("unsupported_grant_type")
    if form.get("client_assertion_type") != _ASSERTION:
        return _token_error("invalid_request")
    try:
        claims = await lms.tool_keys.claims(str(form.get("client_assertion", "")), lms.clock())
    except SignatureRefused:
        return _token_error("invalid_client")
    if claims.get("sub") != claims["iss"]:
        return _token_error("invalid_client")
    requested = set(str(form.get("scope", "")).split())
    granted = [scope for scope in (*AGS_SCOPES, NRPS_SCOPE) if scope in requested]
    if not granted:
        return _token_error("invalid_scope")
    access_token = request.app.state.access_tokens.issue(frozenset(granted), lms.clock())
    body = {"access_token": access_token, "token_type": "Bearer", "expires_in": 3600}
    return JSONResponse({**body, "scope": " ".join(granted)})


def _token_error(code: str) -> Response:
    return JSONResponse({"error": code}, 400)
