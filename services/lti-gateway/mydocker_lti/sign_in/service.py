"""Sign-in without an LMS: start at a provider, verify its response, issue a ticket as a launch."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from mydocker_kit.clients.api import ApiClient
from mydocker_kit.contracts.gateway.launches import Arrival, LaunchPerson
from mydocker_kit.contracts.gateway.sign_ins import LinkRequest, SignIn
from mydocker_kit.errors import ProblemError, Unavailable
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.outgoing.client import GuardedHttpClient
from mydocker_kit.postgres.db import Sessions, transaction
from mydocker_kit.vault import Vault

from ..domain.paths import own_path
from ..domain.random_secrets import digest, new_secret, same
from ..domain.refusals import EntryRefused, Reason
from ..metrics import SIGN_INS
from ..models import SignInState, WebSession
from ..web.cookies import state_cookie
from ..web_sessions.revocations import end_sessions_of_provider
from ..web_sessions.tickets import issue_for_sign_in
from ..web_sessions.tokens import active_session
from . import cas, queries
from .openid import OpenId
from .providers import CasProvider, OpenIdProvider, ProviderIdentity

log = get_logger()
STATE_LIFE = timedelta(minutes=10)
Provider = OpenIdProvider | CasProvider


@dataclass(frozen=True)
class ProviderRedirect:
    """The provider's login URL, and the cookie that binds the sign-in to this browser."""

    url: str
    cookie: str
    browser: str
    """Value of the cookie."""


