"""Typed LTI claims and their validation. Claims are untrusted input until checked.

https://www.imsglobal.org/spec/security/v1p0#authentication-response-validation
"""

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from mydocker_kit.contracts.gateway.launches import LaunchKind
from mydocker_kit.contracts.values import external_text, is_storable

from ..refusals import EntryRefused, Reason
from ..services.service_urls import GRADES_CLAIM, ROSTER_CLAIM
from .course_links import COURSE_ID, COURSE_SIGNATURE

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
DEEP_LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim/"
VERSION = "1.3.0"
LEEWAY = 60
"""Seconds of clock skew allowed between the platform and us."""
MAX_AGE_SECONDS = 600
"""Seconds after `iat` at which an id_token is refused, whatever its `exp`."""
_KINDS = {
    "LtiResourceLinkRequest": LaunchKind.RESOURCE_LINK,
    "LtiDeepLinkingRequest": LaunchKind.DEEP_LINKING,
}
_MAX_CUSTOM = 100


def _text_or_none(value: object) -> object:
    """An optional claim that is no text counts as absent."""
    return value if isinstance(value, str) and value else None


def _storable(text: str) -> str:
    if not is_storable(text):
        raise ValueError("unusable character")
    return text


Identifier = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(_storable)]
Optional = Annotated[str | None, BeforeValidator(_text_or_none)]
Instant = Annotated[float, Field(allow_inf_nan=False)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class ContextClaim(_Part):
    """The LTI context: a course in the LMS."""

    id: Identifier
    title: Optional = None
    label: Optional = None


class ResourceLinkClaim(_Part):
    """The LTI resource link: an activity in the LMS."""

    id: Identifier
    title: Optional = None


class Presentation(_Part):
    """The launch presentation: locale, target window and return URL."""

    locale: Optional = None
    document_target: Optional = None
    return_url: Optional = None


class DeepLinkingSettings(_Part):
    """The deep linking settings: what content the platform accepts."""

    deep_link_return_url: Annotated[str, Field(min_length=1, max_length=4000)]
    accept_types: list[str]
    accept_presentation_document_targets: list[str]
    accept_multiple: bool = False
    accept_lineitem: bool | None = None
    data: Annotated[str | None, Field(max_length=20_000)] = None


class Claims(_Part):
    """The payload of an id_token of a launch."""

    iss: Identifier
    aud: str | list[str]
    azp: str | None = None
    sub: Identifier
    exp: Instant
    iat: Instant
    nbf: Instant | None = None
    nonce: Annotated[str, Field(min_length=1, max_length=500)]
    message_type: Annotated[str, Field(alias=f"{LTI}message_type")]
    version: Annotated[str, Field(alias=f"{LTI}version")]
    deployment_id: Annotated[Identifier, Field(alias=f"{LTI}deployment_id")]
    target_link_uri: Annotated[str, Field(alias=f"{LTI}target_link_uri")]
    roles: Annotated[list[str], Field(alias=f"{LTI}roles", max_length=1000)]
    context: Annotated[ContextClaim | None, Field(alias=f"{LTI}context")] = None
    resource_link: Annotated[ResourceLinkClaim | None, Field(alias=f"{LTI}resource_link")] = None
    presentation: Annotated[Presentation, Field(alias=f"{LTI}launch_presentation")] = Presentation()
    custom: Annotated[dict[str, Any] | None, Field(alias=f"{LTI}custom")] = None
    deep_linking: Annotated[
        DeepLinkingSettings | None, Field(alias=f"{DEEP_LINKING}deep_linking_settings")
    ] = None
    grades: Annotated[Any, Field(alias=GRADES_CLAIM)] = None
    roster: Annotated[Any, Field(alias=ROSTER_CLAIM)] = None
    name: Optional = None
    given_name: Optional = None
    family_name: Optional = None
    email: Optional = None
    locale: Optional = None

    @property
    def kind(self) -> LaunchKind:
        return _KINDS[self.message_type]

    @property
    def display_name(self) -> str | None:
        """The person's name from the platform, as a single line without control characters."""
        parts = [part for part in (self.given_name, self.family_name) if part]
        return external_text(self.name or " ".join(parts))

    @property
    def language(self) -> str | None:
        return self.presentation.locale or self.locale

    @property
    def safe_return_url(self) -> str | None:
        """The platform's return URL, if it is a web address."""
        url = self.presentation.return_url
        return url if url and is_web_address(url) else None

    def custom_texts(self) -> dict[str, str]:
        """Custom parameters as texts. They select content and never grant a right."""
        pairs = list((self.custom or {}).items())[:_MAX_CUSTOM]
        texts = {key: str(value) for key, value in pairs if isinstance(value, str | int | float)}
        return {key: text for key, text in texts.items() if is_storable(key + text)}

    def course_id(self) -> UUID | None:
        """The Course id in the custom parameters; untrusted until its signature is verified."""
        try:
            return UUID(self.custom_texts().get(COURSE_ID, ""))
        except ValueError:
            return None

    def course_signature(self) -> str | None:
        """The signature beside the Course id in a deep link of ours."""
        return self.custom_texts().get(COURSE_SIGNATURE)


def is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and url.isprintable()


def parse_claims(payload: object) -> Claims:
    """The typed claims; refuses an unknown version or message type, and invalid claims."""
    if not isinstance(payload, dict):
        raise EntryRefused(Reason.TOKEN_MALFORMED)
    version = payload.get(f"{LTI}version")
    if version != VERSION:
        raise EntryRefused(Reason.VERSION_UNSUPPORTED)
    if payload.get(f"{LTI}message_type") not in _KINDS:
        raise EntryRefused(Reason.MESSAGE_UNSUPPORTED)
    try:
        claims = Claims.model_validate(payload)
    except ValidationError as error:
        raise EntryRefused(Reason.CLAIM_INVALID, claim=_invalid_claim(error)) from None
    _require_message_claims(claims)
    return claims


def _invalid_claim(error: ValidationError) -> str:
    return ".".join(str(part) for part in error.errors()[0]["loc"])[-120:]


def _require_message_claims(claims: Claims) -> None:
    """Check the claims that this message type requires besides the common ones."""
    if claims.kind is LaunchKind.RESOURCE_LINK and claims.resource_link is None:
        raise EntryRefused(Reason.CLAIM_INVALID, claim="resource_link")
    if claims.kind is LaunchKind.DEEP_LINKING:
        if claims.deep_linking is None:
            raise EntryRefused(Reason.CLAIM_INVALID, claim="deep_linking_settings")
        if not is_web_address(claims.deep_linking.deep_link_return_url):
            raise EntryRefused(Reason.CLAIM_INVALID, claim="deep_link_return_url")
        if not is_storable(claims.deep_linking.data or ""):
            raise EntryRefused(Reason.CLAIM_INVALID, claim="data")


def check_parties(claims: Claims, issuer: str, client_id: str) -> None:
    """Check `iss`, `aud` and `azp` against the registration."""
    if claims.iss != issuer:
        raise EntryRefused(Reason.ISSUER_FOREIGN)
    audiences = [claims.aud] if isinstance(claims.aud, str) else claims.aud
    if client_id not in audiences:
        raise EntryRefused(Reason.AUDIENCE_FOREIGN)
    if claims.azp != client_id and (claims.azp is not None or len(audiences) > 1):
        raise EntryRefused(Reason.PARTY_FOREIGN)


def check_time(claims: Claims, now: datetime) -> None:
    """Check `iat`, `nbf` and `exp`. Comparisons are written so that NaN is refused."""
    instant = now.timestamp()
    if not max(claims.iat, claims.nbf or 0) <= instant + LEEWAY:
        raise EntryRefused(Reason.TOKEN_FROM_FUTURE, ahead=int(claims.iat - instant))
    if not claims.exp > instant - LEEWAY:
        raise EntryRefused(Reason.TOKEN_EXPIRED, late=int(instant - claims.exp))
    if not claims.iat >= instant - MAX_AGE_SECONDS:
        raise EntryRefused(Reason.TOKEN_TOO_OLD, age=int(instant - claims.iat))
