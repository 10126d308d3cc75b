"""Verifies a platform's authentication response and passes the Launch to api.

Order: spend the state, bind it to the browser, verify the id_token's signature, parse and check the
claims, check rights, PUT the Launch to api under the login's id (idempotent), issue a ticket. The
state is spent before any other check, so that no response is processed twice. Every failure is an
`EntryRefused`; what is known of the entry is in its `EntryContext`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from mydocker_kit.clients.api import ApiClient
from mydocker_kit.contracts.gateway.launches import (
    Arrival,
    ContextRole,
    Launch,
    LaunchContext,
    LaunchKind,
    LaunchPerson,
)
from mydocker_kit.contracts.values import external_text
from mydocker_kit.errors import ProblemError, Unavailable
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction
from mydocker_kit.vault import Vault

from ..advantage.service_claims import store_offer
from ..domain.entry_context import EntryContext
from ..domain.launches.claims import Claims, check_parties, check_time, parse_claims
from ..domain.launches.roles import context_role
from ..domain.launches.targets import is_ours, same_path
from ..domain.random_secrets import digest, same
from ..domain.refusals import EntryRefused, Reason
from ..keys.platform_jwks import PlatformKeys
from ..models import Deployment, LoginState, Registration
from ..web_sessions.tickets import issue_ticket
from . import queries
from .browser_binding import Evidence, check_browser
from .clock_watch import ClockWatch
from .course_links import CourseLinks, NamedCourse
from .deep_linking import store_request
from .id_tokens import verified_payload
from .login import active_registrations, relaunch

log = get_logger()
RESPONSE_FIELDS = ("state", "id_token", "error", "error_description")
_ONCE = (*RESPONSE_FIELDS, "storage_proof", "storage_access")
_TOP_LEVEL = frozenset({"window", "frame"})
"""Moodle sends `frame` when it uses the existing window, as on every phone."""
_EDITORS = frozenset({ContextRole.TEACHER, ContextRole.ASSISTANT})


@dataclass(frozen=True)
class AuthenticationResponse:
    """The platform's authentication response."""

    state: str
    id_token: str
    error: str | None
    """The OIDC error code, instead of an id_token."""
    storage_proof: str | None
    """Secret from the platform storage, posted by our own page."""


@dataclass(frozen=True)
class AcceptedLaunch:
    """The ticket of an accepted launch."""

    ticket: str
    app_origin: str

    @property
    def url(self) -> str:
        """Address of the application; the fragment is in no server log and no Referer."""
        return f"{self.app_origin}/enter#ticket={self.ticket}"


class Launches:
    """Processes authentication responses of platforms."""

    def __init__(
        self,
        sessions: Sessions,
        keys: PlatformKeys,
        api: ApiClient,
        app_origin: str,
        clock_watch: ClockWatch,
        vault: Vault,
    ) -> None:
        self._sessions, self._keys, self._api = sessions, keys, api
        self._app_origin, self._clock_watch, self._vault = app_origin, clock_watch, vault

    async def accept(
        self,
        pairs: Sequence[tuple[str, str]],
        evidence: Evidence,
        entry: EntryContext,
        now: datetime,
    ) -> AcceptedLaunch:
        """Verify the response, PUT the launch to api, issue a ticket."""
        try:
            accepted = await self._accept(_parse_response(pairs), evidence, entry, now)
        except EntryRefused as refusal:
            explained = self._clock_watch.explain(refusal, now)
            if explained is refusal:
                raise
            raise explained from refusal
        self._clock_watch.trust(now)
        return accepted

    async def _accept(
        self,
        response: AuthenticationResponse,
        evidence: Evidence,
        entry: EntryContext,
        now: datetime,
    ) -> AcceptedLaunch:
        """Spends the state first, in its own transaction, so that an response is used at most once.

        Holds no database connection while it calls the platform or api.
        """
        evidence = replace(evidence, storage_proof=response.storage_proof)
        login, registration = await self._spend_state(response.state, evidence, entry, now)
        if response.error is not None:
            raise EntryRefused(Reason.PLATFORM_ERROR, error=response.error)
        entry.payload = await verified_payload(response.id_token, registration, self._keys, now)
        entry.registration_id = registration.id
        claims = parse_claims(entry.payload)
        entry.locale, entry.return_url = claims.language, claims.safe_return_url
        await self._check(claims, login, registration, now)
        course = await self._named_course(claims, login)
        launch = _launch_of(claims, login, registration, course)
        _check_rights(claims, launch)
        arrival = await self._put_launch(launch)
        return await self._issue_ticket(login, launch, claims, arrival, now)

    async def _spend_state(
        self, state: str, evidence: Evidence, entry: EntryContext, now: datetime
    ) -> tuple[LoginState, Registration]:
        """Mark the state as used; refuses an unknown, used, expired or foreign one."""
        async with transaction(self._sessions) as db:
            login = await queries.login_state(db, digest(state))
            if login is None:
                raise EntryRefused(Reason.STATE_UNKNOWN)
            if login.spent_at is not None:
                raise EntryRefused(Reason.STATE_SPENT)
            if login.expires_at <= now:
                raise EntryRefused(Reason.STATE_EXPIRED)
            registration = await db.get_one(Registration, login.registration_id)
            entry.retry = relaunch(login, registration, self._app_origin)
            active_registrations([registration], entry)
            check_browser(login, registration, evidence, self._app_origin)
            if not await queries.spend_login_state(db, login.id, now):
                raise EntryRefused(Reason.STATE_SPENT)
        return login, registration

    async def _check(
        self, claims: Claims, login: LoginState, registration: Registration, now: datetime
    ) -> None:
        check_parties(claims, registration.issuer, registration.client_id)
        check_time(claims, now)
        if not same(digest(claims.nonce), login.nonce):
            raise EntryRefused(Reason.NONCE_WRONG)
        if not is_ours(claims.target_link_uri, self._app_origin):
            raise EntryRefused(Reason.TARGET_FOREIGN)
        if not same_path(claims.target_link_uri, login.target_link_uri):
            raise EntryRefused(Reason.TARGET_CHANGED)
        async with transaction(self._sessions) as db:
            key = (registration.id, claims.deployment_id)
            _check_deployment(await db.get(Deployment, key), claims.deployment_id)

    async def _named_course(self, claims: Claims, login: LoginState) -> NamedCourse:
        async with transaction(self._sessions) as db:
            return await CourseLinks(db, self._vault, login.registration_id).named_by(claims)

    async def _put_launch(self, launch: Launch) -> Arrival:
        try:
            return await self._api.put_launch(launch)
        except Unavailable as error:
            raise EntryRefused(Reason.API_AWAY) from error
        except ProblemError as error:
            if error.code == "user_disabled":
                raise EntryRefused(Reason.USER_DISABLED) from error
            raise EntryRefused(Reason.ENTRY_REFUSED, code=error.code) from error

    async def _issue_ticket(
        self, login: LoginState, launch: Launch, claims: Claims, arrival: Arrival, now: datetime
    ) -> AcceptedLaunch:
        embedded = claims.presentation.document_target not in _TOP_LEVEL
        landing = arrival.landing.model_copy(update={"embedded": embedded})
        async with transaction(self._sessions) as db:
            if launch.kind is LaunchKind.DEEP_LINKING:
                store_request(db, self._vault, login, claims, arrival.user_id, now)
            await store_offer(db, registration_id=login.registration_id, claims=claims, now=now)
            ticket = issue_ticket(
                db, login, claims.deployment_id, arrival.user_id, landing, claims.language, now
            )
        log.info("launch.accepted", launch=str(launch.id), kind=launch.kind, role=launch.role)
        return AcceptedLaunch(ticket, self._app_origin)