class SignIns:
    """Processes sign-ins with OpenID Connect and CAS providers."""

    def __init__(
        self,
        sessions: Sessions,
        providers: Mapping[str, Provider],
        outgoing: GuardedHttpClient,
        api: ApiClient,
        vault: Vault,
        app_origin: str,
    ) -> None:
        self.providers = providers
        self._sessions, self._outgoing, self._api = sessions, outgoing, api
        self._vault, self._app_origin = vault, app_origin
        self._openid = OpenId(outgoing)

    async def begin(
        self,
        provider_id: str,
        path: str | None,
        now: datetime,
        *,
        web_session_id: UUID | None = None,
    ) -> ProviderRedirect:
        """Store the state of this sign-in; returns where to redirect.

        With `web_session_id` the identity is linked to the account of that session.
        """
        provider = self._provider(provider_id)
        state, nonce, browser, verifier = (new_secret() for _ in range(4))
        force_reauth = web_session_id is not None
        if isinstance(provider, OpenIdProvider):
            callback = self._callback(provider)
            url = await self._openid.authorization_url(
                provider, callback, state, nonce, verifier, now, force_reauth=force_reauth
            )
        else:
            url = cas.login_url(provider, self._service(provider, state), force_reauth=force_reauth)
        row = SignInState(
            id=uuid4(),
            state=digest(state),
            nonce=digest(nonce),
            browser=digest(browser),
            provider=provider.id,
            verifier=self._vault.seal(verifier),
            path=own_path(path),
            web_session_id=web_session_id,
            created_at=now,
            expires_at=now + STATE_LIFE,
        )
        async with transaction(self._sessions) as db:
            db.add(row)
        return ProviderRedirect(url, state_cookie(digest(state)), browser)

    async def finish(
        self,
        provider_id: str,
        answer: Mapping[str, str],
        cookies: Mapping[str, str],
        now: datetime,
    ) -> str:
        """Verify the provider's response; returns the address that the browser goes to.

        Spends the state first, in its own transaction, so that a response is used at most once.
        Holds no database connection while it calls the provider or api.
        """
        provider = self._provider(provider_id)
        state = answer.get("state", "")
        row = await self._spend_state(provider, state, cookies, now)
        if "error" in answer:
            raise EntryRefused(Reason.PROVIDER_ERROR, provider=provider.id)
        identity = await self._identity(provider, row, state, answer, now)
        if row.web_session_id is not None:
            return await self._request_link(row, row.web_session_id, identity.person, now)
        arrival = await self._put_sign_in(row, identity.person)
        landing = arrival.landing.model_copy(update={"path": row.path})
        async with transaction(self._sessions) as db:
            ticket = issue_for_sign_in(
                db, row, identity.person, identity.session, arrival.user_id, landing, now
            )
        SIGN_INS.labels(provider.id).inc()
        log.info("sign_in.accepted", sign_in=str(row.id), provider=provider.id)
        return f"{self._app_origin}/enter#ticket={ticket}"

    async def logout_url(self, session: WebSession, now: datetime) -> str | None:
        """The provider's logout URL for this session, if it has one."""
        provider = self.providers.get(session.provider or "")
        if provider is None:
            return None
        if isinstance(provider, CasProvider):
            return cas.logout_url(provider)
        return await self._openid.logout_url(provider, f"{self._app_origin}/signed-out", now)

    async def logged_out(
        self, provider_id: str, parameters: Mapping[str, str], now: datetime
    ) -> None:
        """End the web sessions of a provider's session that ended there (back-channel logout)."""
        provider = self._provider(provider_id)
        if isinstance(provider, CasProvider):
            session, subject = cas.logged_out(parameters.get("logoutRequest", "")), None
        else:
            token = parameters.get("logout_token", "")
            session, subject = await self._openid.logged_out(provider, token, now)
        async with transaction(self._sessions) as db:
            ended = await end_sessions_of_provider(db, provider.id, session, subject, now)
        log.info("sign_in.logged_out", provider=provider.id, ended=ended)

    def _provider(self, id: str) -> Provider:
        if id not in self.providers:
            raise EntryRefused(Reason.PROVIDER_UNKNOWN)
        return self.providers[id]

    def _callback(self, provider: Provider) -> str:
        """Our callback URL, from the setting and never from a Host header."""
        return f"{self._app_origin}/lti/sign-in/{provider.id}/callback"

    def _service(self, provider: CasProvider, state: str) -> str:
        """The CAS service URL; `state` in it binds a ticket to this sign-in (login CSRF)."""
        return f"{self._callback(provider)}?state={state}"

    async def _spend_state(
        self, provider: Provider, state: str, cookies: Mapping[str, str], now: datetime
    ) -> SignInState:
        hashed = digest(state)
        async with transaction(self._sessions) as db:
            row = await queries.locked_sign_in_state(db, hashed)
            if row is None or row.provider != provider.id:
                raise EntryRefused(Reason.STATE_UNKNOWN, provider=provider.id)
            cookie = cookies.get(state_cookie(hashed))
            if cookie is None:
                raise EntryRefused(Reason.STATE_COOKIE_MISSING, provider=provider.id)
            if not same(digest(cookie), row.browser):
                raise EntryRefused(Reason.STATE_OTHER_BROWSER, provider=provider.id)
            if row.spent_at is not None:
                raise EntryRefused(Reason.STATE_SPENT, provider=provider.id)
            if row.expires_at <= now:
                raise EntryRefused(Reason.STATE_EXPIRED, provider=provider.id)
            row.spent_at = now
        return row

    async def _identity(
        self,
        provider: Provider,
        row: SignInState,
        state: str,
        answer: Mapping[str, str],
        now: datetime,
    ) -> ProviderIdentity:
        name = "ticket" if isinstance(provider, CasProvider) else "code"
        proof = answer.get(name, "")
        if not proof or len(proof) > 4096:
            raise EntryRefused(Reason.PARAMETER_MISSING, provider=provider.id, parameter=name)
        if isinstance(provider, CasProvider):
            service = self._service(provider, state)
            force_reauth = row.web_session_id is not None
            person = await cas.person(
                self._outgoing, provider, service, proof, force_reauth=force_reauth
            )
            return ProviderIdentity(person, proof)
        if answer.get("iss", provider.issuer) != provider.issuer:  # RFC 9207
            raise EntryRefused(Reason.ISSUER_FOREIGN, provider=provider.id)
        verifier = self._vault.open(row.verifier or "")
        callback = self._callback(provider)
        return await self._openid.person(
            provider,
            callback,
            proof,
            verifier,
            row.nonce,
            now,
            proved_after=row.created_at if row.web_session_id else None,
        )

    async def _request_link(
        self, row: SignInState, web_session_id: UUID, person: LaunchPerson, now: datetime
    ) -> str:
        """Ask api for a link of both identities; the person confirms it on the account page."""
        async with transaction(self._sessions) as db:
            session = await active_session(db, web_session_id, now)
        if session is None:
            raise EntryRefused(Reason.LINKING_SESSION_OVER, provider=row.provider)
        link = LinkRequest(
            id=row.id, user_id=session.user_id, web_session_id=session.id, person=person
        )
        with _api_errors_refused():
            await self._api.put_link_request(link)
        log.info("sign_in.proved", sign_in=str(row.id), provider=row.provider)
        return f"{self._app_origin}/account?link={row.id}"

    async def _put_sign_in(self, row: SignInState, person: LaunchPerson) -> Arrival:
        with _api_errors_refused():
            return await self._api.put_sign_in(SignIn(id=row.id, person=person))


@contextmanager
def _api_errors_refused() -> Iterator[None]:
    """Turn errors of api into refusals."""
    try:
        yield
    except Unavailable as error:
        raise EntryRefused(Reason.API_AWAY) from error
    except ProblemError as error:
        reason = Reason.USER_DISABLED if error.code == "user_disabled" else Reason.ENTRY_REFUSED
        raise EntryRefused(reason, code=error.code) from error
