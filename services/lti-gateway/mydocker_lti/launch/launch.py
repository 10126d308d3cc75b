"""From the platform's answer to a trusted Launch, handed over to api exactly once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from mydocker_kit.clients.api import ApiClient
from mydocker_kit.contracts.launches import (
    Arrival,
    ContextRole,
    Launch,
    LaunchContext,
    LaunchKind,
    LaunchPerson,
)
from mydocker_kit.contracts.values import foreign_line
from mydocker_kit.db import Sessions, transaction
from mydocker_kit.errors import ProblemError, Unavailable
from mydocker_kit.logging import get_logger
from mydocker_kit.vault import Vault

from ..advantage.service_claims import remember_offer
from ..domain.claims import Claims, check_parties, check_time, read
from ..domain.entry_context import EntryContext
from ..domain.random_secrets import digest, same
from ..domain.refusals import EntryRefused, Reason
from ..domain.roles import context_role
from ..domain.targets import is_ours, same_path
from ..keys.platform_jwks import PlatformKeys
from ..models import Deployment, LoginState, Registration
from ..web_sessions.tickets import issue_ticket
from . import queries
from .browser_binding import Evidence, check_browser
from .clock_watch import ClockWatch
from .course_links import CourseLinks, NamedCourse
from .deep_linking import remember_request
from .id_tokens import verified_payload
from .login import active_registrations, relaunch

log = get_logger()
ANSWER_FIELDS = ("state", "id_token", "error", "error_description")
_ONCE = (*ANSWER_FIELDS, "storage_proof", "storage_access")
_TOP_LEVEL = frozenset({"window", "frame"})
"""Moodle says `frame` when it gives us the existing window, as it does on every phone."""
_EDITORS = frozenset({ContextRole.TEACHER, ContextRole.ASSISTANT})


@dataclass(frozen=True)
class Answer:
    """What the platform posted back."""

    state: str
    id_token: str
    error: str | None
    """What went wrong there, when it says so instead."""
    storage_proof: str | None
    """What our own page, having asked the platform's, brings along."""


@dataclass(frozen=True)
class Entrance:
    """What an accepted launch needs to go on."""

    ticket: str
    app_origin: str

    @property
    def url(self) -> str:
        """In the fragment, so that no server log and no Referer ever holds it."""
        return f"{self.app_origin}/enter#ticket={self.ticket}"


class Launches:
    """Turns answers of platforms into Launches."""

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
    ) -> Entrance:
        """Check everything, hand over to api, issue the ticket."""
        try:
            entrance = await self._accept(_read_answer(pairs), evidence, entry, now)
        except EntryRefused as refusal:
            explained = self._clock_watch.explain(refusal, now)
            if explained is refusal:
                raise
            raise explained from refusal
        self._clock_watch.believe(now)
        return entrance

    async def _accept(
        self, answer: Answer, evidence: Evidence, entry: EntryContext, now: datetime
    ) -> Entrance:
        """Spends the state first, in its own transaction, so that an answer is used at most once.

        Holds no database connection while it calls the platform or api.
        """
        evidence = replace(evidence, storage_proof=answer.storage_proof)
        login, registration = await self._spend_state(answer.state, evidence, entry, now)
        if answer.error is not None:
            raise EntryRefused(Reason.PLATFORM_ERROR, error=answer.error)
        entry.payload = await verified_payload(answer.id_token, registration, self._keys, now)
        entry.registration_id = registration.id
        claims = read(entry.payload)
        entry.locale, entry.return_url = claims.language, claims.way_back
        await self._check(claims, login, registration, now)
        course = await self._named_course(claims, login)
        launch = _launch_of(claims, login, registration, course)
        _check_rights(claims, launch)
        arrival = await self._hand_over(launch)
        return await self._let_in(login, launch, claims, arrival, now)

    async def _spend_state(
        self, state: str, evidence: Evidence, entry: EntryContext, now: datetime
    ) -> tuple[LoginState, Registration]:
        """The login this state belongs to; refuses unless it is this browser's and unused."""
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

    async def _hand_over(self, launch: Launch) -> Arrival:
        try:
            return await self._api.put_launch(launch)
        except Unavailable as error:
            raise EntryRefused(Reason.API_AWAY) from error
        except ProblemError as error:
            if error.code == "user_disabled":
                raise EntryRefused(Reason.USER_DISABLED) from error
            raise EntryRefused(Reason.ENTRY_REFUSED, code=error.code) from error

    async def _let_in(
        self, login: LoginState, launch: Launch, claims: Claims, arrival: Arrival, now: datetime
    ) -> Entrance:
        embedded = claims.presentation.document_target not in _TOP_LEVEL
        landing = arrival.landing.model_copy(update={"embedded": embedded})
        async with transaction(self._sessions) as db:
            if launch.kind is LaunchKind.DEEP_LINKING:
                remember_request(db, self._vault, login, claims, arrival.user_id, now)
            await remember_offer(db, registration_id=login.registration_id, claims=claims, now=now)
            ticket = issue_ticket(
                db, login, claims.deployment_id, arrival.user_id, landing, claims.language, now
            )
        log.info("launch.accepted", launch=str(launch.id), kind=launch.kind, role=launch.role)
        return Entrance(ticket, self._app_origin)


def _read_answer(pairs: Sequence[tuple[str, str]]) -> Answer:
    """The posted fields, each at most once."""
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
        error = foreign_line(values["error"], 80) or "unnamed"
    elif not values.get("id_token"):
        raise EntryRefused(Reason.TOKEN_MISSING)
    return Answer(values["state"], values.get("id_token", ""), error, proof)


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
            email=foreign_line(claims.email),
            locale=foreign_line(claims.language, 35),
        ),
        context=context
        and LaunchContext(
            registration_id=registration.id,
            deployment_id=claims.deployment_id,
            context_id=context.id,
            title=foreign_line(context.title),
            label=foreign_line(context.label),
        ),
        role=context_role(claims.roles),
        resource_link_id=link.id if link else None,
        resource_link_title=foreign_line(link.title) if link else None,
        course_id=course.id,
        course_signed=course.is_signed,
        former_registrations=list(course.former_registrations),
        custom=claims.custom_texts(),
    )


def _check_deployment(found: Deployment | None, id: str) -> None:
    if found is None:
        reason = Reason.DEPLOYMENT_UNKNOWN
    elif found.disabled_at is None:
        return
    else:
        never = found.was_never_enabled
        reason = Reason.DEPLOYMENT_PENDING if never else Reason.DEPLOYMENT_DISABLED
    raise EntryRefused(reason, deployment=foreign_line(id))


def _check_rights(claims: Claims, launch: Launch) -> None:
    if not any(claims.roles):
        raise EntryRefused(Reason.ROLES_EMPTY)
    if launch.kind is not LaunchKind.DEEP_LINKING or claims.deep_linking is None:
        return
    if launch.role not in _EDITORS:
        raise EntryRefused(Reason.TEACHERS_ONLY)
    if "ltiResourceLink" not in claims.deep_linking.accept_types:
        raise EntryRefused(Reason.CONTENT_UNSUPPORTED)
