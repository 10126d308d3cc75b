"""Looks up images of other registries: whether the operator allows them, and their digest."""

import asyncio
from dataclasses import dataclass

from mydocker_kit.contracts.builder.builds import BuildFailure
from mydocker_kit.contracts.builder.references import ReferenceRefusal, ResolvedReference
from mydocker_kit.docker.errors import EngineError, EngineUnavailable
from mydocker_kit.errors import Unavailable
from mydocker_kit.observability.logging import get_logger

from ..domain.failures import registry_failure
from ..domain.references import Reference, ReferenceInvalid, is_within, parse_reference
from .engine import Engine, ImageNotFound

log = get_logger()
_SECONDS = 8.0
"""A registry that is silent for so long counts as unreachable; less than api waits for us."""
_REFUSALS = {
    BuildFailure.REGISTRY_RATE_LIMITED: ReferenceRefusal.RATE_LIMITED,
    BuildFailure.REGISTRY_UNREACHABLE: ReferenceRefusal.UNREACHABLE,
}
"""Of the engine's text; what is not among them is an image that this registry does not show."""


class EngineAway(Unavailable):
    """The engine that asks registries does not answer."""

    code, title = "build_engine_unavailable", "The engine for builds does not answer"


@dataclass(frozen=True)
class ReferenceLookup:
    """Asks registries, through the build engine and without any credentials of ours."""

    engine: Engine
    allowed: tuple[str, ...]
    """Registries, or parts of one."""
    own_registry: str
    """Never allowed: it holds the images of all authors."""

    async def resolve(self, text: str) -> ResolvedReference:
        """The digest that a reference stands for now, or why it cannot be used."""
        try:
            reference = parse_reference(text)
        except ReferenceInvalid as error:
            return ResolvedReference(
                reference=text, refusal=ReferenceRefusal.INVALID, message=str(error)
            )
        own = is_within(reference, (self.own_registry,))
        if own or not is_within(reference, self.allowed):
            return _refused(
                reference, ReferenceRefusal.FORBIDDEN, f"{reference.host} is not allowed"
            )
        return await self._asked(reference)

    async def _asked(self, reference: Reference) -> ResolvedReference:
        try:
            async with asyncio.timeout(_SECONDS):
                digest = await self.engine.foreign_digest(reference.sought)
        except TimeoutError:
            message = f"{reference.host} was silent for {_SECONDS:.0f} s"
            return _refused(reference, ReferenceRefusal.UNREACHABLE, message)
        except ImageNotFound as error:
            return _refused(reference, ReferenceRefusal.MISSING, str(error))
        except EngineUnavailable as error:
            raise EngineAway(str(error)) from error
        except EngineError as error:
            kind = _REFUSALS.get(registry_failure(str(error)), ReferenceRefusal.MISSING)
            return _refused(reference, kind, str(error))
        log.info("reference.resolved", reference=str(reference), digest=digest)
        return ResolvedReference(reference=str(reference), pinned=reference.by(digest))


def _refused(reference: Reference, kind: ReferenceRefusal, message: str) -> ResolvedReference:
    log.info("reference.refused", reference=str(reference), refusal=kind, answer=message)
    return ResolvedReference(reference=str(reference), refusal=kind, message=message)
