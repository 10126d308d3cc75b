"""LTI dynamic registration: the platform's OpenID configuration and our tool registration.

https://www.imsglobal.org/spec/lti-dr/v1p0
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard
from urllib.parse import urlsplit

from mydocker_kit.contracts.values import external_text, is_storable
from mydocker_kit.outgoing.addresses import address_flaw, normalized_origin

from .refusals import EntryRefused, Reason
from .services.service_urls import Scope

TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
_PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
_LONGEST = 2000
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint")
_SIGNING = (
    "id_token_signing_alg_values_supported",
    "token_endpoint_auth_signing_alg_values_supported",
)
_SCOPES = (Scope.LINE_ITEM, Scope.RESULT_READ, Scope.SCORE, Scope.ROSTER)
"""The minimum for rosters and grades."""
CONTEXT_HISTORY = "context_id_history"
"""Custom parameter of each launch: the contexts that this one was copied from."""
NAMES, MAIL = ("name", "given_name", "family_name"), ("email",)


@dataclass(frozen=True)
class Configuration:
    """A platform's configuration whose addresses and algorithms are checked."""

    issuer: str
    authorization_url: str
    token_url: str
    jwks_url: str
    registration_url: str
    product: str | None
    scopes: frozenset[str] | None
    """Scopes that the platform supports; None when it does not say."""

    @property
    def is_moodle(self) -> bool:
        return (self.product or "").startswith("moodle")


def parse_configuration(document: object, address: str, *, allow_http: bool) -> Configuration:
    """The checked configuration that was fetched from `address`; refuses an unusable one.

    The issuer must have the origin of `address`: otherwise anybody could register a platform with
    the issuer of another.
    """
    if not isinstance(document, Mapping):
        raise EntryRefused(Reason.CONFIGURATION_WRONG, field="document")
    issuer = _text(document, "issuer")
    if normalized_origin(issuer) is None or normalized_origin(issuer) != normalized_origin(address):
        shown = external_text(issuer, 255)
        raise EntryRefused(
            Reason.CONFIGURATION_FOREIGN, issuer=shown, home=normalized_origin(address)
        )
    endpoints = {name: _text(document, name) for name in _ENDPOINTS}
    for name, url in endpoints.items():
        if flaw := address_flaw(url, allow_http=allow_http):
            raise EntryRefused(Reason.CONFIGURATION_WRONG, field=name, flaw=flaw.code)
    for name in _SIGNING:
        if "RS256" not in _texts(document.get(name)):
            raise EntryRefused(Reason.CONFIGURATION_WRONG, field=name)
    return Configuration(
        issuer=issuer,
        authorization_url=endpoints["authorization_endpoint"],
        token_url=endpoints["token_endpoint"],
        jwks_url=endpoints["jwks_uri"],
        registration_url=endpoints["registration_endpoint"],
        product=_product(document.get(_PLATFORM)),
        scopes=frozenset(_texts(document["scopes_supported"]))
        if "scopes_supported" in document
        else None,
    )


def tool_registration(
    app_origin: str, configuration: Configuration, claims: Collection[str]
) -> dict[str, Any]:
    """Our client registration request. Keys with `#fr` are French versions of the same field."""
    launch = f"{app_origin}/lti/launch"
    supported = configuration.scopes
    scopes = [scope for scope in _SCOPES if supported is None or scope in supported]
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "token_endpoint_auth_method": "private_key_jwt",
        "id_token_signed_response_alg": "RS256",
        "client_name": "MyDocker",
        "client_uri": app_origin,
        "logo_uri": f"{app_origin}/icon.svg",
        "initiate_login_uri": f"{app_origin}/lti/login",
        "redirect_uris": [launch],
        "jwks_uri": f"{app_origin}/lti/jwks.json",
        "scope": " ".join(scopes),
        TOOL: {
            # Host and port of the target link; Moodle refuses anything else.
            "domain": urlsplit(app_origin).netloc,
            "target_link_uri": launch,
            "description": "Environments that students open from the course",
            "description#fr": "Des environnements que les étudiants ouvrent depuis le cours",
            "claims": ["iss", "sub", *claims],
            "custom_parameters": {CONTEXT_HISTORY: "$Context.id.history"},
            "messages": [
                {
                    "type": "LtiResourceLinkRequest",
                    "target_link_uri": launch,
                    "label": "Open the environment",
                    "label#fr": "Ouvrir l’environnement",
                },
                {
                    "type": "LtiDeepLinkingRequest",
                    "target_link_uri": launch,
                    "label": "Choose what the activity opens",
                    "label#fr": "Choisir ce que l’activité ouvre",
                    "placements": ["ContentArea"],
                },
            ],
        },
    }


@dataclass(frozen=True)
class RegistrationResponse:
    """The platform's registration response; without a deployment id an operator adds it."""

    client_id: str
    deployment_id: str | None


def parse_registration_response(answer: object) -> RegistrationResponse:
    """The client id and deployment id in the platform's registration response."""
    document = answer if isinstance(answer, Mapping) else {}
    client_id = document.get("client_id")
    if not _is_id(client_id):
        raise EntryRefused(Reason.REGISTRATION_UNREADABLE, field="client_id")
    tool = document.get(TOOL)
    deployment = tool.get("deployment_id") if isinstance(tool, Mapping) else None
    if isinstance(deployment, int) and not isinstance(deployment, bool):
        deployment = str(deployment)
    if deployment is not None and not _is_id(deployment):
        raise EntryRefused(Reason.REGISTRATION_UNREADABLE, field="deployment_id")
    return RegistrationResponse(client_id, deployment)


def _is_id(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and 1 <= len(value) <= 255 and is_storable(value)


def _text(document: Mapping[str, object], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not 1 <= len(value) <= _LONGEST or not value.isprintable():
        raise EntryRefused(Reason.CONFIGURATION_WRONG, field=name)
    return value


def _texts(value: object) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def _product(document: object) -> str | None:
    if not isinstance(document, Mapping):
        return None
    parts = [document.get("product_family_code"), document.get("version")]
    return external_text(" ".join(part for part in parts if isinstance(part, str)), 120)
