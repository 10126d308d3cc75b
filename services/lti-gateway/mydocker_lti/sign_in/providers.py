"""Where people sign in who do not come from an LMS: read once from a file of the operator."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from mydocker_kit.contracts.launches import LaunchPerson

from ..web.texts import ENGLISH, FRENCH


@dataclass(frozen=True)
class Vouched:
    """Whom a provider vouches for, and by what it names its session with them."""

    person: LaunchPerson
    session: str | None


class _Provider(BaseModel):
    """What every provider says of itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
    title: str | dict[Literal["en", "fr"], str]
    allow_http: bool = False
    """For a provider on this machine only; everybody else speaks https."""

    @property
    def titles(self) -> Mapping[str, str]:
        """Its name in both languages."""
        if isinstance(self.title, str):
            return {ENGLISH: self.title, FRENCH: self.title}
        anything = next(iter(self.title.values()), self.id)
        given: Mapping[str, str] = {str(key): text for key, text in self.title.items()}
        return {language: given.get(language, anything) for language in (ENGLISH, FRENCH)}

    def _checked(self, url: str) -> str:
        parts = urlsplit(url)
        schemes = ("https", "http") if self.allow_http else ("https",)
        if parts.scheme not in schemes or not parts.netloc or parts.query or parts.fragment:
            raise ValueError(f"provider {self.id}: {' or '.join(schemes)} address wanted")
        return url


class OpenIdProvider(_Provider):
    """OpenID Connect: everything else is discovered below the issuer."""

    kind: Literal["openid"] = "openid"
    issuer: str
    """Byte for byte as the provider writes it."""
    client_id: str
    client_secret_file: Path | None = None
    """None for a public client: PKCE protects the code either way."""
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
        """Read when needed, so that a changed secret needs no restart."""
        file = self.client_secret_file
        return file.read_text(encoding="utf-8").strip() if file else None


class CasProvider(_Provider):
    """CAS, protocol 3."""

    kind: Literal["cas"] = "cas"
    url: str
    """Such as `https://cas.example.org/cas`; also the issuer of its people."""

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
    def _told_apart(cls, given: list[Provider]) -> list[Provider]:
        if len({one.id for one in given}) < len(given):
            raise ValueError("two providers have the same id")
        return given


def load_providers(file: Path | None) -> Mapping[str, OpenIdProvider | CasProvider]:
    """The providers by id, in the order of the file; none without a file."""
    if file is None:
        return {}
    text = file.read_text(encoding="utf-8")
    return {one.id: one for one in _File.model_validate(tomllib.loads(text)).provider}
