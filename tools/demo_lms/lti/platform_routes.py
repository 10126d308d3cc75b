"""The platform's LTI endpoints: configuration, keys, authentication, launches."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from ..campus import BY_SLUG, Person
from ..lms import Lms, PageNotFound, language, lms_of, page, person_of, self_posting, teacher_of
from ..store import Activity
from .launches import AGS_SCOPES, NRPS_SCOPE, Denied, Opening, Refused
from .signing import key_set, sign

router = APIRouter()


@router.get("/.well-known/openid-configuration")
async def configuration(request: Request) -> dict[str, Any]:
    origin = lms_of(request).settings.origin
    return {
        "issuer": origin,
        "authorization_endpoint": f"{origin}/auth",
        "token_endpoint": f"{origin}/token",
        "jwks_uri": f"{origin}/jwks",
        "registration_endpoint": f"{origin}/register",
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
        "scopes_supported": ["openid", *AGS_SCOPES, NRPS_SCOPE],
        "claims_supported": ["sub", "iss", "name", "given_name", "family_name", "email"],
        "https://purl.imsglobal.org/spec/lti-platform-configuration": {
            "product_family_code": "demo-lms",
            "version": "1",
            "messages_supported": [
                {"type": "LtiResourceLinkRequest"},
                {"type": "LtiDeepLinkingRequest", "placements": ["ContentArea"]},
            ],
        },
    }


@router.get("/jwks")
async def jwks(request: Request) -> dict[str, Any]:
    return key_set(lms_of(request).store.key)


@router.get("/auth")
async def authenticate_by_get(request: Request) -> Response:
    return _authenticate(request, request.query_params)


@router.post("/auth")
async def authenticate_by_post(request: Request) -> Response:
    form = await request.form()
    return _authenticate(request, {name: str(value) for name, value in form.items()})


def _authenticate(request: Request, parameters: Mapping[str, str]) -> Response:
    lms = lms_of(request)
    state = {"state": parameters["state"]} if "state" in parameters else {}
    try:
        opening = lms.launches.opening_of(parameters)
        claims = lms.launches.claims(opening, parameters["nonce"], lms.clock())
    except Refused as refused:
        return page(request, "error.html", status=404, framed=True, why=str(refused))
    except Denied as denied:
        error = {"error": denied.error, "error_description": denied.description, **state}
        return self_posting(request, lms.settings.launch_url, error)
    fields = {"id_token": sign(lms.store.key, claims), **state}
    return self_posting(request, parameters["redirect_uri"], fields)


@router.get("/as/{slug}/launch/{id}")
async def launch(slug: str, id: int, request: Request) -> Response:
    """Start a launch in the frame of the activity page."""
    lms, person = lms_of(request), person_of(slug)
    activity = lms.store.activity(id)
    if activity is None:
        raise PageNotFound
    return _begin(request, lms, person, activity)


@router.get("/mod/lti/launch.php")
async def launch_again(id: int, request: Request) -> Response:
    """Start a launch in a new tab, at Moodle's address, for the remembered person."""
    person = BY_SLUG.get(request.cookies.get("lms_person", ""))
    if person is None:
        raise PageNotFound
    return await launch(person.slug, id, request)


@router.get("/as/{slug}/dashboard")
async def dashboard(slug: str, request: Request) -> Response:
    """Start a launch of the tool's dashboard in a new window."""
    lms, person = lms_of(request), teacher_of(slug)
    link = Activity(
        id=0,
        title="Dashboard",
        text="",
        url=lms.settings.launch_url,
        custom={"landing": "dashboard"},
    )
    return _begin(request, lms, person, link, window=True)


@router.get("/as/{slug}/content/launch")
async def choose_content(slug: str, request: Request) -> Response:
    """Start deep linking in the dialog's frame."""
    lms, person = lms_of(request), teacher_of(slug)
    tool = lms.store.tool(request.query_params.get("tool")) or lms.store.tools[0]
    opening = Opening(person, language(request), None, tool, content=True)
    return self_posting(request, lms.settings.login_url, lms.launches.login_form(opening))


def _begin(
    request: Request, lms: Lms, person: Person, activity: Activity, *, window: bool = False
) -> Response:
    column = lms.store.column_of(activity.id)
    tool = lms.store.tool(activity.client_id) or lms.store.tools[0]
    opening = Opening(person, language(request), activity, tool, column, window=window)
    return self_posting(request, lms.settings.login_url, lms.launches.login_form(opening))
