"""Is this the browser in which the login began? By cookie, else by what the platform's page kept.

The state is never enough: whoever began a login of his own could post its answer in the browser of
somebody else, who would then work in his name.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ..domain.entry_context import Retry
from ..domain.platform_storage import PlatformStorage, storage_of
from ..domain.random_secrets import digest, same
from ..domain.refusals import EntryRefused, Reason
from ..models import LoginState, Registration
from ..web.cookies import state_cookie
from .login import relaunch


@dataclass(frozen=True)
class Evidence:
    """What a posted answer brings along from its browser."""

    cookies: Mapping[str, str]
    storage_proof: str | None = None
    """What the platform's page kept; empty when asked in vain, None when not asked yet."""
    from_our_page: bool = False
    """Only our own page may bring a proof: any other could post one that its author knows."""
    in_frame: bool = True


class ProofNeeded(Exception):
    """No cookie came: the page itself must ask the platform's page."""

    def __init__(self, storage: PlatformStorage | None, origin: str, again: Retry | None) -> None:
        super().__init__("proof needed")
        self.storage, self.origin, self.again = storage, origin, again


def check_browser(
    login: LoginState, registration: Registration, evidence: Evidence, app_origin: str
) -> None:
    """Refuse, unless it is; `ProofNeeded` while there is one more thing to try."""
    cookie = evidence.cookies.get(state_cookie(login.state))
    if cookie is not None:
        if not same(digest(cookie), login.browser):
            raise EntryRefused(Reason.STATE_OTHER_BROWSER, registration=str(registration.id))
        return
    if evidence.storage_proof is None:
        raise _needed(login, registration, evidence, app_origin)
    if not evidence.from_our_page:
        raise EntryRefused(Reason.STATE_PROOF_FOREIGN, registration=str(registration.id))
    if not evidence.storage_proof:
        raise _without_cookies(registration, evidence)
    if login.storage_target is None or not same(digest(evidence.storage_proof), login.browser):
        raise EntryRefused(Reason.STATE_OTHER_BROWSER, registration=str(registration.id))


def storage_for(login: LoginState, registration: Registration) -> PlatformStorage | None:
    """Where the platform's page keeps this login's secret, when it said that it does."""
    if login.storage_target is None:
        return None
    return storage_of(login.storage_target, registration.authorization_url, login.state)


def _needed(
    login: LoginState, registration: Registration, evidence: Evidence, app_origin: str
) -> Exception:
    storage = storage_for(login, registration)
    again = relaunch(login, registration, app_origin)
    # A launch that the platform lets begin once only cannot begin again here with storage: that is
    # Moodle, which has none.
    repeatable = again.action.startswith(f"{app_origin}/")
    if storage is None and not repeatable:
        return _without_cookies(registration, evidence)
    somewhere = storage_of("", registration.authorization_url, login.state).origin
    return ProofNeeded(storage, somewhere, again if repeatable else None)


def _without_cookies(registration: Registration, evidence: Evidence) -> EntryRefused:
    """In a frame a tab of its own helps; in a tab, only the browser's settings do."""
    reason = Reason.STATE_COOKIE_MISSING if evidence.in_frame else Reason.COOKIES_REFUSED
    return EntryRefused(reason, registration=str(registration.id))
