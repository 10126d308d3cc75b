"""Validation of images that others publish: chosen instead of a Build, by a reference."""

from collections.abc import Iterator

from mydocker_kit.contracts.builder.references import ReferenceRefusal, ResolvedReference
from mydocker_kit.contracts.orchestrator.environments import Profile

from .checks import Flaw


def choice_flaws(reference: str | None, *, has_build: bool) -> Iterator[Flaw]:
    """Both a Build and a reference: nobody could say which of them runs."""
    if reference is not None and has_build:
        yield Flaw("external_image", "image_twice", "Choose a build or a reference, not both")


def root_flaws(profile: Profile, *, is_external: bool, needs_approval: bool) -> Iterator[Flaw]:
    """Root where users are not remapped: operators approve builds, never a reference."""
    if is_external and profile is Profile.COMPAT and needs_approval:
        message = "On these machines only a build can be approved to run as root"
        yield Flaw("profile", "external_root", message)


def reference_flaws(resolved: ResolvedReference) -> Iterator[Flaw]:
    """A reference that its registry, or the operator, refuses."""
    said = resolved.message
    match resolved.refusal:
        case ReferenceRefusal.INVALID:
            yield Flaw("external_image", "reference_invalid", said)
        case ReferenceRefusal.FORBIDDEN:
            yield Flaw("external_image", "registry_not_allowed", said)
        case ReferenceRefusal.MISSING:
            yield Flaw("external_image", "reference_not_found", said)
        case ReferenceRefusal.UNREACHABLE:
            yield Flaw("external_image", "registry_unreachable", said)
        case ReferenceRefusal.RATE_LIMITED:
            yield Flaw("external_image", "registry_rate_limited", said)
        case None:
            return
