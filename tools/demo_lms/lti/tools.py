"""Dynamic registration of tools as in Moodle: a URL in a frame, a one-time token."""

import secrets
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse

from ..campus import TEACHER
from ..lms import Lms, PageNotFound, lms_of, page
from ..store import Tool
from .signing import sign

router = APIRouter()
_LIFE = 3600
_TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"


class RegistrationRefused(Exception):
    """A failed registration: a status and a plain error code, as in Moodle."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status, self.error = status, error


class Registrations:
    """Registration tokens: issued, used once, forgotten at a restart."""

    def __init__(self, lms: Lms) -> None:
        self._lms, self._spent = lms, set[str]()
        self._waiting = set[str]()

    def permission(self) -> str:
        """A registration token; its subject is the client id of the tool."""
        client_id, now = secrets.token_hex(8), int(self._lms.clock().timestamp())
        self._waiting.add(client_id)
        claims = {"sub": client_id, "scope": "reg", "iat": now, "exp": now + _LIFE}
        return sign(self._lms.store.key, claims)

    def register(self, authorization: str, registration: dict[str, Any]) -> Tool:
        """Store the tool as pending; a refusal leaves the token unused."""
        client_id = self._client_of(authorization)
        if client_id in self._spent:
            raise RegistrationRefused(401, "token_already_used")
        name = _checked(registration, self._lms.settings.launch_url)
        self._spent.add(client_id)
        return self._lms.store.add_tool(client_id, name)

    def _client_of(self, authorization: str) -> str:
        scheme, _, token = authorization.partition(" ")
        if scheme != "Bearer":
            raise RegistrationRefused(401, "missing_registration_token")
        try:
            options: Any = {"verify_exp": False, "require": ["exp", "sub"]}
            key = self._lms.store.key.public_key()
            claims = jwt.decode(token, key, algorithms=["RS256"], options=options)
        except jwt.PyJWTError:
            raise RegistrationRefused(404, "") from None
        if claims["exp"] <= self._lms.clock().timestamp() or claims["sub"] not in self._waiting:
            raise RegistrationRefused(404, "")
        return str(claims["sub"])


def _checked(registration: dict[str, Any], launch_url: str) -> str:
    """The tool's name, if its registration is valid; only one tool's addresses are accepted."""
    tool = registration.get(_TOOL) or {}
    if "id_token" not in registration.get("response_types", []):
        raise RegistrationRefused(400, "invalid_response_types")
    if registration.get("token_endpoint_auth_method") != "private_key_jwt":
        raise RegistrationRefused(400, "invalid_token_endpoint_auth_method")
    if (
        registration.get("redirect_uris") != [launch_url]
        or tool.get("target_link_uri") != launch_url
    ):
        raise RegistrationRefused(400, "unknown_tool")
    if tool.get("domain") != urlsplit(launch_url).netloc:
        raise RegistrationRefused(400, "domain_targetlinkuri_mismatch")
    if not registration.get("jwks_uri") or not registration.get("initiate_login_uri"):
        raise RegistrationRefused(400, "missing_parameters")
    return str(registration.get("client_name", ""))[:255] or "?"


@router.post("/register")
async def register(request: Request) -> Response:
    """The registration request of a tool. A wrong token gets an HTML page, as in Moodle."""
    registrations: Registrations = request.app.state.registrations
    try:
        registration = await request.json()
        authorization = request.headers.get("Authorization", "")
        tool = registrations.register(
            authorization, registration if isinstance(registration, dict) else {}
        )
    except RegistrationRefused as refused:
        if refused.status == 404:
            return HTMLResponse("<title>Error</title>", 404)
        return PlainTextResponse(refused.error, refused.status)
    except (ValueError, TypeError, AttributeError):
        return PlainTextResponse("invalid_json", 400)
    deployed = {**registration[_TOOL], "deployment_id": tool.deployment_id}
    return JSONResponse({**registration, "client_id": tool.client_id, _TOOL: deployed})


@router.get("/tools")
async def manage(request: Request) -> Response:
    """The site's tools, and the form that adds one."""
    return _manage(request)


def _manage(request: Request, *, status: int = 200, problem: str = "") -> Response:
    lms = lms_of(request)
    sesskey = lms.launches.sesskeys[TEACHER.id]
    shown: dict[str, Any] = {"tools": lms.store.tools, "sesskey": sesskey, "problem": problem}
    return page(request, "tools.html", status=status, **shown)


@router.post("/tools/add")
async def add(request: Request) -> Response:
    """The tool's registration page in a frame, with our two parameters in its URL."""
    form = await _checked_form(request)
    lms, url = lms_of(request), form.get("url", "").strip()
    if urlsplit(url).scheme not in ("http", "https"):
        return _manage(request, status=422, problem="bad_url")
    registrations: Registrations = request.app.state.registrations
    added = {
        "openid_configuration": f"{lms.settings.origin}/.well-known/openid-configuration",
        "registration_token": registrations.permission(),
    }
    address = f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(added)}"
    return page(request, "registering.html", address=address)


@router.post("/tools/{client_id}/activate")
async def activate(client_id: str, request: Request) -> Response:
    await _checked_form(request)
    lms_of(request).store.activate_tool(client_id)
    return RedirectResponse("/tools", 303)


@router.post("/tools/{client_id}/remove")
async def remove(client_id: str, request: Request) -> Response:
    await _checked_form(request)
    lms_of(request).store.remove_tool(client_id)
    return RedirectResponse("/tools", 303)


async def _checked_form(request: Request) -> dict[str, str]:
    form = {name: str(value) for name, value in (await request.form()).items()}
    known = lms_of(request).launches.sesskeys[TEACHER.id]
    if not secrets.compare_digest(known, form.get("sesskey", "")):
        raise PageNotFound
    return form