def _parse_response(pairs: Sequence[tuple[str, str]]) -> AuthenticationResponse:
    """Parse the posted fields; refuses repeated ones."""
    values: dict[str, str] = {}
    for name, value in pairs:
        if name in values and name in _ONCE:
            raise EntryRefused(Reason.PARAMETER_REPEATED, parameter=name)
        values[name] = value
    if not values.get("state"):
        raise EntryRefused(Reason.STATE_MISSING)
    error, proof = None, values.get("storage_proof")
    if "error" in values:
        if "id_token" in values:
            raise EntryRefused(Reason.ERROR_WITH_TOKEN)
        error = external_text(values["error"], 80) or "unnamed"
    elif not values.get("id_token"):
        raise EntryRefused(Reason.TOKEN_MISSING)
    return AuthenticationResponse(values["state"], values.get("id_token", ""), error, proof)


def _launch_of(
    claims: Claims, login: LoginState, registration: Registration, course: NamedCourse
) -> Launch:
    link, context = claims.resource_link, claims.context
    return Launch(
        id=login.id,
        kind=claims.kind,
        person=LaunchPerson(
            issuer=registration.issuer,
            subject=claims.sub,
            name=claims.display_name,
            email=external_text(claims.email),
            locale=external_text(claims.language, 35),
        ),
        context=context
        and LaunchContext(
            registration_id=registration.id,
            deployment_id=claims.deployment_id,
            context_id=context.id,
            title=external_text(context.title),
            label=external_text(context.label),
        ),
        role=context_role(claims.roles),
        resource_link_id=link.id if link else None,
        resource_link_title=external_text(link.title) if link else None,
        course_id=course.id,
        course_signed=course.is_signed,
        former_registrations=list(course.former_registrations),
        custom=claims.custom_texts(),
    )


def _check_deployment(deployment: Deployment | None, id: str) -> None:
    if deployment is None:
        reason = Reason.DEPLOYMENT_UNKNOWN
    elif deployment.disabled_at is None:
        return
    else:
        is_pending = deployment.was_never_enabled
        reason = Reason.DEPLOYMENT_PENDING if is_pending else Reason.DEPLOYMENT_DISABLED
    raise EntryRefused(reason, deployment=external_text(id))


def _check_rights(claims: Claims, launch: Launch) -> None:
    if not any(claims.roles):
        raise EntryRefused(Reason.ROLES_EMPTY)
    if launch.kind is not LaunchKind.DEEP_LINKING or claims.deep_linking is None:
        return
    if launch.role not in _EDITORS:
        raise EntryRefused(Reason.TEACHERS_ONLY)
    if "ltiResourceLink" not in claims.deep_linking.accept_types:
        raise EntryRefused(Reason.CONTENT_UNSUPPORTED)
