"""Identifiers that can be computed again, and references a person can read aloud."""

import secrets
from uuid import UUID, uuid5

_ENVIRONMENTS = UUID("6f0c3f52-6d0b-4f6e-9a55-0d9b7d9a3c11")
# No letters that are mistaken for digits when read aloud.
_READABLE = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def environment_id(course_id: UUID, user_id: UUID) -> UUID:
    """The one Environment of a User for a Course; computed, so a retry cannot make a second."""
    return uuid5(_ENVIRONMENTS, f"{course_id}/{user_id}")


def new_reference() -> str:
    """A support reference such as `K7F3-9QD2` (about 40 bits)."""
    letters = "".join(secrets.choice(_READABLE) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"
