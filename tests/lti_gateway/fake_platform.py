"""A platform in memory: signs any claims, valid or not, and serves its key set."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"
LEARNER, INSTRUCTOR = f"{MEMBERSHIP}#Learner", f"{MEMBERSHIP}#Instructor"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_jwk(key: rsa.RSAPrivateKey, kid: str, **changes: Any) -> dict[str, Any]:
    jwk = json.loads(RSAAlgorithm.to_jwk(key.public_key()))
    jwk.pop("key_ops", None)
    return {**jwk, "kid": kid, "use": "sig", "alg": "RS256", **changes}


@dataclass
class FakePlatform:
    """A platform; `keys` and `status` are the answer of its JWKS URL."""

    target: str
    host: str = field(default_factory=lambda: f"lms-{uuid4().hex[:12]}.example")
    client_id: str = field(default_factory=lambda: uuid4().hex)
    deployment_id: str = "1"
    kid: str = field(default_factory=lambda: uuid4().hex)
    status: int = 200
    fetches: int = 0
    body: bytes | None = None
    keys: list[dict[str, Any]] = field(default_factory=list)
    services: Callable[[httpx.Request], httpx.Response] | None = None
    """Answers requests except JWKS: token, roster, grades."""

    def __post_init__(self) -> None:
        self.keys = [public_jwk(KEY, self.kid)]

    @property
    def issuer(self) -> str:
        return f"https://{self.host}"

    @property
    def authorization_url(self) -> str:
        return f"{self.issuer}/auth"

    @property
    def jwks_url(self) -> str:
        return f"{self.issuer}/jwks"

    def answer(self, request: httpx.Request) -> httpx.Response:
        if self.services is not None and request.url.path != "/jwks":
            return self.services(request)
        self.fetches += 1
        body = self.body if self.body is not None else json.dumps({"keys": self.keys}).encode()
        return httpx.Response(self.status, content=body)

    def login(self, **changes: str | None) -> dict[str, str]:
        """The parameters of a login initiation, as Moodle sends them."""
        parameters = {
            "iss": self.issuer,
            "target_link_uri": self.target,
            "login_hint": uuid4().hex,
            "lti_message_hint": json.dumps({"cmid": 3, "launchid": uuid4().hex}),
            "client_id": self.client_id,
            "lti_deployment_id": self.deployment_id,
            **changes,
        }
        return {name: value for name, value in parameters.items() if value is not None}

    def claims(self, nonce: str, now: datetime, /, **changes: Any) -> dict[str, Any]:
        """A student's resource link launch; `changes` by short or full name, None removes."""
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": self.client_id,
            "sub": "5",
            "iat": int(now.timestamp()),
            "exp": int(now.timestamp()) + 60,
            "nonce": nonce,
            f"{LTI}version": "1.3.0",
            f"{LTI}message_type": "LtiResourceLinkRequest",
            f"{LTI}deployment_id": self.deployment_id,
            f"{LTI}target_link_uri": self.target,
            f"{LTI}roles": [LEARNER],
            f"{LTI}context": {"id": "2", "label": "LTI101", "title": "Test course 101"},
            f"{LTI}resource_link": {"id": "1", "title": "Practice A"},
            f"{LTI}launch_presentation": {"locale": "en", "document_target": "iframe"},
            "name": "Ana Alvarez",
            "email": "ana@example.invalid",
        }
        for name, value in changes.items():
            full = name if name in claims or f"{LTI}{name}" not in _LTI_NAMES else f"{LTI}{name}"
            claims[full] = value
        return {name: value for name, value in claims.items() if value is not None}

    def deep_linking_claims(self, nonce: str, now: datetime, /, **changes: Any) -> dict[str, Any]:
        """A teacher's deep linking request; `changes` are those of the settings."""
        settings = {
            "accept_types": ["ltiResourceLink"],
            "accept_presentation_document_targets": ["frame", "iframe", "window"],
            "accept_multiple": True,
            "deep_link_return_url": f"{self.issuer}/return?course=2&sesskey=s3cret",
            **changes,
        }
        present = {name: value for name, value in settings.items() if value is not None}
        return self.claims(
            nonce,
            now,
            message_type="LtiDeepLinkingRequest",
            roles=[INSTRUCTOR],
            resource_link=None,
            **{f"{DL}deep_linking_settings": present},
        )

    def sign(
        self,
        claims: Any,
        key: Any = KEY,
        algorithm: str = "RS256",
        headers: dict[str, Any] | None = None,
    ) -> str:
        payload = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
        all_headers = {"kid": self.kid, **(headers or {})}
        present = {name: value for name, value in all_headers.items() if value is not None}
        return jwt.api_jws.encode(payload, key, algorithm=algorithm, headers=present)


_LTI_NAMES = {
    f"{LTI}{name}"
    for name in (
        "version", "message_type", "deployment_id", "target_link_uri", "roles", "context",
        "resource_link", "launch_presentation", "custom",
    )
}  # fmt: skip
