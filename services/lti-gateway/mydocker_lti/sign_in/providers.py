"""Sign-in providers for people without an LMS, from the operator's TOML file."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from mydocker_kit.contracts.gateway.launches import LaunchPerson

from ..web.texts import ENGLISH, FRENCH


@dataclass(frozen=True)
class ProviderIdentity:
    """A person authenticated by a provider, and the provider's session id."""

    person: LaunchPerson
    session: str | None


class _Provider(BaseModel):
    """Settings that all providers share."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
    title: str | dict[Literal["en", "fr"], str]
    allow_http: bool = False
    """Only for a provider on this machine; others need https."""

    @property
    def titles(self) -> Mapping[str, str]:
        """The provider's name in both languages."""
        if isinstance(self.title, str):
            return {ENGLISH: self.title, FRENCH: self.title}
        fallback = next(iter(self.title.values()), self.id)
        given: Mapping[str, str] = {str(key): text for key, text in self.title.items()}
        return {language: given.get(language, fallback) for language in (ENGLISH, FRENCH)}

    def _checked(self, url: str) -> str:
        parts = urlsplit(url)
        schemes = ("https", "http") if self.allow_http else ("https",)
        if parts.scheme not in schemes or not parts.netloc or parts.query or parts.fragment:
            raise ValueError(f"provider {self.id}: {' or '.join(schemes)} address wanted")
        return url


class OpenIdProvider(_Provider):
    """OpenID Connect; endpoints and keys come from discovery below the issuer."""

    kind: Literal["openid"] = "openid"
    issuer: str
    """Exactly as in the provider's discovery document."""
    client_id: str
    client_secret_file: Path | None = None
    """None for a public client, which PKCE protects."""
    scopes: tuple[str, ...] = ("openid", "profile", "email")

    @model_validator(mode="after")
    def _addresses(self) -> "OpenIdProvider":
        self._checked(self.issuer)
        return self

    @field_validator("scopes")
    @classmethod
    def _openid_is_asked(cls, scopes: tuple[str, ...]) -> tuple[str, ...]:
        return scopes if "openid" in scopes else ("openid", *scopes)

    def secret(self) -> str | None:
        """The client secret, read at each use so that a change needs no restart."""
        file = self.client_secret_file
        return file.read_text(encoding="utf-8").strip() if file else None


class CasProvider(_Provider):
    """A CAS server, protocol 3."""

    kind: Literal["cas"] = "cas"
    url: str
    """Base URL such as `https://cas.example.org/cas`; also the issuer of its people."""

    @property
    def issuer(self) -> str:
        return self.url

    @model_validator(mode="after")
    def _addresses(self) -> "CasProvider":
        self._checked(self.url)
        if self.url.endswith("/"):
            raise ValueError(f"provider {self.id}: no slash at the end of its url")
        return self


Provider = Annotated[OpenIdProvider | CasProvider, Field(discriminator="kind")]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    provider: list[Provider] = []

    @field_validator("provider")
    @classmethod
    def _ids_are_unique(cls, providers: list[Provider]) -> list[Provider]:
        if len({provider.id for provider in providers}) < len(providers):
            raise ValueError("two providers have the same id")
        return providers


def load_providers(file: Path | None) -> Mapping[str, OpenIdProvider | CasProvider]:
    """Providers by id, in the order of the file; empty without a file."""
    if file is None:
        return {}
    text = file.read_text(encoding="utf-8")
    providers = _File.model_validate(tomllib.loads(text)).provider
    return {provider.id: provider for provider in providers}
