"""CAS, protocol 3: a ticket from the browser, checked by us at the server, once.

https://apereo.github.io/cas/7.1.x/protocol/CAS-Protocol-Specification.html
"""

from urllib.parse import urlencode
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from mydocker_kit.contracts.launches import LaunchPerson
from mydocker_kit.contracts.values import foreign_line, is_storable

from ..domain.refusals import EntryRefused, Reason
from ..http_client.client import Outgoing, PlatformAway
from .providers import CasProvider

_NAMES = ("displayName", "cn", "name")
_MAILS = ("mail", "email")
_SAML = {"samlp": "urn:oasis:names:tc:SAML:2.0:protocol"}
_NAMESPACE = {"cas": "http://www.yale.edu/tp/cas"}


def departure(provider: CasProvider, service: str, *, afresh: bool = False) -> str:
    """Where the browser asks the server; `afresh` wants the password, whoever is logged in."""
    return f"{provider.url}/login?{urlencode(_asked(service, afresh))}"


def farewell(provider: CasProvider) -> str:
    """Where the person ends their session at the server."""
    return f"{provider.url}/logout"


async def person(
    outgoing: Outgoing, provider: CasProvider, service: str, ticket: str, *, afresh: bool = False
) -> LaunchPerson:
    """Whom the server vouches for; it accepts each ticket once, and for this service only.

    Asked `afresh`, it accepts none that came of an earlier log-in.
    """
    query = urlencode({**_asked(service, afresh), "ticket": ticket})
    url = f"{provider.url}/p3/serviceValidate?{query}"
    try:
        answer = await outgoing.send(
            "GET", url, allow_http=provider.allow_http, headers={"Accept": "application/xml"}
        )
    except PlatformAway as error:
        why = str(error)
        raise EntryRefused(Reason.PROVIDER_AWAY, provider=provider.id, error=why) from error
    if answer.status != 200:
        raise EntryRefused(Reason.PROVIDER_AWAY, provider=provider.id, status=answer.status)
    return _vouched(provider, answer.body)


def logged_out(body: str) -> str | None:
    """The ticket whose session the server has ended, from its `logoutRequest`.

    Nobody signs it: who knows the ticket is the server, or the person.
    """
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError):
        return None
    found = root.findtext("samlp:SessionIndex", None, _SAML)
    return found.strip() if found and found.strip() else None


def _asked(service: str, afresh: bool) -> dict[str, str]:
    return {"service": service, **({"renew": "true"} if afresh else {})}


def _vouched(provider: CasProvider, body: bytes) -> LaunchPerson:
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        why = type(error).__name__
        raise EntryRefused(Reason.ANSWER_MALFORMED, provider=provider.id, error=why) from None
    failure = root.find("cas:authenticationFailure", _NAMESPACE)
    success = root.find("cas:authenticationSuccess", _NAMESPACE)
    if failure is not None or success is None:
        code = foreign_line(failure.get("code"), 80) if failure is not None else None
        raise EntryRefused(Reason.TICKET_REFUSED, provider=provider.id, error=code)
    subject = (success.findtext("cas:user", None, _NAMESPACE) or "").strip()
    if not subject or len(subject) > 255 or not is_storable(subject):
        raise EntryRefused(Reason.CLAIM_INVALID, provider=provider.id, claim="user")
    attributes = success.find("cas:attributes", _NAMESPACE)
    return LaunchPerson(
        issuer=provider.url,
        subject=subject,
        name=_first(attributes, _NAMES),
        email=_first(attributes, _MAILS),
    )


def _first(attributes: Element | None, names: tuple[str, ...]) -> str | None:
    for name in names:
        if attributes is not None and (text := _text(attributes, name)):
            return text
    return None


def _text(parent: Element, name: str) -> str | None:
    return foreign_line(parent.findtext(f"cas:{name}", None, _NAMESPACE))
