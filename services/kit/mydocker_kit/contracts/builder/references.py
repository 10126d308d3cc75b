"""References of images that others publish: looked up in a registry that the operator allows."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from ..base import Contract
from ..values import Printed, Text

ReferenceText = Annotated[str, Text(min_length=1, max_length=255)]
"""As a person types it: `debian:12`, `ghcr.io/school/tool:2`, `…@sha256:…`."""


class ReferenceQuery(Contract):
    """A reference to look up."""

    reference: ReferenceText


class ReferenceRefusal(StrEnum):
    """Why a reference cannot be used; the browser has a sentence for each."""

    INVALID = "reference_invalid"
    """No reference as registries write them."""
    FORBIDDEN = "registry_not_allowed"
    """Of a registry, or a part of one, that the operator does not allow."""
    MISSING = "reference_not_found"
    """Unknown to its registry, or only for accounts: Docker Hub answers both alike."""
    UNREACHABLE = "registry_unreachable"
    RATE_LIMITED = "registry_rate_limited"


class ResolvedReference(Contract):
    """What a registry answered."""

    reference: str
    """With its registry and its tag or digest: `docker.io/library/debian:12`."""
    pinned: str | None = None
    """By digest, as it can be run; None: refused."""
    refusal: ReferenceRefusal | None = None
    message: Printed = ""
    """The registry's or the engine's own words on a refusal."""


class AllowedRegistries(Contract):
    """Registries, or parts of one, whose images a Course may run."""

    items: Annotated[tuple[str, ...], Field(max_length=200)] = ()
