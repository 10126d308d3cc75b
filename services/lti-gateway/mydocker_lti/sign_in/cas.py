"""CAS protocol 3: login URL, ticket validation at the server, single logout.

https://apereo.github.io/cas/7.1.x/protocol/CAS-Protocol-Specification.html
"""

from urllib.parse import urlencode
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from mydocker_kit.contracts.gateway.launches import LaunchPerson
from mydocker_kit.contracts.values import external_text, is_storable
from mydocker_kit.outgoing.client import GuardedHttpClient, RemoteUnavailable

from ..domain.refusals import EntryRefused, Reason
from .providers import CasProvider

_NAMES = ("displayName", "cn", "name")
_MAILS = ("mail", "email")
_SAML = {"samlp": "urn:oasis:names:tc:SAML:2.0:protocol"}
_NAMESPACE = {"cas": "http://www.yale.edu/tp/cas"}


def login_url(provider: CasProvider, service: str, *, force_reauth: bool = False) -> str:
    """The login URL; with `force_reauth` the server asks for credentials again (`renew=true`)."""
    return f"{provider.url}/login?{urlencode(_parameters(service, force_reauth))}"


def logout_url(provider: CasProvider) -> str:
    """The logout URL of the server."""
    return f"{provider.url}/logout"


async def person(
    outgoing: GuardedHttpClient,
    provider: CasProvider,
    service: str,
    ticket: str,
    *,
    force_reauth: bool = False,
) -> LaunchPerson:
    """Validate `ticket`; the server accepts each ticket once, and for this service only.

    With `force_reauth` it accepts only tickets of a login with credentials (`renew=true`).
    """
    query = urlencode({**_parameters(service, force_reauth), "ticket": ticket})
    url = f"{provider.url}/p3/serviceValidate?{query}"
    try:
        answer = await outgoing.send(
            "GET", url, allow_http=provider.allow_http, headers={"Accept": "application/xml"}
        )
    except RemoteUnavailable as error:
        cause = str(error)
        raise EntryRefused(Reason.PROVIDER_AWAY, provider=provider.id, error=cause) from error
    if answer.status != 200:
        raise EntryRefused(Reason.PROVIDER_AWAY, provider=provider.id, status=answer.status)
    return _parse_person(provider, answer.body)


def logged_out(body: str) -> str | None:
    """The ticket in a `logoutRequest` (single logout); None if it cannot be parsed.

    The request is not signed: the ticket is known only to the server and the person.
    """
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError):
        return None
    ticket = (root.findtext("samlp:SessionIndex", None, _SAML) or "").strip()
    return ticket or None


def _parameters(service: str, force_reauth: bool) -> dict[str, str]:
    return {"service": service, **({"renew": "true"} if force_reauth else {})}


def _parse_person(provider: CasProvider, body: bytes) -> LaunchPerson:
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        cause = type(error).__name__
        raise EntryRefused(Reason.ANSWER_MALFORMED, provider=provider.id, error=cause) from None
    failure = root.find("cas:authenticationFailure", _NAMESPACE)
    success = root.find("cas:authenticationSuccess", _NAMESPACE)
    if failure is not None or success is None:
        code = external_text(failure.get("code"), 80) if failure is not None else None
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
    return external_text(parent.findtext(f"cas:{name}", None, _NAMESPACE))
