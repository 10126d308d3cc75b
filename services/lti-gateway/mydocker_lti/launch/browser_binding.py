"""Login-CSRF check: binds `state` to the browser that started the login.

The browser proves itself by the cookie of the login, or by the secret that the platform's page
stored (LTI platform storage). `state` alone is not enough: an attacker could post the response of
his own login in the browser of a victim, who would then work in the attacker's account.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ..domain.entry_context import Retry
from ..domain.launches.platform_storage import PlatformStorage, storage_of
from ..domain.random_secrets import digest, same
from ..domain.refusals import EntryRefused, Reason
from ..models import LoginState, Registration
from ..web.cookies import state_cookie
from .login import relaunch


@dataclass(frozen=True)
class Evidence:
    """What a posted response proves about its browser."""

    cookies: Mapping[str, str]
    storage_proof: str | None = None
    """Secret from the platform's page; empty when it had none, None when it was not asked yet."""
    from_our_page: bool = False
    """A proof counts only from our own page: another page could post a secret of its author."""
    in_frame: bool = True


class ProofNeeded(Exception):
    """The cookie is missing: our page must ask the platform's page for the secret."""

    def __init__(self, storage: PlatformStorage | None, origin: str, again: Retry | None) -> None:
        super().__init__("proof needed")
        self.storage, self.origin, self.again = storage, origin, again


def check_browser(
    login: LoginState, registration: Registration, evidence: Evidence, app_origin: str
) -> None:
    """Refuses a foreign browser; `ProofNeeded` while the storage was not asked."""
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
    """The platform storage of this login, when the platform offered one."""
    if login.storage_target is None:
        return None
    return storage_of(login.storage_target, registration.authorization_url, login.state)


def _needed(
    login: LoginState, registration: Registration, evidence: Evidence, app_origin: str
) -> Exception:
    storage = storage_for(login, registration)
    again = relaunch(login, registration, app_origin)
    # Moodle's login hint works once, so its launch cannot begin again here; Moodle has no storage.
    repeatable = again.action.startswith(f"{app_origin}/")
    if storage is None and not repeatable:
        return _without_cookies(registration, evidence)
    platform_origin = storage_of("", registration.authorization_url, login.state).origin
    return ProofNeeded(storage, platform_origin, again if repeatable else None)


def _without_cookies(registration: Registration, evidence: Evidence) -> EntryRefused:
    """In a frame, a new tab helps (first-party cookies); in a tab, only the browser's settings."""
    reason = Reason.STATE_COOKIE_MISSING if evidence.in_frame else Reason.COOKIES_REFUSED
    return EntryRefused(reason, registration=str(registration.id))
