"""Signing in without an LMS: off to a provider and back, then the same hand-over as a launch."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from mydocker_kit.clients.api import ApiClient
from mydocker_kit.contracts.launches import Arrival, LaunchPerson
from mydocker_kit.contracts.sign_ins import LinkRequest, SignIn
from mydocker_kit.db import Sessions, transaction
from mydocker_kit.errors import ProblemError, Unavailable
from mydocker_kit.logging import get_logger
from mydocker_kit.vault import Vault

from ..domain.paths import own_path
from ..domain.random_secrets import digest, new_secret, same
from ..domain.refusals import EntryRefused, Reason
from ..http_client.client import Outgoing
from ..metrics import SIGN_INS
from ..models import SignInState, WebSession
from ..web.cookies import state_cookie
from ..web_sessions.revocations import end_at_provider
from ..web_sessions.tickets import issue_for_sign_in
from ..web_sessions.tokens import living_session
from . import cas, queries
from .openid import OpenId
from .providers import CasProvider, OpenIdProvider, Vouched

log = get_logger()
STATE_LIFE = timedelta(minutes=10)
Provider = OpenIdProvider | CasProvider


@dataclass(frozen=True)
class Departure:
    """Where the browser goes next, and the cookie that will recognise it."""

    url: str
    cookie: str
    browser: str


class SignIns:
    """Turns visits to providers into people."""

    def __init__(
        self,
        sessions: Sessions,
        providers: Mapping[str, Provider],
        outgoing: Outgoing,
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
    ) -> Departure:
        """Remember this sign-in and say where to send the browser.

        With the web session of somebody signed in, it becomes a further identity of theirs.
        """
        provider = self._provider(provider_id)
        state, nonce, browser, verifier = (new_secret() for _ in range(4))
        afresh = web_session_id is not None
        if isinstance(provider, OpenIdProvider):
            callback = self._callback(provider)
            url = await self._openid.departure(
                provider, callback, state, nonce, verifier, now, afresh=afresh
            )
        else:
            url = cas.departure(provider, self._service(provider, state), afresh=afresh)
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
        return Departure(url, state_cookie(digest(state)), browser)

    async def finish(
        self,
        provider_id: str,
        answer: Mapping[str, str],
        cookies: Mapping[str, str],
        now: datetime,
    ) -> str:
        """Check the provider's answer, hand the person over; where the browser goes next.

        The state is spent first, in a transaction of its own: whatever happens next, the same
        answer can never be used again. No database handle is held while others are asked.
        """
        provider = self._provider(provider_id)
        state = answer.get("state", "")
        row = await self._spend_state(provider, state, cookies, now)
        if "error" in answer:
            raise EntryRefused(Reason.PROVIDER_ERROR, provider=provider.id)
        vouched = await self._vouched(provider, row, state, answer, now)
        if row.web_session_id is not None:
            return await self._request_link(row, row.web_session_id, vouched.person, now)
        arrival = await self._hand_over(row, vouched.person)
        landing = arrival.landing.model_copy(update={"path": row.path})
        async with transaction(self._sessions) as db:
            ticket = issue_for_sign_in(
                db, row, vouched.person, vouched.session, arrival.user_id, landing, now
            )
        SIGN_INS.labels(provider.id).inc()
        log.info("sign_in.accepted", sign_in=str(row.id), provider=provider.id)
        return f"{self._app_origin}/enter#ticket={ticket}"

    async def farewell(self, session: WebSession, now: datetime) -> str | None:
        """Where this person may end what remains at the provider."""
        provider = self.providers.get(session.provider or "")
        if provider is None:
            return None
        if isinstance(provider, CasProvider):
            return cas.farewell(provider)
        return await self._openid.farewell(provider, f"{self._app_origin}/signed-out", now)

    async def logged_out(self, provider_id: str, said: Mapping[str, str], now: datetime) -> None:
        """The provider has ended its session: what began by it here ends as well."""
        provider = self._provider(provider_id)
        if isinstance(provider, CasProvider):
            session, subject = cas.logged_out(said.get("logoutRequest", "")), None
        else:
            token = said.get("logout_token", "")
            session, subject = await self._openid.logged_out(provider, token, now)
        async with transaction(self._sessions) as db:
            ended = await end_at_provider(db, provider.id, session, subject, now)
        log.info("sign_in.logged_out", provider=provider.id, ended=ended)

    def _provider(self, id: str) -> Provider:
        if id not in self.providers:
            raise EntryRefused(Reason.PROVIDER_UNKNOWN)
        return self.providers[id]

    def _callback(self, provider: Provider) -> str:
        """Ours by setting, never by what a request says."""
        return f"{self._app_origin}/lti/sign-in/{provider.id}/callback"

    def _service(self, provider: CasProvider, state: str) -> str:
        """With the state in it, a ticket is good for this very sign-in: nobody slips in theirs."""
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

    async def _vouched(
        self,
        provider: Provider,
        row: SignInState,
        state: str,
        answer: Mapping[str, str],
        now: datetime,
    ) -> Vouched:
        name = "ticket" if isinstance(provider, CasProvider) else "code"
        proof = answer.get(name, "")
        if not proof or len(proof) > 4096:
            raise EntryRefused(Reason.PARAMETER_MISSING, provider=provider.id, parameter=name)
        if isinstance(provider, CasProvider):
            service = self._service(provider, state)
            afresh = row.web_session_id is not None
            person = await cas.person(self._outgoing, provider, service, proof, afresh=afresh)
            return Vouched(person, proof)
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
        """Both are proved; nothing is linked before the person has read what that means."""
        async with transaction(self._sessions) as db:
            session = await living_session(db, web_session_id, now)
        if session is None:
            raise EntryRefused(Reason.LINKING_SESSION_OVER, provider=row.provider)
        asked = LinkRequest(
            id=row.id, user_id=session.user_id, web_session_id=session.id, person=person
        )
        with _understood():
            await self._api.put_link_request(asked)
        log.info("sign_in.proved", sign_in=str(row.id), provider=row.provider)
        return f"{self._app_origin}/account?link={row.id}"

    async def _hand_over(self, row: SignInState, person: LaunchPerson) -> Arrival:
        with _understood():
            return await self._api.put_sign_in(SignIn(id=row.id, person=person))


@contextmanager
def _understood() -> Iterator[None]:
    """What api says no with, as a page can say it."""
    try:
        yield
    except Unavailable as error:
        raise EntryRefused(Reason.API_AWAY) from error
    except ProblemError as error:
        reason = Reason.USER_DISABLED if error.code == "user_disabled" else Reason.ENTRY_REFUSED
        raise EntryRefused(reason, code=error.code) from error
