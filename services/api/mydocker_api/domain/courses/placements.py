"""Which Course an LMS activity opens, and what may decide it (docs/decisions/0016).

A launch carries custom values that anybody who may edit an activity, on any registered platform,
can write. So a Course id alone decides nothing: a placement is created by our own deep link, whose
signature was made for this registration, or by a teacher who owns the Course and binds it.
"""

from enum import StrEnum


class PlacementOrigin(StrEnum):
    """What created a placement."""

    DEEP_LINK = "deep_link"
    """A launch brought a Course id with our signature for its registration."""
    BINDING = "binding"
    """The owner of the Course chose it on the binding page."""
    LEGACY = "legacy"
    """It was made before deep links were signed, or copies one that was."""


def created_by(
    *, signed: bool, is_placed: bool, has_legacy_placement: bool
) -> PlacementOrigin | None:
    """What a launch that names an existing Course creates; None leaves the activity as it is.

    `has_legacy_placement`: the Course was placed in this registration before links were signed.
    Copies of such activities carry no signature, and must go on working.
    """
    if signed:
        return PlacementOrigin.DEEP_LINK
    return PlacementOrigin.LEGACY if has_legacy_placement and not is_placed else None
