"""Third-party initiated login: finds the registration, stores state and nonce, redirects.

https://www.imsglobal.org/spec/security/v1p0#step-1-third-party-initiated-login
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.gateway.platforms import PlatformState
from mydocker_kit.contracts.values import is_storable

from ..domain.entry_context import EntryContext, Retry
from ..domain.launches.platform_storage import PlatformStorage, storage_of, usable_frame
from ..domain.launches.targets import LAUNCH_PATH, is_ours
from ..domain.random_secrets import digest, new_secret
from ..domain.refusals import EntryRefused, Reason
from ..models import LoginState, Registration
from ..platforms.queries import registrations_of
from ..web.cookies import state_cookie

STATE_LIFE = timedelta(seconds=600)
_REQUIRED = ("iss", "login_hint", "target_link_uri")
_OPTIONAL = ("lti_message_hint", "client_id", "lti_deployment_id", "lti_storage_target")
_LONGEST = 16 * 1024


@dataclass(frozen=True)
class Login:
    """Parameters of a login initiation."""

    issuer: str
    login_hint: str
    target_link_uri: str
    message_hint: str | None
    client_id: str | None
    storage_target: str | None = None


@dataclass(frozen=True)
class LoginRedirect:
    """The authentication request, and the cookie that binds it to this browser."""

    url: str
    cookie: str
    browser: str
    """Value of the cookie."""
    storage: PlatformStorage | None
    """Where the platform's page stores the same secret, if the platform offers storage."""


def parse_login(pairs: Sequence[tuple[str, str]]) -> Login:
    """Parse the parameters; refuses repeated, missing and oversized ones."""
    values: dict[str, str] = {}
    for name, value in pairs:
        if name in values and name in _REQUIRED + _OPTIONAL:
            raise EntryRefused(Reason.PARAMETER_REPEATED, parameter=name)
        values[name] = value
    for name in _REQUIRED:
        if not values.get(name):
            raise EntryRefused(Reason.PARAMETER_MISSING, parameter=name)
    known = {name: values.get(name) for name in _REQUIRED + _OPTIONAL}
    if sum(len(value or "") for value in known.values()) > _LONGEST:
        raise EntryRefused(Reason.REQUEST_TOO_LARGE)
    if not all(is_storable(value or "") for value in known.values()):
        raise EntryRefused(Reason.REQUEST_MALFORMED)
    return Login(
        issuer=values["iss"],
        login_hint=values["login_hint"],
        target_link_uri=values["target_link_uri"],
        message_hint=known["lti_message_hint"],
        client_id=known["client_id"] or None,
        storage_target=usable_frame(known["lti_storage_target"]),
    )


async def begin_login(
    db: AsyncSession, login: Login, app_origin: str, entry: EntryContext, now: datetime
) -> LoginRedirect:
    """Store state and nonce of this login; returns the authentication request."""
    registration = await trusted_registration(db, login.issuer, login.client_id, entry)
    if not is_ours(login.target_link_uri, app_origin):
        raise EntryRefused(Reason.TARGET_FOREIGN)
    if login.login_hint == "0" and "launchid" in _moodle_hint(login.message_hint):
        raise EntryRefused(Reason.LMS_SIGNED_OUT)
    state, nonce, browser = new_secret(), new_secret(), new_secret()
    db.add(
        LoginState(
            id=uuid4(),
            state=digest(state),
            nonce=digest(nonce),
            browser=digest(browser),
            registration_id=registration.id,
            target_link_uri=login.target_link_uri,
            login_hint=login.login_hint,
            message_hint=login.message_hint,
            storage_target=login.storage_target,
            created_at=now,
            expires_at=now + STATE_LIFE,
        )
    )
    url = _authentication_url(registration, login, app_origin, state, nonce)
    hashed, target = digest(state), login.storage_target
    storage = storage_of(target, registration.authorization_url, hashed) if target else None
    return LoginRedirect(url, state_cookie(hashed), browser, storage)


async def trusted_registration(
    db: AsyncSession, issuer: str, client_id: str | None, entry: EntryContext
) -> Registration:
    """The only active registration of this issuer (and client id); refuses when several match."""
    registrations = await registrations_of(db, issuer, client_id)
    if not registrations:
        raise EntryRefused(Reason.PLATFORM_UNKNOWN)
    active = active_registrations(registrations, entry)
    if len(active) > 1:
        raise EntryRefused(Reason.PLATFORM_AMBIGUOUS)
    return active[0]


def active_registrations(
    registrations: Sequence[Registration], entry: EntryContext
) -> Sequence[Registration]:
    """The approved and enabled ones; refuses when there is none, on a page they may frame."""
    active = [row for row in registrations if row.state is PlatformState.ACTIVE]
    if not active:
        entry.framers = [origin for row in registrations for origin in row.origins]
        is_pending = any(row.state is PlatformState.PENDING for row in registrations)
        reason = Reason.PLATFORM_PENDING if is_pending else Reason.PLATFORM_DISABLED
        raise EntryRefused(reason, registration=str(registrations[0].id))
    return active


def _authentication_url(
    registration: Registration, login: Login, app_origin: str, state: str, nonce: str
) -> str:
    parameters = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": registration.client_id,
        "redirect_uri": f"{app_origin}{LAUNCH_PATH}",
        "state": state,
        "nonce": nonce,
        "login_hint": login.login_hint,
    }
    if login.message_hint is not None:
        parameters["lti_message_hint"] = login.message_hint
    separator = "&" if "?" in registration.authorization_url else "?"
    query = urlencode(parameters, quote_via=quote, safe="")
    return f"{registration.authorization_url}{separator}{query}"


def _moodle_hint(hint: str | None) -> dict[str, object]:
    """Moodle's `lti_message_hint`: `{"cmid": 3, "launchid": "…"}`; empty for other platforms."""
    try:
        parsed = json.loads(hint or "")
    except (ValueError, RecursionError):
        return {}
    return parsed if isinstance(parsed, dict) else {}


def relaunch(state: LoginState, registration: Registration, app_origin: str) -> Retry:
    """A form that opens the same activity in a new tab, where cookies are first-party.

    Moodle's hint works once, so the form opens the activity in Moodle; elsewhere it repeats the
    login initiation. Both addresses are ours or the registered platform's.
    """
    cmid = _moodle_hint(state.message_hint).get("cmid")
    if isinstance(cmid, int):
        address = f"{registration.issuer}/mod/lti/launch.php"
        return Retry(address, "get", {"id": str(cmid)})
    fields = {
        "iss": registration.issuer,
        "client_id": registration.client_id,
        "login_hint": state.login_hint,
        "target_link_uri": state.target_link_uri,
    }
    hint = {"lti_message_hint": state.message_hint} if state.message_hint is not None else {}
    return Retry(f"{app_origin}/lti/login", "post", {**fields, **hint})
